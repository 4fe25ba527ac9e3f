"""Coding by hand: codes put on places, taken off, moved and exchanged, and memos on any of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from ..core.acts import SHARE, Done, NewAct
from ..core.arguments import checked
from ..core.codebook import Codebook
from ..core.coding import Coding, Memo
from ..core.counted import say_count
from ..core.errors import InputError, NotFound, SpanError, StudyChanged, one_line
from ..core.followed import Followed
from ..core.transcript import Span, Transcript
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..store import codings as store
from ..store.acts import ActFilter, acts
from ..store.clock import now
from ..store.codebook import codebook as read_codebook
from ..store.file import Connection, StudyFile
from ..store.transcripts import text_of, transcripts
from ..text.excerpts import ExcerptIndex
from .code_names import name_code

SOMEBODY_NEW = ", or say that this is somebody new: --new-coder (new_coder=True)"
"""What else may be done where a name is nearly a known one."""


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a transcript: a turn (from 1), characters `start` to `end`, or exact words.

    `turn` with `words` looks for the words in that turn.
    """

    transcript: str
    turn: int | None = None
    start: int | None = None
    end: int | None = None
    words: str | None = None

    def find(self, transcript: Transcript) -> Span:
        """The span; raises InputError where the place is none, or is not the only one."""
        if self.is_characters:
            return self.find_characters(transcript.name, transcript.text)
        if self.turn is not None and not 0 < self.turn <= len(transcript.turns):
            raise InputError(
                f"No turn {self.turn} in '{transcript.name}'; its turns are 1 to "
                f"{len(transcript.turns)}."
            )
        within = transcript.turns[self.turn - 1].span if self.turn else None
        if self.words is not None:
            return self._find_words(transcript, within)
        if within is None:
            raise InputError("No place is given. Give a turn, start and end, or the exact words.")
        return within

    @property
    def is_characters(self) -> bool:
        """Whether it is given by its first and last character."""
        return self.start is not None or self.end is not None

    def find_characters(self, name: str, text: str) -> Span:
        """The span in a transcript's text; raises InputError where the place is none."""
        if self.start is None or self.end is None or self.turn is not None or self.words:
            raise InputError("A place is a turn, exact words, or both start and end.")
        span = Span(self.start, self.end)
        if not span.of(text).strip():
            raise SpanError(
                f"Span {span.start}..{span.end} of '{name}' holds no words. A coding "
                "needs at least one."
            )
        return span

    def _find_words(self, transcript: Transcript, within: Span | None) -> Span:
        index, words = ExcerptIndex(transcript), self.words or ""
        spans = [
            span
            for span in index.locate(words).spans
            if within is None or (within.start <= span.start and span.end <= within.end)
        ]
        if len(spans) == 1:
            return spans[0]
        shown = one_line(words, 80)
        if spans:
            places = ", ".join(transcript.locate(span) for span in spans[:4])
            raise InputError(
                f"'{shown}' stands in {say_count(len(spans), 'place')} of '{transcript.name}' "
                f"({places}). Give "
                "more words, or the turn as well."
            )
        nearest = index.nearest(words)
        hint = f" Nearest: '{one_line(nearest.of(transcript.text), 120)}'." if nearest else ""
        raise InputError(f"'{shown}' does not stand in '{transcript.name}'.{hint}")


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class HandOptions:
    """How to change codings: `new_coder` allows a name that is like a known one.

    With `exact` a change is for a coding of the very span that is given, and with `memo_before`
    for one whose memo is still that: what somebody else changed meanwhile is left alone. With
    `followed` a decision is on what was shown so, which is kept. `seen` is the codebook as a blind
    coder sees it: that, and not what others made of it since, says what can be applied.
    """

    memo: str = ""
    new_coder: bool = False
    exact: bool = False
    memo_before: str | None = None
    dry_run: bool = False
    key: str = ""
    followed: Followed | None = None
    seen: Codebook | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingChange(Result):
    """A coding before and after an act; None where there is none. `act` is its number."""

    before: Coding | None
    after: Coding | None
    act: int | None = field(default=None)

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data."""
        return to_payload("coding", to_plain(self))

    def to_rows(self) -> list[dict[str, Any]]:
        """The coding after and before, where there is one."""
        rows: list[dict[str, Any]] = to_plain([c for c in (self.before, self.after) if c])
        return rows


def code(
    study: StudyFile, place: Place, code: str, coder: str, options: HandOptions
) -> Done[CodingChange]:
    """Put a code on a place; nothing changes where the coder has it there already."""

    def do(connection: Connection) -> CodingChange:
        check_coder(connection, coder, new=options.new_coder)
        made = _at(connection, place, code, coder, options)
        known = _same(connection, made)
        if known is None:
            store.add_codings(connection, [made])
        return CodingChange(before=known, after=known or made)

    summary = f"coded {name_code(study, code, options.seen)} in {place.transcript}"
    return _act(study, "code", summary, coder, options, do)


def uncode(
    study: StudyFile, place: Place, code: str, coder: str, options: HandOptions
) -> Done[CodingChange]:
    """Take the coder's coding with this code off a place."""

    def do(connection: Connection) -> CodingChange:
        coding = _existing(connection, place, code, coder, exact=options.exact)
        store.remove_coding(connection, coding)
        return CodingChange(before=coding, after=None)

    summary = f"{name_code(study, code, options.seen)} taken off in {place.transcript}"
    return _act(study, "uncode", summary, coder, options, do)


