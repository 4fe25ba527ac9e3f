"""Dense groups among vectors: the only door to hdbscan.

Raw sentence vectors of talk have no dense regions that hdbscan can see, so each vector is first
replaced by the mean of its nearest neighbours and the cloud is turned into its main directions
(PCA). Rows must come in a canonical order; everything runs on one thread in double precision, so
the same rows give the same groups on any number of cores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

Floats = npt.NDArray[np.float64]

_MIN_SAMPLES = 1
# Chosen on six human-coded corpora (98 to 2,186 segments): means of the nearest 8 rows, 20
# directions and leaves of the condensed tree agreed best with people's codes; below 300 rows so
# many directions leave nothing dense, so they shrink with the number of rows.
_MOST_NEIGHBOURS, _MOST_DIRECTIONS = 8, 20
_DECIMALS = 6
_BLOCK = 2048


@dataclass(frozen=True, slots=True)
class Groups:
    """`group[i]` is a group number from 0 or -1 for nowhere; `strength[i]` lies in 0..1."""

    group: npt.NDArray[np.intp]
    strength: Floats
    parameters: dict[str, Any]

    @property
    def n_groups(self) -> int:
        """How many groups there are."""
        return int(self.group.max(initial=-1)) + 1


def dense_groups(vectors: npt.NDArray[np.float32]) -> Groups:
    """Group unit rows with hdbscan (Campello et al. 2013), sizes chosen from the number of rows.

    Smaller least sizes are tried in turn until at least two groups appear; with fewer than six
    rows, or when nothing is dense at any size, every row is nowhere.
    """
    n_rows = len(vectors)
    nothing = Groups(
        np.full(n_rows, -1, dtype=np.intp), np.zeros(n_rows), {"min_cluster_size": None}
    )
    if n_rows < 6:
        return nothing
    with threadpool_limits(limits=1):
        n_neighbours = int(np.clip(round(0.4 * np.sqrt(n_rows)), 3, _MOST_NEIGHBOURS))
        n_directions = int(np.clip(n_rows // 15, 5, _MOST_DIRECTIONS))
        means = _neighbour_means(vectors.astype(np.float64), n_neighbours)
        points = _main_directions(means, n_directions)
        best = nothing
        for size in _sizes(n_rows):
            found = _hdbscan(points, size)
            if found.n_groups > best.n_groups:
                best = found
            if best.n_groups >= _enough(n_rows):
                break
    parameters = best.parameters | {"n_neighbours": n_neighbours, "n_directions": points.shape[1]}
    return Groups(best.group, best.strength, parameters)


def _sizes(n_rows: int) -> list[int]:
    """Least group sizes to try, from the one the number of rows suggests down to 3."""
    start = int(np.clip(round(np.sqrt(n_rows) / 2), 4, 60))
    return sorted({start, max(3, start * 2 // 3), max(3, start // 2), 3}, reverse=True)


def _enough(n_rows: int) -> int:
    """How many groups make a smaller least size not worth trying."""
    return 2 if n_rows < 40 else 3


def _hdbscan(points: Floats, size: int) -> Groups:
    import hdbscan

    model = hdbscan.HDBSCAN(
        min_cluster_size=size,
        min_samples=_MIN_SAMPLES,
        cluster_selection_method="leaf",
        approx_min_span_tree=False,
        core_dist_n_jobs=1,
    ).fit(points)
    return Groups(
        np.asarray(model.labels_, dtype=np.intp),
        np.asarray(np.round(model.probabilities_, _DECIMALS), dtype=np.float64),
        {"min_cluster_size": size, "min_samples": _MIN_SAMPLES, "selection": "leaf"},
    )


def _neighbour_means(vectors: Floats, n_neighbours: int) -> Floats:
    """Each row replaced by the mean of itself and its nearest rows (by cosine)."""
    n_wanted = min(n_neighbours, len(vectors) - 1) + 1
    means = np.empty_like(vectors)
    for at in range(0, len(vectors), _BLOCK):
        cosine = np.round(vectors[at : at + _BLOCK] @ vectors.T, _DECIMALS)
        nearest = np.argsort(-cosine, axis=1, kind="stable")[:, :n_wanted]
        means[at : at + _BLOCK] = vectors[nearest].mean(axis=1)
    return means


def _main_directions(vectors: Floats, n_directions: int) -> Floats:
    """Coordinates along the directions of greatest spread, rounded; signs are fixed."""
    centred = vectors - vectors.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred / len(vectors))
    keep = min(n_directions, len(vectors) - 1, vectors.shape[1])
    directions = directions[:, np.argsort(-values, kind="stable")[:keep]]
    signs = np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(keep)])
    return np.asarray(np.round(centred @ (directions * signs), _DECIMALS))
