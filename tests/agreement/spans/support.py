"""Random spans for the tests, and spans as plain characters and rows."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from autocode.agreement.spans.runs import GAP, Spans, spans_from_rows

LENGTH = 30


@st.composite
def any_spans(draw, n_coders=2, n_codes=3, length=LENGTH, max_size=8):
    """Spans of any coders and codes; they may overlap."""
    rows = st.tuples(
        st.integers(0, n_coders - 1),
        st.integers(0, length - 1),
        st.integers(1, length),
        st.integers(0, n_codes - 1),
    ).filter(lambda row: row[1] < row[2])
    found = draw(st.lists(rows, max_size=max_size))
    return spans_from_rows(found, length, n_coders=n_coders, n_codes=n_codes)


@st.composite
def cut_spans(draw, n_coders=2, n_codes=2, length=LENGTH):
    """Spans of coders who each cut the text without overlap."""
    rows = []
    for coder in range(n_coders):
        edges = sorted(draw(st.sets(st.integers(0, length), max_size=8)))
        for start, end in pairwise(edges):
            code = draw(st.integers(-1, n_codes - 1))
            if code != GAP:
                rows.append((coder, start, end, code))
    return spans_from_rows(rows, length, n_coders=n_coders, n_codes=n_codes)


def rows_of(spans: Spans) -> list[tuple[int, ...]]:
    columns = (spans.coder, spans.start, spans.end, spans.code)
    return [tuple(int(n) for n in row) for row in zip(*columns, strict=True)]


def by_character(spans: Spans) -> np.ndarray:
    """Shape (n_coders, n_codes, length): what each coder gave each character."""
    marks = np.zeros((spans.n_coders, spans.n_codes, spans.length), dtype=bool)
    for coder, start, end, code in rows_of(spans):
        marks[coder, code, start:end] = True
    return marks
