"""What every scorer and every suggester must do: ours, and the least that another can be."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
import pytest

from autocode.evaluate.baselines import MostFrequent, RepeatLast
from autocode.evaluate.embedding_baseline import EmbeddingLogistic
from autocode.evaluate.methods import CodebookAlone
from autocode.serialise.plain import to_plain
from autocode.suggest.calibration.decide import CalibratedScorer
from autocode.suggest.check import check_ranking, run_suggester
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.protocol import KnownCodings, Ranking, Task

from ..suggest.support import small_task


@dataclass(frozen=True)
class NearestOfAll:
    """The least of a scorer: cosine to the mean of what was given each code."""

    name: str = "nearest of all"

    def logits(self, task: Task) -> np.ndarray:
        given = task.known.applied.astype(np.float32)
        means = given.T @ task.corpus.vectors / np.maximum(given.sum(axis=0), 1)[:, None]
        return np.asarray(task.corpus.vectors[task.targets] @ means.T, dtype=np.float64)


@dataclass(frozen=True)
class Frequencies:
    """The least of a suggester: how often a code was given, and nothing else."""

    name: str = "frequencies"

    def rank(self, task: Task) -> Ranking:
        n_read = max(int(task.known.read.sum()), 1)
        shares = task.known.applied.sum(axis=0) / n_read
        return Ranking.from_probabilities(np.tile(shares, (len(task.targets), 1)))


SCORERS = [CodebookAlone(), NearestOfAll()]
BASELINES = [MostFrequent(), RepeatLast(), EmbeddingLogistic()]
SUGGESTERS = [CodebookSuggester(), *map(CalibratedScorer, SCORERS), Frequencies(), *BASELINES]
PARTS = ("logits", "probabilities", "likely", "in_set", "auto_acceptable")

each_scorer = pytest.mark.parametrize("scorer", SCORERS, ids=lambda method: method.name)
each_suggester = pytest.mark.parametrize("suggester", SUGGESTERS, ids=lambda method: method.name)


def unread(task: Task) -> Task:
    nobody = np.zeros_like(task.known.read)
    nothing = np.zeros_like(task.known.applied)
    return replace(task, known=KnownCodings(nobody, nothing))


@each_scorer
@pytest.mark.parametrize("n_targets", [None, 1, 0])
def test_scores_have_a_row_for_each_target_and_a_column_for_each_code(scorer, n_targets):
    task = small_task(n_targets=n_targets)
    scores = scorer.logits(task)
    assert scores.shape == (len(task.targets), task.corpus.n_codes)
    assert np.isfinite(scores).all()


@each_scorer
def test_scores_come_out_the_same_again(scorer):
    task = small_task()
    np.testing.assert_array_equal(scorer.logits(task), deepcopy(scorer).logits(task))


@each_suggester
@pytest.mark.parametrize("n_targets", [None, 1, 0])
def test_every_part_of_a_ranking_has_the_shape_of_the_task(suggester, n_targets):
    task = small_task(n_targets=n_targets)
    ranking = run_suggester(suggester, task)
    for part in PARTS:
        assert getattr(ranking, part).shape == (len(task.targets), task.corpus.n_codes), part
    assert ((ranking.probabilities >= 0) & (ranking.probabilities <= 1)).all()


@each_suggester
def test_a_ranking_comes_out_the_same_again(suggester):
    task = small_task()
    first, again = run_suggester(suggester, task), run_suggester(deepcopy(suggester), task)
    for part in PARTS:
        np.testing.assert_array_equal(getattr(first, part), getattr(again, part), err_msg=part)


@each_suggester
def test_codes_that_are_no_candidates_are_never_suggested(suggester):
    task = small_task()
    ranking = run_suggester(suggester, task)
    barred = ~task.corpus.allowed[task.targets]
    assert barred.any()
    assert not ranking.probabilities[barred].any()
    for part in ("likely", "in_set", "auto_acceptable"):
        assert not getattr(ranking, part)[barred].any(), part


@each_suggester
def test_nothing_coded_is_no_fault(suggester):
    ranking = run_suggester(suggester, unread(small_task()))
    assert not ranking.auto_acceptable.any()


@each_suggester
def test_a_task_is_left_as_it_was(suggester):
    task = small_task()
    before = task.known.read.copy(), task.known.applied.copy(), task.targets.copy()
    run_suggester(suggester, task)
    for was, now in zip(before, (task.known.read, task.known.applied, task.targets), strict=True):
        np.testing.assert_array_equal(was, now)


@each_suggester
def test_codings_of_held_out_segments_change_nothing(suggester):
    # The same task with what people gave the targets left in: held out, it must not matter.
    task = small_task()
    read = np.ones_like(task.known.read)
    applied = task.known.applied.copy()
    applied[task.targets] = True
    whole = replace(task, known=KnownCodings(read, applied & task.corpus.allowed))
    held_out = whole.hold_out(task.targets)
    one, other = run_suggester(suggester, held_out), run_suggester(suggester, task)
    for part in PARTS:
        np.testing.assert_array_equal(getattr(one, part), getattr(other, part), err_msg=part)


@each_suggester
def test_what_a_method_says_of_itself_can_be_stored(suggester):
    stored = json.dumps(to_plain(run_suggester(suggester, small_task()).diagnostics))
    assert "calibrated" in json.loads(stored)


def test_the_check_leaves_a_sound_ranking_as_it_is():
    task = small_task()
    ranking = CodebookSuggester().rank(task)
    checked = check_ranking("ours", task, ranking)
    for part in PARTS:
        np.testing.assert_array_equal(getattr(ranking, part), getattr(checked, part))
    assert checked.diagnostics == ranking.diagnostics
