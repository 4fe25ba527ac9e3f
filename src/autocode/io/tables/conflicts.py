"""Tables of conflicts between joined studies, as people decide on them outside the tool."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...core.errors import one_line
from ...core.joining import TAKES, JoinConflict, Take
from .faults import RowFault, refuse_rows
from .table import read_table, write_table

COLUMNS = ("conflict", "what", "subject", "field", "this", "other", "files", "possible", "take")


def write_conflicts(path: Path, conflicts: Sequence[JoinConflict]) -> int:
    """Write a row for each conflict, to be decided in the column `take`; returns rows."""
    rows = (
        {
            "conflict": conflict.id,
            "what": conflict.what,
            "subject": conflict.subject,
            "field": conflict.field,
            "this": conflict.this,
            "other": conflict.other,
            "files": "; ".join(conflict.files),
            "possible": " or ".join(conflict.options),
            "take": conflict.take or "",
        }
        for conflict in conflicts
    )
    return write_table(path, COLUMNS, rows)


def read_takes(path: Path) -> dict[str, Take]:
    """What to take by conflict, from the columns `conflict` and `take`; empty rows are undecided.

    Raises:
        FileRefused: if it is no such table, or a row holds another word.
    """
    table = read_table(path)
    table.need(("conflict",), ("take",))
    words: dict[str, Take] = {word: word for word in TAKES}
    takes: dict[str, Take] = {}
    faults: list[RowFault] = []
    for row in table.rows:
        word = row.get("take").casefold()
        if word in words:
            takes[row.get("conflict")] = words[word]
        elif word:
            fault = f"'{one_line(word, 40)}' is nothing to take"
            faults.append(RowFault(row.line, fault, f"Use {', '.join(TAKES)}."))
    if faults:
        raise refuse_rows(table.path, faults, len(table.rows), outcome="Nothing was joined.")
    return takes
