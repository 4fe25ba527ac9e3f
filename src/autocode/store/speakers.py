"""Changing who a voice is: names and merges; the words they said stay as they are."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from . import schema as t
from .transcripts import transcript_id


def rename_speaker(connection: Connection, transcript: str, old: str, new: str) -> None:
    """Give a speaker another name; no other speaker of the transcript may have it."""
    connection.execute(
        update(t.speakers)
        .where(
            t.speakers.c.transcript_id == transcript_id(connection, transcript),
            t.speakers.c.name == old,
        )
        .values(name=new)
    )


def merge_speakers(connection: Connection, transcript: str, away: str, into: str) -> None:
    """Make two names of one voice one: turns and segments of `away` become those of `into`.

    The case of `away` is kept where `into` has none.
    """
    key = transcript_id(connection, transcript)
    rows = {
        row.name: row
        for row in connection.execute(select(t.speakers).where(t.speakers.c.transcript_id == key))
    }
    gone, kept = rows[away], rows[into]
    for table in (t.turns, t.segments):
        connection.execute(
            update(table).where(table.c.speaker_id == gone.id).values(speaker_id=kept.id)
        )
    if kept.case_id is None and gone.case_id is not None:
        connection.execute(
            update(t.speakers).where(t.speakers.c.id == kept.id).values(case_id=gone.case_id)
        )
    connection.execute(delete(t.speakers).where(t.speakers.c.id == gone.id))
