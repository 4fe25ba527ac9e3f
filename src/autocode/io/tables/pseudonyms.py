"""The table of names and stand-ins: the key of a study, which is kept apart from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ...core.errors import FileRefused
from .faults import RowFault, refuse_rows
from .table import read_table, write_table

PSEUDONYM_COLUMNS = ("name", "stand_in", "kind", "n", "examples")


def read_pseudonyms(path: Path) -> dict[str, str]:
    """Stand-ins by name; rows without a stand-in are left out.

    Raises:
        FileRefused: if a column is missing, no row has a stand-in, or a name has two.
    """
    table = read_table(path)
    table.need(("name",), ("stand_in", "stand-in", "pseudonym"))
    stand_ins: dict[str, str] = {}
    faults = []
    for row in table.rows:
        name, stand_in = row.get("name"), row.get("stand_in", "stand-in", "pseudonym")
        if not stand_in:
            continue
        if not name:
            faults.append(RowFault(row.line, f"'{stand_in}' stands in for no name", "Name it."))
        elif stand_ins.setdefault(name, stand_in) != stand_in:
            faults.append(RowFault(row.line, f"'{name}' has two stand-ins", "Give it one."))
    if faults:
        raise refuse_rows(path, faults, len(table.rows), outcome="Nothing was changed.")
    if not stand_ins:
        raise FileRefused.because(
            path, "holds no stand-in", remedy="Write one in the column 'stand_in' of each name."
        )
    return stand_ins


def write_pseudonyms(path: Path, rows: Iterable[Mapping[str, object]]) -> int:
    """Write proposed names, readable by their owner only; returns how many rows.

    Raises:
        FileRefused: if the file cannot be written.
    """
    return write_table(path, PSEUDONYM_COLUMNS, rows)
