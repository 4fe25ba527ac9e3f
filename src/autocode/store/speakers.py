"""Rows and objects of speakers; who they are can be corrected, the words they said cannot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from ..core.transcript import Role, Speaker
from . import schema as t
from .cases import case_numbers
from .decoding import decode_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSpeaker:
    """A speaker as a correction needs it: its row number, where it speaks, and under what name."""

    number: int
    transcript: str
    name: str
    case_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Namesake:
    """A speaker of some transcript by name, with its role and how that is known."""

    number: int
    transcript: str
    name: str
    role: Role
    basis: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerEdits:
    """What to write of speakers, by row number; `names` in order, as one may free the next.

    `merges` gives for each speaker that goes the one it goes into, `case_ids` the cases that those
    take over, `cases` the names of cases to belong to.
    """

    merges: Mapping[int, int] = field(default_factory=dict)
    case_ids: Mapping[int, int] = field(default_factory=dict)
    names: Sequence[tuple[int, str]] = ()
    roles: Mapping[int, Role] = field(default_factory=dict)
    cases: Mapping[int, str] = field(default_factory=dict)


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
    by_transcript: dict[str, list[Speaker]] = {}
    for transcript, speaker in decode_rows(
        "speakers", connection.execute(query), lambda row: (row.transcript, _speaker(row))
    ):
        by_transcript.setdefault(transcript, []).append(speaker)
    return by_transcript


def known_speakers(connection: Connection) -> list[KnownSpeaker]:
    """Every speaker of every transcript with its row number."""
    query = (
        select(t.speakers, t.transcripts.c.name.label("transcript"))
        .join_from(t.speakers, t.transcripts, t.speakers.c.transcript_id == t.transcripts.c.id)
        .order_by(t.transcripts.c.name, t.speakers.c.id)
    )
    return [
        KnownSpeaker(number=row.id, transcript=row.transcript, name=row.name, case_id=row.case_id)
        for row in connection.execute(query)
    ]


def namesakes(connection: Connection, names: Collection[str]) -> list[Namesake]:
    """The speakers of all transcripts that have one of these names."""
    query = (
        select(t.speakers, t.transcripts.c.name.label("transcript"))
        .join_from(t.speakers, t.transcripts, t.speakers.c.transcript_id == t.transcripts.c.id)
        .where(t.speakers.c.name.in_(sorted(names)))
        .order_by(t.speakers.c.id)
    )
    return [
        Namesake(
            number=row.id,
            transcript=row.transcript,
            name=row.name,
            role=row.role,
            basis=row.basis,
            confidence=row.confidence,
        )
        for row in connection.execute(query)
    ]


def write_guesses(connection: Connection, guesses: Sequence[tuple[int, Role, float]]) -> None:
    """Write guessed roles (row number, role, confidence); those a person has set are left."""
    if guesses:
        connection.execute(
            update(t.speakers)
            .where(t.speakers.c.id == bindparam("number"), t.speakers.c.basis == "guessed")
            .values(role=bindparam("new"), confidence=bindparam("belief")),
            [{"number": n, "new": role, "belief": belief} for n, role, belief in guesses],
        )


def write_edits(connection: Connection, edits: SpeakerEdits) -> None:
    """Write corrections of speakers: merges, then names, roles and cases."""
    merged = [{"gone": gone, "kept": kept} for gone, kept in edits.merges.items()]
    if merged:
        for table in (t.turns, t.segments):
            change = update(table).where(table.c.speaker_id == bindparam("gone"))
            connection.execute(change.values(speaker_id=bindparam("kept")), merged)
    _set(connection, "case_id", list(edits.case_ids.items()))
    if merged:
        connection.execute(delete(t.speakers).where(t.speakers.c.id == bindparam("gone")), merged)
    _set(connection, "name", list(edits.names))
    if edits.roles:
        connection.execute(
            update(t.speakers)
            .where(t.speakers.c.id == bindparam("number"))
            .values(role=bindparam("new"), basis="set", confidence=1.0),
            [{"number": number, "new": role} for number, role in edits.roles.items()],
        )
    numbers = case_numbers(connection, edits.cases.values())
    _set(connection, "case_id", [(number, numbers[name]) for number, name in edits.cases.items()])


def _set(connection: Connection, column: str, values: Sequence[tuple[int, object]]) -> None:
    if values:
        connection.execute(
            update(t.speakers)
            .where(t.speakers.c.id == bindparam("number"))
            .values({column: bindparam("new")}),
            [{"number": number, "new": value} for number, value in values],
        )


def _speaker(row: Any) -> Speaker:  # noqa: ANN401 - a SQLAlchemy Row
    return Speaker(
        name=row.name,
        role=row.role,
        basis=row.basis,
        confidence=row.confidence,
        case=row.case_name,
    )


def give_turns(connection: Connection, transcript: str, starts: Sequence[int], to: str) -> int:
    """Give the turns that begin here to a speaker, who is made if new; returns how many changed.

    Segments follow at the end of the transaction. Speakers who are left without a turn go.
    """
    number = connection.execute(
        select(t.transcripts.c.id).where(t.transcripts.c.name == transcript)
    ).scalar_one()
    own = t.speakers.c.transcript_id == number
    speaker = connection.execute(
        select(t.speakers.c.id).where(own, t.speakers.c.name == to)
    ).scalar_one_or_none()
    if speaker is None:
        row = {"transcript_id": number, "name": to, "role": "unknown", "basis": "set"}
        made = insert(t.speakers).values(**row, confidence=1.0).returning(t.speakers.c.id)
        speaker = connection.execute(made).scalar_one()
    n_changed = 0
    for start in starts:
        change = update(t.turns).where(
            t.turns.c.transcript_id == number,
            t.turns.c.start == start,
            t.turns.c.speaker_id.is_distinct_from(speaker),
        )
        n_changed += connection.execute(change.values(speaker_id=speaker)).rowcount
    speaking = select(t.turns.c.speaker_id).where(
        t.turns.c.transcript_id == number, t.turns.c.speaker_id.is_not(None)
    )
    connection.execute(delete(t.speakers).where(own, t.speakers.c.id.not_in(speaking)))
    return n_changed
