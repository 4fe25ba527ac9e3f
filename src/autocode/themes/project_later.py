"""Later segments on the excerpt map: near what they are like, which keeps its position.

A plane is laid once, through the themes of the first draft. Nothing that comes later moves it, and
a later segment is positioned by the draft's own segments alone, so that neither the order nor the
company in which segments come shifts any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from ..core.theme import Member, ThemeDraft, Unassigned, UnassignedReason
from ..linalg import Floats, top_k
from .preprocess import Vectors

_NEAREST = 5
_LEAST_WEIGHT = 0.01
_BLOCK = 1024

Position = tuple[float, float]
_Held = TypeVar("_Held", Member, Unassigned)


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
