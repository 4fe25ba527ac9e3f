"""A code that is made in coding: added to the codebook and put on a place, as one act."""

from __future__ import annotations

from ..core.acts import Done, NewAct
from ..core.codebook import Code, make_code_id, make_own_code_id
from ..core.coding import Coding
from ..store import codings as store
from ..store.clock import now
from ..store.codebook import codebook as read_codebook
from ..store.codebook import put_codes
from ..store.file import Connection, StudyFile
from .codes import refuse_taken
from .hand_coding import CodingChange, HandOptions, Place, check_coder, find_span


def code_anew(
    study: StudyFile, place: Place, name: str, parent: str | None, coder: str, options: HandOptions
) -> Done[CodingChange]:
    """Add a code of this name, under `parent` where that is given, and put it on a place.

    A blind coder's code is their own, also where others have made one of this name.
    """

    def do(connection: Connection) -> CodingChange:
        check_coder(connection, coder, new=options.new_coder)
        codebook = read_codebook(connection)
        taken, seen = codebook.by_id, codebook if options.seen is None else options.seen
        refuse_taken(seen, name)
        code = Code(
            id=make_code_id(name, taken)
            if options.seen is None
            else make_own_code_id(name, coder.strip(), taken),
            name=" ".join(name.split()),
            parent=seen.find(parent).id if parent else None,
        )
        made = Coding(
            transcript=place.transcript,
            span=find_span(connection, place),
            code=code.id,
            coder=coder.strip(),
            made_at=now(),
            basis="person",
            memo=options.memo,
        )
        put_codes(connection, [code])
        store.add_codings(connection, [made])
        return CodingChange(before=None, after=made)

    summary = f"new code '{' '.join(name.split())}' in {place.transcript}"
    new = NewAct(kind="code", summary=summary, coder=coder.strip(), key=options.key)
    return study.act(new, do, dry_run=options.dry_run)
