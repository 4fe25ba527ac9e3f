"""Draft themes: groups of uncoded segments, and the segments assigned to none.

Reasons and cautions are codes here; `themes.wording` puts them into words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from .theme_diagnostics import DraftDiagnostics
from .theme_stability import STABLE, PhraseStability, Stability
from .transcript import Segment

Position = tuple[float, float]
"""A point in [0, 1]² on a map."""


class UnassignedReason(StrEnum):
    """Why a segment is in no draft theme; the last three are a person's decision."""

    TOO_SHORT = "too_short"
    NEAR_TWO_THEMES = "near_two_themes"
    OUTLIER = "outlier"
    DROPPED = "dropped"
    LEFT_BY_SPLIT = "left_by_split"
    TAKEN_OUT = "taken_out"

    @classmethod
    def from_stored(cls, words: str) -> UnassignedReason | None:
        """The reason that a study file holds: a code, or the sentence of an older version.

        None for no words; `OUTLIER` for a sentence that no version wrote.
        """
        if not words:
            return None
        codes = [reason for reason in cls if reason == words]
        legacy = [reason for known, reason in LEGACY_REASONS if re.fullmatch(known, words)]
        return [*codes, *legacy, cls.OUTLIER][0]


LEGACY_REASONS: tuple[tuple[str, UnassignedReason], ...] = (
    (r"too short to place \(no content word\)", UnassignedReason.TOO_SHORT),
    (r"near two themes", UnassignedReason.NEAR_TWO_THEMES),
    (r"an idea of its own", UnassignedReason.OUTLIER),
    (r"(?s)in a theme that .* dropped", UnassignedReason.DROPPED),
    (r"left over when \S+ was split", UnassignedReason.LEFT_BY_SPLIT),
)
"""Patterns of the sentences that studies held before reasons were codes."""


