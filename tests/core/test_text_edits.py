"""Spans carried through edits of their text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.core.errors import SpanError
from autocode.core.text_edits import Edit, EditedText
from autocode.core.transcript import Span

TEXT = "Ann went home. Then Ann's sister rang."


def test_spans_follow_words_that_are_replaced():
    edited = EditedText(TEXT, [Edit(Span(0, 3), "Maria"), Edit(Span(20, 23), "Maria")])
    assert edited.text == "Maria went home. Then Maria's sister rang."
    for old, new in (
        (TEXT, edited.text),
        ("Ann went", "Maria went"),
        ("went home.", "went home."),
        ("Then Ann", "Then Maria"),
        ("nn went", "Maria went"),
        ("sister rang.", "sister rang."),
    ):
        at = TEXT.index(old)
        assert edited.carry(Span(at, at + len(old))).of(edited.text) == new


def test_a_span_of_words_taken_out_has_no_place():
    edited = EditedText(TEXT, [Edit(Span(0, 15))])
    assert edited.text == "Then Ann's sister rang."
    assert edited.carry(Span(0, 14)) is None
    assert edited.carry(Span(4, 19)).of(edited.text) == "Then"
    assert edited.carry(Span(15, 23)).of(edited.text) == "Then Ann"


def test_edits_that_overlap_are_refused():
    with pytest.raises(SpanError, match="overlap"):
        EditedText(TEXT, [Edit(Span(0, 5)), Edit(Span(4, 8))])


@given(st.lists(st.sampled_from("ab "), min_size=1, max_size=30), st.data())
def test_what_no_edit_touches_keeps_its_words(letters, data):
    text = "".join(letters)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    edits = [
        Edit(Span(a, b), data.draw(st.sampled_from(["", "xy", "x"])))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    edited = EditedText(text, edits)
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            span = Span(start, end)
            if text[start:end].strip() == text[start:end] and not any(
                e.span.overlap(span) or (e.span.start >= start and e.span.end <= end) for e in edits
            ):
                carried = edited.carry(span)
                assert carried is not None
                assert carried.of(edited.text) == span.of(text)
