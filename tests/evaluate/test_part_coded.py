"""Part-coded transcripts: which segments are known, and that no other is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.agreement.resampling.intervals import Resampling
from autocode.core.errors import LeakageError
from autocode.evaluate.gold import build_gold_data
from autocode.evaluate.leakage import HeldOutLabels
from autocode.evaluate.part_coded import draw_known
from autocode.evaluate.protocol import Protocol
from autocode.evaluate.runner import evaluate_suggestions
from autocode.evaluate.splits import make_splits
from autocode.pipeline import encode_corpus
from autocode.suggest.protocol import Aims, KnownCodings

from .support import Copies, corpus_of_rows, ranking

# The code says where a segment stands: a, a, a, b, b, b, ...; twelve segments a transcript.
ROWS = [(f"t{number}", "abcd"[at // 3], "", "") for number in range(3) for at in range(12)]


def draw(n, share, sampling, seed=0):
    rows = np.arange(100, 100 + n)
    generator = np.random.default_rng(seed)
    return draw_known(rows, share, sampling=sampling, generator=generator) - 100


@pytest.mark.parametrize("seed", range(8))
def test_two_passages_hold_the_share_and_do_not_touch(seed):
    known = draw(20, 0.3, "passages", seed)
    assert len(set(known.tolist())) == 6
    assert known.min() >= 0
    assert known.max() < 20
    assert np.flatnonzero(np.diff(known) > 1).tolist() == [2]


@pytest.mark.parametrize("seed", range(8))
def test_every_fifth_is_every_fifth_from_a_random_one(seed):
    known = draw(20, 0.2, "every-nth", seed)
    assert set(np.diff(known).tolist()) == {5}
    assert known[0] < 5
    # Four of five: the gaps are as even as whole segments allow.
    assert len(draw(20, 0.8, "every-nth", seed)) == 16
    assert np.diff(draw(20, 0.8, "every-nth", seed)).max() == 2


@pytest.mark.parametrize("sampling", ["passages", "every-nth"])
def test_the_ends_of_the_scale(sampling):
    assert not len(draw(20, 0.0, sampling))
    assert not len(draw(2, 0.2, sampling))
    assert len(draw(20, 1.0, sampling)) == 19
    assert len(draw(1, 0.9, sampling)) == 0


def test_passages_lie_anywhere_not_at_the_beginning():
    first = np.array([draw(50, 0.2, "passages", seed)[0] for seed in range(60)])
    assert first.min() < 5
    assert first.max() > 20


@pytest.fixture
def part(tools):
    corpus = corpus_of_rows(ROWS)
    gold = build_gold_data(corpus)
    splits = make_splits(gold, n_folds=2, seed=0)
    return HeldOutLabels(gold, splits, encode_corpus(corpus.study, gold.codes, tools))


def test_a_task_shows_the_known_segments_and_no_other(part):
    task = part.make_part_task(np.array([0, 1, 14]), np.arange(2, 14), aims=Aims())
    assert task.read_rows.tolist() == [0, 1, 14]
    assert np.flatnonzero(task.known.applied.any(axis=1)).tolist() == [0, 1, 14]
    with pytest.raises(LeakageError, match="'t0'"):
        part.make_part_task(np.array([0, 3]), np.array([3, 4]), aims=Aims())
    applied = task.known.applied.copy()
    applied[20, 0] = True
    tampered = replace(task, known=KnownCodings(task.known.read, applied))
    with pytest.raises(LeakageError, match="'t1'"):
        part.check_part(tampered, np.array([0, 1, 14]))


class FromNeighbours:
    """Gives each segment the codes of the nearest known one, and notes the task."""

    name = "from neighbours"
    tasks: list[object] = []  # noqa: RUF012 - of the class, so that copies share it

    def rank(self, task):
        self.tasks.append(task)
        distance = np.abs(task.read_rows[None, :] - task.targets[:, None])
        nearest = task.read_rows[distance.argmin(axis=1)]
        return ranking(task, np.where(task.known.applied[nearest], 5.0, -5.0))


def measure(method, tools, **more):
    protocol = Protocol(regime="part-coded", resampling=Resampling(n_resamples=50), **more)
    return evaluate_suggestions(corpus_of_rows(ROWS), method, tools=tools, protocol=protocol)


def test_what_is_not_known_is_asked_about_once_and_scored(tools):
    FromNeighbours.tasks.clear()
    asked = {"sampling": "every-nth", "shares": (1 / 3,), "n_repeats": 2}
    point = measure(FromNeighbours(), tools, **asked).points[0]
    assert (point.n_repeats, point.n_segments, point.n_train) == (2, 24, 3)
    right = []
    for task in FromNeighbours.tasks:
        assert sorted([*task.read_rows, *task.targets]) == list(range(36))
        # One of every three is known, and codes change every three: a neighbour is of the same code
        # unless it lies across a change, on the side that the known one is not.
        nearest = [min(task.read_rows, key=lambda known: abs(known - row)) for row in task.targets]
        right.append(
            np.mean([ROWS[a][1] == ROWS[b][1] for a, b in zip(nearest, task.targets, strict=True)])
        )
    assert 0.5 < np.mean(right) <= 1
    assert point.scores["hit_at_1"].value == pytest.approx(np.mean(right))


def test_answers_cannot_be_copied(tools):
    point = measure(Copies(), tools, shares=(0.5,)).points[0]
    assert point.scores["micro_f1"].value == 0.0
    assert point.n_segments == 18


def test_starts_are_told_by_what_stands_before_in_the_whole_transcript(tools):
    passages = measure(Copies(), tools, shares=(0.5,), sampling="every-nth").points[0].passages
    # Every second segment is asked about, but what stands before it is the one that is known.
    n_starts = passages["starts"].n_segments
    assert n_starts + passages["continuations"].n_segments == 18
    assert n_starts == 6
