"""Memos on anything of a study: writing and listing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..core.coding import Memo
from ..core.errors import InputError
from ..core.transcript import Span
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from .hand_coding import HandOptions, Place

if TYPE_CHECKING:
    from .facade import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoView:
    """A memo as it is listed: on what, where ("Kofi, turn 12"), by whom, and its text."""

    about: str
    subject: str
    position: str | None
    coder: str | None
    text: str
    made_at: str
    span: Span | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class MemoList(Result):
    """All memos of a study, those of codings included."""

    memos: tuple[MemoView, ...]

    def to_dict(self) -> dict[str, Any]:
        """The memos as plain data."""
        return to_payload("memos", {"memos": self.memos})

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a memo."""
        rows: list[dict[str, Any]] = to_plain(self.memos)
        return rows


def note(
    project: Project, place: Place, code: str | None, coder: str, options: HandOptions
) -> None:
    """Write a memo on what is named: a coding, words, a code, a transcript, or the study.

    Raises:
        NotFound: if the transcript, code or coding is not in the study.
        InputError: if nobody is named or the place is none.
    """
    if not coder.strip():
        raise InputError("Nobody is named as the one who writes the memo. Give a coder.")
    has_place = any(v is not None for v in (place.turn, place.start, place.end, place.words))
    if has_place and not place.transcript:
        raise InputError("Name the transcript that the place is in: --transcript NAME")
    if has_place and code is not None:
        project.note_coding(place, code, coder=coder, options=options)
    elif has_place:
        project.note_span(place, coder=coder, options=options)
    elif place.transcript and code is not None:
        raise InputError("Say where in the transcript the coding is: a turn, start and end, words.")
    elif place.transcript:
        name = project.transcript(place.transcript).name
        project.add_memo(Memo(about="transcript", subject=name, text=options.memo, coder=coder))
    elif code is not None:
        code_id = project.codebook().find(code).id
        project.add_memo(Memo(about="code", subject=code_id, text=options.memo, coder=coder))
    else:
        project.add_memo(Memo(about="study", subject="", text=options.memo, coder=coder))


def list_memos(project: Project) -> MemoList:
    """Every memo: on the study and what it holds, oldest first, then those of codings."""
    with project.snapshot() as study:
        known = {transcript.name: transcript for transcript in study.transcripts()}
        views = [
            MemoView(
                about=memo.about,
                subject=memo.subject,
                position=known[memo.subject].locate(memo.span)
                if memo.span and memo.subject in known
                else None,
                coder=memo.coder,
                text=memo.text,
                made_at=memo.made_at,
                span=memo.span,
            )
            for memo in study.memos()
        ]
        views += [
            MemoView(
                about="coding",
                subject=coding.transcript,
                position=known[coding.transcript].locate(coding.span),
                coder=coding.coder,
                text=coding.memo,
                made_at=coding.made_at,
                span=coding.span,
                code=coding.code,
            )
            for coding in study.codings()
            if coding.memo
        ]
    return MemoList(tuple(views))
