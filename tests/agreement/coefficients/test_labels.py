"""Codings as people keep them: labels, missing values of every kind, units by coders."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from autocode.agreement import (
    arrange_codings,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    percent,
    percent_agreement,
    unit_counts,
)
from autocode.core.errors import InputError

A = ["yes", "no", "no", None, "yes", "maybe"]
B = ["yes", "no", "yes", "no", "yes", "maybe"]
NUMBERS = [[2, 1, 1, np.nan, 2, 0], [2, 1, 2, 1, 2, 0]]


def test_labels_and_their_numbers_give_the_same():
    assert krippendorff_alpha([A, B]) == krippendorff_alpha(NUMBERS)
    assert cohen_kappa(A, B) == cohen_kappa(*NUMBERS)
    assert percent_agreement([A, B]) == percent_agreement(NUMBERS)


@pytest.mark.parametrize("gap", [None, float("nan"), np.nan, pd.NA, pd.NaT])
def test_every_kind_of_missing_value_is_missing(gap):
    first = [gap if label is None else label for label in A]
    assert krippendorff_alpha([first, B]) == krippendorff_alpha(NUMBERS)
    numbers = [[2, 1, 1, gap, 2, 0], NUMBERS[1]]
    assert krippendorff_alpha(numbers, level="interval") == krippendorff_alpha(
        NUMBERS, level="interval"
    )


def test_categories_of_pandas_and_their_codes_have_missing_values():
    kinds = ["maybe", "no", "yes"]
    columns = [pd.Categorical(labels, categories=kinds) for labels in (A, B)]
    expected = krippendorff_alpha(NUMBERS)
    assert krippendorff_alpha([column.codes for column in columns]) == expected
    assert krippendorff_alpha(columns) == expected
    assert cohen_kappa(*columns) == cohen_kappa(*NUMBERS)
    assert cohen_kappa(*(pd.Series(c).cat.codes for c in columns)) == cohen_kappa(*NUMBERS)


def test_minus_one_is_a_value_among_ordinary_numbers():
    codings = [[-1, 0, 1, -1], [-1, 0, 1, 1]]
    assert krippendorff_alpha(codings).n_units == 4


def test_a_frame_of_units_by_coders_is_turned():
    frame = pd.DataFrame({"Ann": A, "Ben": B})
    arranged = arrange_codings(frame, rows="units")
    assert arranged.values.shape == (2, 6)
    assert arranged.labels == ("maybe", "no", "yes")
    assert krippendorff_alpha(arranged) == krippendorff_alpha(NUMBERS)
    turned = arrange_codings(frame.T, rows="coders")
    assert np.array_equal(turned.values, arranged.values, equal_nan=True)
    assert np.array_equal(
        arrange_codings(np.array(NUMBERS).T, rows="units").values, NUMBERS, equal_nan=True
    )


def test_a_frame_of_nullable_integers_and_categories_keeps_its_gaps():
    whole = pd.DataFrame({"Ann": [1, None, 2], "Ben": [1, 2, 2]}, dtype="Int64")
    assert np.isnan(arrange_codings(whole, rows="units").values[0, 1])
    codes = pd.DataFrame({"Ann": pd.Categorical(["x", None]).codes, "Ben": [0, 0]})
    assert np.isnan(arrange_codings(codes, rows="units").values[0, 1])


@pytest.mark.parametrize("coefficient", [krippendorff_alpha, percent_agreement, unit_counts])
def test_a_table_laid_the_other_way_round_is_refused_with_a_hint(coefficient):
    units_by_coders = np.tile([[0, 0], [1, 1], [0, 1]], (10, 1))
    with pytest.raises(InputError, match=r"30 rows and 2 columns.*rows='units'"):
        coefficient(units_by_coders)
    coefficient(units_by_coders.T)
    coefficient(arrange_codings(units_by_coders, rows="coders"))


@pytest.mark.parametrize("level", ["ordinal", "interval", "ratio"])
def test_labels_have_no_distances(level):
    with pytest.raises(InputError, match="finite numbers"):
        krippendorff_alpha([A, B], level=level)


@pytest.mark.parametrize("bad", [[["x"], ["x", "y"]], [], "", [["x", float("inf")]] * 0])
def test_what_is_no_table_is_one_line(bad):
    with pytest.raises(InputError):
        arrange_codings(bad, rows="coders")


def test_rows_are_of_coders_or_units():
    with pytest.raises(InputError, match="coders or units"):
        arrange_codings([A, B], rows="columns")


def test_listwise_deletion_leaves_out_units_that_somebody_skipped():
    codings = [[0, 1, 1, 0, np.nan], [0, 1, 0, 0, 1], [0, 1, 1, np.nan, 1]]
    counts = unit_counts(codings)
    listwise = fleiss_kappa(counts, listwise=True)
    assert listwise.value == fleiss_kappa(counts[:3]).value
    assert listwise.n_units == 3
    assert listwise.details["n_left_out"] == 2
    assert fleiss_kappa(counts).value != listwise.value
    assert fleiss_kappa(np.zeros((0, 2)), listwise=True).value is None


def test_columns_of_pandas_that_hold_units_in_other_places_are_refused():
    ann = pd.Series(["yes", "no", "no", "no"], index=["u1", "u2", "u3", "u4"])
    ben = ann.sort_index(ascending=False)
    for compare in (cohen_kappa, percent, lambda a, b: krippendorff_alpha([a, b])):
        with pytest.raises(InputError, match=r"in different places .* b\.reindex\(a\.index\)"):
            compare(ann, ben)
        assert compare(ann, ben.reindex(ann.index)).value == 1
        assert compare(ann, ben.to_numpy()).value != 1
    left_out = ann.drop("u1"), ann.drop("u4")
    with pytest.raises(InputError, match="in different places"):
        cohen_kappa(*left_out)


def test_rows_of_one_long_frame_are_taken_as_they_stand():
    frame = pd.DataFrame({"coder": ["Ann", "Ben"] * 3, "code": ["x", "x", "y", "y", "x", "x"]})
    own = [frame[frame["coder"] == name]["code"] for name in ("Ann", "Ben")]
    assert cohen_kappa(*own).value == 1
