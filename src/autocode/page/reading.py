"""What the coding view shows of a transcript, from one state of the study.

The text is cut where turns and segments begin and end, so that each part of it is one piece, and
all pieces together are the text.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ..core.errors import NotFound
from ..core.transcript import Role, Segment, Span, Transcript
from ..project import Project
from ..project.reader import Snapshot, StudyReader
from .act_requests import read_undo_state
from .attributes_seen import describe_speakers
from .codes_seen import describe_codes_seen
from .marks import describe_coding, describe_memo, describe_reading
from .passes_seen import describe_pass
from .sight import coders_seen, codings_seen, memos_seen, readings_seen, see
from .suggested import view_suggestions


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a transcript's text; `unit` is the span that is coded with it as a whole.

    `unit` is None for what no segment and no turn holds: blanks, and names of speakers as files
    have them. `raw` text would not survive the parsing of HTML, and is sent as data.
    """

    span: Span
    text: str
    unit: Span | None = None
    is_blank: bool = False
    is_raw: bool = False

    def names(self, speaker: str) -> bool:
        """Whether the speaker's name stands in it."""
        return bool(speaker) and speaker in self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """A turn as it is shown: who speaks, when (seconds), and its pieces; number 0 is no turn.

    `context` are pieces between the last turn and this one that name nobody (what stands before
    the talk, notes in between), `before` the others; `label` is empty where those name the speaker.
    """

    number: int
    speaker: str
    label: str
    role: Role
    begin: float | None
    context: tuple[Piece, ...]
    before: tuple[Piece, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptView:
    """A transcript as the coding view shows it; `digest` is that of `digest_units`."""

    number: int
    name: str
    language: str | None
    turns: tuple[TurnView, ...]
    n_points: int
    digest: str
    raw: dict[str, str]

    @property
    def units(self) -> list[Span]:
        """The spans of what is coded as a whole, in order."""
        pieces = (
            piece for turn in self.turns for piece in (*turn.context, *turn.before, *turn.pieces)
        )
        return [piece.span for piece in pieces if piece.unit is not None]


def find_name(study: StudyReader, number: int) -> str:
    """The name of the transcript of this number; raises NotFound."""
    for name, known in study.transcript_numbers().items():
        if known == number:
            return name
    raise NotFound(
        f"No transcript {number} in this study; it may have been replaced or removed.",
        kind="transcript",
        name=str(number),
    )


def view_transcript(study: Snapshot, number: int) -> TranscriptView:
    """A transcript cut into turns and pieces; raises NotFound."""
    transcript = study.transcript(find_name(study, number))
    pieces = list(cut_pieces(transcript, study.segments(transcript.name)))
    turns = tuple(_arrange(transcript, pieces))
    return TranscriptView(
        number=number,
        name=transcript.name,
        language=transcript.language,
        turns=turns,
        n_points=len(transcript.text),
        digest=digest_units(transcript.text),
        raw={str(piece.span.start): piece.text for piece in pieces if piece.is_raw},
    )


def digest_units(text: str) -> str:
    """SHA-256 of a text's UTF-16 units, as a script of a page can compute it of any text."""
    return hashlib.sha256(text.encode("utf-16-le", "surrogatepass")).hexdigest()


def cut_pieces(transcript: Transcript, segments: Sequence[Segment]) -> Iterator[Piece]:
    """The whole text, in order, as pieces; none crosses an end of a turn or segment."""
    text, turns = transcript.text, transcript.turns
    spans = [segment.span for segment in segments]
    ends = {0, len(text)}
    for span in (*spans, *(turn.span for turn in turns)):
        ends |= {span.start, span.end}
    ends.update(at for at in _find_labels(transcript) if not _holding(spans, at))
    cuts = sorted(ends)
    for start, end in pairwise(cuts):
        words = text[start:end]
        is_blank = not words.strip()
        holder = _holding(spans, start) or _holding([turn.span for turn in turns], start)
        yield Piece(
            span=Span(start, end),
            text=words,
            unit=None if is_blank else holder and _unit(holder, spans, start, end),
            is_blank=is_blank,
            is_raw=_is_changed_by_html(words),
        )


def _find_labels(transcript: Transcript) -> Iterator[int]:
    """Where the line begins that names the speaker of a turn, below other lines between turns."""
    last = 0
    for turn in transcript.turns:
        between = transcript.text[last : turn.span.start]
        at = between.rfind(turn.speaker) if turn.speaker else -1
        line = between.rfind("\n", 0, at) + 1 if at >= 0 else 0
        if between[:line].strip():
            yield last + line
        last = turn.span.end


def _unit(holder: Span, segments: Sequence[Span], start: int, end: int) -> Span:
    """A segment as a whole; of a turn, the words that no segment holds."""
    return holder if _holding(segments, start) else Span(start, end)


def _holding(spans: Sequence[Span], at: int) -> Span | None:
    """The span that holds this character, of spans in order that do not overlap."""
    index = bisect_right(spans, at, key=lambda span: span.start) - 1
    return spans[index] if index >= 0 and at < spans[index].end else None


def _is_changed_by_html(words: str) -> bool:
    return any(mark in "\r\0" or "\ud800" <= mark <= "\udfff" for mark in words)


def _arrange(transcript: Transcript, pieces: Sequence[Piece]) -> Iterator[TurnView]:
    """Pieces by turn, those between turns before the next one; what is left comes last."""
    roles = {speaker.name: speaker.role for speaker in transcript.speakers}
    at = 0
    for number, turn in enumerate(transcript.turns, start=1):
        before, inside = [], []
        while at < len(pieces) and pieces[at].span.end <= turn.span.start:
            before.append(pieces[at])
            at += 1
        while at < len(pieces) and pieces[at].span.start < turn.span.end:
            inside.append(pieces[at])
            at += 1
        speaker = turn.speaker or ""
        naming = [i for i, piece in enumerate(before) if piece.names(speaker)]
        n_context = naming[-1] if naming else len(before)
        if all(piece.is_blank for piece in before[:n_context]):
            n_context = 0
        yield TurnView(
            number=number,
            speaker=speaker,
            label="" if naming else speaker,
            role=roles.get(speaker, "unknown"),
            begin=turn.begin,
            context=tuple(before[:n_context]),
            before=tuple(before[n_context:]),
            pieces=tuple(inside),
        )
    if rest := tuple(pieces[at:]):
        is_blank = all(piece.is_blank for piece in rest)
        yield TurnView(
            number=0,
            speaker="",
            label="",
            role="note",
            begin=None,
            context=() if is_blank else rest,
            before=rest if is_blank else (),
            pieces=(),
        )


def view_state(study: Snapshot, number: int, coder: str) -> dict[str, Any]:
    """Everything on a transcript that changes with acts: people's work, the codes, what to undo."""
    name = find_name(study, number)
    sight, possible = see(study, coder), read_undo_state(study, coder)
    return {
        "revision": sight.number(study.revision().number),
        "transcript": number,
        "coder": coder,
        "codings": [describe_coding(c) for c in codings_seen(study, sight, name)],
        "readings": [describe_reading(r) for r in readings_seen(study, sight, name)],
        "memos": [describe_memo(m) for m in memos_seen(study, sight, name)],
        **view_suggestions(study, name, coder),
        "codes": describe_codes_seen(study, sight),
        "coders": coders_seen(study, sight, name),
        "attributes": describe_speakers(study, name),
        "pass": describe_pass(study, sight, name),
        "recent": study.recent_codes(coder),
        **possible.describe(sight),
    }


def read_state(project: Project, number: int, coder: str) -> dict[str, Any]:
    """`view_state` of the study as it is now."""
    with project.snapshot() as study:
        return view_state(study, number, coder)
