from __future__ import annotations

import numpy as np
import pytest

from autocode.segment.unpunctuated import SpeechHead, is_unpunctuated, list_bare_words


def test_bare_words_are_small_and_know_where_they_end():
    text = "I don’t, Know!"
    assert [(w.text, text[: w.end]) for w in list_bare_words(text)] == [
        ("i", "I"),
        ("don't", "I don’t"),
        ("know", "I don’t, Know"),
    ]


@pytest.mark.parametrize(("mark", "bare"), [("", True), (".", False)])
def test_is_bare_looks_for_marks(mark, bare):
    assert is_unpunctuated(f"so we went home and slept{mark} " * 20) is bare


def test_is_bare_does_not_judge_a_short_text():
    assert not is_unpunctuated("yes we did")


def test_ends_are_where_the_network_says():
    weights = {
        "states": np.array([[8.0], [0.0]], dtype=np.float32),  # the state of the word before
        "words": np.zeros((4, 1), dtype=np.float32),
        "bias": np.zeros(1, dtype=np.float32),
        "out": np.ones(1, dtype=np.float32),
        "out_bias": np.array([-4.0], dtype=np.float32),
        "embedding": np.zeros((1, 1), dtype=np.float32),
    }
    head = SpeechHead(weights=weights, known={}, threshold=0.5)
    text = "we left it rained"
    states = [np.array([[0], [1], [0], [1]], dtype=np.float32)]
    assert head.ends(text, lambda texts: states) == [len("we left")]
    assert head.ends("one", lambda texts: states) == []


@pytest.mark.parametrize("words", ["今天下雨，", "เขาบอกว่าฝนตกหนัก ", "мы пошли домой и "])
def test_is_bare_does_not_judge_what_the_network_cannot_read(words):
    assert not is_unpunctuated(words * 100)
