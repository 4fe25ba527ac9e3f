"""What memos are about. They name it, as no foreign key can lead to one of several tables."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection

from ..core.coding import Memo
from ..core.errors import NotFound
from .capture import driver_of

SUBJECTS = {
    "code": ("codes", "code"),
    "transcript": ("transcripts", "name"),
    "span": ("transcripts", "name"),
    "case": ("cases", "name"),
    "theme": ("map_themes", "key"),
}
"""The table and the column of the names that a kind of memo is about; others are on the study."""


def list_memos_on(
    driver: Any,  # noqa: ANN401 - the driver's
    table: str,
    names: Collection[object],
) -> list[tuple[int, str]]:
    """Row numbers of the memos on these things of a table, each with the name that it has."""
    kinds = [about for about, (of, _) in SUBJECTS.items() if of == table]
    if not kinds or not names:
        return []
    rows: list[tuple[int, str]] = driver.execute(
        "SELECT id, subject FROM memos WHERE about IN (SELECT value FROM json_each(?))"
        " AND subject IN (SELECT value FROM json_each(?)) ORDER BY id",
        [json.dumps(kinds), json.dumps(list(names))],
    ).fetchall()
    return rows


def has_subject(driver: Any, about: str, subject: str) -> bool:  # noqa: ANN401 - the driver's
    """Whether what a memo is about is in the study."""
    if about not in SUBJECTS:
        return True
    table, column = SUBJECTS[about]
    query = f"SELECT 1 FROM {table} WHERE {column} = ?"
    return driver.execute(query, [subject]).fetchone() is not None


def check_subject(connection: Connection, memo: Memo) -> None:
    """Raise NotFound where what a memo is about is not in the study."""
    driver = driver_of(connection)
    if not has_subject(driver, memo.about, memo.subject):
        table, column = SUBJECTS[memo.about]
        known = [name for (name,) in driver.execute(f"SELECT {column} FROM {table}")]
        kind = "transcript" if memo.about == "span" else memo.about
        raise NotFound.among(kind, memo.subject, known)
