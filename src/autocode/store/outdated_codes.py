"""Codes of a file that was shared out, which the study has changed since: what it says stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection

from .acts import acts
from .frozen_codes import changes_of_table
from .pieces import Piece

_IDENTITY = ("id", "code", "guid", "position")
Earlier = Mapping[str, Mapping[str, Collection[object]]]
"""By code and column the values that it had before."""


def earlier_values(connection: Connection) -> Earlier:
    """What the columns of each code held before, as the history of a study knows it."""
    values: dict[str, dict[str, set[object]]] = {}
    for _, change in changes_of_table(connection, "codes", after=0):
        if change.before is not None:
            row = dict(zip(change.columns, change.before, strict=True))
            by_column = values.setdefault(str(row["code"]), {})
            for column, value in row.items():
                by_column.setdefault(column, set()).add(value)
    return values


def edited_codes(connection: Connection) -> set[str] | None:
    """The codes that were changed in a file since it was shared out; None if it never was."""
    shared = [act.number for act in acts(connection) if act.kind == "share"]
    if not shared:
        return None
    return {
        str(change.before[change.columns.index("code")])
        for _, change in changes_of_table(connection, "codes", after=shared[-1])
        if change.before is not None
    }


def bring_up_to_date(piece: Piece, this: Piece, earlier: Earlier, edited: Collection[str]) -> Piece:
    """The piece with the values of today in the codes that nobody changed in it.

    A value that the study had before, and the piece took along, is no other opinion.
    """
    today = {row["code"]: row for row in this.rows["codes"]}
    codes = []
    for row in piece.rows["codes"]:
        known = earlier.get(row["code"], {})
        if row["code"] in today and row["code"] not in edited:
            now = today[row["code"]]
            row = {
                column: now[column]
                if column not in _IDENTITY and value in known.get(column, ())
                else value
                for column, value in row.items()
            }
        codes.append(row)
    return Piece(piece.name, {**piece.rows, "codes": codes})
