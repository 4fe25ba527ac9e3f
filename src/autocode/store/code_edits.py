"""Rows that a change of the codebook touches: codings, decisions, the map, memos, children."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, select, text, update

from ..core.code_change import OutdatedCoding
from ..core.codebook import Code
from ..core.coding import Coding
from ..core.transcript import Span
from . import schema as t
from .codebook import code_numbers

_PLACE = 'transcript_id, "start", "end", coder_id'


@dataclass(frozen=True, slots=True)
class Moved:
    """How many codings went to another code by coder, were there already, and decisions."""

    by_coder: dict[str, int]
    n_doubled: int
    n_decisions: int


def count_codings(connection: Connection, code: str) -> dict[str, int]:
    """Codings of a code (its id), by coder."""
    query = (
        select(t.coders.c.name, func.count())
        .join_from(t.codings, t.coders, t.codings.c.coder_id == t.coders.c.id)
        .join(t.codes, t.codings.c.code_id == t.codes.c.id)
        .where(t.codes.c.code == code)
        .group_by(t.coders.c.name)
        .order_by(t.coders.c.name)
    )
    return {name: n for name, n in connection.execute(query)}


def count_decisions(connection: Connection, code: str) -> int:
    """Decisions on suggestions of this code, and those that put it in another's place."""
    number = code_numbers(connection)[code]
    query = "SELECT count(*) FROM decisions WHERE suggested_id = :n OR code_id = :n"
    return int(connection.execute(text(query), {"n": number}).scalar_one())


def move_codings(
    connection: Connection, code: str, to: str, *, only: Collection[int] | None = None
) -> Moved:
    """Give the codings of a code to another one; of `only` these rows, or of all.

    Where a coder has given a span both codes, one coding is left, with the memos of both.
    """
    numbers = code_numbers(connection)
    old, new = numbers[code], numbers[to]
    rows = [
        row
        for row in connection.execute(select(t.codings).where(t.codings.c.code_id == old))
        if only is None or row.id in only
    ]
    names = {row.id: row.name for row in connection.execute(select(t.coders))}
    there = {
        (row.transcript_id, row.start, row.end, row.coder_id): row
        for row in connection.execute(select(t.codings).where(t.codings.c.code_id == new))
    }
    revision = connection.execute(
        select(t.codes.c.revision).where(t.codes.c.id == new)
    ).scalar_one()
    by_coder: dict[str, int] = {}
    n_doubled = 0
    for row in rows:
        by_coder[names[row.coder_id]] = by_coder.get(names[row.coder_id], 0) + 1
        double = there.get((row.transcript_id, row.start, row.end, row.coder_id))
        if double is None:
            change = {"code_id": new, "code_revision": revision}
            connection.execute(update(t.codings).where(t.codings.c.id == row.id).values(change))
            continue
        n_doubled += 1
        connection.execute(delete(t.codings).where(t.codings.c.id == row.id))
        if row.memo and row.memo not in double.memo:
            both = "; ".join(memo for memo in (double.memo, row.memo) if memo)
            connection.execute(
                update(t.codings).where(t.codings.c.id == double.id).values(memo=both)
            )
    return Moved(dict(sorted(by_coder.items())), n_doubled, 0)


def hand_over(connection: Connection, code: str, to: str) -> int:
    """Let everything else that names a code name another one; returns how many decisions did.

    Decisions, resolutions, memos, the thematic map and the codes below it follow. A decision of one
    coder on the same place that the other code has already is left out.
    """
    numbers = code_numbers(connection)
    old, new = numbers[code], numbers[to]
    values = {"old": old, "new": new, "old_code": code, "new_code": to}

    def run(statement: str) -> int:
        return connection.execute(text(statement), values).rowcount

    n_decisions = run(
        "UPDATE decisions SET code_id = :new WHERE code_id = :old AND suggested_id <> :old"
    )
    run("UPDATE decisions SET code_id = :new WHERE code_id = :old")
    n_decisions += run(
        "UPDATE OR IGNORE decisions SET suggested_id = :new WHERE suggested_id = :old"
    )
    run("DELETE FROM decisions WHERE suggested_id = :old")
    run("UPDATE OR IGNORE map_codes SET code_id = :new WHERE code_id = :old")
    run("DELETE FROM map_codes WHERE code_id = :old")
    run("UPDATE OR IGNORE resolutions SET code_id = :new WHERE code_id = :old")
    run("DELETE FROM resolutions WHERE code_id = :old")
    run("UPDATE memos SET subject = :new_code WHERE about = 'code' AND subject = :old_code")
    # Where the other code is itself below it, however deep, that one takes its place.
    run(
        "WITH RECURSIVE below(code) AS (SELECT code FROM codes WHERE parent = :old_code UNION"
        " SELECT codes.code FROM codes JOIN below ON codes.parent = below.code)"
        " UPDATE codes SET parent = (SELECT parent FROM codes WHERE id = :old)"
        " WHERE id = :new AND code IN below"
    )
    run("UPDATE codes SET parent = :new_code WHERE parent = :old_code AND id <> :new")
    return n_decisions


