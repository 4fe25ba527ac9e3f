"""What a machine proposes and no person has accepted: suggestions, draft themes, evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .transcript import Segment, Span


@dataclass(frozen=True, slots=True)
class CodebookPhrase:
    """The part of a codebook entry that a segment resembles; `similarity` is a cosine."""

    part: str
    text: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Precedent:
    """A segment people have coded, near the one in hand; `similarity` is a cosine.

    `coders` applied the code in question (a precedent), or coded the segment without it
    (a counter-example, whose own codes are in `codes`).
    """

    transcript: str
    span: Span
    excerpt: str
    coders: tuple[str, ...]
    similarity: float
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a code was suggested: codebook words, precedents, counter-examples."""

    phrase: CodebookPhrase | None = None
    precedents: tuple[Precedent, ...] = ()
    counter_examples: tuple[Precedent, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code proposed for a segment.

    `score` is a logit; `probability` its logistic, fitted on held-out transcripts when enough
    is coded (`Run.parameters["calibrated"]`). `confident` is false when "none of these" is the
    better answer. `number` is set once the suggestion is stored.
    """

    transcript: str
    span: Span
    code: str
    rank: int
    score: float
    probability: float
    confident: bool
    evidence: Evidence = field(default_factory=Evidence)
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One pass of a method: what made the drafts, with what encoder and parameters."""

    kind: str
    method: str
    encoder: str
    encoder_digest: str
    parameters: dict[str, Any]
    versions: dict[str, str]
    made_at: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A segment in a draft theme; `strength` 0..1, `exemplar` 1.. for the ones shown first."""

    segment: Segment
    strength: float
    exemplar: int | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """A draft theme: a group of uncoded segments, named by its own words.

    `place` is a point in [0, 1]² for the thematic map; `near` holds (code id, cosine) pairs.
    """

    key: str
    name: str
    terms: tuple[str, ...]
    members: tuple[Member, ...]
    place: tuple[float, float] = (0.5, 0.5)
    near: tuple[tuple[str, float], ...] = ()

    @property
    def n_segments(self) -> int:
        """How many segments support the theme."""
        return len(self.members)

    @property
    def participants(self) -> tuple[str, ...]:
        """Who supports the theme, sorted."""
        return tuple(sorted({member.segment.participant for member in self.members}))

    @property
    def exemplars(self) -> tuple[Member, ...]:
        """The members shown first, best first."""
        marked = [member for member in self.members if member.exemplar is not None]
        return tuple(sorted(marked, key=lambda member: member.exemplar or 0))


@dataclass(frozen=True, slots=True)
class Nowhere:
    """A segment that no draft theme holds, and why."""

    segment: Segment
    reason: str


@dataclass(frozen=True, slots=True)
class ThemeDraft:
    """All themes of one run and everything that fits nowhere."""

    themes: tuple[Theme, ...]
    nowhere: tuple[Nowhere, ...]
    parameters: dict[str, Any] = field(default_factory=dict)
