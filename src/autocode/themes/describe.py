"""Groups described as draft themes: names, terms, exemplars, sub-themes, contrasts, positions."""

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
from ..linalg import Floats, Ids
from ..text import terms
from ..text.words import lacks_blanks
from .deduplicate import DistinctExcerpts
from .exemplars import SentenceStyle, choose_edge_cases, choose_exemplars
from .groups import UNASSIGNED, Groups, compute_centroids
from .naming import Wording, index_words, name_by_words, name_group
from .projection import project_themes

N_TERMS = 8
_CONTRAST_TERMS = 3
_PART_TERMS = 2
_NEAR_CODES = 3
_UNNAMED = "(no words of its own)"


@dataclass(frozen=True, slots=True)
class CodeCentroids:
    """Codes as points, to say which code a theme is near: ids and unit rows (n_codes, d)."""

    ids: tuple[str, ...]
    vectors: npt.NDArray[np.float32]

    def nearest(self, centroid: Floats) -> tuple[tuple[str, float], ...]:
        """The codes nearest a centroid (d,), with their cosines."""
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
    """Groups with their rows (nearest the medoid first), terms and positions; `keys` in order.

    `guides` are those of the first groups; `positions` are the rows' on the excerpt map.
    """

    excerpts: DistinctExcerpts
    groups: Groups
    centroids: Floats
    rows: list[list[int]]
    wording: Wording
    style: SentenceStyle
    terms: list[list[str]]
    theme_positions: list[tuple[float, float]]
    keys: dict[int, str]
    guides: tuple[Guide, ...] = ()
    positions: Sequence[tuple[float, float]] = ()


def describe_groups(
    excerpts: DistinctExcerpts,
    groups: Groups,
    *,
    proper_names: frozenset[str] = frozenset(),
    guides: tuple[Guide, ...] = (),
    first: int = 1,
) -> DescribedGroups:
    """Groups in the order of their themes, whose keys count up from `first`.

    `proper_names` are words that name no theme and are none of its terms.
    """
    centroids = compute_centroids(excerpts.vectors, groups.group, groups.n_groups)
    points = excerpts.vectors.astype(np.float64)
    rows = [
        sort_by_closeness(np.flatnonzero(groups.group == number), points, centroids[number])
        for number in range(groups.n_groups)
    ]
    # What an analyst asked for is shown by what matches it most clearly, not by its centroid.
    for number in range(len(guides)):
        rows[number].sort(key=lambda at: -float(groups.strength[at]))
    wording = index_words(excerpts, proper_names)
    named = _terms_apart(wording, rows, n_terms=N_TERMS)
    participants = [set().union(*map(excerpts.participants, inside)) for inside in rows]
    size = [sum(len(excerpts.copies[at]) for at in inside) for inside in rows]
    # What was asked for comes first, then themes with most participants; equals go by their words.
    order = sorted(
        range(len(guides), groups.n_groups),
        key=lambda g: (-len(participants[g]), -size[g], named[g], rows[g]),
    )
    ranked = enumerate([*range(len(guides)), *order], start=first)
    keys = {number: f"T{rank:02d}" for rank, number in ranked}
    return DescribedGroups(
        excerpts=excerpts,
        groups=groups,
        centroids=centroids,
        rows=rows,
        wording=wording,
        style=SentenceStyle.of(wording.texts),
        terms=named,
        theme_positions=project_themes(centroids),
        keys=keys,
        guides=guides,
    )


def describe_theme(draft: DescribedGroups, number: int, codes: CodeCentroids) -> Theme:
    """One of the groups as a draft theme."""
    excerpts, key = draft.excerpts, draft.keys[number]
    chosen = choose_exemplars(excerpts, draft.rows[number], draft.style)
    marked = choose_edge_cases(excerpts, draft.rows[number], draft.groups, set(chosen))
    parts, part_of = _parts(draft, number)
    members = [
        Member(
            segment=excerpts.segments[i],
            strength=float(draft.groups.strength[at]),
            exemplar=chosen.index(i) + 1 if i in chosen else None,
            part=part_of.get(at),
            edge=marked.index(i) + 1 if i in marked else None,
            position=draft.positions[at] if draft.positions else None,
        )
        for at in draft.rows[number]
        for i in excerpts.copies[at]
    ]
    guide = draft.guides[number] if number < len(draft.guides) else None
    return Theme(
        key=key,
        name=guide.name if guide else name_theme(draft, number),
        terms=tuple(draft.terms[number]),
        members=in_reading_order(members),
        position=draft.theme_positions[number],
        near=codes.nearest(draft.centroids[number]),
        parts=parts,
        contrast=_contrast(draft, number),
        guidance=guide.guidance if guide else None,
    )


