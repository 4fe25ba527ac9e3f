"""A digest of what a study holds, by names instead of row numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from .capture import columns_of, driver_of
from .content import CONTENT, NUMBERED, ContentTable

_Names = Mapping[object, object]


def content_digest(connection: Connection) -> str:
    """SHA-256 over every row of content, each with names in place of numbers, rows in any order.

    Two studies of the same content have the same digest, however they came by it. Left out are row
    numbers, the history, what is computed (segments cut by us, suggestions, drafts, vectors), the
    order of the codebook, and when a file was taken in.
    """
    driver = driver_of(connection)
    names: dict[str, _Names] = {}
    for table in CONTENT:
        if table.natural:
            names[table.name] = _names(driver, table, names)
    made = hashlib.sha256()
    for table in CONTENT:
        for row in sorted(_rows(driver, table, names)):
            made.update(row.encode() + b"\n")
    return made.hexdigest()


def _names(driver: Any, table: ContentTable, known: Mapping[str, _Names]) -> _Names:  # noqa: ANN401 - the driver's
    """What stands for each row number of a table."""
    parents = references_of(driver, table.name)
    columns = ", ".join(f'"{name}"' for name in ("id", *table.natural))
    named: dict[object, object] = {}
    for number, *values in driver.execute(f"SELECT {columns} FROM {table.name}"):
        named[number] = [
            known[parents[column]][value] if column in parents else value
            for column, value in zip(table.natural, values, strict=True)
        ]
    return named


def _rows(driver: Any, table: ContentTable, known: Mapping[str, _Names]) -> list[str]:  # noqa: ANN401 - the driver's
    parents = references_of(driver, table.name)
    columns = columns_of(driver, table.name)
    kept = [
        (at, name)
        for at, name in enumerate(columns)
        if name not in table.left_out and not (name == "id" and table.key == ("id",))
    ]
    where = f" WHERE {table.when.format(row=table.name)}" if table.when else ""
    rows = []
    for values in driver.execute(f"SELECT * FROM {table.name}{where}"):
        cells = {
            name: known[parents[name]][values[at]]
            if name in parents and values[at] is not None
            else values[at]
            for at, name in kept
        }
        rows.append(json.dumps([table.name, cells], ensure_ascii=False, sort_keys=True))
    return rows


def references_of(driver: Any, table: str) -> dict[str, str]:  # noqa: ANN401 - the driver's
    """The tables whose row numbers a table's columns hold, by column.

    A reference to a table without row numbers is its key, which means the same in every study.
    """
    keys = driver.execute(f"PRAGMA foreign_key_list({table})").fetchall()
    return {key[3]: key[2] for key in keys if key[4] in (None, "id") and key[2] in NUMBERED}
