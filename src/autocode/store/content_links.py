"""How the tables of people's work refer to one another, and what must be unique in them.

Read from the study itself, so that a later migration needs no word here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .content import BY_NAME, DRAFTS, ContentTable

TABLES: Mapping[str, ContentTable] = {**BY_NAME, **{table.name: table for table in DRAFTS}}
"""The tables of people's work and of drafts, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A foreign key between content tables."""

    child: str
    column: str
    parent: str
    parent_column: str = field(default="id")


def list_links(driver: Any) -> Iterable[tuple[ContentTable, Link]]:  # noqa: ANN401 - the driver's
    """Every foreign key between these tables, with the table that refers."""
    keys = driver.execute(
        'SELECT made.name, keys."table", keys."from", keys."to" FROM main.sqlite_master AS made,'
        " pragma_foreign_key_list(made.name) AS keys WHERE made.type = 'table' ORDER BY keys.id"
    )
    of_table: dict[str, list[tuple[str, str, str | None]]] = {}
    for name, *key in keys:
        of_table.setdefault(name, []).append(tuple(key))
    for name, table in TABLES.items():
        for parent, column, to in of_table.get(name, ()):
            if parent in TABLES:
                # A foreign key that names no column means the key of the table that it names.
                to = to or TABLES[parent].key[0]
                yield table, Link(child=name, column=column, parent=parent, parent_column=to)


def list_unique_columns(driver: Any, table: str) -> list[list[str]]:  # noqa: ANN401 - the driver's
    """The columns of each index of a table whose values together stand once."""
    stored = []
    for row in driver.execute(f"PRAGMA index_list({table})").fetchall():
        if row[2]:
            stored.append([r[2] for r in driver.execute(f"PRAGMA index_info({row[1]})")])
    return stored
