"""Later segments to the themes of a draft: the theme of each, or why it has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..core.theme import Member, ThemeDraft, Unassigned, UnassignedReason
from ..core.transcript import Segment
from ..linalg import DECIMALS, Floats, Ids
from ..text.stop_words import StopWords
from .deduplicate import DistinctExcerpts, deduplicate, find_names_of
from .fitted import FittedThemes, Prediction
from .groups import UNASSIGNED, compute_centroids
from .guided import GuidingVectors, nearest_clear
from .preprocess import Vectors

Assignment = Member | Unassigned


@dataclass(frozen=True, slots=True)
class NewSegments:
    """Segments that came after a draft, and unit rows of all segments by excerpt."""

    segments: Sequence[Segment]
    vectors: Mapping[str, Vectors]
    stop_words: StopWords = field(default_factory=StopWords)

    def find_names(self, known: Sequence[Segment]) -> frozenset[str]:
        """The proper names in these segments and in those that are known."""
        return find_names_of([*known, *self.segments])

    def deduplicate(self, segments: Sequence[Segment]) -> DistinctExcerpts:
        """Some segments with their rows, in canonical order."""
        rows = [self.vectors[segment.excerpt] for segment in segments]
        width = next((len(row) for row in self.vectors.values()), 1)
        prediction = np.array(rows, dtype=np.float32).reshape(len(rows), width)
        return deduplicate(segments, prediction, self.stop_words)


@dataclass(frozen=True, slots=True)
class Assignments:
    """New members by the key of their theme, and what stays unassigned."""

    members: Mapping[str, Sequence[Member]]
    unassigned: Sequence[Unassigned]


def assign(
    draft: ThemeDraft, fitted: FittedThemes, added: NewSegments, *, guiding: GuidingVectors
) -> Assignments:
    """What becomes of each new segment.

    Excerpts already assigned keep their assignment. Others go to the guided theme whose phrases
    they clearly match, else to the theme they are nearest to.
    """
    known = _known(draft)
    new = added.deduplicate([s for s in added.segments if s.excerpt not in known])
    assignments = _assign_distinct(draft, fitted, new, guiding)
    assigned = [
        (key, replace(assignment, segment=segment, later=True))
        for segment in added.segments
        if segment.excerpt in known
        for key, assignment in [known[segment.excerpt]]
    ]
    assigned += [
        (key, replace(assignment, segment=new.segments[i]))
        for (key, assignment), copies in zip(assignments, new.copies, strict=True)
        for i in copies
    ]
    members: dict[str, list[Member]] = {}
    unassigned = [
        Unassigned(segment=new.segments[i], reason=UnassignedReason.TOO_SHORT, later=True)
        for i in new.short
    ]
    for key, assignment in assigned:
        if isinstance(assignment, Member):
            members.setdefault(key, []).append(assignment)
        else:
            unassigned.append(assignment)
    return Assignments(members, unassigned)


def _known(draft: ThemeDraft) -> dict[str, tuple[str, Assignment]]:
    """What became of the words of a draft; what was put in afterwards had been left out."""
    prediction: dict[str, tuple[str, Assignment]] = {
        left.segment.excerpt: ("", left) for left in draft.unassigned
    }
    for theme in draft.themes:
        for member in theme.members:
            assignment: Assignment = replace(member, exemplar=None, edge=None)
            if member.reason is not None:
                assignment = Unassigned(
                    segment=member.segment,
                    reason=member.reason,
                    nearest=theme.key,
                    position=member.position,
                )
            prediction[member.segment.excerpt] = (theme.key, assignment)
    return prediction


def _assign_distinct(
    draft: ThemeDraft, fitted: FittedThemes, new: DistinctExcerpts, guiding: GuidingVectors
) -> list[tuple[str, Assignment]]:
    """For each distinct excerpt the key of its theme, empty for none, and its assignment."""
    cuts = np.array([t.guidance.clear_from for t in draft.themes if t.guidance])
    closeness = guiding.closeness(new.vectors)
    asked, between = nearest_clear(closeness, cuts)
    prediction = fitted.predict(new.vectors)
    keys = np.array([fitted.keys.index(wanted.name) for wanted in guiding.guiding], dtype=np.intp)
    theme = prediction.theme.copy()
    theme[asked != UNASSIGNED] = keys[asked[asked != UNASSIGNED]]
    parts = _parts(draft, fitted, prediction.points, theme)
    assignments = _by_nearness(draft, fitted, new, (prediction, parts))
    for row in np.flatnonzero(asked != UNASSIGNED):
        key, part = guiding.guiding[asked[row]].name, parts[row]
        strength = float(np.clip(closeness[row, asked[row]], 0, 1))
        segment = new.segments[new.copies[row][0]]
        assignments[row] = key, Member(segment=segment, strength=strength, part=part, later=True)
    for row in np.flatnonzero(between != UNASSIGNED):
        key = guiding.guiding[between[row]].name
        assignments[row] = (
            "",
            Unassigned(
                segment=new.segments[new.copies[row][0]],
                reason=UnassignedReason.NEAR_TWO_THEMES,
                nearest=key,
                later=True,
            ),
        )
    return assignments


def _by_nearness(
    draft: ThemeDraft,
    fitted: FittedThemes,
    new: DistinctExcerpts,
    placement: tuple[Prediction, list[str | None]],
) -> list[tuple[str, Assignment]]:
    """Assignments of distinct excerpts by the centroids of the themes alone."""
    live = {theme.key for theme in draft.themes}
    # The reason of what a person dropped, under the key of a theme that is gone.
    gone = {left.nearest: left.reason for left in draft.unassigned if left.nearest not in live}
    prediction, parts = placement
    assignments: list[tuple[str, Assignment]] = []
    for row, copies in enumerate(new.copies):
        segment, strength = new.segments[copies[0]], float(prediction.strength[row])
        key, nearest = (
            fitted.keys[at] if at != UNASSIGNED else ""
            for at in (prediction.theme[row], prediction.nearest[row])
        )
        if key in live:
            assignments.append(
                (key, Member(segment=segment, strength=strength, part=parts[row], later=True))
            )
        elif key:
            assignments.append(
                ("", Unassigned(segment=segment, reason=gone[key], nearest=key, later=True))
            )
        else:
            pointed = nearest if nearest in live else None
            reason = prediction.reason[row] or UnassignedReason.OUTLIER
            assignments.append(
                ("", Unassigned(segment=segment, reason=reason, nearest=pointed, later=True))
            )
    return assignments


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
