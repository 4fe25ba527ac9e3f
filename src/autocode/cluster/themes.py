"""Draft themes: dense groups of segments with a name, terms, exemplars and who supports them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import terms
from ..draft import Member, Nowhere, Theme, ThemeDraft
from ..transcript import Segment, text_digest
from .dense import Groups, dense_groups

FEWEST_WORDS = 3
N_TERMS = 8
N_EXEMPLARS = 4
_NAME_TERMS = 3
_NEAR_CODES = 3
_CLOSE_CALL = 0.03

TOO_SHORT = "too short to place (fewer than three content words)"
BETWEEN = "between two themes"
ALONE = "like no other segments"


@dataclass(frozen=True, slots=True)
class CodeCentres:
    """Codes as points, to say which code a theme is near: ids and unit rows (n_codes, d)."""

    ids: tuple[str, ...]
    vectors: npt.NDArray[np.float32]


def draft_themes(
    segments: Sequence[Segment], vectors: npt.NDArray[np.float32], codes: CodeCentres
) -> ThemeDraft:
    """Draft themes of these segments; the same segments give the same draft in any order.

    Segments with the same words count once when groups are sought, so that a phrase many people
    use does not make a theme by itself. What fits nowhere is returned with a reason.
    """
    order = sorted(
        range(len(segments)),
        key=lambda i: (
            text_digest(segments[i].excerpt),
            segments[i].transcript,
            segments[i].span.start,
        ),
    )
    long_enough = [
        i
        for i in order
        if terms.n_content_words(segments[i].excerpt) >= FEWEST_WORDS and vectors[i].any()
    ]
    unique: dict[str, list[int]] = {}
    for i in long_enough:
        unique.setdefault(segments[i].excerpt, []).append(i)
    firsts = [rows[0] for rows in unique.values()]
    points = vectors[firsts]
    groups = dense_groups(points)
    centres = _centres(points, groups)
    themes = _themes(segments, list(unique.values()), points, groups, centres, codes)
    placed = {id(m.segment) for theme in themes for m in theme.members}
    reasons = dict(zip(firsts, _reasons(points, groups, centres), strict=True))
    reason_by_words = {segments[i].excerpt: reason for i, reason in reasons.items()}
    nowhere = tuple(
        Nowhere(segment, reason_by_words.get(segment.excerpt, TOO_SHORT))
        for segment in sorted(segments, key=lambda s: (s.transcript, s.span.start))
        if id(segment) not in placed
    )
    return ThemeDraft(themes, nowhere, _parameters(segments, long_enough, groups))


def _themes(
    segments: Sequence[Segment],
    copies: Sequence[Sequence[int]],
    points: npt.NDArray[np.float32],
    groups: Groups,
    centres: npt.NDArray[np.float64],
    codes: CodeCentres,
) -> tuple[Theme, ...]:
    if not groups.n_groups:
        return ()
    inside = [[int(at) for at in np.flatnonzero(groups.group == g)] for g in range(groups.n_groups)]
    words = [
        [segments[copies[at][0]].excerpt for at in _central(rows, points[rows] @ centres[number])]
        for number, rows in enumerate(inside)
    ]
    found_terms = terms.theme_terms(words, n_terms=N_TERMS)
    places = _places(centres)
    drafts = []
    for number, rows in enumerate(inside):
        closeness = points[rows] @ centres[number]
        exemplar = _exemplars(segments, copies, rows, closeness)
        members = tuple(
            Member(segments[i], float(groups.strength[at]), exemplar.get(i))
            for at in rows
            for i in copies[at]
        )
        drafts.append((members, found_terms[number], places[number], _near(centres[number], codes)))
    # Themes with most voices come first; equals are ordered by their words.
    drafts.sort(
        key=lambda d: (
            -len({m.segment.participant for m in d[0]}),
            -len(d[0]),
            d[1],
            d[0][0].segment.transcript,
        )
    )
    return tuple(
        Theme(
            f"T{number:02d}",
            " / ".join(found[:_NAME_TERMS]) or "(no words of its own)",
            tuple(found),
            tuple(sorted(members, key=lambda m: (m.segment.transcript, m.segment.span.start))),
            place,
            near,
        )
        for number, (members, found, place, near) in enumerate(drafts, start=1)
    )


def _centres(points: npt.NDArray[np.float32], groups: Groups) -> npt.NDArray[np.float64]:
    """Mean direction of each group, weighted by strength; unit rows."""
    centres = np.zeros((groups.n_groups, points.shape[1] if points.ndim == 2 else 0))
    for group in range(groups.n_groups):
        rows = groups.group == group
        weights = groups.strength[rows] + 1e-6
        centres[group] = (points[rows] * weights[:, None]).sum(axis=0)
    norms = np.linalg.norm(centres, axis=1, keepdims=True)
    return np.asarray(np.round(centres / np.where(norms == 0, 1, norms), 6))


def _exemplars(
    segments: Sequence[Segment],
    copies: Sequence[Sequence[int]],
    rows: Sequence[int],
    closeness: npt.NDArray[np.float64],
) -> dict[int, int]:
    """The segments nearest the middle, first one of each participant, then the next nearest."""
    nearest = [copies[at][0] for at in _central(rows, closeness)]
    voices: set[str] = set()
    fresh = []
    for i in nearest:
        if segments[i].participant not in voices:
            voices.add(segments[i].participant)
            fresh.append(i)
    chosen = [*fresh, *(i for i in nearest if i not in fresh)][:N_EXEMPLARS]
    return {i: rank for rank, i in enumerate(chosen, start=1)}


def _central(rows: Sequence[int], closeness: npt.NDArray[np.float64]) -> list[int]:
    """Rows of a group, nearest its middle first."""
    return [rows[at] for at in np.lexsort((np.asarray(rows), -np.round(closeness, 6)))]


def _reasons(
    points: npt.NDArray[np.float32], groups: Groups, centres: npt.NDArray[np.float64]
) -> list[str]:
    """Why each point is nowhere, had it been left out: near two themes, or near none."""
    if groups.n_groups < 2:
        return [ALONE] * len(points)
    closeness = np.sort(points @ centres.T, axis=1)
    tie = closeness[:, -1] - closeness[:, -2] < _CLOSE_CALL
    typical = float(np.median(closeness[groups.group >= 0, -1]))
    return [
        BETWEEN if close and top > typical / 2 else ALONE
        for close, top in zip(tie, closeness[:, -1], strict=True)
    ]


def _near(centre: npt.NDArray[np.float64], codes: CodeCentres) -> tuple[tuple[str, float], ...]:
    if not codes.ids:
        return ()
    cosine = np.round(codes.vectors @ centre, 4)
    best = np.argsort(-cosine, kind="stable")[:_NEAR_CODES]
    return tuple((codes.ids[i], float(cosine[i])) for i in best)


def _places(centres: npt.NDArray[np.float64]) -> list[tuple[float, float]]:
    """Themes on a plane so that near ones are close: two main directions, each scaled to 0..1."""
    if len(centres) == 1:
        return [(0.5, 0.5)]
    centred = centres - centres.mean(axis=0)
    values, vectors = np.linalg.eigh(centred @ centred.T)
    order = np.argsort(-values, kind="stable")[:2]
    plane = vectors[:, order] * np.sqrt(np.maximum(values[order], 0))
    if plane.shape[1] < 2:
        plane = np.column_stack([plane, np.zeros(len(plane))])
    signs = np.sign(plane[np.abs(plane).argmax(axis=0), [0, 1]])
    plane = plane * np.where(signs == 0, 1, signs)
    low, high = plane.min(axis=0), plane.max(axis=0)
    scaled = (plane - low) / np.where(high - low < 1e-9, 1, high - low)
    return [(round(float(x), 4), round(float(y), 4)) for x, y in scaled]


def _parameters(
    segments: Sequence[Segment], long_enough: Sequence[int], groups: Groups
) -> dict[str, Any]:
    return {
        "n_segments": len(segments),
        "n_too_short": len(segments) - len(long_enough),
    } | groups.parameters
