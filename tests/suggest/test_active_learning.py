"""What to code next: unsure, rare and unlike what is known, without repeating itself."""

from __future__ import annotations

import numpy as np

from autocode.core.codebook import Code, Codebook
from autocode.core.transcript import Segment, Span
from autocode.suggest.active_learning import prioritise_segments
from autocode.suggest.corpus import EncodedCorpus
from autocode.suggest.protocol import KnownCodings, Ranking, Task

CODES = (Code(id="often", name="Often"), Code(id="rare", name="Rare"))


def given(probabilities, vectors, *, uses=(5, 0), n_read=0):
    n = len(probabilities) + n_read
    segments = [
        Segment(transcript="t", span=Span(i * 10, i * 10 + 5), excerpt="words") for i in range(n)
    ]
    applied = np.zeros((n, 2), dtype=bool)
    for code, many in enumerate(uses):
        applied[: min(many, n_read), code] = True
    corpus = EncodedCorpus(
        segments=segments,
        vectors=np.array(vectors, dtype=np.float32),
        codebook=Codebook(CODES),
        codes=CODES,
        phrases=[],
        phrase_vectors=np.zeros((0, 2)),
    )
    read = np.arange(n) < n_read
    task = Task(corpus=corpus, known=KnownCodings(read, applied), targets=np.arange(n_read, n))
    none = np.zeros((len(probabilities), 2), dtype=bool)
    shares = np.array(probabilities, dtype=float)
    return task, Ranking(
        logits=shares,
        probabilities=shares,
        likely=none,
        in_set=none,
        auto_acceptable=none,
    )


EAST, NORTH = (1.0, 0.0), (0.0, 1.0)


def test_the_unsure_come_before_the_sure():
    task, ranking = given([(0.99, 0.0), (0.5, 0.49)], [EAST, EAST])
    assert [found.row for found in prioritise_segments(task, ranking, n_wanted=2)] == [1, 0]


def test_a_code_with_few_uses_comes_before_one_with_many():
    task, ranking = given(
        [(0.9, 0.0), (0.0, 0.9)], [NORTH] * 5 + [EAST, EAST], uses=(5, 0), n_read=5
    )
    assert prioritise_segments(task, ranking, n_wanted=1)[0].row == 6


def test_what_is_unlike_the_known_and_the_chosen_comes_first():
    task, ranking = given([(0.5, 0.0)] * 3, [EAST, EAST, NORTH])
    assert [found.row for found in prioritise_segments(task, ranking, n_wanted=2)] == [0, 2]


def test_asking_for_more_than_there_are_gives_each_once():
    task, ranking = given([(0.5, 0.1), (0.4, 0.2)], [EAST, NORTH])
    assert sorted(found.row for found in prioritise_segments(task, ranking, n_wanted=9)) == [0, 1]


def test_nothing_left_gives_nothing():
    task, ranking = given([], [])
    assert prioritise_segments(task, ranking, n_wanted=3) == []
