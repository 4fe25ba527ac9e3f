"""Rows and objects of recordings: one for a transcript."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from ..core.recording import Recording
from . import schema as t
from .clock import now
from .decoding import decode_rows
from .transcripts import transcript_id


def recordings(connection: Connection) -> list[Recording]:
    """All recordings, by the name of their transcript."""
    query = (
        select(t.transcripts.c.name.label("transcript"), t.media)
        .join_from(t.media, t.transcripts, t.media.c.transcript_id == t.transcripts.c.id)
        .order_by(t.transcripts.c.name)
    )
    return decode_rows(
        "media",
        connection.execute(query),
        lambda row: Recording(
            transcript=row.transcript,
            path=row.path,
            digest=row.digest,
            n_bytes=row.n_bytes,
            media_type=row.media_type,
            added_at=row.added_at,
        ),
    )


def put_recording(connection: Connection, recording: Recording) -> None:
    """Store the recording of a transcript in place of the one it had."""
    remove_recording(connection, recording.transcript)
    connection.execute(
        insert(t.media).values(
            transcript_id=transcript_id(connection, recording.transcript),
            path=recording.path,
            digest=recording.digest,
            n_bytes=recording.n_bytes,
            media_type=recording.media_type,
            added_at=recording.added_at or now(),
        )
    )


def remove_recording(connection: Connection, transcript: str) -> None:
    """Forget the recording of a transcript; the file is not touched."""
    number = transcript_id(connection, transcript)
    connection.execute(delete(t.media).where(t.media.c.transcript_id == number))
