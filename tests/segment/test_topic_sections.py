from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autocode.core.transcript import Section, Source, Span, Transcript, Turn
from autocode.segment.topic_sections import (
    SectionConfig,
    find_section_starts,
    find_sections,
    score_features,
)

SEAS = "ships harbour sails waves tides anchor captain sailors"
SOIL = "seeds garden tomatoes compost watering spades roses hedges"


def talk(*stretches):
    text, turns = "", []
    for words, n_turns in stretches:
        for _ in range(n_turns):
            turns.append(Turn(span=Span(len(text), len(text) + len(words))))
            text += words + "\n"
    return Transcript(
        name="t",
        text=text,
        turns=tuple(turns),
        source=Source(name="t.txt", format="txt", digest="0" * 64),
    )


def test_section_begins_where_the_words_change():
    found = find_sections(talk((SEAS, 100), (SOIL, 100)), config=SectionConfig(usual_words=1000))
    assert found == [Section(0, 100), Section(100, 200)]


def test_sections_of_a_short_conversation_are_one():
    assert find_sections(talk((SEAS, 3), (SOIL, 3))) == [Section(0, 6)]


def test_sections_of_nothing_are_none():
    assert (
        find_sections(
            Transcript(
                name="t",
                text="",
                turns=(),
                source=Source(name="t.txt", format="txt", digest="0" * 64),
            )
        )
        == []
    )


def test_section_starts_pass_over_turns_without_words():
    assert find_section_starts(["", "..."] * 4000) == [0]


def test_section_begins_with_an_opening_near_the_change():
    turns = [SEAS] * 100 + ["Okay, thank you. Let's move on to the next item."] + [SOIL] * 100
    assert find_section_starts(turns, SectionConfig(usual_words=1000)) == [0, 100]


def test_opening_words_alone_begin_no_section():
    turns = [SEAS] * 100 + [SOIL] * 100
    turns[20] = f"Okay, next question: {SEAS}"
    assert 20 not in find_section_starts(turns, SectionConfig(usual_words=200))


def test_sections_are_not_shorter_than_a_tenth_of_the_usual():
    turns = [f"next {words} then" for words in (SEAS, SOIL) * 8 for _ in range(25)]
    starts = find_section_starts(turns, SectionConfig(usual_words=1000))
    assert len(starts) > 2
    sizes = [sum(len(t.split()) for t in turns[a:b]) for a, b in pairwise([*starts, len(turns)])]
    assert min(sizes) >= 100


def test_features_have_a_row_for_each_turn():
    rows = score_features(["Okay, next.", "", "Thank you so much.", "We left."])
    assert rows.shape == (4, len(SectionConfig().weights))
    assert rows[:, 1].tolist() == [1, 0, 0, 0]
    assert rows[:, 2].tolist() == [1, 0, 0, 0]
    assert rows[:, 3].tolist() == [0, 0, 1, 0]
    assert rows[:, 4].tolist() == [0, 0, 0, 1]
    assert np.allclose(rows[:, 6], [*rows[1:, 5], 0])


@given(
    st.lists(
        st.text(st.sampled_from("so ship. garden? 👩‍🌾\x00שe\u0301\n"), max_size=30), max_size=40
    )
)
def test_section_starts_are_in_order_whatever_is_said(turns):
    starts = find_section_starts(turns, SectionConfig(usual_words=10))
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert starts[-1] < max(len(turns), 1)
    assert find_section_starts(turns, SectionConfig(usual_words=10)) == starts
