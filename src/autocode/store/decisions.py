"""Rows and objects of decisions on suggestions; a batch is read and written in one round."""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Text, bindparam, delete, func, insert, or_, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ..core.coding import Coder, Decision
from ..core.transcript import Span
from . import schema as t
from .codings import coder_id, coder_ids
from .decoding import decode_rows
from .runs import parameter
from .suggestions import decides, is_decided, is_made_for, is_superseded
from .transcripts import transcript_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a decision is on: a code suggested for a span, by the suggestion's number if it has one.

    `number` is None where the suggestion has gone: the place and the code are what counts.
    """

    number: int | None
    transcript_id: int
    transcript: str
    span: Span
    code: str


def targets(
    connection: Connection,
    numbers: Collection[int] | None = None,
    *,
    coder: str = "",
) -> dict[int, Target]:
    """Suggestions by number: those of `numbers`, or all open ones that are auto-acceptable.

    The latter of what was suggested for everybody or for `coder`, a code for a span once. They come
    in order of transcript, span and rank.
    """
    if numbers is not None and not numbers:
        return {}
    query = (
        select(
            t.suggestions.c.id,
            t.suggestions.c.transcript_id,
            t.transcripts.c.name.label("transcript"),
            t.suggestions.c.start,
            t.suggestions.c.end,
            t.codes.c.code,
        )
        .join_from(
            t.suggestions, t.transcripts, t.suggestions.c.transcript_id == t.transcripts.c.id
        )
        .join(t.codes, t.suggestions.c.code_id == t.codes.c.id)
        .order_by(t.transcripts.c.name, t.suggestions.c.start, t.suggestions.c.rank)
    )
    if numbers is None:
        # Whoever has read the segment without applying the code has decided by hand.
        query = query.where(
            t.suggestions.c.auto_acceptable == 1,
            ~is_decided(),
            ~is_superseded(),
            or_(is_made_for(None), is_made_for(coder)),
        )
    else:
        # As one value, however many there are: SQLite limits how many a statement may have.
        wanted = [number for number in numbers if 0 < number < 2**63]
        query = query.where(t.suggestions.c.id.in_(_all_of(wanted)))
    rows = decode_rows("suggestions", connection.execute(query), _target)
    if numbers is None:
        places = {(one.transcript_id, one.span, one.code): one for one in reversed(rows)}
        rows = [one for one in rows if places[one.transcript_id, one.span, one.code] is one]
    return {target.number: target for target in rows if target.number is not None}


def withdraw_decisions(connection: Connection, decided: Sequence[Decision]) -> None:
    """Take decisions back, with the codings and readings that no other decision there needs."""
    transcripts = transcript_ids(connection)
    coders = coder_ids(connection, {d.coder for d in decided})
    for d in decided:
        place = _Place(transcripts[d.transcript], d.span.start, d.span.end, coders[d.coder])
        here = [column == value for column, value in _cells(t.decisions, place)]
        suggested = select(t.codes.c.id).where(t.codes.c.code == d.suggested).scalar_subquery()
        connection.execute(
            delete(t.decisions).where(*here, t.decisions.c.suggested_id == suggested)
        )
        left = connection.execute(select(t.decisions.c.code_id).where(*here)).scalars().all()
        on_codings = [column == value for column, value in _cells(t.codings, place)]
        applied = select(t.codes.c.id).where(t.codes.c.code == d.applied).scalar_subquery()
        if d.applied is not None:
            connection.execute(
                delete(t.codings).where(
                    *on_codings,
                    t.codings.c.code_id == applied,
                    t.codings.c.basis == "decision",
                    t.codings.c.code_id.not_in([code for code in left if code is not None]),
                )
            )
        if not any(code is not None for code in left):
            on_readings = [column == value for column, value in _cells(t.readings, place)]
            connection.execute(
                delete(t.readings).where(*on_readings, t.readings.c.basis == "decision")
            )


def _cells(table: Any, place: _Place) -> list[tuple[Any, int]]:  # noqa: ANN401 - a SQLAlchemy Table
    """The columns of a table that hold a place, each with its value."""
    return [(table.c[name], value) for name, value in place.row().items()]


def add_decisions(connection: Connection, decided: Sequence[tuple[Decision, Target]]) -> None:
    """Record decisions and, for those that do not reject, the codings they lead to.

    Each comes with the suggestion decided on, none of them decided before. Whoever applies a code
    has read the segment; whoever rejects one has not, unless they have now decided on each of the
    two or more suggestions for the very span.
    """
    if not decided:
        return
    names = {d.coder for d, _ in decided}
    if len(names) == 1:
        (name,) = names
        coders = {name: coder_id(connection, Coder(name))}
    else:
        coders = coder_ids(connection, names)
    placed = [(d, _Place.of(target, coders[d.coder])) for d, target in decided]
    connection.execute(
        _put_decision(),
        [
            place.row()
            | {"action": d.action, "made_at": d.made_at, "memo": d.memo}
            | {"applied": d.applied, "suggested": d.suggested}
            for d, place in placed
        ],
    )
    applied = [(d, place) for d, place in placed if d.applied is not None]
    if applied:
        connection.execute(
            _put_coding(),
            [
                place.row()
                | {"applied": d.applied, "made_at": d.made_at}
                | {"basis": "decision", "memo": d.memo}
                for d, place in applied
            ],
        )
    read = {place for _, place in applied}
    read |= _decided_wholly(connection, {place for _, place in placed} - read)
    if read:
        rows_read = [place.row() | {"basis": "decision"} for place in sorted(read)]
        connection.execute(sqlite_insert(t.readings).on_conflict_do_nothing(), rows_read)


# Statements are built once: building one takes longer than it runs.


@functools.cache
def _put_decision() -> Any:  # noqa: ANN401 - a SQLAlchemy Insert
    return insert(t.decisions).values(code_id=_code("applied"), suggested_id=_code("suggested"))


@functools.cache
def _put_coding() -> Any:  # noqa: ANN401 - a SQLAlchemy Insert
    return sqlite_insert(t.codings).values(code_id=_code("applied")).on_conflict_do_nothing()


def decisions(
    connection: Connection,
    coders: Collection[str] | None = None,
    *,
    at: tuple[str, Span] | None = None,
) -> list[Decision]:
    """All decisions, oldest first, or those of some coders, or on one span of a transcript."""
    query = _decisions_query(of_some=coders is not None, at_place=at is not None)
    values: dict[str, Any] = {}
    if coders is not None:
        values["coders"] = sorted(coders)
    if at is not None:
        values |= {"at_transcript": at[0], "at_start": at[1].start, "at_end": at[1].end}
    return decode_rows("decisions", connection.execute(query, values), _decision)


@functools.cache
def _decisions_query(*, of_some: bool, at_place: bool) -> Any:  # noqa: ANN401 - a SQLAlchemy Select
    applied, suggested = t.codes.alias("applied"), t.codes.alias("suggested")
    number = select(func.min(t.suggestions.c.id)).where(decides()).scalar_subquery()
    query = (
        select(
            t.decisions,
            t.coders.c.name.label("coder"),
            t.transcripts.c.name.label("transcript"),
            suggested.c.code.label("suggested"),
            applied.c.code.label("applied"),
            number.label("suggestion"),
        )
        .join_from(t.decisions, t.coders, t.decisions.c.coder_id == t.coders.c.id)
        .join(t.transcripts, t.decisions.c.transcript_id == t.transcripts.c.id)
        .join(suggested, t.decisions.c.suggested_id == suggested.c.id)
        .join(applied, t.decisions.c.code_id == applied.c.id, isouter=True)
        .order_by(t.decisions.c.id)
    )
    if of_some:
        query = query.where(t.coders.c.name.in_(bindparam("coders", expanding=True)))
    if at_place:
        query = query.where(
            t.transcripts.c.name == bindparam("at_transcript"),
            t.decisions.c.start == bindparam("at_start"),
            t.decisions.c.end == bindparam("at_end"),
        )
    return query


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    """A span of a transcript and the coder who decides there, all by row numbers."""

    transcript_id: int
    start: int
    end: int
    coder_id: int

    @classmethod
    def of(cls, target: Target, coder: int) -> _Place:
        return cls(target.transcript_id, target.span.start, target.span.end, coder)

    def row(self) -> dict[str, Any]:
        return {
            "transcript_id": self.transcript_id,
            "start": self.start,
            "end": self.end,
            "coder_id": self.coder_id,
        }


def _decided_wholly(connection: Connection, rejected: Collection[_Place]) -> set[_Place]:
    """Where a coder has decided on every one of several suggestions for the same span.

    Those made for everybody count together, and so do those made for that coder. One rejected code
    says nothing of the others, nor does what somebody else decided; when all of several are
    rejected by one coder, none fits and the segment counts as read.
    """
    if not rejected:
        return set()
    values = {
        "transcripts": json.dumps(sorted({place.transcript_id for place in rejected})),
        "starts": json.dumps(sorted({place.start for place in rejected})),
    }
    by_span: dict[tuple[int, int, int, str | None], dict[int | None, int]] = {}
    for *span, made_for, coder, count in connection.execute(_suggested_query(), values):
        transcript_id, start, end = span
        by_span.setdefault((transcript_id, start, end, made_for), {})[coder] = count
    names = {row.id: row.name for row in connection.execute(select(t.coders))}
    return {
        place
        for place in rejected
        for made_for in (None, names[place.coder_id])
        if _is_whole(
            by_span.get((place.transcript_id, place.start, place.end, made_for), {}),
            place.coder_id,
        )
    }


@functools.cache
def _suggested_query() -> Any:  # noqa: ANN401 - a SQLAlchemy Select
    """How many suggestions that begin at these places each coder, or nobody, has decided on."""
    s = t.suggestions.c
    whom = parameter(t.runs, "for")
    return (
        select(s.transcript_id, s.start, s.end, whom, t.decisions.c.coder_id, func.count())
        .join_from(
            t.suggestions,
            t.decisions,
            decides(),
            isouter=True,
        )
        .join(t.runs, s.run_id == t.runs.c.id)
        .where(
            s.transcript_id.in_(_listed(bindparam("transcripts", type_=Text))),
            s.start.in_(_listed(bindparam("starts", type_=Text))),
        )
        .group_by(s.transcript_id, s.start, s.end, whom, t.decisions.c.coder_id)
    )


def _is_whole(counts: Mapping[int | None, int], coder: int) -> bool:
    """Whether all of two or more suggestions were decided by `coder`; None counts the open ones."""
    return set(counts) == {coder} and counts[coder] >= 2


def _all_of(numbers: Collection[int]) -> Any:  # noqa: ANN401 - a SQLAlchemy Select
    return _listed(json.dumps(sorted(numbers)))


def _listed(values: Any) -> Any:  # noqa: ANN401 - a text or a parameter; a SQLAlchemy Select
    """What a list in JSON holds, as one value however long it is."""
    listed = func.json_each(values).table_valued("value")
    return select(listed.c.value)


def _code(parameter: str) -> Any:  # noqa: ANN401 - a SQLAlchemy scalar subquery
    """The row number of the code that a parameter names; NULL for none."""
    named = bindparam(parameter, type_=Text)
    return select(t.codes.c.id).where(t.codes.c.code == named).scalar_subquery()


def _target(row: Any) -> Target:  # noqa: ANN401 - a SQLAlchemy Row
    return Target(
        number=row.id,
        transcript_id=row.transcript_id,
        transcript=row.transcript,
        span=Span(row.start, row.end),
        code=row.code,
    )


def _decision(row: Any) -> Decision:  # noqa: ANN401 - a SQLAlchemy Row
    return Decision(
        suggestion=row.suggestion,
        action=row.action,
        coder=row.coder,
        transcript=row.transcript,
        span=Span(row.start, row.end),
        suggested=row.suggested,
        applied=row.applied,
        made_at=row.made_at,
        memo=row.memo,
    )
