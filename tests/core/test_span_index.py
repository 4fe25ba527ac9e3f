"""The items that share characters with a span, as a look at each of them finds them."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from autocode.core.span_index import SpanIndex
from autocode.core.transcript import Span


@dataclass(frozen=True)
class Mark:
    span: Span


SPANS = st.tuples(st.integers(0, 60), st.integers(0, 25)).map(lambda s: Span(s[0], s[0] + s[1]))


@given(st.lists(SPANS.map(Mark), max_size=30), SPANS)
def test_what_overlaps_is_what_a_look_at_each_finds(marks, span):
    ordered = sorted(marks, key=lambda mark: (mark.span.start, mark.span.end))
    assert SpanIndex(marks).overlapping(span) == [m for m in ordered if m.span.overlap(span)]