class Caution(StrEnum):
    """What a reader should know before relying on a draft theme."""

    ONE_PARTICIPANT = "one_participant"
    ONE_TRANSCRIPT = "one_transcript"
    UNSTABLE = "unstable"
    UNSTABLE_WITHOUT_PARTICIPANT = "unstable_without_participant"
    DEPENDS_ON_SINGLE_PHRASES = "depends_on_single_phrases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A segment in a draft theme; `strength` 0..1, `exemplar` 1.. for the ones shown first.

    `edge` is 1.. for the ones shown as edge cases, `part` the key of a sub-theme. `reason` says why
    the draft had left the segment unassigned, for one that was assigned afterwards on demand.
    `later` marks one that was added after the theme was drafted; the centroid of the theme does not
    depend on it. `position` is the segment's on the excerpt map, None where it has none.
    """

    segment: Segment
    strength: float
    exemplar: int | None = None
    part: str | None = None
    edge: int | None = None
    reason: UnassignedReason | None = None
    later: bool = False
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class SubTheme:
    """A smaller group within a draft theme, named by its own words."""

    key: str
    name: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A draft theme beside its nearest neighbour: what it speaks of more, and of less."""

    theme: str
    more: tuple[str, ...]
    less: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guidance:
    """The phrases that guide a theme, and the cosine from which a segment clearly matches them.

    A segment is compared with the nearest of the `phrases`. `stability` is None where it was not
    measured: a single phrase cannot be left out.
    """

    phrases: tuple[str, ...]
    clear_from: float
    stability: PhraseStability | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme(Result):
    """A draft theme: a group of uncoded segments, named by its own words.

    `position` is the theme's on the thematic map; `near` holds (code id, cosine) pairs; `guidance`
    is what an analyst asked the theme to be about, None where its segments made it.
    """

    key: str
    name: str
    terms: tuple[str, ...]
    members: tuple[Member, ...]
    position: Position = (0.5, 0.5)
    near: tuple[tuple[str, float], ...] = ()
    parts: tuple[SubTheme, ...] = ()
    contrast: Contrast | None = None
    stability: Stability | None = None
    guidance: Guidance | None = None

    def to_dict(self) -> dict[str, Any]:
        """The theme as plain data."""
        return to_payload("theme", self.to_content())

    def to_content(self) -> dict[str, Any]:
        """The theme as a part of another payload."""
        return {
            "theme": self.key,
            "name": self.name,
            "terms": self.terms,
            "n_segments": self.n_segments,
            "n_participants": len(self.participants),
            "participants": self.participants,
            "n_transcripts": len(self.transcripts),
            "n_assigned": self.n_assigned,
            "n_later": self.n_later,
            "cautions": self.cautions,
            "guidance": self.guidance,
            "stability": self.stability,
            "contrast": self.contrast,
            "sub_themes": self.parts,
            "near_codes": [{"code": code, "cosine": cosine} for code, cosine in self.near],
            "exemplars": [_segment_content(m.segment) for m in self.exemplars],
            "edge_cases": [_segment_content(m.segment) for m in self.edges],
            "members": [
                _segment_content(member.segment) | _member_content(member)
                for member in self.members
            ],
        }

    def to_rows(self) -> list[dict[str, Any]]:
        """A row per member."""
        return [_segment_row(member.segment) | _member_content(member) for member in self.members]

    @property
    def n_segments(self) -> int:
        """How many segments support the theme."""
        return len(self.members)

    @property
    def n_assigned(self) -> int:
        """How many of them the draft had left unassigned and a person had assigned."""
        return sum(member.reason is not None for member in self.members)

    @property
    def n_later(self) -> int:
        """How many were added after it was drafted; its name and figures do not include them."""
        return sum(member.later for member in self.members)

    @property
    def participants(self) -> tuple[str, ...]:
        """Who supports the theme, sorted."""
        return tuple(sorted({member.segment.participant for member in self.members}))

    @property
    def transcripts(self) -> tuple[str, ...]:
        """Where the theme occurs, sorted."""
        return tuple(sorted({member.segment.transcript for member in self.members}))

    @property
    def exemplars(self) -> tuple[Member, ...]:
        """The members shown first, best first."""
        marked = [member for member in self.members if member.exemplar is not None]
        return tuple(sorted(marked, key=lambda member: member.exemplar or 0))

    @property
    def edges(self) -> tuple[Member, ...]:
        """The members that belong least, least first."""
        marked = [member for member in self.members if member.edge is not None]
        return tuple(sorted(marked, key=lambda member: member.edge or 0))

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What a reader should know before relying on the theme."""
        cautions = []
        if len(self.participants) == 1:
            cautions.append(Caution.ONE_PARTICIPANT)
        elif len(self.transcripts) == 1:
            cautions.append(Caution.ONE_TRANSCRIPT)
        if self.stability is not None and not self.stability.is_stable:
            drawn = self.stability.jaccard < STABLE
            cautions.append(Caution.UNSTABLE if drawn else Caution.UNSTABLE_WITHOUT_PARTICIPANT)
        phrases = self.guidance.stability if self.guidance else None
        if phrases is not None and not phrases.is_stable:
            cautions.append(Caution.DEPENDS_ON_SINGLE_PHRASES)
        return tuple(cautions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassigned:
    """A segment in no draft theme, why, and the key of the theme it is nearest to.

    `nearest` is the key of a theme that is gone where a person dropped it. `later` marks a segment
    that was added after the draft was made; `position` is on the excerpt map.
    """

    segment: Segment
    reason: UnassignedReason
    nearest: str | None = None
    later: bool = False
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class DraftMetric:
    """The metric that a draft was made in, as bytes: `themes.learned_metric` reads them.

    Little-endian float32: the mean, and the upper triangle of a symmetric matrix.
    """

    mean: bytes
    matrix: bytes


@dataclass(frozen=True, slots=True)
class ThemeDraft(Result):
    """All themes of one run, and the segments assigned to none of them.

    `metric` was learned from codings; None where vectors were taken as they are.
    """

    themes: tuple[Theme, ...]
    unassigned: tuple[Unassigned, ...]
    diagnostics: DraftDiagnostics = field(default_factory=DraftDiagnostics)
    metric: DraftMetric | None = field(default=None, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The draft as plain data."""
        return to_payload("theme_draft", self.to_content())

    def to_content(self) -> dict[str, Any]:
        """The draft as a part of another payload."""
        return {
            "diagnostics": self.diagnostics,
            "themes": [theme.to_content() for theme in self.themes],
            "unassigned": [
                _segment_content(left.segment)
                | {"reason": left.reason, "nearest": left.nearest, "later": left.later}
                for left in self.unassigned
            ],
        }

    def to_rows(self) -> list[dict[str, Any]]:
        """A row per segment: its theme, None where it is unassigned, and why."""
        inside = [
            {"theme": theme.key, "name": theme.name} | row
            for theme in self.themes
            for row in theme.to_rows()
        ]
        outside = [
            {"theme": None, "name": None}
            | _segment_row(left.segment)
            | {"strength": None, "sub_theme": None, "reason": left.reason, "later": left.later}
            for left in self.unassigned
        ]
        return [to_plain(row) for row in (*inside, *outside)]

    @property
    def segments(self) -> list[Segment]:
        """Every segment of the draft, those of the themes first."""
        inside = [member.segment for theme in self.themes for member in theme.members]
        return inside + [left.segment for left in self.unassigned]

    @property
    def n_assigned(self) -> int:
        """How many segments were put into a theme on demand."""
        return sum(theme.n_assigned for theme in self.themes)

    def with_rest_assigned(self) -> ThemeDraft:
        """The draft with each unassigned segment put into its nearest theme, at strength 0.

        Each such member keeps its reason. What is near no theme stays unassigned.
        """
        known = {theme.key for theme in self.themes}
        added: dict[str, list[Member]] = {}
        for left in self.unassigned:
            if left.nearest in known:
                member = Member(
                    segment=left.segment,
                    strength=0.0,
                    reason=left.reason,
                    later=left.later,
                    position=left.position,
                )
                added.setdefault(left.nearest or "", []).append(member)
        themes = tuple(
            replace(theme, members=in_reading_order([*theme.members, *added.get(theme.key, ())]))
            for theme in self.themes
        )
        rest = tuple(left for left in self.unassigned if left.nearest not in known)
        return replace(self, themes=themes, unassigned=rest)

    def without_rest_assigned(self) -> ThemeDraft:
        """The draft as it was before `with_rest_assigned`."""
        rest = [
            Unassigned(
                segment=member.segment,
                reason=member.reason,
                nearest=theme.key,
                later=member.later,
                position=member.position,
            )
            for theme in self.themes
            for member in theme.members
            if member.reason is not None
        ]
        themes = tuple(
            replace(theme, members=tuple(m for m in theme.members if m.reason is None))
            for theme in self.themes
        )
        return replace(self, themes=themes, unassigned=in_reading_order([*self.unassigned, *rest]))


_Placed = TypeVar("_Placed", Member, Unassigned)


def in_reading_order(placed: Iterable[_Placed]) -> tuple[_Placed, ...]:
    """Members, or unassigned segments, in order of transcript and start."""
    return tuple(
        sorted(placed, key=lambda item: (item.segment.transcript, item.segment.span.start))
    )


def _segment_content(segment: Segment) -> dict[str, Any]:
    """A segment in a payload."""
    return {
        "transcript": segment.transcript,
        "span": segment.span,
        "participant": segment.participant,
        "excerpt": segment.excerpt,
    }


def _segment_row(segment: Segment) -> dict[str, Any]:
    """A segment in a table, where a cell holds one value."""
    return {
        "transcript": segment.transcript,
        "start": segment.span.start,
        "end": segment.span.end,
        "participant": segment.participant,
        "excerpt": segment.excerpt,
    }


def _member_content(member: Member) -> dict[str, Any]:
    return {
        "strength": member.strength,
        "sub_theme": member.part,
        "reason": member.reason,
        "later": member.later,
    }
