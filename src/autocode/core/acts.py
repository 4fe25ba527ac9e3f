"""Acts: every change of a study, who made it and when, as the history lists and checks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

_Result = TypeVar("_Result")

UNDO, REDO = "undo", "redo"
REVEAL = "reveal"
"""The kind of the act that shows coders each other's passes: it cannot be undone."""
BEGIN = "begin"
"""The kind of the act with which a study's history begins."""
SHARE = "share"
"""The kind of the act that fills a file for the coder who takes it away."""
ACT_KINDS = frozenset(
    f"{BEGIN} {UNDO} {REDO} {REVEAL} {SHARE} change import join coder speakers join-turns segment "
    "replace remove erase pseudonyms recording code uncode respan recode memo read unread assign "
    "finish reopen resolve suggest show decide draft-themes decide-theme move-segment assign-rest "
    "map family-code family-switch confirm-code add-code rename-code define-code edit-code "
    "move-code merge-code split-code archive-code restore-code delete-code".split()
)
"""Every kind of act that this version makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAct:
    """What is about to be done: its `kind` (a fixed word), a `summary` in words, and who does it.

    `coder` is empty where nobody is named. Two requests with one `key` are one act; without a key
    each is an act of its own. `undoes` are the numbers of acts that this one takes back. With
    `drafts`, changes of the theme draft are part of the act and can be undone. What an act that
    `erases` changes is counted, but its words are not kept: it cannot be undone.
    """

    kind: str
    summary: str
    coder: str = ""
    key: str = ""
    undoes: tuple[int, ...] = ()
    drafts: bool = False
    erases: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One entry of the history. `made_at` is ISO 8601, UTC.

    `summary` is None where its words were erased. `undone_by` is the number of the act that took
    this one back, None while it stands. `n_changes` counts the rows of people's work it changed: 0
    for what the machine computed, which is computed anew and not undone.
    """

    number: int
    kind: str
    coder: str
    made_at: str
    summary: str | None
    n_changes: int
    undoes: tuple[int, ...] = ()
    undone_by: int | None = None
    key: str = ""

    def describe(self) -> str:
        """The act in a few words, as messages name it."""
        by = f", by {self.coder}" if self.coder else ""
        return f"act {self.number} ({self.summary or self.kind}{by})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row as an act found it and left it; `before` or `after` is None where there was none.

    `row` is the row's key, `columns` are the names of the values.
    """

    table: str
    row: tuple[object, ...]
    columns: tuple[str, ...]
    before: tuple[object, ...] | None
    after: tuple[object, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[_Result]):
    """What came of a request: the `act` it made, its `result`, and the `changes`.

    `act` is None where nothing changed or the request was only tried. A `repeated` request, whose
    key the history knows, has the earlier act, no result and no changes.
    """

    act: Act | None
    result: _Result | None
    changes: tuple[Change, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class HistoryFault:
    """What is wrong with an act of the history."""

    act: int
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryCheck:
    """What verifying the history found; `n_erased` counts acts whose words were erased."""

    n_acts: int
    n_erased: int
    faults: tuple[HistoryFault, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether every act is as it was made, none missing and none moved."""
        return not self.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSince:
    """What a coder did since some act: how many acts, and by how many codings there are more."""

    coder: str
    n_acts: int
    n_codings: int
