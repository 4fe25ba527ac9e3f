"""Segments that come after a draft: into its themes, and new themes of the unassigned.

Themes keep their keys, names, words and decisions. A new theme takes four segments at least that
are as close-knit as three in four of the themes there are, one of them new; it is drafted, as the
first ones were, from all outliers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.theme import Theme, ThemeDraft, UnassignedReason, in_reading_order
from ..core.theme_diagnostics import DraftDiagnostics, UpdateRecord
from ..linalg import DECIMALS, Floats, Ids, one_thread
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..text.stop_words import StopWords
from .assign import Assignments, NewSegments, assign
from .describe import CodeCentroids, describe_groups, describe_theme
from .fitted import FittedThemes, fit_themes, mean_cosine
from .groups import UNASSIGNED, Groups, number_by_first_row, to_reasons
from .guided import GuidingPhrases, GuidingVectors
from .partition import MOST_IN_TREE, PartitionOptions, partition
from .preprocess import Vectors
from .projection import position_new_segments
from .ward import n_themes_for

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
class Update(Result):
    """A draft with what came later, and what that changed.

    `n_added` segments came; `new_themes` are keys; `unassigned` counts the new segments that
    stayed unassigned, by reason, most first.
    """

    draft: ThemeDraft
    n_added: int
    gains: tuple[Gain, ...]
    new_themes: tuple[str, ...]
    unassigned: tuple[tuple[UnassignedReason, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """The update and the draft as plain data."""
        return to_payload(
            "theme_update",
            {
                "update": {
                    "n_added": self.n_added,
                    "gains": self.gains,
                    "new_themes": self.new_themes,
                    "unassigned": dict(self.unassigned),
                },
                **self.draft.to_content(),
            },
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row per theme that has gained segments."""
        return [to_plain(gain) for gain in self.gains]


def list_guiding_phrases(draft: ThemeDraft) -> tuple[GuidingPhrases, ...]:
    """What the themes of a draft were asked to be about, named by their keys."""
    return tuple(GuidingPhrases(t.guidance.phrases, t.key) for t in draft.themes if t.guidance)


def update_draft(
    draft: ThemeDraft,
    added: NewSegments,
    codes: CodeCentroids,
    *,
    guiding: GuidingVectors | None = None,
) -> Update:
    """The draft with segments that came later; these may come in any order.

    `guiding` are the vectors of `list_guiding_phrases(draft)`. Excerpts that the draft knows keep
    their assignment.

    Raises:
        InputError: if a vector holds something that is no number.
    """
    made_with = draft.diagnostics
    added = replace(added, stop_words=StopWords(made_with.languages, made_with.added_stop_words))
    with one_thread():
        fitted = _fit(draft, added)
        grown = _with(draft, assign(draft, fitted, added, guiding=guiding or GuidingVectors.none()))
        new = _new_themes(grown, fitted, added, codes)
        after = position_new_segments(_with_new_themes(grown, new), draft, added.vectors)
    came = set(added.segments)
    left_out = Counter(left.reason for left in after.unassigned if left.segment in came)
    return Update(
        draft=replace(after, diagnostics=_record_update(draft, len(came), new)),
        n_added=len(came),
        gains=_gains(draft, grown),
        new_themes=tuple(theme.key for theme in new),
        unassigned=tuple(sorted(left_out.items(), key=lambda item: (-item[1], item[0]))),
    )


def _fit(draft: ThemeDraft, added: NewSegments) -> FittedThemes:
    first = [m.segment for t in draft.themes for m in t.members if not m.later]
    first += [left.segment for left in draft.unassigned if not left.later]
    theme_of = {
        member.segment: theme.key
        for theme in draft.themes
        for member in theme.members
        if not member.later and member.reason is None
    }
    known = {theme.key for theme in draft.themes}
    # What a person dropped stays dropped: a later segment may belong there too.
    theme_of |= {
        left.segment: left.nearest
        for left in draft.unassigned
        if left.nearest and left.nearest not in known and not left.later
    }
    method = draft.diagnostics.partition.method
    return fit_themes(draft, added.deduplicate(first), theme_of, method=method)


def _with(draft: ThemeDraft, assigned: Assignments) -> ThemeDraft:
    themes = tuple(
        replace(
            theme, members=in_reading_order([*theme.members, *assigned.members.get(theme.key, ())])
        )
        for theme in draft.themes
    )
    left = sorted(
        [*draft.unassigned, *assigned.unassigned],
        key=lambda before_theme: (before_theme.segment.transcript, before_theme.segment.span.start),
    )
    return replace(draft, themes=themes, unassigned=tuple(left))


def _with_new_themes(draft: ThemeDraft, new: tuple[Theme, ...]) -> ThemeDraft:
    """The draft with new themes of what it had left out."""
    taken = {member.segment for theme in new for member in theme.members}
    unassigned = tuple(left for left in draft.unassigned if left.segment not in taken)
    return replace(draft, themes=(*draft.themes, *new), unassigned=unassigned)


