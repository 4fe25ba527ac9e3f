"""Reading by hand: that a coder went through a segment, and found no code that applies."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.acts import Done, NewAct
from ..core.coding import Reading
from ..core.errors import NotFound
from ..store import codings as store
from ..store.file import Connection, StudyFile
from .hand_coding import HandOptions, Place, check_coder, find_span


@dataclass(frozen=True, slots=True)
class ReadingChange:
    """A reading before and after an act; None where there is none."""

    before: Reading | None
    after: Reading | None


def mark_read(
    study: StudyFile, place: Place, coder: str, options: HandOptions
) -> Done[ReadingChange]:
    """Note that the coder read a place; nothing changes where that is noted already."""

    def do(connection: Connection) -> ReadingChange:
        check_coder(connection, coder, new=options.new_coder)
        reading = _reading_at(connection, place, coder)
        known = _find(connection, reading)
        if known is None or known.basis == "decision":
            store.add_readings(connection, [reading])
        return ReadingChange(before=known, after=reading)

    new = NewAct(kind="read", summary=f"read in {place.transcript}", coder=coder, key=options.key)
    return study.act(new, do, dry_run=options.dry_run)


def unmark_read(
    study: StudyFile, place: Place, coder: str, options: HandOptions
) -> Done[ReadingChange]:
    """Take back that the coder read a place; raises NotFound where nothing is noted."""

    def do(connection: Connection) -> ReadingChange:
        reading = _find(connection, _reading_at(connection, place, coder))
        if reading is None:
            raise NotFound(
                f"No reading of {coder} is noted there in '{place.transcript}'.",
                kind="reading",
                name=place.transcript,
            )
        store.remove_reading(connection, reading)
        return ReadingChange(before=reading, after=None)

    new = NewAct(
        kind="unread", summary=f"not read in {place.transcript}", coder=coder, key=options.key
    )
    return study.act(new, do, dry_run=options.dry_run)


def _reading_at(connection: Connection, place: Place, coder: str) -> Reading:
    return Reading(place.transcript, find_span(connection, place), coder.strip(), "person")


def _find(connection: Connection, like: Reading) -> Reading | None:
    key = (like.transcript, like.span, like.coder)
    known = store.readings(connection, like.transcript)
    return next((r for r in known if (r.transcript, r.span, r.coder) == key), None)
