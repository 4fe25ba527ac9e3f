"""Rows and objects of transcripts, speakers, cases and segments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy import case as sql_case

from ..core.coding import Case
from ..core.errors import NotFound
from ..core.transcript import (
    Role,
    Segment,
    Source,
    Span,
    Speaker,
    TimedSpan,
    Transcript,
    Turn,
    text_digest,
)
from . import schema as t
from .file import now


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
                "added_at": now(),
            },
        ).scalar_one()
        voices: dict[str, int] = {}
        for speaker in transcript.speakers:
            voices[speaker.name] = connection.execute(
                insert(t.speakers).returning(t.speakers.c.id),
                {
                    "transcript_id": key,
                    "name": speaker.name,
                    "role": speaker.role,
                    "basis": speaker.basis,
                    "confidence": speaker.confidence,
                },
            ).scalar_one()
        rows = [
            {
                "transcript_id": key,
                "start": turn.span.start,
                "end": turn.span.end,
                "speaker_id": voices.get(turn.speaker or ""),
                "begin": turn.begin,
                "finish": turn.finish,
            }
            for turn in transcript.turns
        ]
        if rows:
            connection.execute(insert(t.turns), rows)
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
    rows = connection.execute(
        select(t.transcripts.c.name, t.transcripts.c.id).order_by(t.transcripts.c.name)
    )
    return {row.name: row.id for row in rows}


def transcript_id(connection: Connection, name: str) -> int:
    """The row number of a transcript that is in the study."""
    found = connection.execute(select(t.transcripts.c.id).where(t.transcripts.c.name == name))
    return int(found.scalar_one())


def texts(connection: Connection) -> dict[str, str]:
    """Every transcript's text by name, in order of name."""
    rows = connection.execute(
        select(t.transcripts.c.name, t.transcripts.c.text).order_by(t.transcripts.c.name)
    )
    return {row.name: row.text for row in rows}


def source_names(connection: Connection) -> dict[str, str]:
    """The file each transcript came from, by transcript name."""
    rows = connection.execute(select(t.transcripts.c.name, t.transcripts.c.source_name))
    return {row.name: row.source_name for row in rows}


def source_digests(connection: Connection) -> dict[str, str]:
    """Transcript names by the digest of the file they came from."""
    rows = connection.execute(select(t.transcripts.c.source_digest, t.transcripts.c.name))
    return {row.source_digest: row.name for row in rows}


def transcripts(connection: Connection) -> list[Transcript]:
    """All transcripts, in order of name."""
    voices = speakers(connection)
    turns: dict[int, list[Turn]] = {}
    query = (
        select(t.turns, t.speakers.c.name.label("speaker"))
        .join_from(t.turns, t.speakers, t.turns.c.speaker_id == t.speakers.c.id, isouter=True)
        .order_by(t.turns.c.transcript_id, t.turns.c.start)
    )
    for row in connection.execute(query):
        turns.setdefault(row.transcript_id, []).append(
            Turn(
                span=Span(row.start, row.end),
                speaker=row.speaker,
                begin=row.begin,
                finish=row.finish,
            )
        )
    times: dict[int, list[TimedSpan]] = {}
    for row in connection.execute(
        select(t.times).order_by(t.times.c.transcript_id, t.times.c.start)
    ):
        times.setdefault(row.transcript_id, []).append(
            TimedSpan(Span(row.start, row.end), row.begin, row.finish)
        )
    whole = (
        select(t.transcripts, t.cases.c.name.label("case_name"))
        .join_from(t.transcripts, t.cases, t.transcripts.c.case_id == t.cases.c.id, isouter=True)
        .order_by(t.transcripts.c.name)
    )
    return [
        Transcript(
            name=row.name,
            text=row.text,
            turns=tuple(turns.get(row.id, ())),
            source=Source(
                name=row.source_name,
                format=row.source_format,
                digest=row.source_digest,
                encoding=row.source_encoding,
            ),
            speakers=tuple(voices.get(row.name, ())),
            times=tuple(times.get(row.id, ())),
            case=row.case_name,
        )
        for row in connection.execute(whole)
    ]


def speakers(connection: Connection) -> dict[str, list[Speaker]]:
    """The speakers of each transcript by its name, in order of first appearance."""
    query = (
        select(
            t.transcripts.c.name.label("transcript"),
            t.speakers,
            t.cases.c.name.label("case_name"),
        )
        .join_from(t.speakers, t.transcripts, t.speakers.c.transcript_id == t.transcripts.c.id)
        .join(t.cases, t.speakers.c.case_id == t.cases.c.id, isouter=True)
        .order_by(t.speakers.c.id)
    )
    found: dict[str, list[Speaker]] = {}
    for row in connection.execute(query):
        found.setdefault(row.transcript, []).append(
            Speaker(
                name=row.name,
                role=row.role,
                basis=row.basis,
                confidence=row.confidence,
                case=row.case_name,
            )
        )
    return found


def set_role(connection: Connection, transcript: str, speaker: str, role: Role) -> None:
    """Record a role that a person has set."""
    key = transcript_id(connection, transcript)
    connection.execute(
        update(t.speakers)
        .where(t.speakers.c.transcript_id == key, t.speakers.c.name == speaker)
        .values(role=role, basis="set", confidence=1.0)
    )


