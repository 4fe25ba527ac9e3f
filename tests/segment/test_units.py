from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autocode.core.errors import InputError
from autocode.core.transcript import Source, Span, Speaker, Transcript, Turn
from autocode.segment import UNITS, Aids, cut
from autocode.segment.meaning_units import LONGEST, SHORTEST
from autocode.text.words import n_words

_MARKS = [".", "?", "!", "…", "。", '"', ")", " ", "\t", "\n", "\r\n", "\x00", "\u2028"]
_WORDS = ["Yes", "Mr", "e.g.", "3.5", "e\u0301", "👩‍🌾", "שלום.", "\u202e", "\u200b", "why?"]
_UNSPACED = ["今天", "好，", "走了。", "「", "。」", "……", "ですか？", "เมื่อ", "ฝนตก", "كيف؟", "ok"]
ODD = "Yes.\r\nNo\x00. 👩‍🌾? e\u0301! שלום.\u202e ok"
WAYS = [*((unit, False) for unit in UNITS), ("meaning", True)]
"""Every unit, and whether it spans turns."""
TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.lists(st.sampled_from(_MARKS + _WORDS), max_size=25).map("".join),
    st.lists(st.sampled_from(_MARKS + _WORDS + _UNSPACED * 2), max_size=25).map("".join),
    st.lists(st.sampled_from(_UNSPACED), max_size=25).map(lambda words: "".join(words) * 12),
)


def whole(text, *bounds, voices=(None,)):
    kept = [b for b in bounds or [(0, len(text))] if b[0] < b[1]]
    turns = tuple(Turn(span=Span(*b), speaker=voices[n % len(voices)]) for n, b in enumerate(kept))
    roles = {"I": "interviewer", "N": "note"}
    speakers = tuple(Speaker(name=name, role=roles.get(name, "unknown")) for name in voices if name)
    return Transcript(
        name="t",
        text=text,
        turns=turns,
        source=Source(name="t.txt", format="txt", digest="0" * 64),
        speakers=speakers,
    )


def excerpts(text, unit):
    return [span.of(text) for _, span in cut(whole(text), unit)]


@st.composite
def transcripts(draw):
    text = draw(TEXTS)
    marks = draw(st.lists(st.integers(0, len(text)), max_size=12).map(sorted))
    voices = draw(st.lists(st.sampled_from([None, "I", "A", "N"]), min_size=1, max_size=3))
    return whole(text, *zip(marks[::2], marks[1::2], strict=False), voices=voices)


@pytest.mark.slow
@pytest.mark.parametrize(("unit", "across"), WAYS)
@given(transcript=transcripts())
@example(transcript=whole(ODD))
@example(transcript=whole(ODD, (0, 4), (6, 9), (9, 13), (13, 29), voices=("I", "A")))
def test_cut_tiles_every_turn(unit, across, transcript):
    text = transcript.text
    covered, last = set(), 0
    for turn, span in cut(transcript, unit, across_speakers=across):
        assert last <= span.start < span.end
        assert across or turn.span.start <= span.start
        assert across or span.end <= turn.span.end
        assert turn.span.overlap(span)
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


@pytest.mark.slow
@pytest.mark.parametrize(("unit", "across"), WAYS)
@given(transcript=transcripts())
def test_cut_gives_the_same_units_again(unit, across, transcript):
    units = cut(transcript, unit, across_speakers=across)
    assert cut(transcript, unit, across_speakers=across) == units
    if not across:
        spans = [(span.start, span.end) for _, span in units]
        again = cut(whole(transcript.text, *spans), unit) if spans else []
        assert [span for _, span in again] == [span for _, span in units]


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["sentence", "meaning"])
@given(
    words=st.lists(st.sampled_from(["so", "e\u0301", "👩‍🌾", "שלום", "a\x00b", "-"])),
    n=st.integers(1, 9),
)
def test_cut_of_bare_words_tiles_wherever_the_model_ends_sentences(unit, words, n):
    text = " ".join(["well", *words] * 61)
    aids = Aids(speech_ends=lambda line: list(range(n, len(line), n)))
    spans = [span for _, span in cut(whole(text), unit, aids=aids)]
    assert sum(len(span.of(text).replace(" ", "")) for span in spans) == len(text.replace(" ", ""))
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert len(spans) > 1


@given(st.lists(st.sampled_from(["Yes I do", "It rained", "Mr Lee left"]), min_size=1, max_size=6))
def test_cut_sentence_of_a_sentence_is_itself(sentences):
    text = " ".join(f"{sentence}." for sentence in sentences)
    found = excerpts(text, "sentence")
    assert found == [f"{sentence}." for sentence in sentences]
    assert [excerpts(sentence, "sentence") for sentence in found] == [[s] for s in found]


@pytest.mark.parametrize(
    "text",
    [
        "今天天气很好我们去公园玩" * 60,
        "เขาบอกว่าเมื่อวานฝนตกหนักมาก" * 60,
        "雨が降ったので、帰りました" * 60,
    ],
    ids=["Chinese", "Thai", "Japanese"],
)
def test_cut_meaning_parts_a_long_text_without_a_blank(text):
    found = excerpts(text, "meaning")
    assert "".join(found) == text
    assert all(SHORTEST <= n_words(part) <= LONGEST for part in found)


def test_cut_meaning_follows_the_words_of_chinese():
    bridge, garden = "这座桥横跨长江的江面，桥身很长。", "番茄需要肥料和浇水，花园里长苗。"
    found = excerpts(bridge * 6 + garden * 6, "meaning")
    assert all(("桥" in part) != ("番茄" in part) for part in found)


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


@pytest.mark.slow
@pytest.mark.parametrize(("unit", "across"), WAYS)
def test_cut_of_a_very_long_line_slices_exactly(unit, across):
    text = "It rained 👩‍🌾 all day\x00. שלום e\u0301. " * 6_000
    half = len(text) // 2
    transcript = whole(text, (0, half), (half, len(text)), voices=("I", "A"))
    units = cut(transcript, unit, across_speakers=across)
    joined = "".join(span.of(text) for _, span in units)
    assert "".join(joined.split()) == "".join(text.split())


def test_cut_asks_the_model_only_for_words_without_punctuation():
    asked = []
    aids = Aids(speech_ends=lambda line: asked.append(line) or [])
    cut(whole("so it went. " * 60), "sentence", aids=aids)
    cut(whole("so it went " * 60), "turn", aids=aids)
    assert asked == []
    cut(whole("so it went " * 60), "sentence", aids=aids)
    assert len(asked) == 1


def test_cut_refuses_an_unknown_unit():
    with pytest.raises(InputError, match=r"'word'.*turn, paragraph, meaning, sentence"):
        cut(whole("a"), "word")
