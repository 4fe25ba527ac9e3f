"""Draft themes: groups of segments with a name, terms, exemplars, sub-themes and a contrast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import terms
from ..draft import Contrast, Member, Nowhere, SubTheme, Theme, ThemeDraft
from ..transcript import Segment
from .distinct import FEWEST_WORDS, Distinct, distinct
from .grouping import Cut, grouped
from .groups import NOWHERE, Floats, Groups, centres
from .plane import places
from .shown import by_closeness, edges, exemplars
from .stability import stability

N_TERMS = 8
_NAME_TERMS = 3
_CONTRAST_TERMS = 3
_NEAR_CODES = 3

TOO_SHORT = f"too short to place (fewer than {FEWEST_WORDS} content words)"
BETWEEN = "near two themes"
ALONE = "an idea of its own"
REASONS = {"between": BETWEEN, "alone": ALONE}


@dataclass(frozen=True, slots=True)
class CodeCentres:
    """Codes as points, to say which code a theme is near: ids and unit rows (n_codes, d)."""

    ids: tuple[str, ...]
    vectors: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Drafting:
    """How to draft: the cut, and over how many draws stability is measured (0: not at all)."""

    cut: Cut = field(default_factory=Cut)
    n_draws: int = 20


def draft_themes(
    segments: Sequence[Segment],
    vectors: npt.NDArray[np.float32],
    codes: CodeCentres,
    *,
    how: Drafting | None = None,
) -> ThemeDraft:
    """Draft themes of these segments; the same segments give the same draft in any order.

    Segments with the same words count once when groups are sought, so that a phrase many people
    use does not make a theme by itself. What fits nowhere is returned with a reason.

    Raises:
        InputError: if a vector holds something that is no number.
    """
    how = how or Drafting()
    found = distinct(segments, vectors)
    groups = grouped(found.vectors, how.cut)
    steady, measured = stability(found, groups, how.cut, n_draws=how.n_draws)
    draft = _laid_out(found, groups)
    themes = tuple(
        replace(_theme(draft, number, codes), stability=steady.get(number)) for number in draft.keys
    )
    return ThemeDraft(themes, _nowhere(draft), _parameters(found, groups) | measured)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Groups with their rows (nearest the medoid first), terms and places; `keys` in order."""

    found: Distinct
    groups: Groups
    middles: Floats
    rows: list[list[int]]
    terms: list[list[str]]
    places: list[tuple[float, float]]
    keys: dict[int, str]


def _laid_out(found: Distinct, groups: Groups) -> _Layout:
    middles = centres(found.vectors, groups.group, groups.n_groups)
    points = found.vectors.astype(np.float64)
    rows = [
        by_closeness(np.flatnonzero(groups.group == number), points, middles[number])
        for number in range(groups.n_groups)
    ]
    words = found.terms
    named = terms.terms_apart([[words[at] for at in inside] for inside in rows], n_terms=N_TERMS)
    voices = [set().union(*map(found.voices, inside)) for inside in rows]
    size = [sum(len(found.copies[at]) for at in inside) for inside in rows]
    # Themes with most voices come first; equals are ordered by their words.
    order = sorted(
        range(groups.n_groups), key=lambda g: (-len(voices[g]), -size[g], named[g], rows[g])
    )
    keys = {number: f"T{rank:02d}" for rank, number in enumerate(order, start=1)}
    return _Layout(found, groups, middles, rows, named, places(middles), keys)


def _theme(draft: _Layout, number: int, codes: CodeCentres) -> Theme:
    found, key = draft.found, draft.keys[number]
    shown = exemplars(found, draft.rows[number])
    marked = edges(found, draft.rows[number], draft.groups, set(shown))
    parts, part_of = _parts(draft, number)
    members = [
        Member(
            found.segments[i],
            float(draft.groups.strength[at]),
            shown.index(i) + 1 if i in shown else None,
            part_of.get(at),
            marked.index(i) + 1 if i in marked else None,
        )
        for at in draft.rows[number]
        for i in found.copies[at]
    ]
    return Theme(
        key,
        _name(draft.terms[number]),
        tuple(draft.terms[number]),
        tuple(sorted(members, key=lambda m: (m.segment.transcript, m.segment.span.start))),
        draft.places[number],
        _near(draft.middles[number], codes),
        parts,
        _contrast(draft, number),
    )


def _name(found: Sequence[str]) -> str:
    return " / ".join(found[:_NAME_TERMS]) or "(no words of its own)"


def _parts(draft: _Layout, number: int) -> tuple[tuple[SubTheme, ...], dict[int, str]]:
    """Sub-themes of a theme, largest first, and the key of each row's."""
    inside: dict[int, list[int]] = {}
    for at in draft.rows[number]:
        if draft.groups.part[at] != NOWHERE:
            inside.setdefault(int(draft.groups.part[at]), []).append(at)
    held = sorted(inside.values(), key=lambda rows: (-len(rows), rows[0]))
    words = draft.found.terms
    named = terms.terms_apart([[words[at] for at in rows] for rows in held], n_terms=N_TERMS)
    parts = tuple(
        SubTheme(f"{draft.keys[number]}.{rank}", _name(found), tuple(found))
        for rank, found in enumerate(named, start=1)
    )
    return parts, {at: part.key for part, rows in zip(parts, held, strict=True) for at in rows}


def _contrast(draft: _Layout, number: int) -> Contrast | None:
    """What sets a theme apart from the one whose middle is nearest."""
    if draft.groups.n_groups < 2:
        return None
    cosine = np.round(draft.middles @ draft.middles[number], 6)
    cosine[number] = -2.0
    other = int(np.argmax(cosine))
    words = draft.found.terms
    more, less = terms.terms_apart(
        [[words[at] for at in draft.rows[g]] for g in (number, other)], n_terms=_CONTRAST_TERMS
    )
    return Contrast(draft.keys[other], tuple(more), tuple(less))


def _nowhere(draft: _Layout) -> tuple[Nowhere, ...]:
    found, groups = draft.found, draft.groups
    left = [
        Nowhere(found.segments[i], REASONS[reason], draft.keys.get(int(groups.nearest[at])))
        for at, reason in enumerate(groups.reason)
        if reason
        for i in found.copies[at]
    ]
    left += [Nowhere(found.segments[i], TOO_SHORT) for i in found.short]
    return tuple(sorted(left, key=lambda n: (n.segment.transcript, n.segment.span.start)))


def _near(middle: Floats, codes: CodeCentres) -> tuple[tuple[str, float], ...]:
    if not codes.ids:
        return ()
    cosine = np.round(codes.vectors @ middle, 4)
    best = np.argsort(-cosine, kind="stable")[:_NEAR_CODES]
    return tuple((codes.ids[i], float(cosine[i])) for i in best)


def _parameters(found: Distinct, groups: Groups) -> dict[str, Any]:
    return {
        "n_segments": len(found.segments),
        "n_distinct": len(found.copies),
        "n_too_short": len(found.short),
        "n_near_two": sum(reason == "between" for reason in groups.reason),
        "n_own_idea": sum(reason == "alone" for reason in groups.reason),
    } | groups.parameters
