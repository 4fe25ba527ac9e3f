"""What becomes of segments that come after a draft: in one of its themes, or nowhere and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..core.theme import Member, ThemeDraft, Unassigned, UnassignedReason
from ..core.transcript import Segment
from ..linalg import DECIMALS, Floats, Ids
from ..text.stop_words import StopWords
from .deduplicate import Distinct, distinct
from .fitted import FittedThemes, Prediction
from .groups import UNASSIGNED, compute_centroids
from .preprocess import Vectors
from .seeded import GuidingVectors, nearest_clear

Assignment = Member | Unassigned


@dataclass(frozen=True, slots=True)
class NewSegments:
    """Segments that came after a draft, and unit rows of all segments by excerpt."""

    segments: Sequence[Segment]
    vectors: Mapping[str, Vectors]
    stop_words: StopWords = field(default_factory=StopWords)

    def distinct(self, segments: Sequence[Segment]) -> Distinct:
        """Some segments with their rows, in canonical order."""
        rows = [self.vectors[segment.excerpt] for segment in segments]
        width = next((len(row) for row in self.vectors.values()), 1)
        found = np.array(rows, dtype=np.float32).reshape(len(rows), width)
        return distinct(segments, found, self.stop_words)


@dataclass(frozen=True, slots=True)
class Assignments:
    """New members by the key of their theme, and what fits nowhere."""

    members: Mapping[str, Sequence[Member]]
    unassigned: Sequence[Unassigned]


def assign(
    draft: ThemeDraft, fitted: FittedThemes, added: NewSegments, *, guiding: GuidingVectors
) -> Assignments:
    """What becomes of each new segment.

    Words that the draft knows meet the fate they have met. Others go to the theme they were asked
    for where they clearly speak of it, else to the one they are nearest to.
    """
    known = _known(draft)
    new = added.distinct([s for s in added.segments if s.excerpt not in known])
    outcomes = _outcomes(draft, fitted, new, guiding)
    placed = [
        (key, replace(fate, segment=segment, later=True))
        for segment in added.segments
        if segment.excerpt in known
        for key, fate in [known[segment.excerpt]]
    ]
    placed += [
        (key, replace(fate, segment=new.segments[i]))
        for (key, fate), copies in zip(outcomes, new.copies, strict=True)
        for i in copies
    ]
    members: dict[str, list[Member]] = {}
    unassigned = [
        Unassigned(segment=new.segments[i], reason=UnassignedReason.TOO_SHORT, later=True)
        for i in new.short
    ]
    for key, fate in placed:
        if isinstance(fate, Member):
            members.setdefault(key, []).append(fate)
        else:
            unassigned.append(fate)
    return Assignments(members, unassigned)


def _known(draft: ThemeDraft) -> dict[str, tuple[str, Assignment]]:
    """What became of the words of a draft; what was put in afterwards had been left out."""
    found: dict[str, tuple[str, Assignment]] = {
        left.segment.excerpt: ("", left) for left in draft.unassigned
    }
    for theme in draft.themes:
        for member in theme.members:
            fate: Assignment = replace(member, exemplar=None, edge=None)
            if member.reason is not None:
                fate = Unassigned(
                    segment=member.segment,
                    reason=member.reason,
                    nearest=theme.key,
                    position=member.position,
                )
            found[member.segment.excerpt] = (theme.key, fate)
    return found


def _outcomes(
    draft: ThemeDraft, fitted: FittedThemes, new: Distinct, guiding: GuidingVectors
) -> list[tuple[str, Assignment]]:
    """For each distinct excerpt the key of its theme, and its fate."""
    cuts = np.array([t.guidance.clear_from for t in draft.themes if t.guidance])
    closeness = guiding.closeness(new.vectors)
    asked, between = nearest_clear(closeness, cuts)
    found = fitted.predict(new.vectors)
    keys = np.array([fitted.keys.index(seed.name) for seed in guiding.guiding], dtype=np.intp)
    theme = found.theme.copy()
    theme[asked != UNASSIGNED] = keys[asked[asked != UNASSIGNED]]
    parts = _parts(draft, fitted, found.points, theme)
    outcomes = _by_nearness(draft, fitted, new, (found, parts))
    for row in np.flatnonzero(asked != UNASSIGNED):
        key, part = guiding.guiding[asked[row]].name, parts[row]
        strength = float(np.clip(closeness[row, asked[row]], 0, 1))
        segment = new.segments[new.copies[row][0]]
        outcomes[row] = key, Member(segment=segment, strength=strength, part=part, later=True)
    for row in np.flatnonzero(between != UNASSIGNED):
        key = guiding.guiding[between[row]].name
        outcomes[row] = (
            "",
            Unassigned(
                segment=new.segments[new.copies[row][0]],
                reason=UnassignedReason.NEAR_TWO_THEMES,
                nearest=key,
                later=True,
            ),
        )
    return outcomes


def _by_nearness(
    draft: ThemeDraft,
    fitted: FittedThemes,
    new: Distinct,
    found_at: tuple[Prediction, list[str | None]],
) -> list[tuple[str, Assignment]]:
    """The fates of distinct excerpts by the middles of the themes alone; `found_at` says where."""
    live = {theme.key for theme in draft.themes}
    # The reason of what a person dropped, under the key of a theme that is gone.
    gone = {left.nearest: left.reason for left in draft.unassigned if left.nearest not in live}
    found, parts = found_at
    outcomes: list[tuple[str, Assignment]] = []
    for row, copies in enumerate(new.copies):
        segment, strength = new.segments[copies[0]], float(found.strength[row])
        key, nearest = (
            fitted.keys[at] if at != UNASSIGNED else ""
            for at in (found.theme[row], found.nearest[row])
        )
        if key in live:
            outcomes.append(
                (key, Member(segment=segment, strength=strength, part=parts[row], later=True))
            )
        elif key:
            outcomes.append(
                ("", Unassigned(segment=segment, reason=gone[key], nearest=key, later=True))
            )
        else:
            pointed = nearest if nearest in live else None
            reason = found.reason[row] or UnassignedReason.OUTLIER
            outcomes.append(
                ("", Unassigned(segment=segment, reason=reason, nearest=pointed, later=True))
            )
    return outcomes


def _parts(draft: ThemeDraft, fitted: FittedThemes, points: Floats, theme: Ids) -> list[str | None]:
    """The nearest sub-theme of each row's theme, where that has some."""
    part_of = {
        m.segment.excerpt: m.part
        for theme in draft.themes
        for m in theme.members
        if m.part and not m.later
    }
    keys = sorted(set(part_of.values()))
    number = {key: at for at, key in enumerate(keys)}
    inside = np.array(
        [number.get(part_of.get(excerpt, ""), UNASSIGNED) for excerpt in fitted.excerpts],
        dtype=np.intp,
    )
    assignment = np.full(len(keys), UNASSIGNED, dtype=np.intp)
    assignment[inside[inside != UNASSIGNED]] = fitted.assignment[inside != UNASSIGNED]
    cosine = np.round(points @ compute_centroids(fitted.points, inside, len(keys)).T, DECIMALS)
    cosine[assignment[None, :] != theme[:, None]] = -2.0
    return [keys[int(np.argmax(row))] if len(row) and row.max() > -2.0 else None for row in cosine]
