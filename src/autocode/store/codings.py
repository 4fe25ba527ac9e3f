"""Rows and objects of coders and their work: codings, readings and memos."""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ..core.coding import Coder, Coding, Memo, Reading
from ..core.errors import InputError, NotFound
from ..core.transcript import Span
from . import schema as t
from .capture import driver_of
from .clock import now
from .codebook import code_numbers
from .decoding import decode_rows
from .transcripts import transcript_ids

_PUT_CODING = (
    'INSERT INTO codings (transcript_id, start, "end", code_id, coder_id, made_at, basis, memo)'
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingFilter:
    """Which codings are wanted, and how many of them in order; all of them by default."""

    transcript: str | None = None
    code: str | None = None
    coder: str | None = None
    limit: int | None = None
    offset: int = 0


def coder_id(connection: Connection, coder: Coder) -> int:
    """The row number of a coder, who is added if new; who is known keeps being what they are."""
    driver = driver_of(connection)
    known = driver.execute("SELECT id FROM coders WHERE name = ?", [coder.name]).fetchone()
    if known is None:
        put = "INSERT INTO coders (name, kind) VALUES (?, ?)"
        return int(driver.execute(put, [coder.name, coder.kind]).lastrowid or 0)
    return int(known[0])


def coder_ids(
    connection: Connection, names: Iterable[str], *, machines: Collection[str] = ()
) -> dict[str, int]:
    """Row numbers of coders by name; new ones are added, as machines where `machines` names them.

    Raises:
        InputError: if one that `machines` names is known as a person.
    """
    wanted = sorted(set(names))
    known = {row.name: row for row in connection.execute(select(t.coders))}
    for name in wanted:
        if name in machines and name in known and known[name].kind != "machine":
            raise InputError(
                f"'{name}' is a person in this study, not a machine. Give the machine's codings a "
                "name of their own, or say that it is one with 'autocode coders set'."
            )
    numbers = {name: int(known[name].id) for name in wanted if name in known}
    new = [name for name in wanted if name not in known]
    if new:
        rows = [{"name": n, "kind": "machine" if n in machines else "person"} for n in new]
        put = sqlite_insert(t.coders).values(rows).returning(t.coders.c.name, t.coders.c.id)
        numbers |= {row.name: row.id for row in connection.execute(put)}
    return numbers


def set_coder(connection: Connection, coder: Coder) -> None:
    """Say whether a known coder is a person or a machine.

    Raises:
        NotFound: if there is no such coder.
        InputError: for the name under which settled codings are kept.
    """
    known = {one.name: one.kind for one in coders(connection)}
    if coder.name not in known:
        raise NotFound.among("coder", coder.name, known)
    if known[coder.name] == "consensus":
        raise InputError(
            f"'{coder.name}' is the name of what coders agreed on, neither a person nor a machine. "
            "Name a coder who coded."
        )
    connection.execute(
        update(t.coders).where(t.coders.c.name == coder.name).values(kind=coder.kind)
    )


def coders(connection: Connection) -> list[Coder]:
    """Everybody who coded, in order of name."""
    rows = connection.execute(select(t.coders).order_by(t.coders.c.name))
    return decode_rows("coders", rows, lambda row: Coder(row.name, row.kind))


def coder_numbers(connection: Connection) -> dict[str, int]:
    """The row number of each coder by name: it stays, and is never given to another."""
    return {row.name: int(row.id) for row in connection.execute(select(t.coders))}


def add_codings(
    connection: Connection, codings: Sequence[Coding], *, machines: Collection[str] = ()
) -> int:
    """Store codings; returns how many were new. Those without a time get one and the same."""
    if not codings:
        return 0
    at = now()  # asked once: what is coded at one time keeps its order, however long this takes
    codes, transcripts = code_numbers(connection), transcript_ids(connection)
    coder_numbers = coder_ids(connection, (c.coder for c in codings), machines=machines)
    rows = (
        (
            transcripts[coding.transcript],
            coding.span.start,
            coding.span.end,
            codes[coding.code],
            coder_numbers[coding.coder],
            coding.made_at or at,
            coding.basis,
            coding.memo,
        )
        for coding in codings
    )
    # A large project has hundreds of thousands: the driver takes them one after the other.
    return driver_of(connection).executemany(_PUT_CODING, rows).rowcount


def remove_coding(connection: Connection, coding: Coding) -> None:
    """Take a coding out of the study."""
    connection.execute(delete(t.codings).where(*_is_coding(connection, coding)))


def change_coding(connection: Connection, before: Coding, after: Coding) -> None:
    """Give a coding another span, code or memo; transcript and coder stay.

    With another code it is made under that code's revision of today.
    """
    values: dict[str, Any] = {
        "start": after.span.start,
        "end": after.span.end,
        "code_id": code_numbers(connection)[after.code],
        "memo": after.memo,
    }
    if after.code != before.code:
        today = select(t.codes.c.revision).where(t.codes.c.code == after.code)
        values["code_revision"] = today.scalar_subquery()
    connection.execute(update(t.codings).where(*_is_coding(connection, before)).values(**values))


def _is_coding(connection: Connection, coding: Coding) -> list[Any]:
    return [
        t.codings.c.transcript_id == transcript_ids(connection)[coding.transcript],
        t.codings.c.start == coding.span.start,
        t.codings.c.end == coding.span.end,
        t.codings.c.code_id == code_numbers(connection)[coding.code],
        t.codings.c.coder_id == coder_ids(connection, [coding.coder])[coding.coder],
    ]


def add_readings(
    connection: Connection, readings: Sequence[Reading], *, machines: Collection[str] = ()
) -> int:
    """Store what coders have read; returns how many rows were new.

    A reading recorded as such takes the place of one that a decision left.
    """
    if not readings:
        return 0
    transcripts = transcript_ids(connection)
    coder_numbers = coder_ids(connection, (r.coder for r in readings), machines=machines)
    rows = [
        {
            "transcript_id": transcripts[reading.transcript],
            "start": reading.span.start,
            "end": reading.span.end,
            "coder_id": coder_numbers[reading.coder],
            "basis": reading.basis,
        }
        for reading in readings
    ]
    put = sqlite_insert(t.readings)
    put = put.on_conflict_do_update(
        index_elements=["transcript_id", "start", "end", "coder_id"],
        set_={"basis": put.excluded.basis},
        where=(put.excluded.basis != "decision") & (t.readings.c.basis == "decision"),
    )
    return _count_changes(connection, put, rows)


def remove_reading(connection: Connection, reading: Reading) -> None:
    """Take back that a coder has read a span."""
    connection.execute(
        delete(t.readings).where(
            t.readings.c.transcript_id == transcript_ids(connection)[reading.transcript],
            t.readings.c.start == reading.span.start,
            t.readings.c.end == reading.span.end,
            t.readings.c.coder_id == coder_ids(connection, [reading.coder])[reading.coder],
        )
    )


def codings(connection: Connection, wanted: CodingFilter | None = None) -> list[Coding]:
    """Codings, by transcript name, span, code and coder; all of them, or those that are wanted."""
    rows = connection.execute(_codings_query(wanted or CodingFilter()))
    return decode_rows("codings", rows, _coding)


@functools.lru_cache(maxsize=64)
def _codings_query(wanted: CodingFilter) -> Any:  # noqa: ANN401 - a SQLAlchemy Select
    """The query for what is wanted, kept for the next time: building it takes longer than it."""
    query = (
        select(
            t.codings.c.id,
            t.transcripts.c.name,
            t.codings.c.start,
            t.codings.c.end,
            t.codes.c.code,
            t.coders.c.name,
            t.codings.c.made_at,
            t.codings.c.basis,
            t.codings.c.memo,
        )
        .join_from(t.codings, t.transcripts, t.codings.c.transcript_id == t.transcripts.c.id)
        .join(t.codes, t.codings.c.code_id == t.codes.c.id)
        .join(t.coders, t.codings.c.coder_id == t.coders.c.id)
        .order_by(
            t.transcripts.c.name,
            t.codings.c.start,
            t.codings.c.end,
            t.codes.c.position,
            t.coders.c.name,
        )
    )
    for column, value in (
        (t.transcripts.c.name, wanted.transcript),
        (t.codes.c.code, wanted.code),
        (t.coders.c.name, wanted.coder),
    ):
        if value is not None:
            query = query.where(column == value)
    return page(query, wanted.limit, wanted.offset)


def recent_codes(connection: Connection, coder: str, limit: int) -> list[str]:
    """The ids of the codes that a coder used last, the last one first."""
    last = func.max(t.codings.c.made_at)
    query = (
        select(t.codes.c.code)
        .join_from(t.codings, t.codes, t.codings.c.code_id == t.codes.c.id)
        .join(t.coders, t.codings.c.coder_id == t.coders.c.id)
        .where(t.coders.c.name == coder)
        .group_by(t.codes.c.code)
        .order_by(last.desc(), func.max(t.codings.c.id).desc())
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def readings(connection: Connection, transcript: str | None = None) -> list[Reading]:
    """Readings of all transcripts or one, by transcript name, span and coder."""
    query = (
        select(
            t.transcripts.c.name.label("transcript"),
            t.readings,
            t.coders.c.name.label("coder"),
        )
        .join_from(t.readings, t.transcripts, t.readings.c.transcript_id == t.transcripts.c.id)
        .join(t.coders, t.readings.c.coder_id == t.coders.c.id)
        .order_by(t.transcripts.c.name, t.readings.c.start, t.coders.c.name)
    )
    if transcript is not None:
        query = query.where(t.transcripts.c.name == transcript)
    return decode_rows(
        "readings",
        connection.execute(query),
        lambda row: Reading(row.transcript, Span(row.start, row.end), row.coder, row.basis),
    )


def timed_readings(connection: Connection) -> list[Reading]:
    """All readings with the time of the act that first brought each into the study.

    A reading has no time of its own: acts have. One that came with a joined study has the time of
    joining, one that moved to a new version of its text the time at which that came.
    """
    driver = driver_of(connection)
    times = dict(
        driver.execute(
            'SELECT changes."row", acts.made_at FROM changes JOIN acts ON acts.number = changes.act'
            " WHERE table_name = 'readings' AND after IS NOT NULL ORDER BY changes.act DESC"
        )
    )
    numbers = transcript_ids(connection)
    names = {row.name: row.id for row in connection.execute(select(t.coders))}
    timed = []
    for one in readings(connection):
        row = [numbers[one.transcript], one.span.start, one.span.end, names[one.coder]]
        made_at = times.get(json.dumps(row, separators=(",", ":")), "")
        timed.append(replace(one, made_at=made_at))
    return timed


def add_memo(connection: Connection, memo: Memo) -> None:
    """Store a memo."""
    coder = coder_id(connection, Coder(memo.coder)) if memo.coder else None
    connection.execute(
        insert(t.memos),
        {
            "about": memo.about,
            "subject": memo.subject,
            "text": memo.text,
            "start": None if memo.span is None else memo.span.start,
            "end": None if memo.span is None else memo.span.end,
            "coder_id": coder,
            "made_at": memo.made_at or now(),
        },
    )


def replace_memo(connection: Connection, known: Memo, after: Memo | None) -> None:
    """Give a memo another text, or (None) delete it; of equal ones the first."""
    coder = select(t.coders.c.id).where(t.coders.c.name == known.coder).scalar_subquery()
    number = (
        select(t.memos.c.id)
        .where(
            t.memos.c.about == known.about,
            t.memos.c.subject == known.subject,
            t.memos.c.text == known.text,
            t.memos.c.coder_id == coder,
            t.memos.c.start == (known.span and known.span.start),
            t.memos.c.end == (known.span and known.span.end),
        )
        .order_by(t.memos.c.id)
        .limit(1)
        .scalar_subquery()
    )
    if after is None:
        connection.execute(delete(t.memos).where(t.memos.c.id == number))
    else:
        connection.execute(update(t.memos).where(t.memos.c.id == number).values(text=after.text))


def memos(connection: Connection) -> list[Memo]:
    """All memos, oldest first."""
    query = (
        select(t.memos, t.coders.c.name.label("coder"))
        .join_from(t.memos, t.coders, t.memos.c.coder_id == t.coders.c.id, isouter=True)
        .order_by(t.memos.c.id)
    )
    return decode_rows("memos", connection.execute(query), _memo)


def page(query: Any, limit: int | None, offset: int) -> Any:  # noqa: ANN401 - a SQLAlchemy Select
    """At most `limit` rows of a query from row `offset` (from 0) on."""
    if limit is None and not offset:
        return query
    # SQLite knows no offset without a limit; a negative limit is none.
    return query.limit(-1 if limit is None else max(0, limit)).offset(max(0, offset))


def _coding(row: Any) -> Coding:  # noqa: ANN401 - a SQLAlchemy Row
    # By their places: there are many, and looking a column up by its name takes twice the time.
    _, transcript, start, end, code, coder, made_at, basis, memo = row
    return Coding(
        transcript=transcript,
        span=Span(start, end),
        code=code,
        coder=coder,
        made_at=made_at,
        basis=basis,
        memo=memo,
    )


def _memo(row: Any) -> Memo:  # noqa: ANN401 - a SQLAlchemy Row
    return Memo(
        about=row.about,
        subject=row.subject,
        text=row.text,
        coder=row.coder,
        made_at=row.made_at,
        span=None if row.start is None else Span(row.start, row.end),
    )


def _count_changes(
    connection: Connection,
    statement: Any,  # noqa: ANN401 - a SQLAlchemy Insert
    rows: Sequence[Mapping[str, object]],
) -> int:
    """How many rows the statement itself changed: what triggers do to them does not count."""
    return int(connection.execute(statement, list(rows)).rowcount)
