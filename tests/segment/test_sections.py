from __future__ import annotations

from autocode.segment.sections import section_starts, sections
from autocode.transcript import Section, Source, Span, Transcript, Turn

SEAS = "ships harbour sails waves tides anchor captain sailors"
SOIL = "seeds garden tomatoes compost watering spades roses hedges"


def talk(*stretches):
    text, turns = "", []
    for words, n_turns in stretches:
        for _ in range(n_turns):
            turns.append(Turn(Span(len(text), len(text) + len(words))))
            text += words + "\n"
    return Transcript("t", text, tuple(turns), Source("t.txt", "txt", "0" * 64))


def test_section_begins_where_the_words_change():
    found = sections(talk((SEAS, 100), (SOIL, 100)), usual_words=1000)
    assert found == [Section(0, 100), Section(100, 200)]


def test_sections_of_a_short_conversation_are_one():
    assert sections(talk((SEAS, 3), (SOIL, 3))) == [Section(0, 6)]


def test_sections_of_nothing_are_none():
    assert sections(Transcript("t", "", (), Source("t.txt", "txt", "0" * 64))) == []


def test_section_starts_pass_over_turns_without_words():
    assert section_starts(["", "..."] * 4000) == [0]
