"""Names and identifiers that codes had before, as the history keeps them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from ..core.acts import Change
from ..core.codebook import Code
from ..core.codebook_merge import EarlierCode
from . import schema as t
from .acts import acts, changes_of


def earlier_codes(connection: Connection) -> list[EarlierCode]:
    """What codes were called, of those that are and those that people took out, latest first.

    A code whose adding was undone was never there.
    """
    changed = t.changes.c
    query = (
        select(changed.act)
        .where(changed.table_name == "codes", changed.before.is_not(None))
        .distinct()
    )
    numbers = [int(number) for number in connection.execute(query).scalars()]
    if not numbers:
        return []
    kinds = {act.number: act.kind for act in acts(connection)}
    today = {row.id: row.code for row in connection.execute(select(t.codes.c.id, t.codes.c.code))}
    earlier: list[EarlierCode] = []
    never: set[object] = set()
    seen: set[object] = set()
    by_act = changes_of(connection, numbers)
    for number in sorted(numbers, reverse=True):
        for change in by_act[number]:
            if change is None or change.table != "codes" or change.before is None:
                continue
            (row,) = change.row
            if row not in today and row not in seen and kinds[number] == "undo":
                never.add(row)
            seen.add(row)
            if row not in never:
                earlier.append(EarlierCode(_code_before(change), today.get(row), number))
    return earlier


def _code_before(change: Change) -> Code:
    assert change.before is not None  # asked for by the caller
    values: dict[str, Any] = dict(zip(change.columns, change.before, strict=True))
    return Code(id=values["code"], name=values["name"], guid=values.get("guid"))
