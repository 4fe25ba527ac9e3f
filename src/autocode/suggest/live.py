"""The ranking while somebody codes: each decision moves it at once, a full refit sets it right.

After a decision the one-against-rest part of the model takes one preconditioned Newton step on the
segment just coded, which changes the logits of all segments by an outer product. That is near the
full refit, not equal to it; `refit` brings the exact model, whenever there is a moment.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from . import learner
from .blend import usual_blend
from .task import Floats, Task, Work

Floats32 = npt.NDArray[np.float32]


class LiveRanking:
    """Scores of every segment, kept up with a person's decisions."""

    def __init__(self, task: Task) -> None:
        self._material = task.material
        self._read = task.work.read.copy()
        self._applied = task.work.applied.copy()
        # Single precision halves what a decision has to read of memory.
        self._features: Floats32 = task.material.features.matrix.astype(np.float32)
        self._logits: Floats
        self.refit()

    def scores(self) -> Floats:
        """Scores of all segments and codes, (n_segments, n_codes); the order is what counts."""
        return self._blend.apply(self._logits, self._material)

    @property
    def work(self) -> Work:
        """What is read and applied so far."""
        return Work(self._read.copy(), self._applied.copy())

    def refit(self) -> None:
        """Fit the model anew to everything that is read."""
        material, rows = self._material, np.flatnonzero(self._read)
        matrix = material.features.matrix
        n_transcripts = len(set(material.transcripts[rows].tolist()))
        self._blend = usual_blend(n_transcripts, material.around)
        model = learner.fit(
            matrix[rows], material.cold.z[rows], self._applied[rows], material.allowed[rows]
        )
        self._logits = model.logits(matrix, material.cold.z)
        self._inverse = learner.inverse_curvature(matrix[rows]).astype(np.float32)

    def decide(self, row: int, codes: Iterable[int]) -> None:
        """A person has read segment `row` and given it `codes` (numbers; none is an answer too)."""
        given = np.zeros(self._material.n_codes, dtype=bool)
        given[list(codes)] = True
        self._read[row] = True
        self._applied[row] = given
        allowed = self._material.allowed[row]
        missed = (learner.sigmoid(self._logits[row]) - given) * allowed
        mine = np.append(self._features[row], np.float32(1))
        # Sherman & Morrison (1950): the curvature with this segment in it.
        towards = self._inverse @ mine
        grown = 1 + float(mine @ towards) / 4
        towards /= grown
        self._inverse -= np.outer(towards, towards) * np.float32(grown / 4)
        moved = self._features @ towards[:-1] + towards[-1]
        self._logits -= np.outer(moved, missed)
