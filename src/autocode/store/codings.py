"""Rows and objects of people's work: codebook, coders, codings, readings, memos."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ..core.codebook import Code, Codebook
from ..core.coding import Coder, Coding, Memo, Reading
from ..core.transcript import Span
from . import schema as t
from .file import now
from .transcripts import transcript_ids


def put_codes(connection: Connection, codes: Iterable[Code]) -> int:
    """Add codes that are new and update those that are known by id; returns how many changed."""
    known = {code.id: code for code in codebook(connection)}
    changed = 0
    for code in codes:
        if known.get(code.id) == code:
            continue
        changed += 1
        row = {
            "name": code.name,
            "definition": code.definition,
            "inclusion": code.inclusion,
            "exclusion": code.exclusion,
            "examples": json.dumps(code.examples, ensure_ascii=False),
            "parent": code.parent,
            "colour": code.colour,
            "memo": code.memo,
            "domain": code.domain,
        }
        if code.id in known:
            connection.execute(update(t.codes).where(t.codes.c.code == code.id).values(row))
        else:
            position = len(known)
            known[code.id] = code
            connection.execute(insert(t.codes), row | {"code": code.id, "position": position})
    return changed


def codebook(connection: Connection) -> Codebook:
    """The codebook in its own order."""
    rows = connection.execute(select(t.codes).order_by(t.codes.c.position, t.codes.c.id))
    return Codebook(
        tuple(
            Code(
                id=row.code,
                name=row.name,
                definition=row.definition,
                inclusion=row.inclusion,
                exclusion=row.exclusion,
                examples=tuple(json.loads(row.examples)),
                parent=row.parent,
                colour=row.colour,
                memo=row.memo,
                domain=row.domain,
            )
            for row in rows
        )
    )


def coder_id(connection: Connection, coder: Coder) -> int:
    """The row number of a coder, who is added if new."""
    connection.execute(
        sqlite_insert(t.coders).on_conflict_do_nothing(),
        {"name": coder.name, "kind": coder.kind},
    )
    found = connection.execute(select(t.coders.c.id).where(t.coders.c.name == coder.name))
    return int(found.scalar_one())


def coders(connection: Connection) -> list[Coder]:
    """Everybody who coded, in order of name."""
    rows = connection.execute(select(t.coders).order_by(t.coders.c.name))
    return [Coder(row.name, row.kind) for row in rows]


def add_codings(connection: Connection, codings: Sequence[Coding]) -> int:
    """Store codings (times are filled in where missing); returns how many were new."""
    code_ids = {
        row.code: row.id for row in connection.execute(select(t.codes.c.code, t.codes.c.id))
    }
    places = transcript_ids(connection)
    people = {name: coder_id(connection, Coder(name)) for name in {c.coder for c in codings}}
    rows = [
        {
            "transcript_id": places[coding.transcript],
            "start": coding.span.start,
            "end": coding.span.end,
            "code_id": code_ids[coding.code],
            "coder_id": people[coding.coder],
            "made_at": coding.made_at or now(),
            "basis": coding.basis,
            "memo": coding.memo,
        }
        for coding in codings
    ]
    return _insert_new(connection, t.codings, rows)


def add_readings(connection: Connection, readings: Sequence[Reading]) -> int:
    """Store what coders have read; returns how many rows were new."""
    places = transcript_ids(connection)
    people = {name: coder_id(connection, Coder(name)) for name in {r.coder for r in readings}}
    rows = [
        {
            "transcript_id": places[reading.transcript],
            "start": reading.span.start,
            "end": reading.span.end,
            "coder_id": people[reading.coder],
        }
        for reading in readings
    ]
    return _insert_new(connection, t.readings, rows)


def codings(connection: Connection) -> list[Coding]:
    """All codings, by transcript name, place, code and coder."""
    query = (
        select(
            t.transcripts.c.name.label("transcript"),
            t.codings,
            t.codes.c.code,
            t.coders.c.name.label("coder"),
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
    return [
        Coding(
            transcript=row.transcript,
            span=Span(row.start, row.end),
            code=row.code,
            coder=row.coder,
            made_at=row.made_at,
            basis=row.basis,
            memo=row.memo,
        )
        for row in connection.execute(query)
    ]


def readings(connection: Connection) -> list[Reading]:
    """All readings, by transcript name, place and coder."""
    query = (
        select(
            t.transcripts.c.name.label("transcript"),
            t.readings.c.start,
            t.readings.c.end,
            t.coders.c.name.label("coder"),
        )
        .join_from(t.readings, t.transcripts, t.readings.c.transcript_id == t.transcripts.c.id)
        .join(t.coders, t.readings.c.coder_id == t.coders.c.id)
        .order_by(t.transcripts.c.name, t.readings.c.start, t.coders.c.name)
    )
    return [
        Reading(row.transcript, Span(row.start, row.end), row.coder)
        for row in connection.execute(query)
    ]


def add_memo(connection: Connection, memo: Memo) -> None:
    """Store a memo."""
    coder = coder_id(connection, Coder(memo.coder)) if memo.coder else None
    connection.execute(
        insert(t.memos),
        {
            "about": memo.about,
            "subject": memo.subject,
            "text": memo.text,
            "coder_id": coder,
            "made_at": memo.made_at or now(),
        },
    )


def memos(connection: Connection) -> list[Memo]:
    """All memos, oldest first."""
    query = (
        select(t.memos, t.coders.c.name.label("coder"))
        .join_from(t.memos, t.coders, t.memos.c.coder_id == t.coders.c.id, isouter=True)
        .order_by(t.memos.c.id)
    )
    return [
        Memo(
            about=row.about,
            subject=row.subject,
            text=row.text,
            coder=row.coder,
            made_at=row.made_at,
        )
        for row in connection.execute(query)
    ]


def _insert_new(connection: Connection, table: Any, rows: Sequence[Mapping[str, object]]) -> int:  # noqa: ANN401
    if not rows:
        return 0
    before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
    connection.execute(sqlite_insert(table).on_conflict_do_nothing(), list(rows))
    after = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
    return int(after) - int(before)
