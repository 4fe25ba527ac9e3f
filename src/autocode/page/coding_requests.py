"""Acts of the coding view: what is asked for, as the page sends it, and the one call it becomes.

Positions are code points of the transcript's text. Each request carries the words it is about
(`quote`), which are compared with the text, so that a page whose offsets are off changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..core.acts import Change, Done
from ..core.errors import InputError, NotFound, NothingToDo
from ..core.transcript import Span
from ..project import Project
from ..project.hand_coding import CodingChange, HandOptions, Place
from ..project.hand_reading import ReadingChange
from ..project.history import UndoOptions
from .act_requests import Asked, Kinds, Outcome, find_repeated, read_undo_state
from .marks import describe_coding, describe_memo, describe_reading, shorten_quote
from .reading import find_name


@dataclass(frozen=True, slots=True, kw_only=True)
class OnWords:
    """What every request about words of a transcript says; `transcript` is its number."""

    transcript: int
    start: int
    end: int
    quote: str

    def place(self, project: Project) -> Place:
        """The place; raises InputError where the words there are others."""
        name = find_name(project, self.transcript)
        check_quote(project.transcript_text(name), self.start, self.end, self.quote)
        return Place(transcript=name, start=self.start, end=self.end)


def check_quote(text: str, start: int, end: int, quote: str) -> None:
    """Raise InputError where a page's positions and its words do not agree.

    Of very many words only the first and last are sent.
    """
    words = Span(start, end).of(text) if 0 <= start < end else ""
    if not words or quote not in (words, shorten_quote(words)):
        raise InputError(
            f"The page's words and those at {start}..{end} of the transcript differ. Reload it."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeWords(OnWords):
    """Put a code on words."""

    code: str
    memo: str = ""

    def do(self, asked: Asked) -> Outcome:
        """Do it; a coding that is there already stays."""
        options = HandOptions(
            memo=self.memo, new_coder=True, key=asked.key, seen=asked.sight.codebook
        )
        place = self.place(asked.project)
        return _outcome(asked.project.code(place, self.code, coder=asked.coder, options=options))


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAnew(OnWords):
    """Make a code and put it on words, as one act: in vivo, or a name typed in the list."""

    name: str
    parent: str | None = None

    def do(self, asked: Asked) -> Outcome:
        """Do it; the codes are sent back too."""
        if not self.name.strip():
            raise InputError("A code needs a name.")
        options = HandOptions(new_coder=True, key=asked.key, seen=asked.sight.codebook)
        place = self.place(asked.project)
        done = asked.project.code_anew(
            place, self.name, coder=asked.coder, parent=self.parent, options=options
        )
        outcome = _outcome(done)
        return Outcome(
            act=outcome.act,
            changed=None if outcome.changed is None else {**outcome.changed, "codes": True},
            repeated=outcome.repeated,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncode(OnWords):
    """Take a coding off; nothing is to do where it has gone already."""

    code: str

    def do(self, asked: Asked) -> Outcome:
        """Do it."""
        options = HandOptions(exact=True, key=asked.key, seen=asked.sight.codebook)
        place = self.place(asked.project)
        try:
            done = asked.project.uncode(place, self.code, coder=asked.coder, options=options)
        except NotFound as error:
            if error.kind not in ("coding", "coder"):
                raise
            return Outcome(act=None, changed={"codings": {"removed": [], "added": []}})
        return _outcome(done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Respan(OnWords):
    """Move a coding to other words."""

    code: str
    to_start: int
    to_end: int
    to_quote: str

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises NotFound where the coding is no longer there."""
        place = self.place(asked.project)
        text = asked.project.transcript_text(place.transcript)
        check_quote(text, self.to_start, self.to_end, self.to_quote)
        to = Place(transcript=place.transcript, start=self.to_start, end=self.to_end)
        options = HandOptions(exact=True, key=asked.key, seen=asked.sight.codebook)
        done = asked.project.respan(place, self.code, to, coder=asked.coder, options=options)
        return _outcome(done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recode(OnWords):
    """Put another code in a coding's place."""

    code: str
    to: str

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises NotFound where the coding is no longer there."""
        options = HandOptions(exact=True, key=asked.key, seen=asked.sight.codebook)
        place = self.place(asked.project)
        done = asked.project.recode(place, self.code, self.to, coder=asked.coder, options=options)
        return _outcome(done)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCoding(OnWords):
    """Write the memo of a coding; `base` is the memo that the page shows."""

    code: str
    memo: str
    base: str

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises StudyChanged where the memo is another by now."""
        options = HandOptions(
            memo=self.memo,
            memo_before=self.base,
            exact=True,
            key=asked.key,
            seen=asked.sight.codebook,
        )
        place = self.place(asked.project)
        done = asked.project.note_coding(place, self.code, coder=asked.coder, options=options)
        return _outcome(done)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWords(OnWords):
    """Keep a memo on words."""

    memo: str

    def do(self, asked: Asked) -> Outcome:
        """Do it."""
        if not self.memo.strip():
            raise InputError("The memo is empty.")
        options = HandOptions(memo=self.memo, new_coder=True, key=asked.key)
        place = self.place(asked.project)
        done = asked.project.note_span(place, coder=asked.coder, options=options)
        made = [describe_memo(done.result)] if done.result else []
        return Outcome.of(done, {"memos": {"removed": [], "added": made}})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMemo(OnWords):
    """Write a memo on words otherwise, or delete it; `base` is the memo that the page shows."""

    memo: str
    base: str

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises StudyChanged where the memo is another by now."""
        options = HandOptions(memo=self.memo, key=asked.key)
        place = self.place(asked.project)
        done = asked.project.change_memo(place, self.base, coder=asked.coder, options=options)
        return Outcome.of(done, {"memos": {}})


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRead(OnWords):
    """Note that words were read and no code applies."""

    def do(self, asked: Asked) -> Outcome:
        """Do it."""
        options = HandOptions(new_coder=True, key=asked.key)
        place = self.place(asked.project)
        return _of_reading(asked.project.mark_read(place, coder=asked.coder, options=options))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmarkRead(OnWords):
    """Take back that words were read; nothing is to do where that is gone already."""

    def do(self, asked: Asked) -> Outcome:
        """Do it."""
        place, options = self.place(asked.project), HandOptions(key=asked.key)
        try:
            done = asked.project.unmark_read(place, coder=asked.coder, options=options)
        except NotFound as error:
            if error.kind != "reading":
                raise
            return Outcome(act=None, changed={"readings": {"removed": [], "added": []}})
        return _of_reading(done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Take back the coder's last act on the page; `redo` takes back their last undo."""

    redo: bool = False

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises NothingToDo, or UndoBlocked where others' later work rests on it."""
        if known := find_repeated(asked):
            return known
        possible = read_undo_state(asked.project, asked.coder)
        act = possible.redo if self.redo else possible.undo
        if act is None:
            raise NothingToDo(f"There is nothing to {'redo' if self.redo else 'undo'}.")
        options = UndoOptions(act=act.number, redo=self.redo, key=asked.key)
        done = asked.project.undo(coder=asked.coder, options=options)
        taken = asked.sight.describe(act)
        places = _places(done.changes)
        changed = {"undone": taken, "places": places[:_MOST_PLACES], "n_places": len(places)}
        return Outcome.of(done, changed)


CODING_KINDS: Kinds = {
    "code": CodeWords,
    "code-anew": CodeAnew,
    "uncode": Uncode,
    "respan": Respan,
    "recode": Recode,
    "note-coding": NoteCoding,
    "note-words": NoteWords,
    "change-memo": ChangeMemo,
    "read": MarkRead,
    "unread": UnmarkRead,
    "undo": Undo,
}


def _outcome(done: Done[CodingChange]) -> Outcome:
    result = done.result
    before = [describe_coding(result.before)] if result and result.before else []
    after = [describe_coding(result.after)] if result and result.after else []
    return Outcome.of(done, {"codings": {"removed": before, "added": after}})


def _of_reading(done: Done[ReadingChange]) -> Outcome:
    result = done.result
    before = [describe_reading(result.before)] if result and result.before else []
    after = [describe_reading(result.after)] if result and result.after else []
    return Outcome.of(done, {"readings": {"removed": before, "added": after}})


_MOST_PLACES = 5000
"""Places of an undone act that are sent."""


def _places(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Where changed rows lie, by transcript number and span, each place once."""
    places: dict[tuple[object, ...], dict[str, Any]] = {}
    for change in changes:
        cells = change.after or change.before or ()
        row = dict(zip(change.columns, cells, strict=True))
        if change.table in ("codings", "readings", "decisions"):
            place = {"transcript": row["transcript_id"], "start": row["start"], "end": row["end"]}
            places.setdefault(tuple(place.values()), place)
    return list(places.values())
