"""What to code next: the segments that would teach the suggester most.

Three criteria count alike: segments whose codes are
uncertain (Lewis & Gale 1994), segments that may
carry a code with few uses, and segments unlike those already read or chosen (greedy, after
farthest-first traversal, Gonzalez 1985). No chance in it; ties keep the order of the transcripts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .protocol import Floats, Ranking, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentPriority:
    """A segment (row of the corpus) to code, its `priority`, and its three criteria (0..1)."""

    row: int
    priority: float
    uncertainty: float
    rarity: float
    novelty: float


def prioritise_segments(task: Task, ranking: Ranking, *, n_wanted: int) -> list[SegmentPriority]:
    """The `n_wanted` targets to code first, best first."""
    rows = task.targets
    if not len(rows):
        return []
    uncertainty = _shares(_uncertainty(ranking.probabilities))
    uses = task.known.applied.sum(axis=0)
    rarity = _shares(ranking.probabilities @ (1 / (1.0 + uses)))
    vectors = task.corpus.vectors[rows]
    near = _nearness(vectors, task.corpus.vectors[task.read_rows])
    found: list[SegmentPriority] = []
    left = np.ones(len(rows), dtype=bool)
    for _ in range(min(n_wanted, len(rows))):
        novelty = 1 - np.clip(near, 0, 1)
        priority = np.where(left, np.round((uncertainty + rarity + novelty) / 3, 9), -1.0)
        at = int(np.argmax(priority))
        found.append(
            SegmentPriority(
                row=int(rows[at]),
                priority=float(priority[at]),
                uncertainty=float(uncertainty[at]),
                rarity=float(rarity[at]),
                novelty=float(novelty[at]),
            )
        )
        left[at] = False
        near = np.maximum(near, vectors @ vectors[at])
    return found


def _uncertainty(probabilities: Floats) -> Floats:
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