def respan(
    study: StudyFile, place: Place, code: str, to: Place, coder: str, options: HandOptions
) -> Done[CodingChange]:
    """Move the coder's coding to another span of the transcript; code and memo stay."""

    def do(connection: Connection) -> CodingChange:
        coding = _existing(connection, place, code, coder, exact=options.exact)
        span = find_span(connection, to)
        return _changed(connection, coding, replace(coding, span=span))

    if to.transcript != place.transcript:
        raise InputError("A coding stays in its transcript. Code the other place, and uncode this.")
    summary = f"{name_code(study, code, options.seen)} moved in {place.transcript}"
    return _act(study, "respan", summary, coder, options, do)


def recode(
    study: StudyFile, place: Place, code: str, to: str, coder: str, options: HandOptions
) -> Done[CodingChange]:
    """Put another code in place of the coder's coding; span and memo stay."""

    def do(connection: Connection) -> CodingChange:
        coding = _existing(connection, place, code, coder, exact=options.exact)
        other = find_codable(connection, to, options.seen)
        return _changed(connection, coding, replace(coding, code=other))

    before, after = (name_code(study, one, options.seen) for one in (code, to))
    summary = f"{before} to {after} in {place.transcript}"
    return _act(study, "recode", summary, coder, options, do)


def note_coding(
    study: StudyFile, place: Place, code: str, coder: str, options: HandOptions
) -> Done[CodingChange]:
    """Write the memo of the coder's coding, in place of the one it has."""

    def do(connection: Connection) -> CodingChange:
        coding = _existing(connection, place, code, coder, exact=options.exact)
        if options.memo_before not in (None, coding.memo):
            raise StudyChanged(
                f"The memo of {coder}'s '{coding.code}' at {coding.span.start}.."
                f"{coding.span.end} was changed meanwhile. Look at it, and write it again."
            )
        return _changed(connection, coding, replace(coding, memo=options.memo))

    summary = f"memo on {name_code(study, code, options.seen)} in {place.transcript}"
    return _act(study, "memo", summary, coder, options, do)


def note_span(study: StudyFile, place: Place, coder: str, options: HandOptions) -> Done[Memo]:
    """Keep a memo on a span of a transcript."""

    def do(connection: Connection) -> Memo:
        check_coder(connection, coder, new=options.new_coder)
        span = find_span(connection, place)
        memo = Memo(
            about="span",
            subject=place.transcript,
            text=options.memo,
            coder=coder,
            made_at=now(),
            span=span,
        )
        store.add_memo(connection, memo)
        return memo

    return _act(study, "memo", f"memo on words of {place.transcript}", coder, options, do)


def check_coder(
    connection: Connection, coder: str, *, new: bool = False, way_on: str = SOMEBODY_NEW
) -> None:
    """A name may be new, but not one that is nearly a known one, unless `new` says so."""
    if not coder.strip():
        raise InputError("Nobody is named as the coder. Give a coder.")
    if new:
        return
    known = [one.name for one in store.coders(connection)]
    if coder not in known:  # most often it is, and no act need be read
        refuse_near_name(coder, [*known, *_shared_with(connection)], way_on=way_on)


def _shared_with(connection: Connection) -> list[str]:
    """The coder for whom the study was made as a file to work in, who may not have coded yet."""
    return [act.coder for act in acts(connection, ActFilter(kind=SHARE))]


