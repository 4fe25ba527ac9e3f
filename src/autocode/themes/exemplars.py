"""Which members of a theme are shown: the most typical ones, and the ones that barely belong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..linalg import Floats, Ids
from .deduplicate import DistinctExcerpts
from .groups import Groups

N_EXEMPLARS = 4
N_EDGES = 2


def sort_by_closeness(rows: Sequence[int] | Ids, points: Floats, centroid: Floats) -> list[int]:
    """Rows of a group, nearest its medoid first.

    The medoid is the row with the least sum of distances to the others, by cosine: the one nearest
    the mean direction (exact for unit rows).
    """
    rows = np.asarray(rows, dtype=np.intp)
    medoid = points[rows[np.lexsort((rows, -np.round(points[rows] @ centroid, 6)))[0]]]
    order = np.lexsort((rows, -np.round(points[rows] @ medoid, 6)))
    return [int(row) for row in rows[order]]


def choose_exemplars(excerpts: DistinctExcerpts, ordered: Sequence[int]) -> list[int]:
    """Numbers of segments nearest the medoid, first one of each participant, then the next."""
    nearest = [excerpts.copies[row][0] for row in ordered]
    fresh = _one_of_each_participant(excerpts, nearest)
    return [*fresh, *(i for i in nearest if i not in set(fresh))][:N_EXEMPLARS]


def choose_edge_cases(
    excerpts: DistinctExcerpts, ordered: Sequence[int], groups: Groups, taken: set[int]
) -> list[int]:
    """Numbers of segments with the least strength, from different participants, least first."""
    weakest = sorted(ordered, key=lambda row: (groups.strength[row], row))
    open_rows = [excerpts.copies[row][0] for row in weakest if excerpts.copies[row][0] not in taken]
    # A theme of a handful is shown whole by its exemplars.
    return (
        _one_of_each_participant(excerpts, open_rows)[:N_EDGES]
        if len(ordered) > N_EXEMPLARS
        else []
    )


def _one_of_each_participant(excerpts: DistinctExcerpts, numbers: Sequence[int]) -> list[int]:
    participants: set[str] = set()
    fresh = []
    for i in numbers:
        if excerpts.segments[i].participant not in participants:
            participants.add(excerpts.segments[i].participant)
            fresh.append(i)
    return fresh
