"""Rows and objects of passes: who codes which transcript, and how far it has come."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update

from ..core.coding_pass import CodingPass, PassState
from . import schema as t
from .clock import now
from .codings import coder_ids
from .decoding import decode_rows
from .transcripts import transcript_ids


def passes(connection: Connection) -> list[CodingPass]:
    """All passes, by transcript name, kind and coder."""
    query = (
        select(t.transcripts.c.name.label("transcript"), t.coders.c.name.label("coder"), t.passes)
        .join_from(t.passes, t.transcripts, t.passes.c.transcript_id == t.transcripts.c.id)
        .join(t.coders, t.passes.c.coder_id == t.coders.c.id)
        .order_by(t.transcripts.c.name, t.passes.c.kind, t.coders.c.name)
    )
    return decode_rows(
        "passes",
        connection.execute(query),
        lambda row: CodingPass(
            transcript=row.transcript,
            coder=row.coder,
            kind=row.kind,
            blind=bool(row.blind),
            assistance=row.assistance,
            state=row.state,
            n_reopened=row.n_reopened,
            random_state=row.random_state,
            draw_order=row.draw_order,
            made_at=row.made_at,
        ),
    )


def add_passes(connection: Connection, new: Sequence[CodingPass]) -> None:
    """Store passes that are not there yet; coders who are new come into the study."""
    if not new:
        return
    transcripts = transcript_ids(connection)
    coders = coder_ids(connection, {one.coder for one in new})
    at = now()
    rows = [
        {
            "transcript_id": transcripts[one.transcript],
            "coder_id": coders[one.coder],
            "kind": one.kind,
            "blind": int(one.blind),
            "assistance": one.assistance,
            "state": one.state,
            "n_reopened": one.n_reopened,
            "random_state": one.random_state,
            "draw_order": one.draw_order,
            "made_at": one.made_at or at,
        }
        for one in new
    ]
    connection.execute(insert(t.passes), rows)


def set_pass_state(connection: Connection, one: CodingPass, state: PassState) -> None:
    """Bring a pass into a state; one that comes to be open again was reopened."""
    transcript = transcript_ids(connection)[one.transcript]
    coder = coder_ids(connection, [one.coder])[one.coder]
    connection.execute(
        update(t.passes)
        .where(t.passes.c.transcript_id == transcript, t.passes.c.coder_id == coder)
        .values(state=state, n_reopened=one.n_reopened + (state == "open"))
    )
