"""Tables of decisions on suggestions, as people fill them in outside the tool."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...core.coding import ACTIONS, Action
from ...core.errors import FileRefused
from ..source import SourceFile
from .table import read_table


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
        FileRefused: on a number that is none, an unknown decision, or a change without a code.
    """
    table = read_table(file)
    table.need(("suggestion",), ("decision",))
    rows = []
    for row in table.rows:
        word = row.get("decision").casefold()
        if not word:
            continue
        number = row.get("suggestion").lstrip("#")
        if not number.isdecimal() or len(number) > 18:
            raise table.refuse(
                row, f"'{number}' is no suggestion number", "Use the number exported."
            )
        action = next((a for a in ACTIONS if word in (a, f"{a}ed", f"{a}d")), None)
        if action is None:
            raise table.refuse(row, f"unknown decision '{word}'", f"Use {', '.join(ACTIONS)}.")
        code = row.get("to", "new_code", "change_to") or None
        if action == "change" and code is None:
            raise table.refuse(row, "a change without a code", "Name it in the column 'to'.")
        rows.append(
            DecisionRow(
                line=row.line,
                suggestion=int(number),
                action=action,
                code=code,
                coder=row.get("coder") or None,
                memo=row.get("memo"),
            )
        )
    if not rows:
        raise FileRefused.because(
            table.path, "holds no decision", remedy="Write accept, reject or change in 'decision'."
        )
    return rows
