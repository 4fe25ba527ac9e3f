"""What to code next: the segments that would teach the suggester most.

Three wishes are weighed alike: segments it is unsure about (Lewis & Gale 1994), segments that may
carry a code with few uses, and segments unlike those already read or chosen (greedy, after
farthest-first traversal, Gonzalez 1985). No chance in it; ties keep the order of the transcripts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .protocol import Floats, Ranking, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class NextUp:
    """A segment (row of the material) to code, its worth, and the wishes it meets (0..1 each)."""

    row: int
    worth: float
    unsure: float
    rare: float
    unlike: float


def next_up(task: Task, ranking: Ranking, *, n_wanted: int) -> list[NextUp]:
    """The `n_wanted` targets to code first, best first."""
    rows = task.targets
    if not len(rows):
        return []
    unsure = _shares(_unsure(ranking.probabilities))
    uses = task.work.applied.sum(axis=0)
    rare = _shares(ranking.probabilities @ (1 / (1.0 + uses)))
    vectors = task.material.vectors[rows]
    near = _nearness(vectors, task.material.vectors[task.read_rows])
    found: list[NextUp] = []
    left = np.ones(len(rows), dtype=bool)
    for _ in range(min(n_wanted, len(rows))):
        unlike = 1 - np.clip(near, 0, 1)
        worth = np.where(left, np.round((unsure + rare + unlike) / 3, 9), -1.0)
        at = int(np.argmax(worth))
        found.append(
            NextUp(
                row=int(rows[at]),
                worth=float(worth[at]),
                unsure=float(unsure[at]),
                rare=float(rare[at]),
                unlike=float(unlike[at]),
            )
        )
        left[at] = False
        near = np.maximum(near, vectors @ vectors[at])
    return found


def _unsure(probabilities: Floats) -> Floats:
    """How near the best code is to a coin's toss, and the second to the first."""
    if probabilities.shape[1] < 2:
        return 1 - np.abs(2 * probabilities[:, 0] - 1)
    top = -np.sort(-probabilities, axis=1)[:, :2]
    return np.asarray(1 - np.abs(2 * top[:, 0] - 1) + 1 - (top[:, 0] - top[:, 1]))


def _shares(values: Floats) -> Floats:
    """Ranks from 0 (least) to 1 (most), equal values alike."""
    _, place = np.unique(np.round(values, 9), return_inverse=True)
    return np.asarray(place / max(int(place.max(initial=0)), 1), dtype=np.float64)


def _nearness(vectors: npt.NDArray[np.float32], known: npt.NDArray[np.float32]) -> Floats:
    """Cosine of each vector to the nearest known one; 0 where nothing is known."""
    if not len(known):
        return np.zeros(len(vectors))
    return np.asarray((vectors @ known.T).max(axis=1), dtype=np.float64)
