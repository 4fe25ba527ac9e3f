"""One code put on several places that somebody ticked, as one act that one undo takes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.acts import Done, NewAct
from ..core.coding import Coding
from ..core.errors import InputError
from ..store import codings as store
from ..store.clock import now
from ..store.file import Connection, StudyFile
from .code_names import name_code
from .hand_coding import HandOptions, Place, check_coder, find_codable, find_span


@dataclass(frozen=True, slots=True)
class ManyCoded:
    """The codings that were made, and how many were there already."""

    made: tuple[Coding, ...]
    n_known: int


def code_many(
    study: StudyFile, places: Sequence[Place], code: str, coder: str, options: HandOptions
) -> Done[ManyCoded]:
    """Put a code on all of the places or on none; codings that are there already stay."""
    if not places:
        raise InputError("No place is chosen.")

    def do(connection: Connection) -> ManyCoded:
        check_coder(connection, coder, new=options.new_coder)
        chosen = find_codable(connection, code, options.seen)
        wanted = dict.fromkeys((place.transcript, find_span(connection, place)) for place in places)
        own = store.CodingFilter(code=chosen, coder=coder.strip())
        known = {(one.transcript, one.span) for one in store.codings(connection, own)}
        at = now()
        made = tuple(
            Coding(
                transcript=transcript,
                span=span,
                code=chosen,
                coder=coder.strip(),
                made_at=at,
                basis="person",
                memo=options.memo,
            )
            for transcript, span in wanted
            if (transcript, span) not in known
        )
        store.add_codings(connection, made)
        return ManyCoded(made, len(wanted) - len(made))

    names = {place.transcript for place in places}
    many = f"{len(places)} places of " if len(places) > 1 else ""
    within = names.pop() if len(names) == 1 else f"{len(names)} transcripts"
    new = NewAct(
        kind="code",
        summary=f"coded {name_code(study, code, options.seen)} in {many}{within}",
        coder=coder.strip(),
        key=options.key,
    )
    return study.act(new, do, dry_run=options.dry_run)
