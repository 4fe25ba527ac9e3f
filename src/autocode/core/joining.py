"""What studies that are joined disagree on, and what people decide about it."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from .arguments import checked
from .errors import one_line

Take = Literal["this", "other", "both"]
TAKES: tuple[Take, ...] = ("this", "other", "both")

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinConflict:
    """A value that differs between studies: `this` one's, and the `other` one's in its `files`.

    `what` and `subject` say of which thing, such as a code by its key, and `field` which part of
    it. `this` is that of the first study that has the thing. `options` are the possible decisions,
    `take` the one that was made.
    """

    what: str
    subject: str
    field: str
    this: str
    other: str
    files: tuple[str, ...]
    options: tuple[Take, ...] = ("this", "other")
    take: Take | None = None

    @property
    def id(self) -> str:
        """By what a table of decisions finds it again; no program takes it for a number."""
        facts = "\0".join((self.what, self.subject, self.field, self.other))
        return f"c-{hashlib.sha256(facts.encode()).hexdigest()[:10]}"

    def describe(self) -> str:
        """Both sides in one line."""
        files = ", ".join(self.files)
        sides = f"'{one_line(self.this, 60)}' here, '{one_line(self.other, 60)}' in {files}"
        return f"{self.what} '{one_line(self.subject, 60)}', {self.field}: {sides}"


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class JoinDecisions:
    """What to take where studies differ: one word for all conflicts, and words by their ids."""

    of_all: Take | None = None
    by_id: Mapping[str, Take] = field(default_factory=dict)

    def of(self, conflict: JoinConflict) -> Take | None:
        """What was decided on a conflict, None where nothing was or it cannot be done."""
        take = self.by_id.get(conflict.id, self.of_all)
        return take if take in conflict.options else None


@dataclass(slots=True)
class JoinLedger:
    """Settles what differs between pieces and keeps every conflict; pieces go by number.

    The pieces are the study itself (0) and those that are joined to it, named by `files`.
    """

    files: Sequence[str]
    decisions: JoinDecisions = field(default_factory=JoinDecisions)
    conflicts: list[JoinConflict] = field(default_factory=list)

    @property
    def undecided(self) -> list[JoinConflict]:
        """The conflicts that nobody decided."""
        return [conflict for conflict in self.conflicts if conflict.take is None]

    def settle(
        self,
        what: str,
        subject: str,
        part: str,
        held: Mapping[_Value, Sequence[int]],
        *,
        options: tuple[Take, ...] = ("this", "other"),
    ) -> _Value:
        """The one value of several; `held` gives for each value the pieces that hold it."""
        this, *others = sorted(held, key=lambda value: (min(held[value]), show_value(value)))
        if not others:
            return this
        made = []
        for other in others:
            conflict = JoinConflict(
                what=what,
                subject=subject,
                field=part,
                this=show_value(this),
                other=show_value(other),
                files=tuple(self.files[at] for at in sorted(set(held[other]))),
                options=options,
            )
            made.append(replace(conflict, take=self.decisions.of(conflict)))
        takers = [at for at, conflict in enumerate(made) if conflict.take == "other"]
        if len(takers) > 1:  # only one of them can be taken
            made = [replace(c, take=None) if c.take == "other" else c for c in made]
        self.conflicts += made
        return others[takers[0]] if len(takers) == 1 else this

    def choose(self, conflict: JoinConflict) -> Take | None:
        """Note a conflict that is not over a value; returns what was decided."""
        take = self.decisions.of(conflict)
        self.conflicts.append(replace(conflict, take=take))
        return take


def show_value(value: Any) -> str:  # noqa: ANN401 - any value of a cell
    """A value of a cell as text; nothing is empty text."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " / ".join(show_value(part) for part in value)
    return str(value)


def fold_name(name: str) -> str:
    """A name without its case, accents, blanks and marks between words, to compare spellings."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(mark for mark in apart if mark.isalnum())


def alike_names(names: Iterable[str]) -> list[list[str]]:
    """Names in groups that differ only in case, accents, blanks and marks; in their order."""
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(fold_name(name) or name, []).append(name)
    return list(alike.values())
