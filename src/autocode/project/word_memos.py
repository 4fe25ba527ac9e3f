"""A memo on words written otherwise or deleted, by whoever wrote it."""

from __future__ import annotations

from dataclasses import replace

from ..core.acts import Done, NewAct
from ..core.coding import Memo
from ..core.errors import StudyChanged, one_line
from ..store import codings as store
from ..store.file import Connection, StudyFile
from .hand_coding import HandOptions, Place, find_span


def change_memo(
    study: StudyFile, place: Place, before: str, coder: str, options: HandOptions
) -> Done[Memo | None]:
    """Write `coder`'s memo on a span otherwise, or delete it where its new text is empty.

    The result is the memo as it is then, None where it is deleted.

    Raises:
        NotFound: if there is no such transcript.
        InputError: if the place is none.
        StudyChanged: if there is no memo that says `before`; the message says what is there.
    """

    def do(connection: Connection) -> Memo | None:
        span = find_span(connection, place)
        own = [
            memo
            for memo in store.memos(connection)
            if (memo.about, memo.subject, memo.span, memo.coder)
            == ("span", place.transcript, span, coder)
        ]
        known = next((memo for memo in own if memo.text == before), None)
        if known is None:
            now_at = f"By now it says: {one_line(own[-1].text, 300)}" if own else "It was deleted"
            raise StudyChanged(f"This memo was changed elsewhere. {now_at}")
        after = replace(known, text=options.memo) if options.memo.strip() else None
        store.replace_memo(connection, known, after)
        return after

    verb = "changed" if options.memo.strip() else "deleted"
    summary = f"memo on words of {place.transcript} {verb}"
    new = NewAct(kind="memo", summary=summary, coder=coder, key=options.key)
    return study.act(new, do, dry_run=options.dry_run)
