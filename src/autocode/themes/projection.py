"""Positions of themes and segments on maps, so that near ones are close; how themes merge.

Later segments are positioned by the draft's own segments alone, which keep their positions: neither
the order nor the company in which segments come shifts any of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from ..core.theme import Member, Position, ThemeDraft, Unassigned, UnassignedReason
from ..core.theme_diagnostics import Merge
from ..linalg import Floats, Ids, fix_signs, main_directions, top_k
from .groups import UNASSIGNED
from .preprocess import Vectors

_NEAREST = 5
_LEAST_WEIGHT = 0.01
_BLOCK = 1024
_Held = TypeVar("_Held", Member, Unassigned)
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


def position_new_segments(
    draft: ThemeDraft, before: ThemeDraft, vectors: Mapping[str, Vectors]
) -> ThemeDraft:
    """The draft with a position for what was added since `before`; `vectors` are rows by excerpt.

    Excerpts that had a position keep it. None gets one where the draft before had none.
    """
    founders = _founders(before)
    if not founders:
        return draft
    missing = sorted(
        {s for s in map(_unpositioned, _list_items(draft)) if s in vectors} - set(founders)
    )
    rows = _rows(sorted(founders), vectors)
    points = np.array([founders[excerpt] for excerpt in sorted(founders)])
    interpolated = interpolate_positions(_rows(missing, vectors), rows, points)
    positions = founders | dict(zip(missing, interpolated, strict=True))
    themes = tuple(
        replace(theme, members=tuple(_positioned(member, positions) for member in theme.members))
        for theme in draft.themes
    )
    return replace(
        draft, themes=themes, unassigned=tuple(_positioned(n, positions) for n in draft.unassigned)
    )


def interpolate_positions(vectors: Floats, known: Floats, positions: Floats) -> list[Position]:
    """Positions of unit rows (n, d): the mean of those of the five nearest of `known` (m, d).

    `positions` is (m, 2); each counts by its cosine. Equal cosines go to the earlier row.
    """
    interpolated: list[Position] = []
    for at in range(0, len(vectors), _BLOCK):
        near = top_k(vectors[at : at + _BLOCK] @ known.T, min(_NEAREST, len(known)))
        weights = np.maximum(near.values, _LEAST_WEIGHT)[:, :, None]
        means = (weights * positions[near.columns]).sum(axis=1) / weights.sum(axis=1)
        interpolated += [(round(float(x), 4), round(float(y), 4)) for x, y in means]
    return interpolated


def _founders(draft: ThemeDraft) -> dict[str, Position]:
    """Positions by excerpt, of what the draft was made from."""
    return {
        item.segment.excerpt: item.position
        for item in _list_items(draft)
        if item.position is not None and not item.later
    }


def _list_items(draft: ThemeDraft) -> list[Member | Unassigned]:
    return [*(member for theme in draft.themes for member in theme.members), *draft.unassigned]


def _unpositioned(item: Member | Unassigned) -> str:
    """Its words where it should have a position and has none, else nothing."""
    return (
        item.segment.excerpt
        if item.position is None and item.reason is not UnassignedReason.TOO_SHORT
        else ""
    )


def _rows(excerpts: list[str], vectors: Mapping[str, Vectors]) -> Floats:
    """In double precision: what a sum is rounded to does not depend on how it was added up."""
    width = next((len(row) for row in vectors.values()), 1)
    return np.array([vectors[e] for e in excerpts], dtype=np.float64).reshape(len(excerpts), width)


def _positioned(item: _Held, positions: Mapping[str, Position]) -> _Held:
    words = _unpositioned(item)
    return replace(item, position=positions.get(words)) if words else item
