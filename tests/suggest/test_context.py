"""Neighbours: who spoke before, whatever order the segments come in."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.core.transcript import Segment, Span
from autocode.suggest.context import find_neighbours, take_rows

from .support import talk


def test_neighbours_follow_the_place_not_the_order_given():
    segments = talk("ABBA")
    order = [2, 0, 3, 1]
    found = find_neighbours([segments[at] for at in order])
    row = {at: order.index(at) for at in range(4)}
    assert [found.previous[row[at]] for at in range(4)] == [-1, row[0], row[1], row[2]]
    assert [found.following[row[at]] for at in range(4)] == [row[1], row[2], row[3], -1]
    assert [found.before_previous[row[at]] for at in range(4)] == [-1, -1, row[0], row[1]]
    assert [found.position[row[at]] for at in range(4)] == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_other_is_the_last_segment_by_somebody_else():
    assert find_neighbours(talk("AABBBA")).other.tolist() == [-1, -1, 1, 1, 1, 4]


def test_who_is_heard_and_who_replies():
    around = find_neighbours(talk("AABBBA"))
    assert around.other_previous.tolist() == [-1, -1, 1, -1, -1, 4]
    assert around.other_following.tolist() == [-1, 2, -1, -1, 5, -1]


def test_places_in_a_turn_are_counted_from_both_ends():
    around = find_neighbours([*talk("AABBBA", "t1"), *talk("AB", "t2")])
    assert around.into_turn.tolist() == [0, 1, 0, 1, 2, 0, 0, 0]
    assert around.left_of_turn.tolist() == [1, 0, 2, 1, 0, 0, 0, 0]
    assert find_neighbours(talk("AAA")).into_turn.tolist() == [0, 0, 0]


def test_the_question_is_found_past_what_comes_between():
    said = [("I", "How did you get here?"), ("P", "By bus."), ("I", "Mm-hm."), ("P", "Two buses.")]
    segments = [
        Segment(
            transcript="t", span=Span(at * 40, at * 40 + len(words)), excerpt=words, speaker=who
        )
        for at, (who, words) in enumerate(said)
    ]
    assert find_neighbours(segments).question.tolist() == [-1, 0, -1, 0]
    assert find_neighbours(segments).other.tolist() == [-1, 0, 1, 2]


def test_transcripts_do_not_touch_and_lists_of_answers_have_no_neighbours():
    two = [*talk("AB", "t1"), *talk("BA", "t2")]
    assert find_neighbours(two).previous.tolist() == [-1, 0, -1, 2]
    assert (find_neighbours(talk("AAA")).previous == -1).all()
    assert (find_neighbours(talk("A" * 12)).previous == np.arange(-1, 11)).all()


def test_taken_leaves_zeros_where_nobody_is_and_the_source_alone():
    values = np.arange(4.0)[:, None]
    assert take_rows(values, np.array([-1, 0, 3])).ravel().tolist() == [0, 0, 3]
    assert values.ravel().tolist() == [0, 1, 2, 3]


def test_own_neighbours_skip_one_of_somebody_else_and_no_more():
    around = find_neighbours(talk("ABAABBBA"))
    assert around.own_previous.tolist() == [-1, -1, 0, 2, -1, 4, 5, -1]
    assert around.own_following.tolist() == [2, -1, 3, -1, 5, 6, -1, -1]