def remove_code(connection: Connection, code: str) -> None:
    """Delete a code with all that names it; the codes below it move up to its parent."""
    number = code_numbers(connection)[code]
    values = {"n": number, "code": code}
    for statement in (
        "DELETE FROM codings WHERE code_id = :n",
        "DELETE FROM decisions WHERE suggested_id = :n OR code_id = :n",
        "DELETE FROM map_codes WHERE code_id = :n",
        "DELETE FROM resolutions WHERE code_id = :n",
        "DELETE FROM memos WHERE about = 'code' AND subject = :code",
        "UPDATE codes SET parent = (SELECT parent FROM codes WHERE id = :n) WHERE parent = :code",
        "DELETE FROM codes WHERE id = :n",
    ):
        connection.execute(text(statement), values)


def put_code(connection: Connection, code: Code, *, new_meaning: bool) -> None:
    """Store what people say of a known code, its place in the tree, and whether it is archived."""
    values: dict[str, Any] = {
        "name": code.name,
        "definition": code.definition,
        "inclusion": code.inclusion,
        "exclusion": code.exclusion,
        "examples": json.dumps(code.examples, ensure_ascii=False),
        "colour": code.colour,
        "memo": code.memo,
        "parent": code.parent,
        "archived": int(code.archived),
        "revision": code.revision + new_meaning,
    }
    connection.execute(update(t.codes).where(t.codes.c.code == code.id).values(**values))


def outdated_codings(connection: Connection, code: str | None = None) -> list[OutdatedCoding]:
    """Codings made under an earlier revision of their code, of one code (its id) or all."""
    query = (
        select(
            t.codings,
            t.codes.c.code,
            t.codes.c.revision,
            t.transcripts.c.name.label("transcript"),
            t.coders.c.name.label("coder"),
        )
        .join_from(t.codings, t.codes, t.codings.c.code_id == t.codes.c.id)
        .join(t.transcripts, t.codings.c.transcript_id == t.transcripts.c.id)
        .join(t.coders, t.codings.c.coder_id == t.coders.c.id)
        .where(t.codings.c.code_revision < t.codes.c.revision)
        .order_by(t.codes.c.position, t.transcripts.c.name, t.codings.c.start, t.coders.c.name)
    )
    if code is not None:
        query = query.where(t.codes.c.code == code)
    return [
        OutdatedCoding(
            coding=Coding(
                transcript=row.transcript,
                span=Span(row.start, row.end),
                code=row.code,
                coder=row.coder,
                made_at=row.made_at,
                basis=row.basis,
                memo=row.memo,
            ),
            coded_under=row.code_revision,
            revision=row.revision,
        )
        for row in connection.execute(query)
    ]


def order_codes(connection: Connection, codes: Sequence[str]) -> None:
    """Let all codes (ids) stand in this order."""
    rows = connection.execute(select(t.codes.c.code, t.codes.c.position))
    now = {row.code: row.position for row in rows}
    positions = sorted(now.values())
    if len(set(positions)) < len(positions):  # two codes of one place cannot change places
        positions = list(range(len(positions)))
    for code, position in zip(codes, positions, strict=True):
        if now[code] != position:
            change = update(t.codes).where(t.codes.c.code == code).values(position=position)
            connection.execute(change)


def confirm_codings(
    connection: Connection, code: str, coder: str | None, *, only: Collection[int] | None = None
) -> int:
    """Note that codings of a code were looked at under its revision of today; returns how many.

    `only` are the numbers of the rows that are meant, None for all.
    """
    row = connection.execute(select(t.codes).where(t.codes.c.code == code)).one()
    change = (
        update(t.codings)
        .where(t.codings.c.code_id == row.id, t.codings.c.code_revision < row.revision)
        .values(code_revision=row.revision)
    )
    if coder is not None:
        who = select(t.coders.c.id).where(t.coders.c.name == coder).scalar_subquery()
        change = change.where(t.codings.c.coder_id == who)
    if only is not None:
        change = change.where(t.codings.c.id.in_(only))
    return connection.execute(change).rowcount


def coding_numbers(connection: Connection, code: str) -> dict[tuple[str, Span, str], int]:
    """The row number of each coding of a code, by transcript, span and coder."""
    query = (
        select(
            t.codings.c.id,
            t.codings.c.start,
            t.codings.c.end,
            t.transcripts.c.name.label("transcript"),
            t.coders.c.name.label("coder"),
        )
        .join_from(t.codings, t.codes, t.codings.c.code_id == t.codes.c.id)
        .join(t.transcripts, t.codings.c.transcript_id == t.transcripts.c.id)
        .join(t.coders, t.codings.c.coder_id == t.coders.c.id)
        .where(t.codes.c.code == code)
    )
    return {
        (row.transcript, Span(row.start, row.end), row.coder): row.id
        for row in connection.execute(query)
    }
