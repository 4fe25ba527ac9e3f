"""What a change of the codebook does to the codings that rest on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..serialise.plain import to_payload
from ..serialise.result import Result
from .acts import Act
from .codebook import Code
from .coding import Coding

CodeAction = Literal[
    "add", "rename", "define", "edit", "move", "merge", "split", "archive", "restore", "delete"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChange(Result):
    """A change of codes (ids) and the codings it touches, by coder.

    `n_doubled` codings were there already under the other code, so that one of two is left;
    `n_decisions` decisions on suggestions follow. `n_suggestions` open suggestions of the code, and
    `n_suggestions_naming` of other codes whose evidence names it, are dropped where the code goes;
    where it is archived or restored they are set aside or open again. `made` are ids of new codes.
    `act` is the number of the act, None where it was only tried.
    """

    action: CodeAction
    codes: tuple[str, ...]
    names: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    n_codings: Mapping[str, int] = field(default_factory=dict)
    n_doubled: int = 0
    n_decisions: int = 0
    n_suggestions: int = 0
    n_suggestions_naming: int = 0
    n_children: int = 0
    revision: int | None = None
    notes: tuple[str, ...] = ()
    act: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data."""
        return to_payload(
            "code_change",
            {
                "action": self.action,
                "codes": self.codes,
                "names": self.names,
                "made": self.made,
                "codings": [{"coder": c, "n_codings": n} for c, n in self.n_codings.items()],
                "n_doubled": self.n_doubled,
                "n_decisions": self.n_decisions,
                "n_suggestions": self.n_suggestions,
                "n_suggestions_naming": self.n_suggestions_naming,
                "n_children": self.n_children,
                "revision": self.revision,
                "notes": self.notes,
                "act": self.act,
            },
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a coder whose codings it touches."""
        return [
            {"action": self.action, "codes": list(self.codes), "coder": coder, "n_codings": n}
            for coder, n in self.n_codings.items()
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeVersion:
    """A code as an act found it and left it; `before` or `after` is None where there was none."""

    act: Act
    before: Code | None
    after: Code | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutdatedCoding:
    """A coding made under an earlier revision of its code than today's."""

    coding: Coding
    coded_under: int
    revision: int
