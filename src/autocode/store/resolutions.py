"""Rows and objects of resolutions: what was settled where two coders differ."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from ..core.coding import OUTCOMES, Coder, Resolution
from ..core.transcript import Span
from . import schema as t
from .codebook import code_numbers
from .codings import coder_id
from .decoding import decode_rows
from .transcripts import transcript_id


def put_resolution(connection: Connection, made: Resolution) -> None:
    """Store a resolution in the place of those of the same consensus and code that it overlaps."""
    transcript, code = transcript_id(connection, made.transcript), code_numbers(connection)
    consensus = coder_id(connection, Coder(made.consensus, "consensus"))
    cells = t.resolutions.c
    connection.execute(
        delete(t.resolutions).where(
            cells.transcript_id == transcript,
            cells.code_id == code[made.code],
            cells.coder_id == consensus,
            cells.start < made.span.end,
            cells.end > made.span.start,
        )
    )
    one, other, by = (
        None if name is None else coder_id(connection, Coder(name))
        for name in (made.one, made.other, made.by)
    )
    connection.execute(
        insert(t.resolutions),
        {
            "transcript_id": transcript,
            "start": made.span.start,
            "end": made.span.end,
            "code_id": code[made.code],
            "coder_id": consensus,
            "outcome": made.outcome,
            "one_id": one,
            "other_id": other,
            "by_id": by,
            "reason": made.reason,
            "note": made.note,
            "made_at": made.made_at,
        },
    )


def resolutions(connection: Connection) -> list[Resolution]:
    """All resolutions, by transcript, place and code."""
    consensus, one, other, by = (
        t.coders.alias(name) for name in ("consensus", "one", "other", "by")
    )
    cells = t.resolutions.c
    query = (
        select(
            t.resolutions,
            t.transcripts.c.name.label("transcript"),
            t.codes.c.code,
            consensus.c.name.label("consensus"),
            one.c.name.label("one"),
            other.c.name.label("other"),
            by.c.name.label("by"),
        )
        .join_from(t.resolutions, t.transcripts, cells.transcript_id == t.transcripts.c.id)
        .join(t.codes, cells.code_id == t.codes.c.id)
        .join(consensus, cells.coder_id == consensus.c.id)
        .join(one, cells.one_id == one.c.id, isouter=True)
        .join(other, cells.other_id == other.c.id, isouter=True)
        .join(by, cells.by_id == by.c.id, isouter=True)
        .order_by(t.transcripts.c.name, cells.start, cells.end, t.codes.c.position, cells.id)
    )
    return decode_rows("resolutions", connection.execute(query), _resolution)


def _resolution(row: Any) -> Resolution:  # noqa: ANN401 - a SQLAlchemy Row
    return Resolution(
        transcript=row.transcript,
        span=Span(row.start, row.end),
        code=row.code,
        outcome=OUTCOMES[OUTCOMES.index(row.outcome)],
        consensus=row.consensus,
        one=row.one,
        other=row.other,
        by=row.by,
        reason=row.reason,
        note=row.note,
        made_at=row.made_at,
    )