def refuse_near_name(coder: str, known: Collection[str], *, way_on: str = SOMEBODY_NEW) -> None:
    """Raise InputError for a new name that is nearly one of the `known` ones.

    `way_on` is what else may be done than to use the known name.
    """
    if coder in known:
        return
    by_letters = {name.casefold(): name for name in known}
    near = get_close_matches(coder.casefold(), by_letters, n=1, cutoff=0.75)
    if near:
        raise InputError(
            f"No coder '{one_line(coder, 60)}' in this study, but '{by_letters[near[0]]}'. Use "
            f"that name{way_on}."
        )


def _act(
    study: StudyFile,
    kind: str,
    summary: str,
    coder: str,
    options: HandOptions,
    do: Callable[[Connection], Any],
) -> Done[Any]:
    new = NewAct(kind=kind, summary=summary, coder=coder.strip(), key=options.key)
    return study.act(new, do, dry_run=options.dry_run)


def find_span(connection: Connection, place: Place) -> Span:
    """Where a place is; turns are read only where it is given by them or by words."""
    if place.is_characters:
        return place.find_characters(place.transcript, text_of(connection, place.transcript))
    return place.find(transcripts(connection, place.transcript)[0])


def find_codable(connection: Connection, code: str, seen: Codebook | None = None) -> str:
    """The id of a code that can be applied; raises NotFound, or InputError where it cannot.

    A blind coder has it looked up in the codebook as `seen`.
    """
    present = read_codebook(connection)
    known = present if seen is None else seen
    entry = known.find(code)
    if entry.id not in present:  # somebody deleted it since
        raise NotFound.among("code", code, known.by_id.keys() & present.by_id.keys())
    if not entry.codable:
        raise InputError(
            f"'{entry.name}' only heads other codes and cannot be applied. Choose one of them."
        )
    if entry.archived:
        raise InputError(
            f"'{entry.name}' is archived and not applied any more. Choose another code, or restore "
            "it: autocode codes restore"
        )
    return entry.id


def _at(
    connection: Connection, place: Place, code: str, coder: str, options: HandOptions
) -> Coding:
    return Coding(
        transcript=place.transcript,
        span=find_span(connection, place),
        code=find_codable(connection, code, options.seen),
        coder=coder.strip(),
        made_at=now(),
        basis="person",
        memo=options.memo,
    )


def _same(connection: Connection, coding: Coding) -> Coding | None:
    """The coding that is there with this span, code and coder, None if there is none."""
    return next((c for c in _of_coder(connection, coding) if c.span == coding.span), None)


def _of_coder(connection: Connection, like: Coding) -> list[Coding]:
    return store.codings(
        connection,
        store.CodingFilter(transcript=like.transcript, code=like.code, coder=like.coder),
    )


def _existing(
    connection: Connection, place: Place, code: str, coder: str, *, exact: bool = False
) -> Coding:
    """The coder's coding with this code at a place: the very span, or the only one it touches.

    With `exact` one that only touches the place is not meant.
    """
    known = [one.name for one in store.coders(connection)]
    if coder not in known:
        raise NotFound.among("coder", coder, known)
    wanted = Coding(
        transcript=place.transcript,
        span=find_span(connection, place),
        code=read_codebook(connection).find(code).id,
        coder=coder,
    )
    own = _of_coder(connection, wanted)
    same = [c for c in own if c.span == wanted.span]
    touching = same or ([] if exact else [c for c in own if c.span.overlap(wanted.span)])
    if len(touching) == 1:
        return touching[0]
    if touching:
        raise InputError(
            f"{coder} has {say_count(len(touching), 'coding')} of '{wanted.code}' there: "
            f"{_spans(touching)}. "
            "Give start and end of the one that is meant."
        )
    elsewhere = f" It is coded so at {_spans(own)}." if own else ""
    transcript = transcripts(connection, place.transcript)[0]
    raise NotFound(
        f"{coder} has not coded '{wanted.code}' at {transcript.locate(wanted.span)} of "
        f"'{place.transcript}'.{elsewhere}",
        kind="coding",
        name=wanted.code,
    )


def _spans(codings: Iterable[Coding]) -> str:
    spans = [f"{c.span.start}..{c.span.end}" for c in codings]
    return ", ".join(spans[:6]) + (", …" if len(spans) > 6 else "")


def _changed(connection: Connection, before: Coding, after: Coding) -> CodingChange:
    if after != before:
        moved = (before.span, before.code) != (after.span, after.code)
        if moved and _same(connection, after) is not None:
            raise InputError(
                f"{after.coder} has coded '{after.code}' at {after.span.start}..{after.span.end} "
                "already. Uncode one of the two."
            )
        store.change_coding(connection, before, after)
    return CodingChange(before=before, after=after)
