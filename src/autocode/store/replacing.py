"""A transcript's text replaced by another version, with people's work carried over to it.

The text of a transcript never changes: the new version is a row of its own under the old name, and
what pointed into the old one points into it, so that undoing is as exact as for any other act.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ..core.transcript import Span, Transcript
from .capture import columns_of, driver_of
from .content import BY_NAME
from .removing import tables_of_transcripts
from .transcripts import add_transcripts, transcript_id

Carry = Callable[[Span], Span | None]
_OF_THE_TEXT = frozenset({"turns", "times", "segments", "speakers", "tool_sources"})
"""Tables that come with a version of the text, in place of being carried over to it.

What another tool had of the old text is of no use for the new one, which goes out as a new text.
"""
_OF_THE_WHOLE = frozenset({"passes", "family_switches", "media"})
"""Tables of rows about a transcript as a whole."""
_ASIDE = "\0replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedRow:
    """A row that pointed into the old text: where, and where it stands now, None where it is lost.

    `table` says what it is; `code` and `coder` are names, where it has them, `name` that of a
    segment which came with a corpus.
    """

    table: str
    span: Span
    now: Span | None
    code: str | None = None
    coder: str | None = None
    name: str | None = None


def replace_transcript(
    connection: Connection, name: str, new: Transcript, carry: Carry
) -> list[CarriedRow]:
    """Put `new` in the place of a transcript; spans that `carry` finds no place for are dropped.

    Its speakers take the roles and cases that those of the same name had. Two rows that come to
    stand at one place by one coder are one. Segments are the caller's to write.
    """
    driver, old = driver_of(connection), transcript_id(connection, name)
    driver.execute("UPDATE transcripts SET name = ? WHERE id = ?", [_ASIDE, old])
    add_transcripts(connection, [new])
    number = transcript_id(connection, new.name)
    _keep_facts(driver, old, number)
    carried: list[CarriedRow] = []
    for table in tables_of_transcripts(connection):
        if table in _OF_THE_WHOLE:
            driver.execute(
                f"UPDATE {table} SET transcript_id = ? WHERE transcript_id = ?", [number, old]
            )
        elif table not in _OF_THE_TEXT:
            carried += _carry_table(driver, table, (old, number), carry)
    carried += _carry_memos(driver, (name, new.name), carry)
    for table in tables_of_transcripts(connection):
        driver.execute(f"DELETE FROM {table} WHERE transcript_id = ?", [old])
    driver.execute("DELETE FROM transcripts WHERE id = ?", [old])
    return carried


def _keep_facts(driver: Any, old: int, new: int) -> None:  # noqa: ANN401 - the driver's
    """Give the new version the case of the old one, and its speakers those of their namesakes."""
    driver.execute(
        "UPDATE transcripts SET case_id = (SELECT case_id FROM transcripts WHERE id = ?)"
        " WHERE id = ?",
        [old, new],
    )
    query = (
        "SELECT id, name, role, basis, confidence, case_id FROM speakers WHERE transcript_id = ?"
    )
    known = {row[1].casefold(): row[2:] for row in driver.execute(query, [old])}
    for number, name, *_ in driver.execute(query, [new]).fetchall():
        if facts := known.get(name.casefold()):
            driver.execute(
                "UPDATE speakers SET role = ?, basis = ?, confidence = ?, case_id = ? WHERE id = ?",
                [*facts, number],
            )


def _carry_table(
    driver: Any,  # noqa: ANN401 - the driver's
    table: str,
    numbers: tuple[int, int],
    carry: Carry,
) -> list[CarriedRow]:
    columns = columns_of(driver, table)
    old, new = numbers
    key = BY_NAME[table].key
    same = " AND ".join(f'"{name}" = ?' for name in key)
    carried = []
    for row in driver.execute(f"SELECT * FROM {table} WHERE transcript_id = ?", [old]).fetchall():
        cells = dict(zip(columns, row, strict=True))
        span = Span(cells["start"], cells["end"])
        now = carry(span)
        carried.append(_carried_row(driver, table, cells, now))
        if now is not None:
            driver.execute(
                f'UPDATE OR IGNORE {table} SET transcript_id = ?, "start" = ?, "end" = ?'
                f" WHERE {same}",
                [new, now.start, now.end, *(cells[name] for name in key)],
            )
    return carried


def _carried_row(
    driver: Any,  # noqa: ANN401 - the driver's
    table: str,
    cells: dict[str, Any],
    now: Span | None,
) -> CarriedRow:
    return CarriedRow(
        table=table,
        span=Span(cells["start"], cells["end"]),
        now=now,
        code=_name(driver, "codes", cells.get("suggested_id") or cells.get("code_id"))
        or _name(driver, "map_themes", cells.get("theme_id")),
        coder=_name(driver, "coders", cells.get("coder_id")),
    )


def _carry_memos(driver: Any, names: tuple[str, str], carry: Carry) -> list[CarriedRow]:  # noqa: ANN401 - the driver's
    """Memos on a transcript follow its name, those on words of it their place."""
    old, new = names
    columns = columns_of(driver, "memos")
    query = "SELECT * FROM memos WHERE about IN ('transcript', 'span') AND subject = ?"
    carried = []
    for row in driver.execute(query, [old]).fetchall():
        cells = dict(zip(columns, row, strict=True))
        driver.execute("UPDATE memos SET subject = ? WHERE id = ?", [new, cells["id"]])
        if cells["about"] == "span":
            now = carry(Span(cells["start"], cells["end"]))
            carried.append(_carried_row(driver, "memos", cells, now))
            if now is None:
                driver.execute("DELETE FROM memos WHERE id = ?", [cells["id"]])
            else:
                driver.execute(
                    'UPDATE memos SET "start" = ?, "end" = ? WHERE id = ?',
                    [now.start, now.end, cells["id"]],
                )
    return carried


def given_segments(connection: Connection, name: str) -> list[dict[str, Any]]:
    """The segments that came with a transcript, as `replace_segments` takes them."""
    rows = driver_of(connection).execute(
        'SELECT "start", "end", speakers.name, unit, segments.name, domain FROM segments'
        " LEFT JOIN speakers ON speakers.id = speaker_id"
        " WHERE given = 1 AND segments.transcript_id = ? ORDER BY 1",
        [transcript_id(connection, name)],
    )
    names = ("start", "end", "speaker", "unit", "name", "domain")
    return [dict(zip(names, row, strict=True)) | {"given": True} for row in rows]


def _name(driver: Any, table: str, number: object) -> str | None:  # noqa: ANN401 - the driver's
    if number is None:
        return None
    row = driver.execute(f"SELECT name FROM {table} WHERE id = ?", [number]).fetchone()
    return row and str(row[0])


def carry_given(segments: Sequence[dict[str, Any]], carry: Carry) -> list[dict[str, Any]]:
    """Given segments at their new places; those of which nothing is left have gone."""
    return carry_segments(segments, carry)[0]


def carry_segments(
    segments: Sequence[dict[str, Any]], carry: Carry
) -> tuple[list[dict[str, Any]], list[CarriedRow]]:
    """Given segments at their new places, and what became of each.

    Segments do not overlap: one that would come to stand within another has no place.
    """
    places = [(segment, Span(segment["start"], segment["end"])) for segment in segments]
    moved: list[dict[str, Any]] = []
    carried: list[CarriedRow] = []
    taken: list[Span] = []
    for segment, span in places:
        now = carry(span)
        if now is not None and any(now.overlap(other) for other in taken):
            now = None
        if now is not None:
            taken.append(now)
            moved.append(segment | {"start": now.start, "end": now.end})
        carried.append(CarriedRow(table="segments", span=span, now=now, name=segment["name"]))
    return moved, carried
