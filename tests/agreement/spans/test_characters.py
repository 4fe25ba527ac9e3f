"""Characters as units, from runs: the same as really looking at every character."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from sklearn.metrics import cohen_kappa_score

from autocode.agreement.coefficients.alpha import krippendorff_alpha
from autocode.agreement.spans.characters import (
    character_alpha,
    character_alpha_of_code,
    character_kappa,
    count_character_coincidences,
    count_characters,
)
from autocode.agreement.spans.runs import spans_from_rows
from autocode.core.errors import InputError

from .support import any_spans, by_character, cut_spans


@given(any_spans(n_coders=3))
def test_tables_are_counts_of_characters(spans):
    tables = count_characters(spans, coders=(0, 2))
    first, second = by_character(spans)[[0, 2]]
    for code, table in enumerate(tables):
        a, b = first[code], second[code]
        counted = [[(a & b).sum(), (a & ~b).sum()], [(~a & b).sum(), (~a & ~b).sum()]]
        assert np.array_equal(table, counted)


@given(any_spans(n_codes=1))
def test_kappa_equals_scikit_learn_on_characters(spans):
    found = character_kappa(spans, 0).value
    a, b = by_character(spans)[:, 0]
    if found is None:
        assert len({*a, *b}) == 1
    else:
        assert found == pytest.approx(cohen_kappa_score(a, b))


@given(cut_spans(n_coders=3))
def test_alpha_equals_alpha_of_one_column_per_character(spans):
    marks = by_character(spans)
    value = np.where(marks.any(axis=1), marks.argmax(axis=1), spans.n_codes)
    for mode, table in (("nominal_with_gap", value), ("relevant_vs_gap", marks.any(axis=1))):
        found, expected = character_alpha(spans, mode=mode), krippendorff_alpha(table)
        assert found.value == pytest.approx(expected.value)
        assert found.n_units == spans.length
        assert (found.value is None) == bool(found.reason)


def test_an_unmarked_text_is_undefined_where_nvivo_shows_one():
    spans = spans_from_rows([], 100, n_coders=2, n_codes=1)
    assert character_kappa(spans, 0).value is None
    assert character_kappa(spans, 0).reason


def test_one_coder_has_no_alpha():
    spans = spans_from_rows([(0, 1, 9, 0)], 20, n_coders=1)
    assert character_alpha(spans).reason
    assert not count_character_coincidences(spans).any()


def test_an_unknown_mode_is_refused():
    with pytest.raises(InputError, match="relevant_vs_gap or nominal_with_gap"):
        character_alpha(spans_from_rows([], 9, n_coders=2, n_codes=1), mode="words")


def test_alpha_of_one_code_is_alpha_of_its_characters_marked_or_not():
    rows = [(0, 2, 9, 0), (1, 4, 9, 0), (0, 10, 14, 1), (1, 3, 6, 1)]
    spans = spans_from_rows(rows, 20, n_coders=2)
    for code in (0, 1):
        marked = np.zeros((2, 20))
        for coder, start, end, own in rows:
            if own == code:
                marked[coder, start:end] = 1
        alpha = character_alpha_of_code(spans, code)
        assert alpha.value == pytest.approx(krippendorff_alpha(marked).value)
        assert (alpha.name, alpha.n_units) == ("character_alpha_of_code", 20)
    with pytest.raises(InputError, match="No code 2"):
        character_alpha_of_code(spans, 2)
