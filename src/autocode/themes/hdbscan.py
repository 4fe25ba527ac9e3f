"""Dense groups among points: the adapter of hdbscan (Campello, Moulavi and Sander 2013).

Rows must come in a canonical order; everything runs on one thread in double precision, so the same
rows give the same groups on any number of cores.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..linalg import DECIMALS, Floats, Ids
from .groups import UNASSIGNED, number_by_first_row

_MIN_SAMPLES = 1
_FEWEST_ROWS = 6
_CORE_SIZE = 4
# Up to here the full table of distances is quicker than a search tree, and small enough.
_MOST_FOR_TABLE = 2500


def cores(points: Floats) -> Floats:
    """How firmly each point (n, d) sits in a dense core, 0 (in none) to 1.

    Clusters of excess of mass, of four points at least.
    """
    if len(points) <= _CORE_SIZE:
        return np.ones(len(points))
    _, strength = _hdbscan(points, _CORE_SIZE, "eom")
    return strength


@dataclass(frozen=True, slots=True, kw_only=True)
class DenseGroups:
    """Dense groups of points (n,) with their strengths, and the least size they were sought with.

    The size is None where nothing is dense at any size.
    """

    group: Ids
    strength: Floats
    min_cluster_size: int | None


def leaves(points: Floats) -> DenseGroups:
    """The leaves of the condensed tree of points (n, d).

    Smaller least sizes are tried in turn until enough groups appear.
    """
    n_rows = len(points)
    best = np.full(n_rows, UNASSIGNED, dtype=np.intp), np.zeros(n_rows)
    best_size: int | None = None
    for size in _sizes(n_rows) if n_rows >= _FEWEST_ROWS else []:
        group, strength = _hdbscan(points, size, "leaf")
        if group.max(initial=-1) > best[0].max(initial=-1):
            best, best_size = (group, strength), size
        if best[0].max(initial=-1) + 1 >= (2 if n_rows < 40 else 3):
            break
    return DenseGroups(
        group=number_by_first_row(best[0]), strength=best[1], min_cluster_size=best_size
    )


def _sizes(n_rows: int) -> list[int]:
    """Least group sizes to try, from the one the number of rows suggests down to 3."""
    start = int(np.clip(round(np.sqrt(n_rows) / 2), 4, 60))
    return sorted({start, max(3, start * 2 // 3), max(3, start // 2), 3}, reverse=True)


def _hdbscan(points: Floats, size: int, selection: str) -> tuple[Ids, Floats]:
    import hdbscan

    model = hdbscan.HDBSCAN(
        min_cluster_size=size,
        min_samples=_MIN_SAMPLES,
        cluster_selection_method=selection,
        approx_min_span_tree=False,
        algorithm="generic" if len(points) <= _MOST_FOR_TABLE else "prims_kdtree",
        core_dist_n_jobs=1,
    ).fit(points)
    strength = np.round(np.nan_to_num(model.probabilities_), DECIMALS)
    return np.asarray(model.labels_, dtype=np.intp), np.asarray(strength, dtype=np.float64)
