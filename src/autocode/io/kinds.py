"""The kinds of file that a study takes, and the evidence for each of them in one file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["project", "corpus", "codebook", "transcript", "codings", "cases", "survey"]
AssignedKind = Literal["transcript", "survey", "codebook", "codings", "cases"]
"""The kinds that a user may say a file is."""
ASSIGNED_KINDS: tuple[AssignedKind, ...] = get_args(AssignedKind)

LEAST = 0.5
"""Score below which a kind does not fit."""
CLOSE = 0.15
"""Difference of scores below which two kinds fit a file about equally well."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well a file fits one kind: a score (0..1), and what in the file says so."""

    kind: Kind
    score: float
    reasons: tuple[str, ...]

    def describe(self) -> str:
        """The kind and its reasons in a few words: "a codebook (columns 'code', 'definition')"."""
        name = self.kind if self.kind in ("codings", "cases") else f"a {self.kind}"
        return f"{name} ({'; '.join(self.reasons)})" if self.reasons else name


@dataclass(frozen=True, slots=True)
class Recognition:
    """What one file may be: the evidence for each kind that fits, best first.

    `assigned` is true where the user said the kind.
    """

    ranked: tuple[Evidence, ...] = ()
    assigned: bool = False

    @classmethod
    def rank(cls, evidence: Iterable[Evidence]) -> Recognition:
        """The evidence in order of its scores; kinds that do not fit are left out."""
        fitting = [item for item in evidence if item.score >= LEAST]
        return cls(tuple(sorted(fitting, key=lambda item: -item.score)))

    @classmethod
    def certain(cls, kind: Kind, *reasons: str) -> Recognition:
        """A file that can be of one kind only."""
        return cls((Evidence(kind, 1.0, reasons),))

    @property
    def kind(self) -> Kind | None:
        """The kind that fits best; None where none fits, or two fit about equally well."""
        return None if self.is_close or not self.ranked else self.ranked[0].kind

    @property
    def is_close(self) -> bool:
        """Whether two kinds fit about equally well, so that a person has to say which it is."""
        return (
            not self.assigned
            and len(self.ranked) > 1
            and self.ranked[0].score - self.ranked[1].score < CLOSE
        )

    @property
    def close_kinds(self) -> tuple[Evidence, ...]:
        """The kinds that fit about as well as the best one, which comes first."""
        return tuple(e for e in self.ranked if self.ranked[0].score - e.score < CLOSE)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What says that the file is of its kind."""
        return self.ranked[0].reasons if self.ranked else ()

    @property
    def runner_up(self) -> Evidence | None:
        """The kind that fits second best, if another fits at all."""
        return self.ranked[1] if len(self.ranked) > 1 else None

    def assign(self, kind: Kind) -> Recognition:
        """The same evidence where a person has said that the file is of this kind."""
        said = Evidence(kind, 1.0, ("as you said",))
        others = tuple(item for item in self.ranked if item.kind != kind)
        return Recognition((said, *others), assigned=True)
