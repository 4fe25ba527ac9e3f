"""Rows and objects of segments: the units a transcript is cut into, a view on its fixed text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy import case as sql_case

from ..core.errors import NotFound
from ..core.transcript import Segment, Span
from . import schema as t
from .capture import driver_of
from .codings import page
from .decoding import decode_rows
from .transcripts import transcript_id, transcript_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFilter:
    """Which segments are wanted, and how many of them in order; all of them by default."""

    transcript: str | None = None
    speaker: str | None = None
    role: str | None = None
    limit: int | None = None
    offset: int = 0


def replace_segments(
    connection: Connection, transcript: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Put these segments in place of the ones a transcript has (given ones included).

    Each row holds start, end, speaker, unit, given, name and domain.
    """
    number = transcript_id(connection, transcript)
    connection.execute(delete(t.segments).where(t.segments.c.transcript_id == number))
    speakers = {
        row.name: row.id
        for row in connection.execute(
            select(t.speakers.c.name, t.speakers.c.id).where(t.speakers.c.transcript_id == number)
        )
    }
    driver_of(connection).executemany(
        'INSERT INTO segments (transcript_id, start, "end", speaker_id, unit, given, name, domain)'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                number,
                row["start"],
                row["end"],
                speakers.get(row["speaker"]),
                row["unit"],
                int(row["given"]),
                row["name"],
                row["domain"],
            )
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


def uncut_transcripts(connection: Connection) -> set[str]:
    """Names of transcripts without any segment."""
    cut = select(t.segments.c.transcript_id)
    query = select(t.transcripts.c.name).where(t.transcripts.c.id.not_in(cut))
    return set(connection.execute(query).scalars())


def segments(connection: Connection, wanted: SegmentFilter | None = None) -> list[Segment]:
    """Segments with their words, by transcript name and start; all, or those that are wanted.

    Raises:
        NotFound: if there is no such transcript.
    """
    wanted = wanted or SegmentFilter()
    if wanted.transcript is not None:
        known = transcript_ids(connection)
        if wanted.transcript not in known:
            raise NotFound.among("transcript", wanted.transcript, known)
    query = _segment_query()
    for column, value in (
        (t.transcripts.c.name, wanted.transcript),
        (t.speakers.c.name, wanted.speaker),
        (t.speakers.c.role, wanted.role),
    ):
        if value is not None:
            query = query.where(column == value)
    rows = connection.execute(page(query, wanted.limit, wanted.offset)).all()
    texts = _texts_of(connection, {row.transcript_id for row in rows})
    return decode_rows("segments", rows, lambda row: _segment(row, texts[row.transcript_id]))


def _segment_query() -> Any:  # noqa: ANN401 - a SQLAlchemy Select
    # Words that nobody is named for belong to the case of the whole transcript.
    whose = sql_case(
        (t.segments.c.speaker_id.is_(None), t.transcripts.c.case_id), else_=t.speakers.c.case_id
    )
    return (
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


def _texts_of(connection: Connection, numbers: set[int]) -> dict[int, str]:
    query = select(t.transcripts.c.id, t.transcripts.c.text)
    if len(numbers) == 1:
        query = query.where(t.transcripts.c.id == next(iter(numbers)))
    return {row.id: row.text for row in connection.execute(query)} if numbers else {}


def _segment(row: Any, text: str) -> Segment:  # noqa: ANN401 - a SQLAlchemy Row
    span = Span(row.start, row.end)
    return Segment(
        transcript=row.transcript,
        span=span,
        excerpt=span.of(text),
        speaker=row.speaker,
        role=row.role or "unknown",
        case=row.case_name,
        unit=row.unit,
        given=bool(row.given),
        name=row.name,
        domain=row.domain,
    )
