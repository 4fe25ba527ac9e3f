from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autocode.errors import InputError
from autocode.segment import UNITS, cut
from autocode.transcript import Source, Span, Transcript, Turn

_MARKS = [".", "?", "!", "…", "。", '"', ")", " ", "\t", "\n", "\r\n", "\x00", "\u2028"]
_WORDS = ["Yes", "Mr", "e.g.", "3.5", "e\u0301", "👩‍🌾", "שלום.", "\u202e", "\u200b"]
TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.lists(st.sampled_from(_MARKS + _WORDS), max_size=25).map("".join),
)


def whole(text, *bounds):
    turns = tuple(Turn(Span(*b)) for b in bounds or [(0, len(text))] if b[0] < b[1])
    return Transcript("t", text, turns, Source("t.txt", "txt", "0" * 64))


def excerpts(text, unit):
    return [span.of(text) for _, span in cut(whole(text), unit)]


@st.composite
def transcripts(draw):
    text = draw(TEXTS)
    marks = draw(st.lists(st.integers(0, len(text)), max_size=6).map(sorted))
    return whole(text, *zip(marks[::2], marks[1::2], strict=False))


@pytest.mark.parametrize("unit", UNITS)
@given(transcript=transcripts())
@example(transcript=whole("Yes.\r\nNo\x00. 👩‍🌾? e\u0301! שלום.\u202e ok"))
@settings(deadline=None)
def test_cut_tiles_every_turn(unit, transcript):
    text = transcript.text
    covered, last = set(), 0
    for turn, span in cut(transcript, unit):
        assert last <= span.start < span.end
        assert turn.span.start <= span.start
        assert span.end <= turn.span.end
        assert not text[span.start].isspace()
        assert not text[span.end - 1].isspace()
        covered |= set(range(span.start, span.end))
        last = span.end
    visible = {
        at
        for turn in transcript.turns
        for at in range(turn.span.start, turn.span.end)
        if not text[at].isspace()
    }
    assert visible <= covered


@pytest.mark.parametrize("unit", UNITS)
@given(transcript=transcripts())
@settings(deadline=None)
def test_cut_gives_the_same_units_again(unit, transcript):
    units = cut(transcript, unit)
    assert cut(transcript, unit) == units
    spans = [(span.start, span.end) for _, span in units]
    again = cut(whole(transcript.text, *spans), unit) if spans else []
    assert [span for _, span in again] == [span for _, span in units]


@given(st.lists(st.sampled_from(["Yes I do", "It rained", "Mr Lee left"]), min_size=1, max_size=6))
@settings(deadline=None)
def test_cut_sentence_of_a_sentence_is_itself(sentences):
    text = " ".join(f"{sentence}." for sentence in sentences)
    found = excerpts(text, "sentence")
    assert found == [f"{sentence}." for sentence in sentences]
    assert [excerpts(sentence, "sentence") for sentence in found] == [[s] for s in found]


def test_cut_turn_keeps_paragraphs_together():
    assert excerpts(" One.\n\nTwo. ", "turn") == ["One.\n\nTwo."]


def test_cut_paragraph_is_a_line():
    assert excerpts("One. More.\r\n \n\nTwo.", "paragraph") == ["One. More.", "Two."]


def test_cut_sentence_ends_at_marks_and_at_line_ends():
    text = 'We left. Why?" she asked! No idea\nNext'
    assert excerpts(text, "sentence") == ["We left.", 'Why?" she asked!', "No idea", "Next"]


@pytest.mark.parametrize(
    "opening", ["“Why?” she said.", "[laughs] Then.", "(laughs) Then.", "¿Qué?"]
)
def test_cut_sentence_takes_its_opening_mark_along(opening):
    assert excerpts(f"We left. {opening}", "sentence")[0] == "We left."


def test_cut_passes_over_blank_turns():
    units = cut(whole("a \n b", (0, 1), (1, 4), (4, 5)))
    assert [span for _, span in units] == [Span(0, 1), Span(4, 5)]


def test_cut_sentence_takes_lines_longer_than_spacy_does():
    text = "word " * 210_000
    spans = [span for _, span in cut(whole(text), "sentence")]
    assert sum(span.of(text).count("word") for span in spans) == 210_000
    assert all(span.of(text).endswith("word") for span in spans)


def test_cut_refuses_an_unknown_unit():
    with pytest.raises(InputError, match=r"'word'.*turn, paragraph, meaning, sentence"):
        cut(whole("a"), "word")
