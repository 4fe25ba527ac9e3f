"""Groups laid out as draft themes: names, terms, exemplars, sub-themes, contrasts, places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.theme import (
    Contrast,
    Guidance,
    Member,
    SubTheme,
    Theme,
    Unassigned,
    UnassignedReason,
    in_reading_order,
)
from ..linalg import Floats
from ..text import terms
from .deduplicate import Distinct
from .exemplars import by_closeness, edges, exemplars
from .groups import UNASSIGNED, Groups, compute_centroids
from .projection import project_themes

N_TERMS = 8
_NAME_TERMS = 3
_CONTRAST_TERMS = 3
_NEAR_CODES = 3


@dataclass(frozen=True, slots=True)
class CodeCentroids:
    """Codes as points, to say which code a theme is near: ids and unit rows (n_codes, d)."""

    ids: tuple[str, ...]
    vectors: npt.NDArray[np.float32]

    def nearest(self, centroid: Floats) -> tuple[tuple[str, float], ...]:
        """The codes nearest a middle (d,), with their cosines."""
        if not self.ids:
            return ()
        cosine = np.round(self.vectors @ centroid, 4)
        best = np.argsort(-cosine, kind="stable")[:_NEAR_CODES]
        return tuple((self.ids[i], float(cosine[i])) for i in best)


@dataclass(frozen=True, slots=True)
class Guide:
    """The name and guidance of a theme that an analyst asked for."""

    name: str
    guidance: Guidance


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedGroups:
    """Groups with their rows (nearest the medoid first), terms and places; `keys` in order.

    `guides` are those of the first groups; `spots` are the rows' places on the excerpt map.
    """

    found: Distinct
    groups: Groups
    centroids: Floats
    rows: list[list[int]]
    terms: list[list[str]]
    theme_positions: list[tuple[float, float]]
    keys: dict[int, str]
    guides: tuple[Guide, ...] = ()
    positions: Sequence[tuple[float, float]] = ()


def describe_groups(
    found: Distinct, groups: Groups, *, guides: tuple[Guide, ...] = (), first: int = 1
) -> DescribedGroups:
    """Groups in the order of their themes, whose keys count up from `first`."""
    centroids = compute_centroids(found.vectors, groups.group, groups.n_groups)
    points = found.vectors.astype(np.float64)
    rows = [
        by_closeness(np.flatnonzero(groups.group == number), points, centroids[number])
        for number in range(groups.n_groups)
    ]
    # What an analyst asked for is shown by what speaks of it most clearly, not by its middle.
    for number in range(len(guides)):
        rows[number].sort(key=lambda at: -float(groups.strength[at]))
    words = found.terms
    named = terms.terms_apart([[words[at] for at in inside] for inside in rows], n_terms=N_TERMS)
    voices = [set().union(*map(found.participants, inside)) for inside in rows]
    size = [sum(len(found.copies[at]) for at in inside) for inside in rows]
    # What was asked for comes first, then themes with most voices; equals go by their words.
    order = sorted(
        range(len(guides), groups.n_groups),
        key=lambda g: (-len(voices[g]), -size[g], named[g], rows[g]),
    )
    ranked = enumerate([*range(len(guides)), *order], start=first)
    keys = {number: f"T{rank:02d}" for rank, number in ranked}
    return DescribedGroups(
        found=found,
        groups=groups,
        centroids=centroids,
        rows=rows,
        terms=named,
        theme_positions=project_themes(centroids),
        keys=keys,
        guides=guides,
    )


def describe_theme(draft: DescribedGroups, number: int, codes: CodeCentroids) -> Theme:
    """One of the groups as a draft theme."""
    found, key = draft.found, draft.keys[number]
    shown = exemplars(found, draft.rows[number])
    marked = edges(found, draft.rows[number], draft.groups, set(shown))
    parts, part_of = _parts(draft, number)
    members = [
        Member(
            segment=found.segments[i],
            strength=float(draft.groups.strength[at]),
            exemplar=shown.index(i) + 1 if i in shown else None,
            part=part_of.get(at),
            edge=marked.index(i) + 1 if i in marked else None,
            position=draft.positions[at] if draft.positions else None,
        )
        for at in draft.rows[number]
        for i in found.copies[at]
    ]
    guide = draft.guides[number] if number < len(draft.guides) else None
    return Theme(
        key=key,
        name=guide.name if guide else _name(draft.terms[number]),
        terms=tuple(draft.terms[number]),
        members=in_reading_order(members),
        position=draft.theme_positions[number],
        near=codes.nearest(draft.centroids[number]),
        parts=parts,
        contrast=_contrast(draft, number),
        guidance=guide.guidance if guide else None,
    )


def _name(found: Sequence[str]) -> str:
    return " / ".join(found[:_NAME_TERMS]) or "(no words of its own)"


def _parts(draft: DescribedGroups, number: int) -> tuple[tuple[SubTheme, ...], dict[int, str]]:
    """Sub-themes of a theme, largest first, and the key of each row's."""
    inside: dict[int, list[int]] = {}
    for at in draft.rows[number]:
        if draft.groups.part[at] != UNASSIGNED:
            inside.setdefault(int(draft.groups.part[at]), []).append(at)
    held = sorted(inside.values(), key=lambda rows: (-len(rows), rows[0]))
    words = draft.found.terms
    named = terms.terms_apart([[words[at] for at in rows] for rows in held], n_terms=N_TERMS)
    parts = tuple(
        SubTheme(f"{draft.keys[number]}.{rank}", _name(found), tuple(found))
        for rank, found in enumerate(named, start=1)
    )
    return parts, {at: part.key for part, rows in zip(parts, held, strict=True) for at in rows}


def _contrast(draft: DescribedGroups, number: int) -> Contrast | None:
    """What sets a theme apart from the one whose middle is nearest."""
    if draft.groups.n_groups < 2:
        return None
    cosine = np.round(draft.centroids @ draft.centroids[number], 6)
    cosine[number] = -2.0
    other = int(np.argmax(cosine))
    words = draft.found.terms
    more, less = terms.terms_apart(
        [[words[at] for at in draft.rows[g]] for g in (number, other)], n_terms=_CONTRAST_TERMS
    )
    return Contrast(draft.keys[other], tuple(more), tuple(less))


def list_unassigned(draft: DescribedGroups) -> tuple[Unassigned, ...]:
    """What no group holds, in order of place."""
    found, groups = draft.found, draft.groups
    left = [
        Unassigned(
            segment=found.segments[i],
            reason=reason,
            nearest=draft.keys.get(int(groups.nearest[at])),
            position=draft.positions[at] if draft.positions else None,
        )
        for at, reason in enumerate(groups.reason)
        if reason is not None
        for i in found.copies[at]
    ]
    left += [
        Unassigned(segment=found.segments[i], reason=UnassignedReason.TOO_SHORT)
        for i in found.short
    ]
    return in_reading_order(left)