def _new_themes(
    draft: ThemeDraft, fitted: FittedThemes, added: NewSegments, codes: CodeCentroids
) -> tuple[Theme, ...]:
    """Themes of the outliers, where enough of them belong together."""
    pool = added.deduplicate(
        [left.segment for left in draft.unassigned if left.reason is UnassignedReason.OUTLIER]
    )
    # Left-over rows are few and unlike: a knee among them would be chance.
    n_sought = n_themes_for(min(len(pool.vectors), MOST_IN_TREE))
    options = PartitionOptions(draft.diagnostics.partition.method, max(1, n_sought))
    came, bound = set(added.segments), fitted.usual_cohesion()
    rows = pool.vectors if fitted.metric is None else fitted.metric.transform(pool.vectors)
    groups = _join_close_groups(partition(rows, options), pool.vectors, bound)
    taken = [
        number
        for number in range(groups.n_groups)
        if any(pool.segments[i] in came for at in _rows(groups, number) for i in pool.copies[at])
        and _is_theme(pool.vectors[_rows(groups, number)], bound)
    ]
    layout = describe_groups(
        pool,
        _only(groups, taken),
        proper_names=added.find_names(draft.segments),
        first=_last_number(draft) + 1,
    )
    return tuple(
        replace(
            describe_theme(layout, number, codes),
            position=_position(draft, fitted, layout.centroids[number])
            or layout.theme_positions[number],
        )
        for number in layout.keys
    )


def _join_close_groups(groups: Groups, vectors: Vectors, bound: float | None) -> Groups:
    """The groups of rows (n, d), those joined that are as close-knit together as a theme is.

    The number of groups is that for so many rows, which may be more than there are themes in them.
    """
    if bound is None or groups.n_groups < 2:
        return groups
    group = groups.group.copy()
    while pair := _closest_pair(group, vectors, bound):
        group[group == pair[1]] = pair[0]
    return replace(groups, group=number_by_first_row(group))


def _closest_pair(group: Ids, vectors: Vectors, bound: float) -> tuple[int, int] | None:
    """The two groups that are closest-knit together, where they reach the bound."""
    numbers = sorted(set(group.tolist()) - {UNASSIGNED})
    cohesion = {
        (one, other): mean_cosine(vectors[(group == one) | (group == other)])
        for at, one in enumerate(numbers)
        for other in numbers[at + 1 :]
    }
    best = max(cohesion, key=lambda pair: cohesion[pair], default=None)
    return best if best is not None and cohesion[best] >= bound else None


def _position(
    draft: ThemeDraft, fitted: FittedThemes, centroid: Floats
) -> tuple[float, float] | None:
    """Among the three nearest themes of the map, which stay where they are."""
    known = {theme.key: theme.position for theme in draft.themes}
    cosine = np.round(fitted.vector_centroids @ centroid, DECIMALS)
    order = [at for at in np.argsort(-cosine, kind="stable") if fitted.keys[at] in known]
    if not order:
        return None
    nearest = order[:_PLACED_BY]
    weights = np.maximum(cosine[nearest], 0.01)
    points = np.array([known[fitted.keys[at]] for at in nearest])
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
    """Some of the groups, numbered anew; the rows of the others are unassigned."""
    number = np.full(groups.n_groups + 1, UNASSIGNED, dtype=np.intp)
    number[taken] = np.arange(len(taken))
    group = number[groups.group]
    inside = group != UNASSIGNED
    return replace(
        groups,
        group=group,
        strength=np.where(inside, groups.strength, 0.0),
        nearest=group,
        part=np.where(inside, groups.part, UNASSIGNED),
        reason=to_reasons(np.where(inside, "", UnassignedReason.OUTLIER.value)),
    )


def _last_number(draft: ThemeDraft) -> int:
    """The highest number that a theme of this draft has had, also one that is gone."""
    keys = [theme.key for theme in draft.themes]
    keys += [left.nearest for left in draft.unassigned if left.nearest]
    numbers = [int(key[1:].partition(".")[0]) for key in keys]
    return max([draft.diagnostics.n_drafted, *numbers])


def _record_update(
    draft: ThemeDraft, n_added: int, new_themes: Sequence[Theme]
) -> DraftDiagnostics:
    record = UpdateRecord(n_added, tuple(theme.key for theme in new_themes))
    return replace(
        draft.diagnostics,
        n_drafted=_last_number(draft) + len(new_themes),
        updates=(*draft.diagnostics.updates, record),
    )


def _gains(before: ThemeDraft, after: ThemeDraft) -> tuple[Gain, ...]:
    return tuple(
        Gain(
            theme=before_theme.key,
            name=before_theme.name,
            n_segments=after_theme.n_segments - before_theme.n_segments,
            new_participants=tuple(
                sorted(set(after_theme.participants) - set(before_theme.participants))
            ),
        )
        for before_theme, after_theme in zip(before.themes, after.themes, strict=True)
        if after_theme.n_segments > before_theme.n_segments
    )
