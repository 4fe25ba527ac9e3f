"""Where themes and segments lie on maps, so that near ones are close, and how themes join."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.theme_diagnostics import Merge
from ..linalg import Floats, Ids, fix_signs, main_directions
from .groups import UNASSIGNED

_OWN = 0.5
"""The share of a segment's own position; the rest is that of the centroid of its theme."""


def project_themes(centroids: Floats) -> list[tuple[float, float]]:
    """Points in [0, 1]² of unit rows (n, d): two main directions, each scaled to 0..1."""
    if len(centroids) < 2:
        return [(0.5, 0.5)] * len(centroids)
    return _scaled((centroids - centroids.mean(axis=0)) @ _axes(centroids))


def project_segments(points: Floats, centroids: Floats, near: Ids) -> list[tuple[float, float]]:
    """Points in [0, 1]² of unit rows (n, d), on the plane of the centroids (k, d).

    Each lies half way between its own position and that of the centroid `near` it (n,): this parts
    themes that a plane would lay over each other.
    """
    if not len(points):
        return []
    axes, mean = _axes(centroids if len(centroids) > 2 else points), points.mean(axis=0)
    plane = (points - mean) @ axes
    known = near != UNASSIGNED
    plane[known] = _OWN * plane[known] + (1 - _OWN) * ((centroids - mean) @ axes)[near[known]]
    return _scaled(plane)


def compute_merges(centroids: Floats, keys: Sequence[str]) -> tuple[Merge, ...]:
    """How themes join, nearest first: two keys or numbers of earlier joins, and the height.

    Average linkage (Sokal & Michener 1958) over 1 - cosine of the centroids (n, d).
    """
    from scipy.cluster.hierarchy import linkage

    n = len(keys)
    if n < 2:
        return ()

    def named(at: float) -> str | int:
        return keys[int(at)] if at < n else int(at) - n

    merges = linkage(np.round(centroids, 6), "average", metric="cosine")
    return tuple(Merge(named(a), named(b), round(float(height), 4)) for a, b, height, _ in merges)


def _axes(rows: Floats) -> Floats:
    """The two main directions of rows (n, d), as columns (d, 2), with signs that do not flip."""
    axes = main_directions(rows, 2, by_smaller=True)
    axes = fix_signs(axes, by=(rows - rows.mean(axis=0)) @ axes)
    return np.pad(axes, ((0, 0), (0, 2 - axes.shape[1])))


def _scaled(plane: Floats) -> list[tuple[float, float]]:
    low, high = plane.min(axis=0), plane.max(axis=0)
    scaled = (plane - low) / np.where(high - low < 1e-9, 1, high - low)
    return [(round(float(x), 4), round(float(y), 4)) for x, y in scaled]
