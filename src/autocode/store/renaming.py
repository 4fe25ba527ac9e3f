"""Stand-ins in the place of names in everything that people wrote and that has no fixed text."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from ..core.errors import InputError
from .capture import driver_of
from .content import CONTENT, ContentTable

Substitute = Callable[[str], str]
_NAMES = frozenset({"name", "source_name", "subject"})
"""Columns of names, where a person's name is one in small letters too ("hannah_lowe.docx")."""
_LEFT = frozenset(
    {"text", "code", "parent", "role", "basis", "kind", "about", "made_at", "added_at", "colour"}
    | {"guid", "digest", "source_digest", "text_digest", "source_format", "source_encoding"}
    | {"language", "unit", "action", "key", "draft", "themes", "outcome"}
)
"""Columns that hold no names, or the fixed text of transcripts, which is replaced as a whole."""
_NOT_LEFT = {("memos", "text")}
_CODERS = "coders"


def rename_in_rows(
    connection: Connection, in_words: Substitute, in_names: Substitute
) -> dict[str, int]:
    """Put stand-ins into every column of words or names; returns how many rows changed, by table.

    Names of coders are theirs, and stay.

    Raises:
        InputError: if two rows of a table would have one name.
    """
    driver = driver_of(connection)
    counts: dict[str, int] = {}
    for table in CONTENT:
        if table.name == _CODERS:
            continue
        try:
            n_changed = _rename_in(driver, table, in_words, in_names)
        except sqlite3.IntegrityError:
            raise InputError(
                f"Two {table.name} would get one name by these stand-ins. If they are one, merge "
                "them first (autocode speakers --merge); else give each a stand-in of its own."
            ) from None
        if n_changed:
            counts[table.name] = n_changed
    return counts


def _rename_in(
    driver: Any,  # noqa: ANN401 - the driver's
    table: ContentTable,
    in_words: Substitute,
    in_names: Substitute,
) -> int:
    columns = [
        row[1]
        for row in driver.execute(f"PRAGMA main.table_info({table.name})")
        if row[2] == "TEXT" and (row[1] not in _LEFT or (table.name, row[1]) in _NOT_LEFT)
    ]
    if not columns:
        return 0
    listed = ", ".join(f'"{name}"' for name in (*table.key, *columns))
    same = " AND ".join(f'"{name}" = ?' for name in table.key)
    cells = ", ".join(f'"{name}" = ?' for name in columns)
    n_changed = 0
    for row in driver.execute(f"SELECT {listed} FROM {table.name}").fetchall():
        key, old = row[: len(table.key)], row[len(table.key) :]
        new = tuple(
            cell if cell is None else (in_names if name in _NAMES else in_words)(cell)
            for name, cell in zip(columns, old, strict=True)
        )
        if new != old:
            driver.execute(f"UPDATE {table.name} SET {cells} WHERE {same}", [*new, *key])
            n_changed += 1
    return n_changed
