"""Faults of a method of one's own: one line that names the method, the fault and what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from autocode.core.errors import InputError
from autocode.suggest.calibration.decide import as_suggester
from autocode.suggest.check import run_suggester
from autocode.suggest.protocol import NEVER, Ranking

from .support import small_task


@dataclass
class Answers:
    """A suggester that answers with what it was made with."""

    answer: object
    name: str = "mine"

    def rank(self, task):
        return self.answer


@dataclass
class Scores:
    """A scorer that answers with what it was made with, for every task."""

    answer: object
    name: str = "mine"

    def logits(self, task):
        return self.answer


def sound(task) -> Ranking:
    return Ranking.from_probabilities(np.full((len(task.targets), task.corpus.n_codes), 0.3))


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda ranking: None, "returned nothing from rank"),
        (lambda ranking: ranking.logits, "returned a ndarray from rank"),
        (lambda ranking: replace(ranking, likely=ranking.likely[1:]), "likely of shape (23, 4)"),
        (lambda ranking: replace(ranking, logits=ranking.logits.T), "logits of shape (4, 24)"),
        (lambda ranking: replace(ranking, in_set=None), "gave no in_set"),
        (lambda ranking: replace(ranking, logits=[["a"]]), "logits that are not numbers"),
        (lambda ranking: replace(ranking, probabilities=ranking.logits * np.nan), "NaN"),
        (lambda ranking: replace(ranking, diagnostics={"calibrated": True}), "as diagnostics"),
    ],
)
def test_an_unusable_ranking_is_refused_in_one_line(spoil, fault):
    task = small_task()
    with pytest.raises(InputError) as refused:
        run_suggester(Answers(spoil(sound(task))), task)
    assert str(refused.value).startswith("Method 'mine'")
    assert fault in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (None, "gave no scores"),
        (np.zeros((2, 2)), "shape (2, 2)"),
        ("words", "not numbers (a str)"),
    ],
)
def test_unusable_scores_are_refused_in_one_line(answer, fault):
    with pytest.raises(InputError, match="Method 'mine'") as refused:
        run_suggester(as_suggester(Scores(answer)), small_task())
    assert fault in str(refused.value)


def test_codes_that_are_no_candidates_may_hold_anything():
    task = small_task()
    ranking = sound(task)
    allowed = task.corpus.allowed[task.targets]
    ranking = replace(ranking, logits=np.where(allowed, ranking.logits, -np.inf))
    checked = run_suggester(Answers(ranking), task)
    assert (checked.logits[~allowed] == NEVER).all()


def test_lists_and_zeros_and_ones_will_do():
    task = small_task()
    ranking = sound(task)
    ranking = replace(ranking, likely=ranking.likely.astype(int).tolist())
    assert run_suggester(Answers(ranking), task).likely.dtype == bool
