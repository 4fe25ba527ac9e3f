"""Spans carried from one version of a text to another by the words they share."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.core.transcript import Span
from autocode.text.rewording import Rewording

OLD = (
    "Interviewer: How long did you wait?\nJonh: Well, I waited nine months on the waiting list. "
    "Nobody rang me in all that time.\nInterviewer: And then?\nJonh: Then my sister drove me."
)
NEW = (
    "Interviewer: How long did you wait?\nJohn: Well, I waited nearly nine months on the waiting "
    "list. Nobody rang me, in all that time.\nInterviewer: I see. And then?\n"
    "John: Then my sister drove me."
)


@pytest.mark.parametrize(
    ("words", "now"),
    [
        ("How long did you wait?", "How long did you wait?"),
        ("nine months on the waiting list.", "nine months on the waiting list."),
        ("I waited nine months", "I waited nearly nine months"),
        ("Nobody rang me in all that time.", "Nobody rang me, in all that time."),
        ("Jonh: Then my sister drove me.", "John: Then my sister drove me."),
        ("ong did you wai", "ong did you wai"),
        ("And then?", "And then?"),
    ],
)
def test_words_that_are_there_still_are_found_again(words, now):
    moved = Rewording(OLD, NEW).move(Span(OLD.index(words), OLD.index(words) + len(words)))
    assert moved.of(NEW) == now


def test_words_that_are_gone_are_lost():
    new = NEW.replace("Nobody rang me, in all that time.", "")
    at = OLD.index("Nobody")
    assert Rewording(OLD, new).move(Span(at, at + 32)) is None
    assert Rewording(OLD, NEW).move(Span(OLD.index("Jonh"), OLD.index("Jonh") + 4)) is None


def test_marks_at_the_ends_of_words_stay_with_them():
    old = 'Ann: "No, do put it in, I am retiring."\nBob: And then?\nAnn: "Yes."\n'
    new = 'Ann: "No, do put it in, I am retiring."\n'
    words = '"No, do put it in, I am retiring."'
    moved = Rewording(old, new).move(Span(old.index(words), old.index(words) + len(words)))
    assert moved.of(new) == words


def test_a_word_that_is_said_twice_is_found_where_it_was():
    old = "Yes. It was cold. Yes. It was late. Yes."
    new = "Yes. It was very cold. Yes. It was late. Yes."
    for at in (0, 18, 36):
        moved = Rewording(old, new).move(Span(at, at + 4))
        assert moved.start == at + (5 if at else 0)


def test_two_texts_that_only_share_common_words_are_not_versions_of_one():
    other = "The garden was the only quiet place and we dug it on Sundays with the others there."
    assert not Rewording(OLD, other).has_words_in_common
    assert Rewording(OLD, NEW).has_words_in_common
    assert Rewording(OLD, OLD[:90]).has_words_in_common
    assert not Rewording(OLD, "").has_words_in_common


@given(st.lists(st.sampled_from(["a", "b", "c", "d", "."]), max_size=40), st.data())
def test_what_moves_holds_the_same_words_where_nothing_changed(words, data):
    old = " ".join(words)
    at = data.draw(st.integers(0, len(words)))
    new = " ".join([*words[:at], "new", "words", *words[at:]])
    rewording = Rewording(old, new)
    for number, word in enumerate(words):
        start = len(" ".join(words[:number])) + bool(number)
        moved = rewording.move(Span(start, start + len(word)))
        assert moved is not None
        assert moved.of(new) == word


def test_a_long_text_is_aligned_in_a_moment():
    drawn = random.Random(0)
    words = [f"w{min(drawn.randrange(3000), drawn.randrange(3000))}" for _ in range(40_000)]
    new = [w for w in words if drawn.random() > 0.02]
    for _ in range(400):
        new.insert(drawn.randrange(len(new)), "added")
    begin = time.process_time()
    rewording = Rewording(" ".join(words), " ".join(new))
    assert rewording.has_words_in_common
    assert time.process_time() - begin < 20
    spans = [(at, at + 20) for at in range(0, 39_000, 500)]
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word) + 1)
    n_kept = sum(rewording.move(Span(starts[a], starts[b] - 1)) is not None for a, b in spans)
    assert n_kept > 0.95 * len(spans)
