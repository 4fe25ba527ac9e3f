"""What to code next: the segments that would teach the suggester most.

Three criteria count alike: segments whose codes are uncertain (Lewis & Gale 1994), segments that
may carry a code with few uses, and segments unlike those already read or chosen (greedy, after
farthest-first traversal, Gonzalez 1985). No chance in it; ties keep the order of the transcripts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.suggestion import SuggestionDiagnostics
from ..core.transcript import Segment
from ..linalg import one_thread
from ..serialise.plain import to_payload
from ..serialise.result import Result
from .protocol import Floats, Ranking, Rows, Task

_DECIMALS = 9
"""Values are compared rounded, so that ties do not hang on the last bit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentPriority:
    """A segment (row of the corpus) to code, its `priority`, and its three criteria (0..1)."""

    row: int
    priority: float
    uncertainty: float
    rarity: float
    novelty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedSegment:
    """A segment to code next, with its priority and criteria."""

    segment: Segment
    priority: SegmentPriority


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingQueue(Result):
    """The segments to code next, best first, and what the suggester says of each code."""

    segments: tuple[QueuedSegment, ...]
    diagnostics: SuggestionDiagnostics
    remarks: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The queue as plain data: `next`, `codes`, `auto_accept_from`, `remarks`."""
        return to_payload(
            "coding_queue",
            {
                "next": [
                    {key: value for key, value in row.items() if key not in {"start", "end"}}
                    | {"span": {"start": row["start"], "end": row["end"]}}
                    for row in self.to_rows()
                ],
                "codes": self.diagnostics.codes,
                "auto_accept_from": self.diagnostics.auto_accept_from,
                "remarks": self.remarks,
            },
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row for each segment, best first."""
        return [
            {
                "priority": queued.priority.priority,
                "uncertainty": queued.priority.uncertainty,
                "rarity": queued.priority.rarity,
                "novelty": queued.priority.novelty,
                "transcript": queued.segment.transcript,
                "start": queued.segment.span.start,
                "end": queued.segment.span.end,
                "speaker": queued.segment.speaker,
                "excerpt": queued.segment.excerpt,
            }
            for queued in self.segments
        ]


def prioritise_segments(task: Task, ranking: Ranking, *, n_wanted: int) -> list[SegmentPriority]:
    """The `n_wanted` targets to code first, best first."""
    if not len(task.targets):
        return []
    with one_thread():
        return _prioritise(task, ranking, n_wanted)


@dataclass(frozen=True, slots=True)
class Criteria:
    """What speaks for coding each target, (n_targets,): 0..1, and the nearness to what is read."""

    uncertainty: Floats
    rarity: Floats
    nearness: Floats


def criteria_of(task: Task, ranking: Ranking) -> Criteria:
    """The criteria of every target; its novelty is 1 minus its nearness to what is read."""
    n_uses = task.known.applied.sum(axis=0)
    return Criteria(
        uncertainty=_scale_ranks(_uncertainty(ranking.probabilities)),
        rarity=_scale_ranks(ranking.probabilities @ (1 / (1.0 + n_uses))),
        nearness=nearness_to(task, task.read_rows),
    )


def nearness_to(task: Task, rows: Rows) -> Floats:
    """Cosine of each target to the nearest of some segments; 0 where there are none."""
    return _nearness(task.corpus.vectors[task.targets], task.corpus.vectors[rows])


def _prioritise(task: Task, ranking: Ranking, n_wanted: int) -> list[SegmentPriority]:
    rows = task.targets
    criteria = criteria_of(task, ranking)
    uncertainty, rarity, nearness = criteria.uncertainty, criteria.rarity, criteria.nearness
    vectors = task.corpus.vectors[rows]
    chosen: list[SegmentPriority] = []
    is_left = np.ones(len(rows), dtype=bool)
    for _ in range(min(n_wanted, len(rows))):
        novelty = 1 - np.clip(nearness, 0, 1)
        mean = np.round((uncertainty + rarity + novelty) / 3, _DECIMALS)
        priority = np.where(is_left, mean, -1.0)
        best = int(np.argmax(priority))
        chosen.append(
            SegmentPriority(
                row=int(rows[best]),
                priority=float(priority[best]),
                uncertainty=float(uncertainty[best]),
                rarity=float(rarity[best]),
                novelty=float(novelty[best]),
            )
        )
        is_left[best] = False
        # What is chosen counts as known, so that the next is unlike it too.
        nearness = np.maximum(nearness, vectors @ vectors[best])
    return chosen


def _uncertainty(probabilities: Floats) -> Floats:
    """How near the best code is to a coin's toss, and the second to the first."""
    if probabilities.shape[1] < 2:
        return 1 - np.abs(2 * probabilities[:, 0] - 1)
    # Least confidence and margin (Settles 2009), which disagree where two codes are both likely.
    top = -np.sort(-probabilities, axis=1)[:, :2]
    return np.asarray(1 - np.abs(2 * top[:, 0] - 1) + 1 - (top[:, 0] - top[:, 1]))


def _scale_ranks(values: Floats) -> Floats:
    """Ranks from 0 (least) to 1 (most), equal values alike."""
    _, rank = np.unique(np.round(values, _DECIMALS), return_inverse=True)
    return np.asarray(rank / max(int(rank.max(initial=0)), 1), dtype=np.float64)


def _nearness(vectors: npt.NDArray[np.float32], known: npt.NDArray[np.float32]) -> Floats:
    """Cosine of each vector to the nearest known one; 0 where nothing is known."""
    if not len(known):
        return np.zeros(len(vectors))
    return np.asarray((vectors @ known.T).max(axis=1), dtype=np.float64)
