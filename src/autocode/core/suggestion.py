"""Suggestions: codes a machine proposes and no person has accepted, with their evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

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
class GuideEvidence:
    """That a segment answers a question of the interview guide: its number from 1, of so many.

    `span` is what the interviewer says, `similarity` its cosine with the question's words; `begins`
    where the answer begins.
    """

    question: int
    n_questions: int
    span: Span
    similarity: float
    begins: bool

    def describe(self) -> str:
        """The evidence in words: "question 4 of 9 of the guide begins here"."""
        words = f"question {self.question} of {self.n_questions} of the guide"
        return f"{words} begins here" if self.begins else f"within {words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a code was suggested: codebook words, precedents, counter-examples, and what moved it.

    `words` are (word, part of the score) of the segment itself, the ones that raised it most;
    `neighbours` are the adjoining segments that did, most first. `guide` says which question of the
    interview guide the segment answers, if that is the code's.
    """

    phrase: CodebookPhrase | None = None
    precedents: tuple[Precedent, ...] = ()
    counter_examples: tuple[Precedent, ...] = ()
    words: tuple[tuple[str, float], ...] = ()
    neighbours: tuple[NeighbourContribution, ...] = ()
    guide: GuideEvidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A code proposed for a segment.

    `score` is a logit; `probability` its logistic, fitted on held-out transcripts when enough
    is coded (`SuggestionDiagnostics.calibrated`). `likely` says that the machine would apply the
    code; where it is false, "none of these" is the better answer. `in_set` says that the code is
    in the prediction set; `auto_acceptable` that it may be accepted without reading, at the target
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


Enough = Literal["too few to say", "more", "enough"]
Findable = Literal["too few to say", "unclear", "yes", "no"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeStatus:
    """What the codings say of one code: its uses, and two questions answered from them.

    `recall` is the share of its uses on held-out transcripts where it was among the first three
    suggestions, from `low` to `high` at 95 % (Wilson 1927; uses count as independent). `enough` is
    "enough" when that interval lies above 0.6. `definition_auc` is the area under the ROC curve of
    the codebook's words alone, on coded segments; `findable` is "no" when its interval (Hanley &
    McNeil 1982) lies below 0.6: codes of what is done in talk (a question, a reflection) rather
    than said cannot be found from their definition.
    """

    code: str
    n_uses: int
    n_transcripts: int
    recall: float | None = None
    low: float | None = None
    high: float | None = None
    enough: Enough = "too few to say"
    definition_auc: float | None = None
    findable: Findable = "too few to say"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionDiagnostics:
    """What a suggester says of its own answer; a method may extend it with fields of its own.

    `calibrated` tells whether probabilities were fitted on held-out transcripts; None where the
    method does not say. `auto_accept_from` holds, for each code that has one, the probability from
    which it may be accepted without reading; `codes` the status of each code.
    """

    calibrated: bool | None = None
    auto_accept_from: Mapping[str, float] = field(default_factory=dict)
    codes: tuple[CodeStatus, ...] = ()

    @classmethod
    def from_plain(cls, parameters: Mapping[str, Any]) -> SuggestionDiagnostics:
        """Read back from the parameters of a stored run; what only its method knows is left out."""
        known = {part.name for part in fields(CodeStatus)}
        return SuggestionDiagnostics(
            calibrated=parameters.get("calibrated"),
            auto_accept_from=parameters.get("auto_accept_from", {}),
            codes=tuple(
                CodeStatus(**{name: part for name, part in status.items() if name in known})
                for status in parameters.get("codes", ())
            ),
        )
