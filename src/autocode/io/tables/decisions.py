"""Tables of decisions on suggestions, as people fill them in outside the tool."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...core.coding import ACTIONS, Action
from ...core.errors import FileRefused, one_line
from ..source import SourceFile
from .faults import RowFault, refuse_rows
from .table import Row, read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One line of a decisions file."""

    line: int
    suggestion: int
    action: Action
    code: str | None
    coder: str | None
    memo: str


def read_decisions(file: SourceFile | Path) -> list[DecisionRow]:
    """Decisions: columns `suggestion` (number), `decision`, optional `to`, `coder`, `memo`.

    Rows whose decision is empty are left undecided.

    Raises:
        FileRefused: on numbers that are none, unknown decisions, or changes without a code; all
            such rows are listed.
    """
    table = read_table(file)
    table.need(("suggestion",), ("decision",))
    decided = [row for row in table.rows if row.get("decision")]
    if not decided:
        raise FileRefused.because(
            table.path, "holds no decision", remedy="Write accept, reject or change in 'decision'."
        )
    read = [_read_row(row) for row in decided]
    if faults := [row for row in read if isinstance(row, RowFault)]:
        raise refuse_rows(table.path, faults, len(read), outcome="No decision was applied.")
    return [row for row in read if isinstance(row, DecisionRow)]


def _read_row(row: Row) -> DecisionRow | RowFault:
    """One filled row, or what is wrong with it."""
    word = row.get("decision").casefold()
    number = row.get("suggestion").lstrip("#")
    if not number.isdecimal() or len(number) > 18:
        fault = f"'{one_line(number, 40)}' is no suggestion number"
        return RowFault(row.line, fault, "Use the number exported.")
    action = next((a for a in ACTIONS if word in (a, f"{a}ed", f"{a}d")), None)
    if action is None:
        fault = f"unknown decision '{one_line(word, 40)}'"
        return RowFault(row.line, fault, f"Use {', '.join(ACTIONS)}.")
    code = row.get("to", "new_code", "change_to") or None
    if action == "change" and code is None:
        return RowFault(row.line, "a change without a code", "Name it in the column 'to'.")
    return DecisionRow(
        line=row.line,
        suggestion=int(number),
        action=action,
        code=code,
        coder=row.get("coder") or None,
        memo=row.get("memo"),
    )
