"""The history as a table that can be kept beside a paper: the audit trail."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from ..core.acts import Act
from ..io.tables.table import write_rows, write_table
from .listing import HistoryList

COLUMNS = ("act", "made_at", "coder", "kind", "summary", "n_changes", "undoes", "undone_by")


def format_history(acts: Sequence[Act]) -> str:
    """The acts as CSV, a row each: what `autocode history --json` says of them."""
    stream = io.StringIO(newline="")
    write_rows(stream, COLUMNS, _list_rows(acts))
    return stream.getvalue()


def write_history(acts: Sequence[Act], path: Path) -> int:
    """Write the acts as .csv or .xlsx; returns how many.

    Raises:
        FileRefused: if the file cannot be written.
    """
    return write_table(path, COLUMNS, _list_rows(acts))


def _list_rows(acts: Sequence[Act]) -> list[dict[str, object]]:
    return [
        {**row, "undoes": " ".join(map(str, row["undoes"]))}
        for row in HistoryList(tuple(acts)).to_rows()
    ]
