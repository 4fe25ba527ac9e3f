"""Shared rows, coders and cases, that nothing needs any more after acts were undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from ..core.acts import Act
from .acts import rows_inserted, undone_acts
from .capture import driver_of
from .content import BY_NAME
from .content_links import list_links
from .memo_subjects import list_memos_on


def drop_unneeded(connection: Connection, acts: Sequence[Act]) -> None:
    """Shared rows that only undone acts brought in and nothing refers to any more go as well."""
    driver = driver_of(connection)
    undone = set(undone_acts(connection, and_now=[act.number for act in acts]))
    links = list(list_links(driver))
    for table in BY_NAME.values():
        if not table.shared:
            continue
        for number, *_ in rows_inserted(connection, table.name, undone):
            refers = any(
                driver.execute(
                    f'SELECT 1 FROM {link.child} WHERE "{link.column}" = ? LIMIT 1', [number]
                ).fetchone()
                for _, link in links
                if link.parent == table.name
            )
            if not refers and not _has_memos(driver, table.name, number):
                driver.execute(f"DELETE FROM {table.name} WHERE id = ?", [number])


def _has_memos(driver: Any, table: str, number: object) -> bool:  # noqa: ANN401 - the driver's
    names = driver.execute(f"SELECT name FROM {table} WHERE id = ?", [number]).fetchall()
    return bool(list_memos_on(driver, table, [name for (name,) in names]))
