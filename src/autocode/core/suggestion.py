"""Suggestions: codes a machine proposes and no person has accepted, with their evidence."""

from __future__ import annotations

from dataclasses import dataclass, field

from .transcript import Span


@dataclass(frozen=True, slots=True)
class CodebookPhrase:
    """The part of a codebook entry that a segment resembles; `similarity` is a cosine."""

    part: str
    text: str
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """A segment people have coded, near the one in hand; `similarity` is a cosine.

    `coders` applied the code in question (a precedent, of which the part they marked is shown), or
    coded the segment without it (a counter-example, whose own codes are in `codes`).
    """

    transcript: str
    span: Span
    excerpt: str
    coders: tuple[str, ...]
    similarity: float
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourContribution:
    """An adjoining segment that raises the score of a code.

    `code` is the one of that segment that counts most, `known` when people gave it, else likely;
    `part` is what the segment adds to the score.
    """

    span: Span
    is_before: bool
    code: str
    known: bool
    part: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a code was suggested: codebook words, precedents, counter-examples, and what moved it.

    `words` are (word, part of the score) of the segment itself, the ones that raised it most;
    `neighbours` are the adjoining segments that did, most first.
    """

    phrase: CodebookPhrase | None = None
    precedents: tuple[Precedent, ...] = ()
    counter_examples: tuple[Precedent, ...] = ()
    words: tuple[tuple[str, float], ...] = ()
    neighbours: tuple[NeighbourContribution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A code proposed for a segment.

    `score` is a logit; `probability` its logistic, fitted on held-out transcripts when enough
    is coded (`Run.parameters["calibrated"]`). `likely` says that the machine would apply the code;
    where it is false, "none of these" is the better answer. `in_set` says that the code is in the
    prediction set; `auto_acceptable` that it may be accepted without reading, at the target
    false-discovery rate. `number` is set once the suggestion is stored.
    """

    transcript: str
    span: Span
    code: str
    rank: int
    score: float
    probability: float
    likely: bool
    evidence: Evidence = field(default_factory=Evidence)
    number: int | None = None
    in_set: bool = True
    auto_acceptable: bool = False
