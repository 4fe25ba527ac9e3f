from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.core.alignment import align
from autocode.core.coding import Coding, Reading
from autocode.core.transcript import Segment, Span


def segment(start, end, transcript="t"):
    return Segment(transcript=transcript, span=Span(start, end), excerpt="x" * (end - start))


def coding(start, end, code="a", coder="Ann", transcript="t"):
    return Coding(transcript=transcript, span=Span(start, end), code=code, coder=coder)


SENTENCES = [segment(0, 10), segment(11, 21), segment(22, 32)]


def coded_rows(*codings, segments=SENTENCES):
    aligned = align(segments, codings, [])
    return [row for row in range(len(segments)) if aligned.codes(row)]


@pytest.mark.parametrize(
    ("span", "rows"),
    [
        ((0, 10), [0]),
        ((0, 32), [0, 1, 2]),  # a code on the turn is on each sentence
        ((13, 15), [1]),  # a code on a phrase is on its sentence
        ((0, 15), [0]),  # a highlight that slips 4 of 10 characters into the next
        ((0, 16), [0, 1]),  # half of it
        ((10, 11), []),  # the blank between
        ((5, 5), []),
        ((40, 50), []),
    ],
)
def test_align_needs_half_of_the_shorter(span, rows):
    assert coded_rows(coding(*span)) == rows


def test_align_puts_a_sentence_on_its_turn():
    assert coded_rows(coding(50, 60), segments=[segment(0, 100)]) == [0]


def test_align_keeps_transcripts_apart():
    assert coded_rows(coding(0, 10, transcript="other")) == []


def test_align_takes_segments_in_any_order():
    backwards = SENTENCES[::-1]
    assert coded_rows(coding(0, 10), segments=backwards) == [2]


def test_align_tells_read_from_not_seen():
    aligned = align(SENTENCES, [], [Reading("t", Span(0, 21), "Ann")])
    assert aligned.applied == ({"Ann": frozenset()}, {"Ann": frozenset()}, {})
    assert [aligned.is_read(row) for row in range(3)] == [True, True, False]


def test_align_counts_a_coding_as_a_reading():
    aligned = align(SENTENCES, [coding(0, 10)], [])
    assert aligned.is_read(0)
    assert not aligned.is_read(1)


def test_align_gathers_codes_by_coder():
    work = [coding(0, 10, "a"), coding(0, 5, "b"), coding(0, 10, "a", "Ben")]
    aligned = align(SENTENCES, work, [Reading("t", Span(0, 10), "Ann")])
    assert aligned.applied[0] == {"Ann": frozenset("ab"), "Ben": frozenset("a")}
    assert aligned.codes(0) == frozenset("ab")


@given(
    st.lists(st.integers(1, 8), min_size=1, max_size=8),
    st.tuples(st.integers(0, 70), st.integers(0, 70)).map(sorted),
)
def test_align_agrees_with_looking_at_every_segment(lengths, span):
    starts = [sum(lengths[:i]) + i for i in range(len(lengths))]
    segments = [segment(s, s + n) for s, n in zip(starts, lengths, strict=True)]
    marked = set(range(*span))
    expected = [
        row
        for row, s in enumerate(segments)
        if marked
        and 2 * len(marked & set(range(s.span.start, s.span.end))) >= min(len(s.span), len(marked))
    ]
    assert coded_rows(coding(*span), segments=segments) == expected


def test_marked_is_the_shortest_part_inside_the_segment():
    aligned = align(SENTENCES, [coding(0, 32), coding(13, 20), coding(12, 21, coder="Ben")], [])
    assert [part["a"] for part in aligned.marked] == [Span(0, 10), Span(13, 20), Span(22, 32)]
