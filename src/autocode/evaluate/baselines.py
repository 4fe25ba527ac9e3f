"""What anybody could offer without a method: the last codes again, or the most frequent ones.

Both know what a method under test knows: the codings it learns from, and what the coder it follows
has coded before in the same transcript. A method that is not ahead of them has learned nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..suggest.protocol import (
    FittedSuggester,
    Flags,
    Floats,
    Ranking,
    Rows,
    SequentialRanking,
    Task,
)
from .passages import find_previous_read, list_in_reading_order, take_codes_before

N_REPEATED = 3
"""How many of the codes applied last are offered again."""

_EVEN_ODDS = 0.5


@dataclass(frozen=True, slots=True)
class MostFrequent:
    """The codes in the order of how often they were applied to what has been read so far."""

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return "most frequent codes"

    def rank(self, task: Task) -> Ranking:
        """The same order for every target."""
        return _FrequencyFit(task).follow(task.targets).rank(task.targets)

    def fit(self, task: Task) -> FittedSuggester:
        """Count how often each code was applied."""
        return _FrequencyFit(task)


@dataclass(frozen=True, slots=True)
class RepeatLast:
    """The last three distinct codes of the transcript, the latest first, then the most frequent.

    Likely are the codes of the segment read just before, which is what "as before" means.
    """

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return "repeat the last codes"

    def rank(self, task: Task) -> Ranking:
        """Repeat, for each target, what is known of its transcript before it."""
        fit = _RepeatFit(task)
        parts: list[Ranking] = []
        order = list_in_reading_order(task.corpus.segments)
        asked = set(task.targets.tolist())
        by_row: dict[int, Ranking] = {}
        for rows in order.values():
            if not asked & set(rows.tolist()):
                continue
            session = fit.follow(rows)
            for row in rows.tolist():
                if row in asked:
                    by_row[row] = session.rank(np.array([row], dtype=np.intp))
                if task.known.read[row]:
                    session.observe(row, task.known.applied[row])
        parts = [by_row[row] for row in task.targets.tolist()]
        return _join(parts, task.corpus.n_codes)

    def fit(self, task: Task) -> FittedSuggester:
        """Count how often each code was applied, and how often one of the segment before."""
        return _RepeatFit(task)


@dataclass(frozen=True, slots=True)
class _FrequencyFit:
    task: Task

    def follow(self, rows: Rows) -> SequentialRanking:
        return _FrequencyRanking(self.task)


class _FrequencyRanking:
    """Codes by how often they were applied in what was learned from and in this transcript."""

    def __init__(self, task: Task) -> None:
        self.n_read = len(task.read_rows)
        self.uses: Floats = task.known.applied.sum(axis=0).astype(np.float64)

    @property
    def chances(self) -> Floats:
        """Share of the segments read with each code, (n_codes,), never quite 0 or 1."""
        return np.asarray((self.uses + _EVEN_ODDS) / (self.n_read + 1))

    def rank(self, rows: Rows) -> Ranking:
        return Ranking.from_probabilities(np.tile(self.chances, (len(rows), 1)))

    def observe(self, row: int, applied: Flags) -> None:
        self.n_read += 1
        self.uses += applied


class _RepeatFit:
    """How often a code of the segment before was applied again where people were learned from."""

    def __init__(self, task: Task) -> None:
        self.task = task
        known, segments = task.known, task.corpus.segments
        order = list_in_reading_order(segments).values()
        previous = find_previous_read(order, known.read)
        before = take_codes_before(known.applied, previous)[known.read]
        again = (before & known.applied[known.read]).sum()
        # Where nothing is known yet, a code is as likely to go on as not.
        self.persistence = float((again + _EVEN_ODDS) / (before.sum() + 1))

    def follow(self, rows: Rows) -> SequentialRanking:
        return _RepeatRanking(self)


class _RepeatRanking:
    """The codes of one transcript, the latest first."""

    def __init__(self, fit: _RepeatFit) -> None:
        self._persistence = fit.persistence
        self._frequency = _FrequencyRanking(fit.task)
        self._last: list[int] = []
        self._before: Flags = np.zeros(fit.task.corpus.n_codes, dtype=bool)

    def rank(self, rows: Rows) -> Ranking:
        chances = self._frequency.chances
        offered = np.zeros(len(chances), dtype=bool)
        offered[self._last[:N_REPEATED]] = True
        probabilities = np.where(self._before, self._persistence, chances)
        # A chance below 1 orders the rest; what is offered again stands above, the latest first.
        scores = chances.copy()
        for place, code in enumerate(self._last[:N_REPEATED]):
            scores[code] = 1 + N_REPEATED - place
        n = len(rows)
        return Ranking(
            logits=np.tile(scores, (n, 1)),
            probabilities=np.tile(probabilities, (n, 1)),
            likely=np.tile(self._before, (n, 1)),
            in_set=np.tile(offered, (n, 1)),
            auto_acceptable=np.zeros((n, len(chances)), dtype=bool),
        )

    def observe(self, row: int, applied: Flags) -> None:
        self._frequency.observe(row, applied)
        chances = self._frequency.chances
        # Of codes applied together the more frequent comes first; ties keep the codebook's order.
        given = sorted(np.flatnonzero(applied).tolist(), key=lambda code: (-chances[code], code))
        self._last = given + [code for code in self._last if code not in given]
        self._before = applied.copy()


def _join(parts: Sequence[Ranking], n_codes: int) -> Ranking:
    """Rankings of a segment each as one."""

    def stack(name: str) -> Floats:
        rows = [getattr(part, name) for part in parts]
        return np.concatenate(rows) if rows else np.zeros((0, n_codes))

    return Ranking(
        logits=stack("logits"),
        probabilities=stack("probabilities"),
        likely=stack("likely").astype(bool),
        in_set=stack("in_set").astype(bool),
        auto_acceptable=stack("auto_acceptable").astype(bool),
    )
