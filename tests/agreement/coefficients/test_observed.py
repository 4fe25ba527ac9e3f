"""Observed agreement: the three ways to count missing codings, and what holds for any data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.agreement import brennan_prediger, fleiss_kappa, gwet_ac1, scott_pi
from autocode.agreement.coefficients.holsti import holsti, holsti_of_sets
from autocode.agreement.coefficients.indices import bias_index, prevalence_index
from autocode.agreement.coefficients.observed import (
    agreement_weights,
    confusion_table,
    counts_of_table,
    index_values,
    percent_agreement,
    specific_agreement,
    unit_counts,
)
from autocode.core.errors import InputError

NAN = float("nan")
CONVENTIONS = ("mean_of_units", "annotation_weighted", "pooled_pairs")

# Krippendorff (2011), example C: missing codings, where the three conventions part.
KRIPPENDORFF_C = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]

codings = st.integers(2, 4).flatmap(
    lambda n_coders: st.lists(
        st.lists(st.sampled_from([0.0, 1.0, 2.0, NAN]), min_size=n_coders, max_size=n_coders),
        min_size=1,
        max_size=30,
    ).map(lambda rows: np.array(rows).T)
)


@pytest.mark.parametrize(
    ("missing", "value"),
    [("mean_of_units", 0.818182), ("annotation_weighted", 0.8), ("pooled_pairs", 43 / 55)],
)
def test_the_three_conventions_part_on_krippendorff_2011_example_c(missing, value):
    found = percent_agreement(KRIPPENDORFF_C, missing=missing)
    assert found.value == pytest.approx(value, abs=1e-6)
    assert found.n_units == 11


def test_an_unknown_convention_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match="pooled_pairs"):
        percent_agreement([[1], [1]], missing="drop")


@given(codings, st.sampled_from(CONVENTIONS))
def test_order_names_and_repetition_do_not_matter(table, missing):
    value = percent_agreement(table, missing=missing).value
    for other in (table[::-1], 7 - table, np.hstack([table, table])):
        found = percent_agreement(other, missing=missing).value
        assert found == (None if value is None else pytest.approx(value))


@given(codings)
def test_without_missing_codings_the_conventions_agree(table):
    full = np.nan_to_num(table)
    values = {round(percent_agreement(full, missing=one).value, 12) for one in CONVENTIONS}
    assert len(values) == 1


@given(codings)
def test_coders_who_copy_each_other_agree_fully(table):
    copies = np.vstack([table[0], table[0]])
    value = percent_agreement(copies).value
    assert value == (1 if (~np.isnan(table[0])).any() else None)


@given(codings)
def test_counts_are_the_codings_counted(table):
    counts = unit_counts(table, categories=[2, 1, 0])
    assert (counts.sum(axis=1) == (~np.isnan(table)).sum(axis=0)).all()
    assert (counts[:, 0] == (table == 2).sum(axis=0)).all()


@given(codings)
def test_confusion_table_and_unit_counts_say_the_same(table):
    first, second = np.nan_to_num(table[:2])
    known = [0, 1, 2]
    confusion = confusion_table(first, second, categories=known)
    assert confusion[2, 0] == ((first == 2) & (second == 0)).sum()
    from_table = sorted(map(tuple, counts_of_table(confusion)))
    assert from_table == sorted(map(tuple, unit_counts([first, second], categories=known)))


@given(st.lists(st.integers(0, 2000), max_size=30), st.booleans())
def test_counting_finds_the_same_values_as_sorting(numbers, halves):
    values = np.array(numbers, dtype=float) / (2 if halves else 1)
    known, codes = index_values(values)
    assert known.tolist() == np.unique(values).tolist()
    assert (known[codes] == values).all()


def test_a_value_outside_the_codebook_is_refused():
    with pytest.raises(InputError, match="Value 3 is none of the 2 categories"):
        unit_counts([[0, 3]], categories=[0, 1])


@pytest.mark.parametrize("bad", [[["yes", ["no"]]], [[1, float("inf")]], np.zeros((2, 2, 2))])
def test_what_is_not_a_table_of_numbers_is_refused(bad):
    with pytest.raises(InputError, match="finite numbers"):
        percent_agreement(bad)


@pytest.mark.parametrize("bad", [[[1, 2]], [[-1, 0], [0, 1]], [[NAN, 0], [0, 1]]])
def test_what_is_not_a_confusion_table_is_refused(bad):
    with pytest.raises(InputError):
        specific_agreement(bad)
    with pytest.raises(InputError):
        counts_of_table(bad)


def test_fractions_of_units_are_refused():
    with pytest.raises(InputError, match="whole counts"):
        counts_of_table([[0.5, 0], [0, 1]])


def test_holsti_without_decisions_is_undefined_and_with_too_many_refused():
    assert holsti(0, decisions_a=0, decisions_b=0).reason
    with pytest.raises(InputError):
        holsti(3, decisions_a=2, decisions_b=9)


def test_holsti_of_sets_leaves_out_what_one_coder_did_not_code():
    found = holsti_of_sets([{"A"}, None, {"A", "B"}], [{"A"}, {"B"}, {"B"}])
    assert found.value == pytest.approx(2 * 2 / (3 + 2))
    with pytest.raises(InputError):
        holsti_of_sets([{"A"}], [])


def test_a_category_nobody_used_has_no_specific_agreement():
    used, unused = specific_agreement([[3, 0], [0, 0]])
    assert used.value == 1
    assert unused.value is None
    assert unused.reason


def test_bias_and_prevalence_change_sign_with_coders_and_categories():
    table = np.array([[80, 10], [5, 5]])
    assert bias_index(table.T).value == -bias_index(table).value
    assert prevalence_index(table[::-1, ::-1]).value == -prevalence_index(table).value
    assert bias_index(np.zeros((2, 2))).reason
    with pytest.raises(InputError, match="Collapse"):
        bias_index(np.eye(3))


def test_weights_follow_the_values_not_their_ranks():
    assert agreement_weights([10, 20, 40], "linear")[1].tolist() == pytest.approx([2 / 3, 1, 1 / 3])
    assert agreement_weights([1, 2, 3], "quadratic")[0].tolist() == [1, 0.75, 0]
    assert (agreement_weights([1, 2]) == np.eye(2)).all()
    with pytest.raises(InputError, match="cubic"):
        agreement_weights([1, 2], "cubic")


@pytest.mark.parametrize("measure", [fleiss_kappa, gwet_ac1, brennan_prediger, scott_pi])
def test_codings_are_no_counts(measure):
    with pytest.raises(InputError, match=r"does not hold counts\. .*unit_counts\(codings\)"):
        measure([["a", "b"], ["b", "b"]])


@pytest.mark.parametrize("measure", [fleiss_kappa, gwet_ac1, brennan_prediger])
def test_shares_are_no_counts_of_coders(measure):
    with pytest.raises(InputError, match="whole counts"):
        measure([[0.4, 0.1], [0.2, 0.3]])


def test_shares_of_units_in_a_confusion_table_are_as_good_as_counts():
    shares, counts = scott_pi([[0.4, 0.1], [0.2, 0.3]]), scott_pi([[4, 1], [2, 3]])
    assert shares.value == pytest.approx(counts.value)
