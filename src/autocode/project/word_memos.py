"""A memo on words, or on something else, written otherwise or deleted by whoever wrote it."""

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
        about = Memo(
            about="span",
            subject=place.transcript,
            span=find_span(connection, place),
            text=before,
            coder=coder,
        )
        return rewrite_memo(connection, about, options.memo)

    verb = "changed" if options.memo.strip() else "deleted"
    summary = f"memo on words of {place.transcript} {verb}"
    new = NewAct(kind="memo", summary=summary, coder=coder, key=options.key)
    return study.act(new, do, dry_run=options.dry_run)


def rewrite_memo(connection: Connection, before: Memo, text: str) -> Memo | None:
    """Give somebody's memo another text, or delete it where that is empty; the memo as it is then.

    Raises:
        StudyChanged: if they have no such memo `before` on this; the message says what is there.
    """
    own = [
        memo
        for memo in store.memos(connection)
        if (memo.about, memo.subject, memo.span, memo.coder)
        == (before.about, before.subject, before.span, before.coder)
    ]
    known = next((memo for memo in own if memo.text == before.text), None)
    if known is None:
        now_at = f"By now it says: {one_line(own[-1].text, 300)}" if own else "It was deleted"
        raise StudyChanged(f"This memo was changed elsewhere. {now_at}")
    after = replace(known, text=text) if text.strip() else None
    store.replace_memo(connection, known, after)
    return after
