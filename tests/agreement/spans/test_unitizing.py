"""The 2016 family and alpha_U: what must hold for any unitization."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.agreement.spans.runs import Spans, merge_spans, spans_from_rows
from autocode.agreement.spans.unitizing import (
    alpha_u_2004,
    count_unitizing,
    cu_alpha_from_counts,
    k_alpha_from_counts,
    u_alpha_from_counts,
    unitizing_alpha,
    unitizing_alpha_from_counts,
)
from autocode.core.errors import InputError

from .support import any_spans, by_character, cut_spans, rows_of


def values(found) -> list[float | None]:
    three = [found.u_alpha.value, found.bar_u_alpha.value, found.cu_alpha.value]
    return three + [one.value for one in found.k_alpha]


def with_rows(spans: Spans, rows) -> Spans:
    return spans_from_rows(rows, spans.length, n_coders=spans.n_coders, n_codes=spans.n_codes)


@pytest.mark.slow
@given(cut_spans(n_coders=3), st.permutations(range(3)))
def test_the_order_of_coders_does_not_matter(spans, order):
    other = with_rows(spans, [(order[c], s, e, k) for c, s, e, k in rows_of(spans)])
    assert values(unitizing_alpha(other)) == pytest.approx(values(unitizing_alpha(spans)))
    assert alpha_u_2004(other)[0].value == pytest.approx(alpha_u_2004(spans)[0].value)


@given(cut_spans(n_coders=2, n_codes=2))
def test_the_names_of_codes_do_not_matter(spans):
    other = with_rows(spans, [(c, s, e, 1 - k) for c, s, e, k in rows_of(spans)])
    found, swapped = unitizing_alpha(spans), unitizing_alpha(other)
    assert values(found)[:3] == pytest.approx(values(swapped)[:3])
    assert values(found)[3:] == pytest.approx(values(swapped)[:2:-1])


@given(cut_spans(n_coders=3))
def test_mirroring_the_text_changes_nothing(spans):
    length = spans.length
    other = with_rows(spans, [(c, length - e, length - s, k) for c, s, e, k in rows_of(spans)])
    assert values(unitizing_alpha(other)) == pytest.approx(values(unitizing_alpha(spans)))
    assert alpha_u_2004(other)[0].value == pytest.approx(alpha_u_2004(spans)[0].value)


@pytest.mark.slow
@given(cut_spans(n_coders=1, n_codes=2), st.integers(2, 4))
def test_equal_coders_agree_perfectly_where_anything_varies(spans, n_coders):
    rows = [(c, s, e, k) for c in range(n_coders) for _, s, e, k in rows_of(spans)]
    same = spans_from_rows(rows, spans.length, n_coders=n_coders, n_codes=2)
    found = [v for v in values(unitizing_alpha(same)) if v is not None]
    assert found == pytest.approx([1.0] * len(found))
    overall, per_code = alpha_u_2004(same)
    assert {overall.value, *(one.value for one in per_code)} <= {1.0, None}
    # One unit per coder over all the text is no variation; so is none.
    marks = by_character(same).any(axis=1)
    if marks.any() and not marks.all():
        assert values(unitizing_alpha(same))[0] == pytest.approx(1.0)


@given(cut_spans(n_coders=3))
def test_coincidences_are_those_of_characters(spans):
    counts = count_unitizing(spans)
    marks = by_character(spans)
    value = np.where(marks.any(axis=1), marks.argmax(axis=1), spans.n_codes)
    expected = np.zeros((spans.n_codes + 1, spans.n_codes + 1))
    for first in range(3):
        for second in range(3):
            if first != second:
                np.add.at(expected, (value[first], value[second]), 0.5)
    assert counts[:, 0] == pytest.approx(np.diag(expected))
    assert counts[:, 1] == pytest.approx(expected.sum(axis=1))
    assert counts[:-1, 2] == pytest.approx(expected[:-1, :-1].sum(axis=1))


@pytest.mark.slow
@given(cut_spans(n_coders=2), cut_spans(n_coders=2))
def test_counts_of_texts_add_up_to_the_counts_of_both_in_a_row(first, second):
    length = first.length
    rows = rows_of(first) + [(c, s + length, e + length, k) for c, s, e, k in rows_of(second)]
    both = spans_from_rows(rows, 2 * length, n_coders=2, n_codes=2)
    summed = count_unitizing(first) + count_unitizing(second)
    assert summed == pytest.approx(count_unitizing(both))
    assert values(unitizing_alpha_from_counts(summed)) == pytest.approx(
        values(unitizing_alpha(both))
    )


@given(cut_spans(n_coders=2, n_codes=1))
def test_with_one_code_only_the_marking_counts(spans):
    found = unitizing_alpha(spans)
    assert found.u_alpha.value == pytest.approx(found.bar_u_alpha.value)
    assert found.cu_alpha.value is None
    assert found.cu_alpha.reason


@given(any_spans(n_coders=3))
def test_a_mark_made_twice_counts_once_in_alpha_u(spans):
    rows = rows_of(merge_spans(spans))
    assert alpha_u_2004(with_rows(spans, rows + rows)) == alpha_u_2004(with_rows(spans, rows))


@given(any_spans(n_coders=3))
def test_alpha_u_is_defined_or_says_why(spans):
    overall, per_code = alpha_u_2004(spans)
    for one in (overall, *per_code):
        assert (one.value is None) == bool(one.reason)


def random_cut(generator, length, n_codes):
    edges = np.unique(np.concatenate([[0, length], generator.integers(0, length, length // 40)]))
    code = generator.integers(-1, n_codes, edges.size - 1)
    keep = code >= 0
    return np.stack([0 * code, edges[:-1], edges[1:], code], axis=1)[keep]


def test_chance_gives_values_near_zero():
    generator = np.random.default_rng(3)
    found = []
    for _ in range(60):
        rows = [random_cut(generator, 40_000, 3) for _ in range(2)]
        rows[1][:, 0] = 1
        counts = count_unitizing(spans_from_rows(np.concatenate(rows), 40_000, n_coders=2))
        found.append(
            [
                u_alpha_from_counts(counts),
                cu_alpha_from_counts(counts),
                *k_alpha_from_counts(counts),
            ]
        )
    assert np.abs(np.mean(found, axis=0)).max() < 0.01


def test_one_coder_and_an_unmarked_text_are_undefined_with_a_reason():
    one = unitizing_alpha(spans_from_rows([(0, 1, 5, 0)], 20, n_coders=1))
    assert one.u_alpha.value is None
    assert "two or more coders" in one.u_alpha.reason
    none = unitizing_alpha(spans_from_rows([], 20, n_coders=2, n_codes=2))
    assert values(none) == [None] * 5
    assert all(c.reason for c in (none.u_alpha, none.bar_u_alpha, none.cu_alpha, *none.k_alpha))


def test_codes_that_overlap_within_a_coder_are_refused():
    with pytest.raises(InputError, match="more than one code"):
        count_unitizing(spans_from_rows([(0, 0, 5, 0), (0, 3, 9, 1)], 20, n_coders=2))
