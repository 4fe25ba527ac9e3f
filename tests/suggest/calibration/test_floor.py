"""Before anything is calibrated, a code is not likely for being the nearest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.core.codebook import Code, Codebook
from autocode.suggest.calibration.decide import decide
from autocode.suggest.calibration.floor import FloorConfig, find_floor, find_near_codes
from autocode.suggest.calibration.platt import Calibration
from autocode.suggest.protocol import KnownCodings

from ..support import make_given, say, score_corpus, small_task, suggest

ELSEWHERE = (
    "Whisk the eggs until they are stiff",
    "The volcano threw ash over the harbour",
    "Penguins keep the egg warm in turns",
    "He painted the sky in thin layers",
)
BUS = Code(id="bus", name="Distance and the bus", definition="The bus fare and the distance")
LISTS = Code(id="lists", name="Waiting lists", definition="Months on waiting lists without news")


@pytest.mark.parametrize("codes", [(BUS,), (BUS, LISTS)])
def test_with_one_code_or_two_text_about_something_else_has_none(codes):
    segments = [say(words, number) for number, words in enumerate(ELSEWHERE)]
    suggested = suggest(make_given(segments, codebook=Codebook(codes)))
    assert len(suggested) == len(segments) * len(codes)
    assert not any(suggestion.likely for suggestion in suggested)


@pytest.mark.parametrize("codes", [(BUS,), (BUS, LISTS)])
def test_with_one_code_or_two_what_says_its_words_is_likely(codes):
    segments = [say(words, number) for number, words in enumerate(ELSEWHERE)]
    segments.append(say("the bus fare and the distance", len(segments)))
    likely = [s for s in suggest(make_given(segments, codebook=Codebook(codes))) if s.likely]
    assert [(s.span, s.code) for s in likely] == [(segments[-1].span, "bus")]


def test_the_ranking_does_not_depend_on_the_floor():
    task = small_task()
    logits = task.corpus.zero_shot.z[task.targets]
    near = decide(task, logits, Calibration())
    blind = replace(task, corpus=replace(task.corpus, knows_language=False))
    none = decide(blind, logits, Calibration())
    assert np.array_equal(near.logits, none.logits)
    assert np.array_equal(near.probabilities, none.probabilities)
    assert near.likely.any()
    assert not none.likely.any()


def test_what_is_calibrated_knows_no_floor():
    task = small_task()
    blind = replace(task, corpus=replace(task.corpus, knows_language=False))
    assert find_near_codes(blind, Calibration(calibrated=True)).all()


def test_calibration_on_nothing_but_uses_of_a_code_does_not_find_it_everywhere():
    corpus = score_corpus([say("words", number) for number in range(4)], np.full((4, 1), 0.1))
    read = np.array([True, True, False, False])
    task = replace(
        small_task(),
        corpus=corpus,
        known=KnownCodings(read, read[:, None]),
        targets=np.array([2, 3]),
    )
    calibrated = Calibration(calibrated=True)
    assert not find_near_codes(task, calibrated).any()
    with_none = KnownCodings(read, np.array([True, False, False, False])[:, None])
    assert find_near_codes(replace(task, known=with_none), calibrated).all()


def test_an_encoder_that_puts_any_texts_near_each_other_has_a_higher_floor():
    corpus = small_task().corpus
    assert find_floor(corpus) == FloorConfig().least_cosine
    near = replace(corpus, unrelated_vectors=corpus.vectors)
    assert find_floor(near) == pytest.approx(1)
