"""What people did: codings, readings, decisions, cases and memos."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

from .transcript import Span

Action = Literal["accept", "reject", "change"]
ACTIONS: tuple[Action, ...] = ("accept", "reject", "change")

Basis = Literal["imported", "decision", "person"]
"""How a coding or reading came to be: with the data, by deciding on a suggestion, or by hand."""


@dataclass(frozen=True, slots=True)
class Coder:
    """Somebody who codes; a machine is one more named coder.

    A "consensus" is what people settled on where they differed, kept beside what each one did.
    """

    name: str
    kind: Literal["person", "machine", "consensus"] = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A coder applied a code to a span of a transcript. `made_at` is ISO 8601, UTC."""

    transcript: str
    span: Span
    code: str
    coder: str
    made_at: str = ""
    basis: Basis = "imported"
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A coder went through this span with the codebook, whether or not a code was applied.

    Keeps "seen, nothing applied" apart from "not seen". `basis` tells readings that were recorded
    as such from those that deciding on suggestions leaves. `made_at` is when it came into the study
    (ISO 8601, UTC), as the history has it; empty where that is not known or was not asked for.
    """

    transcript: str
    span: Span
    coder: str
    basis: Basis = "imported"
    made_at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person said about one suggestion; kept, also when nothing came of it.

    `suggestion` is its number, None where the suggestion has gone since.
    """

    suggestion: int | None
    action: Action
    coder: str
    transcript: str
    span: Span
    suggested: str
    applied: str | None
    made_at: str
    memo: str = ""


Outcome = Literal["both", "one", "other", "neither", "span", "stand"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""Whose reading a consensus takes: of both coders, of one, of neither, or the code on other words.

"stand" says that both readings stand: the difference is a result, and nothing takes their place.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What people settled on a code at a place where two coders, `one` and `other`, differ.

    `consensus` is the coder whose codings are the outcome, `by` who settled it; a name is None
    where that coder's work was removed since. `note` is what else there is to say.
    """

    transcript: str
    span: Span
    code: str
    outcome: Outcome
    consensus: str
    one: str | None
    other: str | None
    by: str | None
    reason: str
    note: str = ""
    made_at: str = ""

    def replaces(self, coding: Coding) -> bool:
        """Whether a coding is one of the two readings in whose place the outcome stands."""
        return (
            self.outcome != "stand"
            and coding.coder in (self.one, self.other)
            and coding.code == self.code
            and coding.transcript == self.transcript
            and coding.span.overlap(self.span) > 0
        )

    def summarise(self) -> dict[str, str | None]:
        """What was settled, without where."""
        names = ("code", "outcome", "one", "other", "by", "reason", "note")
        return {name: getattr(self, name) for name in names}

    def describe(self, code: str) -> str:
        """What was settled in a line, with the code's name: "Shame: as Amina has it (Kim): ..."."""
        one, other = (name or "somebody removed since" for name in (self.one, self.other))
        words = {
            "both": f"as both {one} and {other} have it",
            "one": f"as {one} has it",
            "other": f"as {other} has it",
            "neither": f"not applied, against {one} or {other}",
            "span": "on other words",
            "stand": f"both readings stand, {one}'s and {other}'s",
        }[self.outcome]
        by = f" ({self.by})" if self.by else ""
        note = f" [{self.note}]" if self.note else ""
        return f"{code}: {words}{by}: {self.reason}{note}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeDecision:
    """What a person did with draft themes (by key); kept for good, also when the draft is gone.

    `action` is code, merge, split, drop, rename or move; `name` the one given to what came of it,
    and `names` are what the themes were called.
    """

    action: str
    themes: tuple[str, ...]
    coder: str
    name: str = ""
    memo: str = ""
    names: tuple[str, ...] = ()
    made_at: str = ""

    def code_name(self, drafted: str) -> str:
        """What the code is called that is made of a theme drafted as `drafted`."""
        return (self.name or drafted).strip()


PAPER_ATTRIBUTES = frozenset(
    ("title", "author", "authors", "year", "doi", "journal", "citation", "reference", "pmid",
     "publication")
)  # fmt: skip
"""Attributes by which published studies are described, and hardly anybody else."""


def describes_paper(attributes: Iterable[str]) -> bool:
    """Whether these attributes are those of a published study: two of `PAPER_ATTRIBUTES`."""
    return len({name.casefold() for name in attributes} & PAPER_ATTRIBUTES) >= 2


@dataclass(frozen=True, slots=True)
class Case:
    """A participant (or site, or study) with attributes such as role or region."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def is_paper(self) -> bool:
        """Whether it is a published study, by its attributes."""
        return describes_paper(self.attributes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """A note on a transcript, words of it, a code, a theme, a case or the study (see `about`).

    The memo on a coding is a part of it (`Coding.memo`). `span` is where the words of a memo about
    a "span" stand; its `subject` is their transcript.
    """

    about: Literal["study", "transcript", "span", "code", "theme", "case"]
    subject: str
    text: str
    coder: str | None = None
    made_at: str = ""
    span: Span | None = None