def name_theme(draft: DescribedGroups, number: int) -> str:
    """The name of one of the groups: words its segments share, else a short quote."""
    among = range(len(draft.excerpts.copies))
    return name_group(draft.wording, draft.rows[number], among) or _UNNAMED


def _name_part(
    wording: Wording, rows: Sequence[int], among: Sequence[int], words: Sequence[str]
) -> str:
    """The name of a sub-theme: shared words, else its first terms, else a quote."""
    first = [word for word in words if not lacks_blanks(word)][:_PART_TERMS]
    named = name_by_words(wording, rows, among) or " / ".join(first)
    return named or name_group(wording, rows, among) or _UNNAMED


def _terms_apart(
    wording: Wording, groups: Sequence[Sequence[int]], *, n_terms: int
) -> list[list[str]]:
    """The terms that set each group of rows apart, without proper names."""
    return terms.terms_apart(
        [[wording.terms(row) for row in inside] for inside in groups], n_terms=n_terms
    )


def _parts(draft: DescribedGroups, number: int) -> tuple[tuple[SubTheme, ...], dict[int, str]]:
    """Sub-themes of a theme, largest first, and the key of each row's."""
    inside: dict[int, list[int]] = {}
    for at in draft.rows[number]:
        if draft.groups.part[at] != UNASSIGNED:
            inside.setdefault(int(draft.groups.part[at]), []).append(at)
    held = sorted(inside.values(), key=lambda rows: (-len(rows), rows[0]))
    named = _terms_apart(draft.wording, held, n_terms=N_TERMS)
    parts = tuple(
        SubTheme(
            f"{draft.keys[number]}.{rank}",
            _name_part(draft.wording, rows, draft.rows[number], words),
            tuple(words),
        )
        for rank, (rows, words) in enumerate(zip(held, named, strict=True), start=1)
    )
    return parts, {at: part.key for part, rows in zip(parts, held, strict=True) for at in rows}


def _contrast(draft: DescribedGroups, number: int) -> Contrast | None:
    """What sets a theme apart from the theme whose centroid is nearest."""
    if draft.groups.n_groups < 2:
        return None
    cosine = np.round(draft.centroids @ draft.centroids[number], 6)
    cosine[number] = -2.0
    other = int(np.argmax(cosine))
    more, less = _terms_apart(
        draft.wording, [draft.rows[g] for g in (number, other)], n_terms=_CONTRAST_TERMS
    )
    return Contrast(draft.keys[other], tuple(more), tuple(less))


def list_unassigned(draft: DescribedGroups) -> tuple[Unassigned, ...]:
    """The segments in no group, in order of position."""
    excerpts, groups = draft.excerpts, draft.groups
    left = [
        Unassigned(
            segment=excerpts.segments[i],
            reason=reason,
            nearest=draft.keys.get(int(groups.nearest[at])),
            position=draft.positions[at] if draft.positions else None,
        )
        for at, reason in enumerate(groups.reason)
        if reason is not None
        for i in excerpts.copies[at]
    ]
    left += [
        Unassigned(segment=excerpts.segments[i], reason=UnassignedReason.TOO_SHORT)
        for i in excerpts.short
    ]
    return in_reading_order(left)


def sort_by_closeness(rows: Sequence[int] | Ids, points: Floats, centroid: Floats) -> list[int]:
    """Rows of a group, nearest its medoid first.

    The medoid is the row with the least sum of distances to the others, by cosine: the one nearest
    the mean direction (exact for unit rows).
    """
    rows = np.asarray(rows, dtype=np.intp)
    medoid = points[rows[np.lexsort((rows, -np.round(points[rows] @ centroid, 6)))[0]]]
    order = np.lexsort((rows, -np.round(points[rows] @ medoid, 6)))
    return [int(row) for row in rows[order]]