def put_case(connection: Connection, case: Case) -> int:
    """Store a case, adding to and replacing the attributes it has; returns its row number."""
    key = connection.execute(select(t.cases.c.id).where(t.cases.c.name == case.name)).scalar()
    if key is None:
        key = connection.execute(
            insert(t.cases).returning(t.cases.c.id), {"name": case.name}
        ).scalar_one()
    for name, value in case.attributes.items():
        connection.execute(
            delete(t.attributes).where(t.attributes.c.case_id == key, t.attributes.c.name == name)
        )
        connection.execute(insert(t.attributes), {"case_id": key, "name": name, "value": value})
    return int(key)


def set_case(
    connection: Connection, case: Case, *, transcript: str, speaker: str | None = None
) -> None:
    """Give a voice of a transcript to a case.

    Without `speaker` it is the whole transcript: every speaker who does not interview, and the
    words that nobody is named for.
    """
    key = put_case(connection, case)
    place = transcript_id(connection, transcript)
    change = update(t.speakers).where(t.speakers.c.transcript_id == place)
    if speaker is None:
        change = change.where(t.speakers.c.role != "interviewer")
        connection.execute(
            update(t.transcripts).where(t.transcripts.c.id == place).values(case_id=key)
        )
    else:
        change = change.where(t.speakers.c.name == speaker)
    connection.execute(change.values(case_id=key))


def cases(connection: Connection) -> list[Case]:
    """All cases with their attributes, in order of name."""
    query = (
        select(t.cases.c.name.label("case_name"), t.attributes.c.name, t.attributes.c.value)
        .join_from(t.cases, t.attributes, t.cases.c.id == t.attributes.c.case_id, isouter=True)
        .order_by(t.cases.c.name, t.attributes.c.name)
    )
    found: dict[str, dict[str, str]] = {}
    for row in connection.execute(query):
        values = found.setdefault(row.case_name, {})
        if row.name is not None:
            values[row.name] = row.value
    return [Case(name, values) for name, values in found.items()]


def replace_segments(
    connection: Connection, transcript: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Put these segments in place of the ones a transcript has (given ones included).

    Each row holds start, end, speaker, unit, given, name and domain.
    """
    key = transcript_id(connection, transcript)
    connection.execute(delete(t.segments).where(t.segments.c.transcript_id == key))
    voices = {
        row.name: row.id
        for row in connection.execute(
            select(t.speakers.c.name, t.speakers.c.id).where(t.speakers.c.transcript_id == key)
        )
    }
    if rows:
        connection.execute(
            insert(t.segments),
            [
                {
                    "transcript_id": key,
                    "start": row["start"],
                    "end": row["end"],
                    "speaker_id": voices.get(row["speaker"]),
                    "unit": row["unit"],
                    "given": int(row["given"]),
                    "name": row["name"],
                    "domain": row["domain"],
                }
                for row in rows
            ],
        )


def units(connection: Connection) -> set[str]:
    """The units that transcripts are cut into; given segments do not count."""
    query = select(t.segments.c.unit).where(t.segments.c.given == 0).distinct()
    return set(connection.execute(query).scalars())


def given_transcripts(connection: Connection) -> set[str]:
    """Names of transcripts whose segments came with them and must not be cut again."""
    query = (
        select(t.transcripts.c.name)
        .join_from(t.segments, t.transcripts, t.segments.c.transcript_id == t.transcripts.c.id)
        .where(t.segments.c.given == 1)
        .distinct()
    )
    return set(connection.execute(query).scalars())


def segments(connection: Connection, transcript: str | None = None) -> list[Segment]:
    """Segments with their words, by transcript name and place; raises NotFound."""
    words = texts(connection)
    if transcript is not None and transcript not in words:
        raise NotFound.among("transcript", transcript, words)
    # Words that nobody is named for belong to the case of the whole transcript.
    whose = sql_case(
        (t.segments.c.speaker_id.is_(None), t.transcripts.c.case_id), else_=t.speakers.c.case_id
    )
    query = (
        select(
            t.transcripts.c.name.label("transcript"),
            t.segments,
            t.speakers.c.name.label("speaker"),
            t.speakers.c.role,
            t.cases.c.name.label("case_name"),
        )
        .join_from(t.segments, t.transcripts, t.segments.c.transcript_id == t.transcripts.c.id)
        .join(t.speakers, t.segments.c.speaker_id == t.speakers.c.id, isouter=True)
        .join(t.cases, t.cases.c.id == whose, isouter=True)
        .order_by(t.transcripts.c.name, t.segments.c.start)
    )
    if transcript is not None:
        query = query.where(t.transcripts.c.name == transcript)
    return [
        Segment(
            transcript=row.transcript,
            span=(span := Span(row.start, row.end)),
            excerpt=span.of(words[row.transcript]),
            speaker=row.speaker,
            role=row.role or "unknown",
            case=row.case_name,
            unit=row.unit,
            given=bool(row.given),
            name=row.name,
            domain=row.domain,
        )
        for row in connection.execute(query)
    ]


def count(connection: Connection) -> dict[str, int]:
    """How many rows the tables a person cares about hold."""
    tables = ("transcripts", "segments", "codes", "coders", "codings", "cases", "decisions")
    return {
        name: connection.execute(
            select(func.count()).select_from(t.metadata.tables[name])
        ).scalar_one()
        for name in tables
    }


def note_import(connection: Connection, digest: str, kind: str, name: str) -> None:
    """Remember that a file was imported."""
    connection.execute(
        insert(t.imports), {"digest": digest, "kind": kind, "name": name, "made_at": now()}
    )


def imported(connection: Connection, digest: str, kind: str) -> bool:
    """Whether a file with these bytes was imported before."""
    query = select(t.imports.c.name).where(t.imports.c.digest == digest, t.imports.c.kind == kind)
    return connection.execute(query).first() is not None
