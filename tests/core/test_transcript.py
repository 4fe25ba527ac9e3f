from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.core.errors import InputError, SpanError
from autocode.core.transcript import (
    Segment,
    Source,
    Span,
    TimedSpan,
    Transcript,
    Turn,
    text_digest,
)

SOURCE = Source(name="a.txt", format="txt", digest="0" * 64)
ANY_TEXT = st.text(st.characters(codec=None), max_size=60)


@st.composite
def text_and_span(draw):
    text = draw(ANY_TEXT)
    start = draw(st.integers(0, len(text)))
    return text, Span(start, draw(st.integers(start, len(text))))


@given(text_and_span())
def test_span_slices_back(case):
    text, span = case
    assert text[: span.start] + span.of(text) + text[span.end :] == text
    assert len(span.of(text)) == len(span)


def test_span_counts_code_points():
    text = "👩‍🌾 e\u0301 שלום"
    assert Span(4, 6).of(text) == "e\u0301"
    assert Span(7, 11).of(text) == "שלום"


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (-2, -1)])
def test_span_refuses_offsets_out_of_order(start, end):
    with pytest.raises(SpanError, match=rf"{start}\.\.{end}"):
        Span(start, end)


def test_span_refuses_text_that_is_too_short():
    with pytest.raises(SpanError, match=r"2\.\.9 .* 5 characters"):
        Span(2, 9).of("words")


def test_span_error_is_an_input_error_and_a_value_error():
    assert issubclass(SpanError, InputError)
    assert issubclass(SpanError, ValueError)


@given(*[st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted)] * 2)
def test_span_overlap_counts_shared_characters(one, other):
    a, b = Span(*one), Span(*other)
    assert a.overlap(b) == len(set(range(*one)) & set(range(*other)))
    assert a.overlap(b) == b.overlap(a)


def test_transcript_words_of_turn():
    transcript = Transcript(
        name="t",
        text="Ann: hi\nBen: 👋",
        turns=(Turn(span=Span(5, 7), speaker="Ann"), Turn(span=Span(13, 14), speaker="Ben")),
        source=SOURCE,
    )
    assert [transcript.words_of(turn) for turn in transcript.turns] == ["hi", "👋"]


def test_transcript_takes_turns_that_touch():
    Transcript(
        name="t", text="abcd", turns=(Turn(span=Span(0, 2)), Turn(span=Span(2, 4))), source=SOURCE
    )


@pytest.mark.parametrize("spans", [[(0, 3), (2, 4)], [(2, 4), (0, 2)], [(0, 5)], [(1, 1)]])
def test_transcript_refuses_turns_that_do_not_fit(spans):
    with pytest.raises(SpanError, match="'t'"):
        Transcript(
            name="t",
            text="abcd",
            turns=tuple(Turn(span=Span(*span)) for span in spans),
            source=SOURCE,
        )


def test_transcript_equality_leaves_out_warnings():
    plain = Transcript(name="t", text="ab", turns=(), source=SOURCE)
    assert Transcript(name="t", text="ab", turns=(), source=SOURCE, warnings=("odd",)) == plain
    assert Transcript(name="t", text="abc", turns=(), source=SOURCE) != plain


@pytest.mark.parametrize(
    ("speaker", "case", "participant"),
    [("Ann", None, "t/Ann"), (None, None, "t/unnamed"), ("Ann", "P01", "P01")],
)
def test_segment_participant_is_the_case_or_the_voice(speaker, case, participant):
    segment = Segment(transcript="t", span=Span(0, 1), excerpt="a", speaker=speaker, case=case)
    assert segment.participant == participant


def test_text_digest_is_sha256_of_utf8():
    assert text_digest("né 👋") == hashlib.sha256("né 👋".encode()).hexdigest()


def test_text_digest_takes_lone_surrogates():
    assert text_digest("\ud800") != text_digest("\ud801")


def test_times_of_a_span_are_those_of_its_words_else_of_its_turn():
    text = "It rained. So?"
    turns = (
        Turn(span=Span(0, 10), speaker="A", begin=1.0, finish=9.0),
        Turn(span=Span(11, 14), speaker="B", begin=9.0, finish=None),
    )
    words = (TimedSpan(Span(0, 2), 2.0, 2.5), TimedSpan(Span(3, 10), 3.0, 4.0))
    transcript = Transcript(
        name="t",
        text=text,
        turns=turns,
        source=Source(name="t", format="json", digest="0"),
        times=words,
    )
    assert transcript.times_of(Span(0, 2)) == (2.0, 2.5)
    assert transcript.times_of(Span(4, 12)) == (3.0, 4.0)
    assert transcript.times_of(Span(2, 3)) == (1.0, 9.0)
    assert transcript.times_of(Span(11, 14)) == (9.0, None)
    assert transcript.times_of(Span(10, 11)) == (None, None)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ((0, 4), "Kofi, turn 1"),
        ((6, 8), "turn 2"),
        ((2, 8), "Kofi, turns 1 to 2"),
        ((10, 14), "Ann, turn 3"),
        ((4, 5), ""),
    ],
)
def test_a_span_is_located_by_speaker_and_turn(span, words):
    turns = (
        Turn(span=Span(0, 4), speaker="Kofi"),
        Turn(span=Span(5, 9)),
        Turn(span=Span(10, 14), speaker="Ann"),
    )
    transcript = Transcript(name="t", text="a" * 14, turns=turns, source=SOURCE)
    assert transcript.locate(Span(*span)) == words
    alone = Transcript(name="t", text="a" * 14, turns=turns[:1], source=SOURCE)
    assert alone.locate(Span(0, 2)) == "Kofi"
