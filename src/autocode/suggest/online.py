"""The ranking while somebody codes: each decision moves it at once, a full refit sets it right.

After a decision the one-against-rest part of the model takes one preconditioned Newton step on the
segment just coded, which changes the logits of all segments by an outer product; blending them with
the cold score is linear, so the scores change by one of rank two, and the segments right beside
hear what code it is. That is near the full refit, not
equal to it; `refit` brings the exact model, whenever there is a moment.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from . import linear as learner
from .interpolate import usual_blend
from .protocol import KnownCodings, Task
from .sequence import course_of
from .views import views

Floats32 = npt.NDArray[np.float32]


class OnlineRanking:
    """Scores of every segment, kept up with a person's decisions."""

    def __init__(self, task: Task) -> None:
        self._material = task.corpus
        self._read = task.known.read.copy()
        self._applied = task.known.applied.copy()
        self._design = learner.design_of(task.corpus.features.matrix)
        self._scores: Floats32
        self.refit()

    def scores(self) -> Floats32:
        """Scores of all segments and codes, (n_segments, n_codes); the order is what counts.

        Changed in place by the next decision: take a copy to keep one.
        """
        return self._scores

    @property
    def known(self) -> KnownCodings:
        """What is read and applied so far."""
        return KnownCodings(self._read.copy(), self._applied.copy())

    def refit(self) -> None:
        """Fit the model anew to everything that is read."""
        corpus, rows = self._material, np.flatnonzero(self._read)
        matrix = corpus.features.matrix
        self._blend = usual_blend(corpus, KnownCodings(self._read, self._applied))
        seen = views(corpus, self._applied, of=np.arange(corpus.n_segments))
        model = learner.fit(
            matrix[rows], seen.rows(rows), self._applied[rows], corpus.allowed[rows]
        )
        logits = model.logits(matrix, seen)
        self._logits = logits.astype(np.float32)
        self._course = course_of(corpus, KnownCodings(self._read, self._applied))
        blended = self._blend.apply(logits, corpus)
        scores = self._course.along(blended)
        self._told = (scores - blended).astype(np.float32)
        self._scores = scores.astype(np.float32)
        self._inverse = learner.inverse_curvature(self._design[rows])

    def decide(self, row: int, codes: Iterable[int]) -> None:
        """A person has read segment `row` and given it `codes` (numbers; none is an answer too)."""
        given = np.zeros(self._material.n_codes, dtype=bool)
        given[list(codes)] = True
        self._read[row] = True
        self._applied[row] = given
        before = self._scores[row].astype(np.float64)
        allowed = self._material.allowed[row]
        missed = (learner.sigmoid(self._logits[row]) - given) * allowed
        missed = missed.astype(np.float32)
        moved = self._step(self._design[row])
        self._logits -= np.outer(moved, missed)
        if self._material.allowed.all():
            self._move(moved, missed)
        else:
            # Where candidates differ by segment, so does what a row's mean is taken over.
            blended = self._blend.apply(self._logits.astype(np.float64), self._material)
            self._scores = blended.astype(np.float32) + self._told
        for beside, told in self._course.moved(row, before, given):
            self._told[beside] += told
            self._scores[beside] += told

    def _step(self, mine: Floats32) -> Floats32:
        """How far the step moves each segment, (n_segments,); the curvature learns of the segment.

        The inverse is kept up as Sherman & Morrison (1950) do.
        """
        towards = self._inverse @ mine
        grown = np.float32(1 + float(mine @ towards) / 4)
        towards /= grown
        self._inverse -= np.outer(towards, towards) * (grown / 4)
        return np.asarray(self._design @ towards)

    def _move(self, moved: Floats32, missed: Floats32) -> None:
        """Blend the step into the scores: all of a row's mean, the rest damped and smoothed."""
        mean = missed.mean()
        above = (missed - mean) / np.float32(1 + self._blend.cold)
        around = self._material.around
        beside = around.along(moved.astype(np.float64), self._blend.smoothing).astype(np.float32)
        both = np.column_stack([moved, beside])
        self._scores -= both @ np.vstack([np.full_like(missed, mean), above])
