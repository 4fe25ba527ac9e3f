"""Rows and objects of transcripts and their turns, and which files a study has taken in."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, func, insert, select

from ..core.errors import NotFound
from ..core.transcript import Source, Span, TimedSpan, Transcript, Turn, text_digest
from . import schema as t
from .capture import driver_of
from .clock import now
from .decoding import decode_rows
from .speakers import speakers


def add_transcripts(connection: Connection, transcripts: Iterable[Transcript]) -> None:
    """Store transcripts with their speakers and turns."""
    for transcript in transcripts:
        source = transcript.source
        key = connection.execute(
            insert(t.transcripts).returning(t.transcripts.c.id),
            {
                "name": transcript.name,
                "text": transcript.text,
                "source_name": source.name,
                "source_format": source.format,
                "source_digest": source.digest,
                "source_encoding": source.encoding,
                "text_digest": text_digest(transcript.text),
                "language": transcript.language,
                "added_at": now(),
            },
        ).scalar_one()
        speaker_numbers: dict[str, int] = {}
        for speaker in transcript.speakers:
            speaker_numbers[speaker.name] = connection.execute(
                insert(t.speakers).returning(t.speakers.c.id),
                {
                    "transcript_id": key,
                    "name": speaker.name,
                    "role": speaker.role,
                    "basis": speaker.basis,
                    "confidence": speaker.confidence,
                },
            ).scalar_one()
        speaker_of = speaker_numbers.get
        driver_of(connection).executemany(
            'INSERT INTO turns (transcript_id, start, "end", speaker_id, "begin", finish)'
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (key, v.span.start, v.span.end, speaker_of(v.speaker or ""), v.begin, v.finish)
                for v in transcript.turns
            ],
        )
        if transcript.times:
            connection.execute(insert(t.times), _time_rows(key, transcript.times))


def _time_rows(key: int, times: Iterable[TimedSpan]) -> list[dict[str, Any]]:
    return [
        {
            "transcript_id": key,
            "start": time.span.start,
            "end": time.span.end,
            "begin": time.begin,
            "finish": time.finish,
        }
        for time in times
    ]


def transcript_ids(connection: Connection) -> dict[str, int]:
    """Row numbers by transcript name, in order of name."""
    return dict(driver_of(connection).execute("SELECT name, id FROM transcripts ORDER BY name"))


def transcript_id(connection: Connection, name: str) -> int:
    """The row number of a transcript that is in the study."""
    ids = connection.execute(select(t.transcripts.c.id).where(t.transcripts.c.name == name))
    return int(ids.scalar_one())


def texts(connection: Connection, names: Collection[str] | None = None) -> dict[str, str]:
    """The text of every transcript, or of those of these names, by name and in its order."""
    query = select(t.transcripts.c.name, t.transcripts.c.text).order_by(t.transcripts.c.name)
    if names is not None:
        query = query.where(t.transcripts.c.name.in_(sorted(names)))
    return {row.name: row.text for row in connection.execute(query)}


def source_names(connection: Connection) -> dict[str, str]:
    """The file each transcript came from, by transcript name."""
    rows = connection.execute(select(t.transcripts.c.name, t.transcripts.c.source_name))
    return {row.name: row.source_name for row in rows}


def source_digests(connection: Connection) -> dict[str, str]:
    """Transcript names by the digest of the file they came from."""
    rows = connection.execute(select(t.transcripts.c.source_digest, t.transcripts.c.name))
    return {row.source_digest: row.name for row in rows}


def text_digests(connection: Connection) -> dict[str, str]:
    """Transcript names by the digest of their text."""
    rows = connection.execute(select(t.transcripts.c.text_digest, t.transcripts.c.name))
    return {row.text_digest: row.name for row in rows}


def transcripts(connection: Connection, name: str | None = None) -> list[Transcript]:
    """All transcripts, in order of name, or the one of this name; raises NotFound."""
    query = (
        select(t.transcripts, t.cases.c.name.label("case_name"))
        .join_from(t.transcripts, t.cases, t.transcripts.c.case_id == t.cases.c.id, isouter=True)
        .order_by(t.transcripts.c.name)
    )
    if name is not None:
        query = query.where(t.transcripts.c.name == name)
    rows = connection.execute(query).all()
    if name is not None and not rows:
        raise NotFound.among("transcript", name, transcript_ids(connection))
    number = rows[0].id if name is not None else None
    turns, times = _turns(connection, number), _times(connection, number)
    known = speakers(connection)
    return decode_rows(
        "transcripts",
        rows,
        lambda row: Transcript(
            name=row.name,
            text=row.text,
            turns=tuple(turns.get(row.id, ())),
            source=Source(
                name=row.source_name,
                format=row.source_format,
                digest=row.source_digest,
                encoding=row.source_encoding,
            ),
            speakers=tuple(known.get(row.name, ())),
            times=tuple(times.get(row.id, ())),
            case=row.case_name,
            language=row.language,
        ),
    )


def text_of(connection: Connection, name: str) -> str:
    """The text of the transcript of this name, without its turns; raises NotFound."""
    text = select(t.transcripts.c.text).where(t.transcripts.c.name == name)
    row = connection.execute(text).one_or_none()
    if row is None:
        raise NotFound.among("transcript", name, transcript_ids(connection))
    return str(row.text)


def _turns(connection: Connection, number: int | None) -> dict[int, list[Turn]]:
    """Turns by transcript number, of all transcripts or one."""
    query = (
        select(t.turns, t.speakers.c.name.label("speaker"))
        .join_from(t.turns, t.speakers, t.turns.c.speaker_id == t.speakers.c.id, isouter=True)
        .order_by(t.turns.c.transcript_id, t.turns.c.start)
    )
    if number is not None:
        query = query.where(t.turns.c.transcript_id == number)
    turns: dict[int, list[Turn]] = {}
    for transcript, turn in decode_rows(
        "turns", connection.execute(query), lambda row: (row.transcript_id, _turn(row))
    ):
        turns.setdefault(transcript, []).append(turn)
    return turns


def _turn(row: Any) -> Turn:  # noqa: ANN401 - a SQLAlchemy Row
    return Turn(
        span=Span(row.start, row.end), speaker=row.speaker, begin=row.begin, finish=row.finish
    )


def _times(connection: Connection, number: int | None) -> dict[int, list[TimedSpan]]:
    """Times by transcript number, of all transcripts or one."""
    query = select(t.times).order_by(t.times.c.transcript_id, t.times.c.start)
    if number is not None:
        query = query.where(t.times.c.transcript_id == number)
    times: dict[int, list[TimedSpan]] = {}
    for transcript, time in decode_rows(
        "times",
        connection.execute(query),
        lambda row: (
            row.transcript_id,
            TimedSpan(Span(row.start, row.end), row.begin, row.finish),
        ),
    ):
        times.setdefault(transcript, []).append(time)
    return times


def count(connection: Connection) -> dict[str, int]:
    """How many rows the tables a person cares about hold."""
    tables = ("transcripts", "segments", "codes", "coders", "codings", "cases", "decisions")
    counted = [
        select(func.count()).select_from(t.metadata.tables[name]).scalar_subquery().label(name)
        for name in tables
    ]
    row = connection.execute(select(*counted)).one()
    return {name: int(getattr(row, name)) for name in tables}


def note_import(connection: Connection, digest: str, kind: str, name: str) -> None:
    """Remember that a file was imported."""
    connection.execute(
        insert(t.imports), {"digest": digest, "kind": kind, "name": name, "made_at": now()}
    )


def imported(connection: Connection, digest: str, kind: str) -> bool:
    """Whether a file with these bytes was imported before."""
    query = select(t.imports.c.name).where(t.imports.c.digest == digest, t.imports.c.kind == kind)
    return connection.execute(query).first() is not None
