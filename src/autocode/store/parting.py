"""The content of a study without part of it: for a file that holds some transcripts, or one coder.

The opposite of `uniting`, on the same rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .pieces import Piece, Row

_WORK = ("codings", "readings", "decisions", "memos", "theme_decisions", "passes")
"""Tables of what a coder did."""
_MATERIAL = frozenset(
    ("transcripts", "cases", "attributes", "speakers", "turns", "times", "segments", "codes")
)
"""What everybody works on. Any other table is made of everybody's work, or names who did what
(the thematic map, resolutions, files taken in), says where a file lies on one machine (recordings),
or may be one of these that is added later."""


def keep_transcripts(piece: Piece, names: Collection[str]) -> Piece:
    """The content with these transcripts alone, and with the cases of those who speak in them."""
    numbers = {row["id"] for row in piece.rows["transcripts"] if row["name"] in names}
    if len(numbers) == len(piece.rows["transcripts"]):
        return piece
    cases = {
        row["case_id"]
        for table, column in (("transcripts", "id"), ("speakers", "transcript_id"))
        for row in piece.rows[table]
        if row[column] in numbers
    }
    subjects = {
        "transcript": set(names),
        "span": set(names),
        "case": {row["name"] for row in piece.rows["cases"] if row["id"] in cases},
    }

    def is_kept(table: str, row: Row) -> bool:
        if table == "transcripts":
            return row["id"] in numbers
        if table in ("cases", "attributes"):
            return row["id" if table == "cases" else "case_id"] in cases
        if table == "memos":
            return row["about"] not in subjects or row["subject"] in subjects[row["about"]]
        return "transcript_id" not in row or row["transcript_id"] in numbers

    return _filtered(piece, is_kept)


def without_recordings(piece: Piece) -> Piece:
    """The content without where recordings lie: whoever takes the file has theirs elsewhere."""
    return _filtered(piece, lambda table, row: table != "media")


def keep_own_work(piece: Piece, coder: str, frozen: Mapping[int, Row] | None) -> Piece:
    """The content without the work of anybody but `coder`, and with the codes of `frozen` alone.

    Codes that the coder has applied stay too, with those above them. Without `frozen` all codes do.
    """
    own = {row["id"] for row in piece.rows["coders"] if row["name"] == coder}

    def is_kept(table: str, row: Row) -> bool:
        if table == "coders":
            return row["id"] in own
        return table in _MATERIAL or (table in _WORK and row["coder_id"] in own)

    kept = _filtered(piece, is_kept)
    codes = _visible_codes(kept, frozen)
    keys = {row["code"] for row in codes}
    memos = [row for row in kept.rows["memos"] if row["about"] != "code" or row["subject"] in keys]
    return Piece(piece.name, {**kept.rows, "codes": codes, "memos": memos})


def _visible_codes(kept: Piece, frozen: Mapping[int, Row] | None) -> list[Row]:
    # An empty memo gives way to the one that is there when the file is joined.
    rows = {row["id"]: {**row, "memo": ""} for row in kept.rows["codes"]}
    if frozen is None:
        return list(rows.values())
    by_key = {row["code"]: row for row in rows.values()}
    used: set[Any] = set()
    for table, column in (
        ("codings", "code_id"),
        ("decisions", "code_id"),
        ("decisions", "suggested_id"),
    ):
        used |= {row[column] for row in kept.rows[table]} - {None}
    shown = {number: {**row, "memo": ""} for number, row in frozen.items() if number in rows}
    for number in used:
        while number not in shown:
            shown[number] = rows[number]
            parent = rows[number]["parent"]
            if parent is None:
                break
            number = by_key[parent]["id"]
    return [shown[number] for number in rows if number in shown]


def _filtered(piece: Piece, is_kept: Any) -> Piece:  # noqa: ANN401 - a function of table and row
    return Piece(
        piece.name,
        {table: [row for row in rows if is_kept(table, row)] for table, rows in piece.rows.items()},
    )
