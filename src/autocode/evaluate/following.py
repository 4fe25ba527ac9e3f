"""A method that follows a coder, whether or not it can: a ranking made once serves as well."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from ..suggest.check import run_suggester
from ..suggest.protocol import (
    FittedSuggester,
    Flags,
    Ranking,
    Rows,
    SequentialRanking,
    SequentialSuggester,
    Suggester,
    Task,
)


def as_sequential(suggester: Suggester) -> SequentialSuggester:
    """`suggester` itself where it has `fit`; else one whose ranking ignores what stands before."""
    if hasattr(suggester, "fit"):
        return cast("SequentialSuggester", suggester)
    return RankedOnce(suggester)


@dataclass(frozen=True, slots=True)
class RankedOnce:
    """A suggester that ranks all segments at once and learns nothing while a coder goes on."""

    suggester: Suggester

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return self.suggester.name

    def rank(self, task: Task) -> Ranking:
        """Score every candidate code for every target."""
        return self.suggester.rank(task)

    def fit(self, task: Task) -> FittedSuggester:
        """The ranking of the task's targets, to be handed out segment by segment."""
        ranking = replace(run_suggester(self.suggester, task), explanation=None)
        at = np.full(task.corpus.n_segments, -1, dtype=np.intp)
        at[task.targets] = np.arange(len(task.targets))
        return _RankedBefore(ranking, at)


@dataclass(frozen=True, slots=True)
class _RankedBefore:
    """A ranking; `at` (n_segments,) is the row in it of each segment."""

    ranking: Ranking
    at: Rows

    def follow(self, rows: Rows) -> SequentialRanking:
        """The same for every transcript: nothing is kept of any."""
        return self

    def rank(self, rows: Rows) -> Ranking:
        """The part of the ranking that is about some segments."""
        at, whole = self.at[rows], self.ranking
        return replace(
            whole,
            logits=whole.logits[at],
            probabilities=whole.probabilities[at],
            likely=whole.likely[at],
            in_set=whole.in_set[at],
            auto_acceptable=whole.auto_acceptable[at],
        )

    def observe(self, row: int, applied: Flags) -> None:
        """Nothing is learned from what a coder does."""
