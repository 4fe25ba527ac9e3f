"""Tables of decisions on suggestions, as people fill them in outside the tool."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...core.coding import ACTIONS, Action
from ...core.errors import FileRefused, one_line
from ...core.transcript import Span
from ..source import SourceFile
from .faults import RowFault
from .table import Row, read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One line of a decisions file: a suggestion by number, by its place and code, or by both.

    `transcript`, `span` and `suggested` (a code's id or name) go together; `suggestion` is None
    where the line has no number. The action `withdraw` takes an earlier decision back.
    """

    line: int
    action: Action | Literal["withdraw"]
    suggestion: int | None = None
    transcript: str | None = None
    span: Span | None = None
    suggested: str | None = None
    code: str | None = None
    coder: str | None = None
    memo: str = ""


def read_decisions(
    file: SourceFile | Path,
) -> tuple[list[DecisionRow], list[RowFault]]:
    """Decisions, and what is wrong with the rows that hold none that can be used.

    Columns are `decision` and `transcript`, `start`, `end`, `code` as exported.

    Instead of the place, or beside it, `suggestion` holds the number; `to`, `coder` and `memo` are
    optional. Rows whose decision is empty are left undecided. Yes and no, in several languages,
    stand for accept and reject.

    Raises:
        FileRefused: if it is no such table, or holds no decision.
    """
    table = read_table(file)
    table.need(("suggestion", "transcript"), ("decision",))
    decided = [row for row in table.rows if row.get("decision")]
    if not decided:
        raise FileRefused.because(
            table.path, "holds no decision", remedy="Write accept, reject or change in 'decision'."
        )
    read = [_read_row(row) for row in decided]
    faults = [row for row in read if isinstance(row, RowFault)]
    return [row for row in read if isinstance(row, DecisionRow)], faults


def _read_row(row: Row) -> DecisionRow | RowFault:
    """One filled row, or what is wrong with it."""
    word = row.get("decision").casefold()
    number = row.get("suggestion").lstrip("#")
    place = _read_place(row)
    if isinstance(place, RowFault):
        return place
    if (number or place is None) and (not number.isdecimal() or len(number) > _MOST_DIGITS):
        fault = f"'{one_line(number, 40)}' is no suggestion number"
        return RowFault(row.line, fault, "Use the number exported.")
    action = next(
        (a for a in _ACTIONS if word in (a, f"{a}ed", f"{a}d", f"{a}n", *_ANSWERS.get(a, ()))), None
    )
    if action is None:
        fault = f"unknown decision '{one_line(word, 40)}'"
        return RowFault(row.line, fault, f"Use {', '.join(_ACTIONS)}.")
    code = row.get("to", "new_code", "change_to") or None
    if action == "change" and code is None:
        return RowFault(row.line, "a change without a code", "Name it in the column 'to'.")
    transcript, span, suggested = place or (None, None, None)
    return DecisionRow(
        line=row.line,
        action=action,
        suggestion=int(number) if number else None,
        transcript=transcript,
        span=span,
        suggested=suggested,
        code=code,
        coder=row.get("coder") or None,
        memo=row.get("memo"),
    )


def _read_place(row: Row) -> tuple[str, Span, str] | RowFault | None:
    """Transcript, span and code of a row; None where one of them is not given."""
    transcript, code = row.get("transcript"), row.get("code", "suggested")
    start, end = row.get("start"), row.get("end")
    if not (transcript and code and start and end):
        return None
    numeric = all(cell.isdecimal() and len(cell) <= _MOST_DIGITS for cell in (start, end))
    if not numeric or int(start) >= int(end):
        fault = f"'{one_line(start, 20)}' to '{one_line(end, 20)}' is no place"
        return RowFault(row.line, fault, "Use the columns start and end as exported.")
    return transcript, Span(int(start), int(end)), code


_ACTIONS: tuple[Action | Literal["withdraw"], ...] = (*ACTIONS, "withdraw")
_ANSWERS: dict[str, frozenset[str]] = {
    "accept": frozenset(("yes", "y", "true", "ja", "wahr", "oui", "vrai", "sí", "si", "sì", "sim")),
    "reject": frozenset(("no", "n", "false", "nein", "falsch", "non", "faux", "não", "nao", "nee")),
}
"""What people write where accept or reject is asked, and spreadsheets for a ticked box."""
_MOST_DIGITS = 18
