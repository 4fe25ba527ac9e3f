"""Kappa and kin: what must hold for any coders, and the corners where chance explains all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from autocode.agreement.coefficients import kappa as k
from autocode.agreement.coefficients.alpha import krippendorff_alpha
from autocode.agreement.coefficients.observed import (
    agreement_weights,
    counts_of_table,
    percent_agreement,
    unit_counts,
)
from autocode.core.errors import InputError

NAN = float("nan")
COHEN_1960 = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])

tables = st.integers(2, 4).flatmap(
    lambda q: st.lists(st.integers(0, 9), min_size=q * q, max_size=q * q).map(
        lambda cells: np.array(cells, dtype=float).reshape(q, q)
    )
)
counts = st.tuples(st.integers(2, 5), st.integers(2, 3)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, shape[1] - 1), min_size=shape[0], max_size=shape[0]),
        min_size=2,
        max_size=20,
    ).map(lambda rows: unit_counts(np.array(rows).T, categories=range(shape[1])))
)


def linear(table):
    return k.weighted_kappa(table, agreement_weights(range(len(table)), "linear"))


TABLE_COEFFICIENTS = (
    k.cohen_kappa_of_table,
    k.scott_pi,
    linear,
    lambda table: k.fleiss_kappa(counts_of_table(table)),
    lambda table: k.brennan_prediger(counts_of_table(table)),
)


@given(tables, st.sampled_from(TABLE_COEFFICIENTS))
def test_order_of_coders_and_repetition_do_not_matter(table, coefficient):
    value = coefficient(table).value
    for other in (table.T, 3 * table, table[::-1, ::-1]):
        found = coefficient(other)
        assert found.value == (None if value is None else pytest.approx(value))
        assert found.reason if value is None else not found.reason


@given(tables, st.randoms())
def test_names_of_categories_do_not_matter(table, random):
    order = list(range(len(table)))
    random.shuffle(order)
    for coefficient in TABLE_COEFFICIENTS[:2] + TABLE_COEFFICIENTS[3:]:
        value = coefficient(table).value
        found = coefficient(table[np.ix_(order, order)]).value
        assert found == (None if value is None else pytest.approx(value))


@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_perfect_agreement_is_one_with_no_error_or_undefined(diagonal):
    table = np.diag(diagonal)
    for coefficient in TABLE_COEFFICIENTS:
        found = coefficient(table)
        assert found.value in (None, pytest.approx(1))
        if found.value is not None:
            error = found.details.get("se", found.details.get("se_gwet"))
            assert not error or error == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("coefficient", TABLE_COEFFICIENTS)
def test_coders_who_mark_at_random_agree_by_chance_only(coefficient):
    table = np.random.default_rng(1).multinomial(200_000, np.full(9, 1 / 9)).reshape(3, 3)
    assert abs(coefficient(table).value) < 0.01


@pytest.mark.parametrize("coefficient", TABLE_COEFFICIENTS)
def test_no_units_are_undefined_with_a_reason(coefficient):
    assert coefficient(np.zeros((2, 2))).value is None
    assert coefficient(np.zeros((2, 2))).reason


@given(tables)
def test_kappa_lies_under_its_ceiling_and_equals_weighted_kappa_without_partial_credit(table):
    found = k.cohen_kappa_of_table(table)
    weighted = k.weighted_kappa(table, np.eye(len(table)))
    if found.value is None:
        assert weighted.value is None
        return
    assert found.value <= found.details["maximum_kappa"] + 1e-9
    assert weighted.value == pytest.approx(found.value)
    assert weighted.details["se"] == pytest.approx(found.details["se"])
    if found.interval is not None:
        assert found.interval.low <= found.value <= found.interval.high


@given(tables, st.sampled_from(["linear", "quadratic"]))
def test_weighted_kappa_equals_scikit_learn(table, weighting):
    rows, columns = np.nonzero(table)
    times = table[rows, columns].astype(int)
    ours = k.weighted_kappa(table, agreement_weights(range(len(table)), weighting)).value
    if ours is not None:
        labels = list(range(len(table)))
        a, b = np.repeat(rows, times), np.repeat(columns, times)
        theirs = cohen_kappa_score(a, b, weights=weighting, labels=labels)
        assert ours == pytest.approx(theirs)


def test_kappa_is_exactly_zero_when_one_coder_is_constant():
    assert k.cohen_kappa_of_table([[7, 3], [0, 0]]).value == 0
    assert k.cohen_kappa_of_table([[0, 0, 0], [11, 3, 5], [0, 0, 0]]).value == 0


def test_the_error_of_kappa_is_what_repeating_the_study_shows():
    generator = np.random.default_rng(0)
    n = int(COHEN_1960.sum())
    drawn = generator.multinomial(n, (COHEN_1960 / n).ravel(), size=3000)
    spread = np.std([k.cohen_kappa_of_table(one.reshape(3, 3)).value for one in drawn])
    stated = k.cohen_kappa_of_table(COHEN_1960).details["se"]
    assert stated == pytest.approx(spread, rel=0.05)


@given(counts)
def test_fleiss_of_two_coders_is_scott_pi_and_of_many_nearly_alpha(table):
    found = k.fleiss_kappa(table)
    assert k.fleiss_kappa(table[:, ::-1]).value == (
        None if found.value is None else pytest.approx(found.value)
    )
    m = int(table[0].sum())
    placed = [np.repeat(range(table.shape[1]), row.astype(int)) for row in table]
    alpha = krippendorff_alpha(np.array(placed).T).value
    if found.value is None:
        assert alpha is None
    else:
        # Alpha corrects for small samples: (1 - alpha) = (1 - kappa) (n m - 1) / (n m).
        n = len(table) * m
        assert 1 - alpha == pytest.approx((1 - found.value) * (n - 1) / n)


def test_two_category_fleiss_is_the_kappa_of_either_category():
    table = np.array([[3, 0], [2, 1], [0, 3], [1, 2]])
    overall = k.fleiss_kappa(table).value
    assert [c.value for c in k.fleiss_kappa_per_category(table)] == pytest.approx([overall] * 2)


def test_errors_under_the_null_need_the_same_number_of_coders_everywhere():
    even, uneven = np.array([[2, 0], [1, 1], [0, 2]]), np.array([[2, 0], [1, 1], [0, 1]])
    name = "se_null_fleiss_nee_landis_1979"
    assert k.fleiss_kappa(even).details[name] > 0
    assert k.fleiss_kappa(uneven).details[name] is None


def test_singly_coded_units_count_for_chance_only():
    # Gwet (2014): a unit one coder saw tells how often a category is used.
    table = unit_counts([[0, 1, 0, 1], [0, 1, 1, NAN]])
    found = k.fleiss_kappa(table)
    assert found.observed == pytest.approx(2 / 3)
    assert found.n_units == 3
    assert found.expected != k.fleiss_kappa(table[:3]).expected


def test_brennan_prediger_takes_the_codebook_not_what_was_used():
    two, four = np.array([[2, 0], [1, 1]]), np.array([[2, 0, 0, 0], [1, 1, 0, 0]])
    assert k.brennan_prediger(two).expected == 1 / 2
    assert k.brennan_prediger(four).expected == 1 / 4
    assert k.brennan_prediger([[2], [2]]).observed == 1
    assert k.brennan_prediger([[2], [2]]).value is None


@given(st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_pabak_is_brennan_prediger_of_two_categories(cells):
    table = np.array(cells).reshape(2, 2)
    value = k.pabak(table).value
    expected = k.brennan_prediger(counts_of_table(table)).value
    assert value == (None if expected is None else pytest.approx(expected))


@given(tables)
def test_one_category_against_the_rest_is_kappa_of_the_collapsed_table(table):
    for which, found in enumerate(k.cohen_kappa_per_category(table)):
        rows, columns = np.indices(table.shape) == which
        rest = [
            [table[rows & columns].sum(), table[rows & ~columns].sum()],
            [table[~rows & columns].sum(), table[~rows & ~columns].sum()],
        ]
        expected = k.cohen_kappa_of_table(rest).value
        assert found.value == (None if expected is None else pytest.approx(expected))


def test_characters_nobody_coded_are_undefined_where_nvivo_shows_one():
    found = k.nvivo_comparison([[0, 0], [0, 400]])
    assert found.value is None
    assert found.details["percent_agreement"] == 1
    assert k.nvivo_comparison([[0, 0], [0, 0]]).reason == "the text has no characters"


def test_transcripts_without_a_kappa_stay_out_of_the_average():
    found = k.nvivo_average([0.5, None, 0.1], [100, 900, 300])
    assert found.details["unweighted_mean"] == pytest.approx(0.3)
    assert found.value == pytest.approx(0.2)
    assert k.nvivo_average([None], [5]).value is None


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: k.cohen_kappa([1, 2], [1]),
        lambda: k.weighted_kappa(np.eye(2), np.eye(3)),
        lambda: k.pabak(np.eye(3)),
        lambda: k.nvivo_comparison(np.eye(3)),
        lambda: k.nvivo_average([1.0], []),
        lambda: k.fleiss_kappa([1, 2]),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(wrong):
    with pytest.raises(InputError) as refused:
        wrong()
    assert "\n" not in str(refused.value)


@given(counts)
def test_observed_agreement_of_fleiss_is_percent_agreement(table):
    placed = [np.repeat(range(table.shape[1]), row.astype(int)) for row in table]
    assert k.fleiss_kappa(table).observed == pytest.approx(
        percent_agreement(np.array(placed).T).value
    )
