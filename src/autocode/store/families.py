"""Families of codes in the study file: which code is in which, and where each is on or off."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select, update

from ..core.code_family import CodeFamily
from . import schema as t
from .decoding import decode_rows
from .transcripts import transcript_id


def assign_family(connection: Connection, codes: Iterable[str], family: CodeFamily | None) -> None:
    """Put codes (ids) into a family, or into none."""
    value = None if family is None else str(family)
    for code in codes:
        connection.execute(update(t.codes).where(t.codes.c.code == code).values(family=value))


def switch_family(
    connection: Connection, family: CodeFamily, transcript: str, *, on: bool | None
) -> None:
    """Say that a family is on or off in a transcript; None leaves it to the codings again."""
    number = transcript_id(connection, transcript)
    switches = t.family_switches
    connection.execute(
        delete(switches).where(switches.c.family == str(family), switches.c.transcript_id == number)
    )
    if on is not None:
        connection.execute(
            insert(switches).values(family=str(family), transcript_id=number, is_on=int(on))
        )


def family_switches(connection: Connection) -> dict[tuple[CodeFamily, str], bool]:
    """Where a person has switched a family on (True) or off, by family and transcript."""
    rows = connection.execute(
        select(t.family_switches, t.transcripts.c.name)
        .join_from(
            t.family_switches,
            t.transcripts,
            t.family_switches.c.transcript_id == t.transcripts.c.id,
        )
        .order_by(t.family_switches.c.family, t.transcripts.c.name)
    )
    return dict(decode_rows("family_switches", rows, _switch))


def _switch(row: object) -> tuple[tuple[CodeFamily, str], bool]:
    family = CodeFamily.parse(row.family)  # type: ignore[attr-defined] # a SQLAlchemy Row
    return (family, row.name), bool(row.is_on)  # type: ignore[attr-defined] # the same
