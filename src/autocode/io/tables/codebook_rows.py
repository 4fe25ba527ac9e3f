"""Rows of a codebook's table as entries, and what every way of reading their tree says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .codebook_columns import CodebookColumns
from .codebook_entries import Entry
from .table import Row, Table


@dataclass(frozen=True, slots=True)
class PlacedEntries:
    """The entries of a table, what their tree was read from, and what a person should know."""

    entries: Sequence[Entry]
    reading: str
    notes: tuple[str, ...] = ()


def read_parts(row: Row, columns: CodebookColumns) -> dict[str, str]:
    """The parts of a code in one row; several columns of one part are joined by line ends."""
    parts = {
        part: "\n".join(value for column in names if (value := row.get(column)))
        for part, names in columns.fields.items()
    }
    return {part: value for part, value in parts.items() if value}


def make_entry(row: Row, columns: CodebookColumns, name: str) -> Entry:
    """The entry of a row under this name."""
    given = row.get(columns.id) if columns.id else ""
    return Entry(name=name, line=row.line, given_id=given or None, parts=read_parts(row, columns))


def name_of(table: Table, row: Row, columns: CodebookColumns) -> str:
    """The name in a row, or its id; refuses a row with neither."""
    name = row.get(*(column for column in (columns.name, columns.id) if column))
    if not name:
        raise table.refuse(row, "a code without id and name", "Fill in the code's name.")
    return name


def is_written_once(cells: Sequence[str]) -> bool:
    """Whether no value stands in two rows in a row: blanks below one then mean the same value."""
    return not any(a and a == b for a, b in pairwise(cells))


def describe_filled(n_rows: int, columns: Sequence[str]) -> str:
    """A note of blank cells that were filled from above."""
    rows = "1 row" if n_rows == 1 else f"{n_rows} rows"
    shown = ", ".join(f"'{column}'" for column in columns)
    return f"blank cells of {shown} taken from the row above in {rows}"


def describe_repeated(n_rows: int) -> list[str]:
    """A note of rows that repeat a code, if there are any."""
    if not n_rows:
        return []
    rows = "1 row repeats" if n_rows == 1 else f"{n_rows} rows repeat"
    return [f"{rows} a code without contradicting it; taken once"]
