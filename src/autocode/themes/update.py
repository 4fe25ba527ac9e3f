"""Segments that come after a draft: into its themes, and new themes of what fits nowhere.

Themes keep their keys, names, words and decisions. A new theme takes four segments at least that
are as close-knit as three in four of the themes there are, one of them new; it is drafted, as the
first ones were, from everything that is an idea of its own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.theme import Theme, ThemeDraft
from ..core.transcript import Segment
from .assign import Arrivals, Fates, fates
from .describe import ALONE, CodeCentres, in_place, laid_out, theme_of
from .fitted import Standing, mean_cosine, standing
from .groups import NOWHERE, Floats, Groups, Ids
from .hdbscan import one_thread
from .partition import Cut, grouped
from .preprocess import DECIMALS, Vectors
from .project_later import with_places
from .seeded import Seed, SeedPoints

_FEWEST_IN_NEW = 4
_PLACED_BY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What a theme of the draft has gained: segments, and participants it did not have."""

    theme: str
    name: str
    n_segments: int
    new_participants: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A draft with what came later, and what that changed.

    `n_added` segments came; `new_themes` are keys; `nowhere` counts the new segments that fit
    nowhere, by reason, most first.
    """

    draft: ThemeDraft
    n_added: int
    gains: tuple[Gain, ...]
    new_themes: tuple[str, ...]
    nowhere: tuple[tuple[str, int], ...]


def held(draft: ThemeDraft) -> list[Segment]:
    """Every segment that a draft has placed or left out."""
    inside = [member.segment for theme in draft.themes for member in theme.members]
    return inside + [left.segment for left in draft.nowhere]


def seeds_of(draft: ThemeDraft) -> tuple[Seed, ...]:
    """What the themes of a draft were asked to be about, named by their keys."""
    return tuple(Seed(t.guidance.phrases, t.key) for t in draft.themes if t.guidance)


def updated(
    draft: ThemeDraft, added: Arrivals, codes: CodeCentres, *, seeds: SeedPoints | None = None
) -> Update:
    """The draft with segments that came later; these may come in any order.

    `seeds` are `seeds_of` the draft as points. Words that the draft has placed or left out before
    meet the same fate again.

    Raises:
        InputError: if a vector holds something that is no number.
    """
    with one_thread():
        stand = _standing(draft, added)
        grown = _with(draft, fates(draft, stand, added, seeds=seeds or SeedPoints.none()))
        new = _new_themes(grown, stand, added, codes)
        after = with_places(_joined(grown, new), draft, added.vectors)
    came = set(added.segments)
    left_out = Counter(left.reason for left in after.nowhere if left.segment in came)
    told = Update(
        draft=replace(after, parameters=_parameters(draft, len(came), new)),
        n_added=len(came),
        gains=_gains(draft, grown),
        new_themes=tuple(theme.key for theme in new),
        nowhere=tuple(sorted(left_out.items(), key=lambda item: (-item[1], item[0]))),
    )
    return told


def _standing(draft: ThemeDraft, added: Arrivals) -> Standing:
    first = [m.segment for t in draft.themes for m in t.members if not m.later]
    first += [left.segment for left in draft.nowhere if not left.later]
    homes = {
        member.segment: theme.key
        for theme in draft.themes
        for member in theme.members
        if not member.later and not member.reason
    }
    known = {theme.key for theme in draft.themes}
    # What a person dropped stays dropped: a later segment may belong there too.
    homes |= {
        left.segment: left.nearest
        for left in draft.nowhere
        if left.nearest and left.nearest not in known and not left.later
    }
    method = str(draft.parameters.get("method", "combined"))
    return standing(draft, added.distinct(first), homes, method=method)


def _with(draft: ThemeDraft, found: Fates) -> ThemeDraft:
    themes = tuple(
        replace(theme, members=in_place([*theme.members, *found.members.get(theme.key, ())]))
        for theme in draft.themes
    )
    left = sorted(
        [*draft.nowhere, *found.nowhere],
        key=lambda one: (one.segment.transcript, one.segment.span.start),
    )
    return replace(draft, themes=themes, nowhere=tuple(left))


def _joined(draft: ThemeDraft, new: tuple[Theme, ...]) -> ThemeDraft:
    """The draft with new themes of what it had left out."""
    taken = {member.segment for theme in new for member in theme.members}
    nowhere = tuple(left for left in draft.nowhere if left.segment not in taken)
    return replace(draft, themes=(*draft.themes, *new), nowhere=nowhere)


def _new_themes(
    draft: ThemeDraft, stand: Standing, added: Arrivals, codes: CodeCentres
) -> tuple[Theme, ...]:
    """Themes of what is an idea of its own, where enough of it belongs together."""
    pool = added.distinct([left.segment for left in draft.nowhere if left.reason == ALONE])
    groups = grouped(pool.vectors, Cut(draft.parameters.get("method", "combined")))
    came, bound = set(added.segments), stand.close_knit()
    taken = [
        number
        for number in range(groups.n_groups)
        if any(pool.segments[i] in came for at in _rows(groups, number) for i in pool.copies[at])
        and _is_theme(pool.vectors[_rows(groups, number)], bound)
    ]
    layout = laid_out(pool, _only(groups, taken), first=_last_number(draft) + 1)
    return tuple(
        replace(
            theme_of(layout, number, codes),
            place=_place(draft, stand, layout.middles[number]) or layout.places[number],
        )
        for number in layout.keys
    )


def _place(draft: ThemeDraft, stand: Standing, middle: Floats) -> tuple[float, float] | None:
    """Among the three nearest themes of the map, which stay where they are."""
    known = {theme.key: theme.place for theme in draft.themes}
    cosine = np.round(stand.plain @ middle, DECIMALS)
    order = [at for at in np.argsort(-cosine, kind="stable") if stand.keys[at] in known]
    if not order:
        return None
    nearest = order[:_PLACED_BY]
    weights = np.maximum(cosine[nearest], 0.01)
    points = np.array([known[stand.keys[at]] for at in nearest])
    x, y = (weights[:, None] * points).sum(axis=0) / weights.sum()
    return round(float(x), 4), round(float(y), 4)


def _is_theme(rows: Vectors, bound: float | None) -> bool:
    if bound is None:
        # There is nothing to hold it against: as in a first draft, two make a theme.
        return True
    return len(rows) >= _FEWEST_IN_NEW and mean_cosine(rows) >= bound


def _rows(groups: Groups, number: int) -> Ids:
    return np.flatnonzero(groups.group == number)


def _only(groups: Groups, taken: list[int]) -> Groups:
    """Some of the groups, numbered anew; the rows of the others are nowhere."""
    number = np.full(groups.n_groups + 1, NOWHERE, dtype=np.intp)
    number[taken] = np.arange(len(taken))
    group = number[groups.group]
    inside = group != NOWHERE
    return replace(
        groups,
        group=group,
        strength=np.where(inside, groups.strength, 0.0),
        nearest=group,
        part=np.where(inside, groups.part, NOWHERE),
        reason=tuple(np.where(inside, "", "alone").tolist()),
    )


def _last_number(draft: ThemeDraft) -> int:
    """The highest number that a theme of this draft has had, also one that is gone."""
    keys = [theme.key for theme in draft.themes]
    keys += [left.nearest for left in draft.nowhere if left.nearest]
    numbers = [int(key[1:].partition(".")[0]) for key in keys]
    return max([int(draft.parameters.get("n_drafted", 0)), *numbers])


def _parameters(draft: ThemeDraft, n_came: int, new: tuple[Theme, ...]) -> dict[str, Any]:
    told = {"n_segments": n_came, "new_themes": [theme.key for theme in new]}
    return draft.parameters | {
        "n_drafted": _last_number(draft) + len(new),
        "updates": [*draft.parameters.get("updates", ()), told],
    }


def _gains(before: ThemeDraft, after: ThemeDraft) -> tuple[Gain, ...]:
    return tuple(
        Gain(
            theme=one.key,
            name=one.name,
            n_segments=two.n_segments - one.n_segments,
            new_participants=tuple(sorted(set(two.participants) - set(one.participants))),
        )
        for one, two in zip(before.themes, after.themes, strict=True)
        if two.n_segments > one.n_segments
    )
