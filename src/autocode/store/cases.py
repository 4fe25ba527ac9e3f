"""Rows and objects of cases: participants (or sites, or papers) and their attributes."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from ..core.coding import Case
from . import schema as t


def put_case(connection: Connection, case: Case) -> int:
    """Store a case, adding to and replacing the attributes it has; returns its row number.

    An attribute keeps the spelling it has in the study, whatever its capitals.
    """
    number = case_numbers(connection, [case.name])[case.name]
    if case.attributes:
        names = connection.scalars(select(t.attributes.c.name).distinct())
        spelled = {name.casefold(): name for name in names}
        put = insert(t.attributes).values(
            [
                {"case_id": number, "name": name, "value": value}
                for name, value in {
                    spelled.setdefault(name.casefold(), name): value
                    for name, value in case.attributes.items()
                }.items()
            ]
        )
        connection.execute(
            put.on_conflict_do_update(
                index_elements=["case_id", "name"], set_={"value": put.excluded.value}
            )
        )
    return number


def clear_attribute(connection: Connection, case: str, attribute: str) -> None:
    """Take an attribute, as it is spelled in the study, off a case."""
    number = select(t.cases.c.id).where(t.cases.c.name == case).scalar_subquery()
    cells = t.attributes.c
    connection.execute(delete(t.attributes).where(cells.case_id == number, cells.name == attribute))


def case_numbers(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """Row numbers of cases by name; new ones are added without attributes."""
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    put = insert(t.cases).values([{"name": name} for name in wanted])
    # Setting the name to itself lets a known case's row come back as well.
    put = put.on_conflict_do_update(index_elements=["name"], set_={"name": put.excluded.name})
    rows = connection.execute(put.returning(t.cases.c.name, t.cases.c.id))
    return {row.name: row.id for row in rows}


def set_case(
    connection: Connection, case: Case, *, transcript: str, speaker: str | None = None
) -> None:
    """Give a speaker of a transcript to a case.

    Without `speaker` it is the whole transcript: every speaker who does not interview, and the
    words that nobody is named for.
    """
    number = put_case(connection, case)
    wanted = select(t.transcripts.c.id).where(t.transcripts.c.name == transcript).scalar_subquery()
    change = update(t.speakers).where(t.speakers.c.transcript_id == wanted)
    if speaker is None:
        change = change.where(t.speakers.c.role != "interviewer")
        connection.execute(
            update(t.transcripts).where(t.transcripts.c.name == transcript).values(case_id=number)
        )
    else:
        change = change.where(t.speakers.c.name == speaker)
    connection.execute(change.values(case_id=number))


def transcript_cases(connection: Connection) -> dict[str, str]:
    """The case of each whole transcript that has one, by the transcript's name."""
    query = select(t.transcripts.c.name, t.cases.c.name.label("case_name")).join_from(
        t.transcripts, t.cases, t.transcripts.c.case_id == t.cases.c.id
    )
    return {row.name: row.case_name for row in connection.execute(query)}


def cases(connection: Connection) -> list[Case]:
    """All cases with their attributes, in order of name."""
    query = (
        select(t.cases.c.name.label("case_name"), t.attributes.c.name, t.attributes.c.value)
        .join_from(t.cases, t.attributes, t.cases.c.id == t.attributes.c.case_id, isouter=True)
        .order_by(t.cases.c.name, t.attributes.c.name)
    )
    by_name: dict[str, dict[str, str]] = {}
    for row in connection.execute(query):
        values = by_name.setdefault(row.case_name, {})
        if row.name is not None:
            values[row.name] = row.value
    return [Case(name, values) for name, values in by_name.items()]
