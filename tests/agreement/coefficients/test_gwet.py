"""AC1 and AC2: what must hold for any coders, and the error against a repeated study."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.agreement.coefficients.gwet import gwet_ac1, gwet_ac1_of_table, gwet_ac2
from autocode.agreement.coefficients.observed import (
    agreement_weights,
    counts_of_table,
    unit_counts,
)
from autocode.core.errors import InputError

counts = st.integers(2, 4).flatmap(
    lambda q: st.lists(
        st.lists(st.integers(0, 3), min_size=q, max_size=q), min_size=1, max_size=20
    ).map(lambda rows: np.array(rows, dtype=float))
)


@given(counts, st.randoms())
def test_names_order_and_repetition_do_not_matter(table, random):
    value = gwet_ac1(table).value
    order = list(range(table.shape[1]))
    random.shuffle(order)
    for other in (table[:, order], table[::-1], np.vstack([table, table])):
        found = gwet_ac1(other).value
        assert found == (None if value is None else pytest.approx(value))


@given(counts)
def test_ac2_without_partial_credit_is_ac1(table):
    plain, weighted = gwet_ac1(table), gwet_ac2(table, np.eye(table.shape[1]))
    assert plain.value == (None if weighted.value is None else pytest.approx(weighted.value))
    assert plain.details == weighted.details


@given(counts)
def test_units_nobody_coded_change_nothing(table):
    padded = np.vstack([table, np.zeros((3, table.shape[1]))])
    assert gwet_ac1(padded) == gwet_ac1(table)


def test_perfect_agreement_is_one_also_when_one_category_of_several_was_used():
    # The codebook offered a choice, so agreement on one code is agreement (Gwet 2008).
    assert gwet_ac1([[3, 0], [3, 0]]).value == 1
    assert gwet_ac1([[3, 0], [0, 3]]).value == 1


def test_a_codebook_of_one_code_and_units_seen_once_are_undefined():
    one = gwet_ac1([[2], [2]])
    assert one.value is None
    assert one.observed == 1
    assert gwet_ac1([[1, 0], [0, 1]]).reason == "no unit was coded by two or more coders"


def test_weights_that_credit_everything_leave_nothing_to_explain():
    assert gwet_ac2([[1, 1], [1, 1]], np.ones((2, 2))).reason


def test_weights_of_another_codebook_are_refused():
    with pytest.raises(InputError, match="do not fit 2 categories"):
        gwet_ac2([[1, 1]], np.eye(3))


def test_coders_who_mark_evenly_at_random_agree_by_chance_only():
    drawn = np.random.default_rng(0).integers(0, 3, size=(3, 100_000))
    table = unit_counts(drawn)
    assert abs(gwet_ac1(table).value) < 0.01
    assert abs(gwet_ac2(table, agreement_weights([0, 1, 2], "quadratic")).value) < 0.02


@pytest.mark.parametrize("weighting", ["identity", "linear"])
def test_the_error_is_what_repeating_the_study_shows(weighting):
    generator = np.random.default_rng(0)
    kinds = counts_of_table([[30, 6, 1], [4, 20, 5], [0, 3, 11]])
    weights = agreement_weights([0, 1, 2], weighting)
    found = gwet_ac2(kinds, weights)
    spread = np.std(
        [
            gwet_ac2(kinds[generator.integers(len(kinds), size=len(kinds))], weights).value
            for _ in range(2000)
        ]
    )
    assert found.details["se_gwet"] == pytest.approx(spread, rel=0.08)


def test_the_error_of_two_coders_divides_by_the_units():
    table = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
    two, many = gwet_ac1_of_table(table), gwet_ac1(counts_of_table(table))
    assert two.value == many.value
    assert two.details["se_gwet"] == pytest.approx(many.details["se_gwet"] * (99 / 100) ** 0.5)
    assert gwet_ac1_of_table(np.zeros((2, 2))).value is None
    assert gwet_ac1_of_table([[1, 0], [0, 0]]).details["se_gwet"] is None
