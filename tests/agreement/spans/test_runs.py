"""Spans as runs: one grid, the same as looking at every character."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from autocode.agreement.spans.runs import (
    GAP,
    build_exclusive_runs,
    find_covered,
    merge_spans,
    select_code,
    spans_from_rows,
)
from autocode.core.errors import InputError

from .support import any_spans, by_character, cut_spans, rows_of

LENGTH = 30


@given(any_spans())
def test_runs_say_the_same_as_characters(spans):
    edges, marks = find_covered(spans)
    assert np.array_equal(np.repeat(marks, np.diff(edges), axis=2), by_character(spans))
    assert edges.size <= 2 * spans.code.size + 2


@given(any_spans())
def test_merging_changes_no_character_and_leaves_no_overlap(spans):
    tidy = merge_spans(spans)
    assert np.array_equal(by_character(tidy), by_character(spans))
    assert rows_of(merge_spans(tidy)) == rows_of(tidy)
    total = (tidy.end - tidy.start).sum()
    assert total == by_character(spans).sum()


def test_touching_spans_stay_two():
    spans = spans_from_rows([(0, 0, 5, 0), (0, 5, 9, 0), (0, 8, 12, 0)], 20, n_coders=1)
    assert rows_of(merge_spans(spans)) == [(0, 0, 5, 0), (0, 5, 12, 0)]


@given(cut_spans())
def test_exclusive_runs_hold_each_characters_code(spans):
    runs = build_exclusive_runs(spans)
    wide = np.repeat(runs.codes, runs.lengths, axis=1)
    marks = by_character(spans)
    assert np.array_equal(wide == GAP, ~marks.any(axis=1))
    for code in range(spans.n_codes):
        assert np.array_equal(wide == code, marks[:, code])


def test_two_codes_in_one_place_are_refused_with_the_place():
    spans = spans_from_rows([(0, 0, 5, 0), (0, 3, 9, 1)], 20, n_coders=2)
    with pytest.raises(InputError, match="Coder 0 gave characters 3-5 more than one code"):
        build_exclusive_runs(spans)


@pytest.mark.slow
@given(any_spans())
def test_one_code_alone_keeps_its_characters(spans):
    for code in range(spans.n_codes):
        assert np.array_equal(
            by_character(select_code(spans, code))[:, 0], by_character(spans)[:, code]
        )


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ((0, 3, 3, 0), "runs from 3 to 3"),
        ((0, -1, 3, 0), "runs from -1 to 3"),
        ((0, 3, 99, 0), "outside the text's 20 characters"),
        ((5, 3, 9, 0), "coder 5; there are 2"),
        ((0, 3, 9, 7), "code 7; there are 1"),
    ],
)
def test_spans_that_fit_no_text_are_refused(row, says):
    with pytest.raises(InputError, match=says):
        spans_from_rows([row], 20, n_coders=2, n_codes=1)
