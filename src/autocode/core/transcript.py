"""Transcripts: words that are fixed for good, who said them and when, and spans into them.

All offsets are Unicode code points into `Transcript.text`, half-open, so that slicing gives the
words back. This module knows no files, and no numbers beyond offsets and seconds.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from .errors import SpanError

Role = Literal["participant", "interviewer", "note", "unknown"]
"""What a speaker is in the conversation; a `note` is text nobody said (stage directions)."""

ROLES: tuple[Role, ...] = ("participant", "interviewer", "note", "unknown")

CODABLE_ROLES: tuple[Role, ...] = ("participant", "unknown")
"""Roles whose words are coded; an interviewer's only when asked for."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open interval of a text, in code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        try:
            fits = 0 <= self.start <= self.end
        except TypeError:  # no number
            fits = False
        if not fits:
            raise SpanError(
                f"A span must have 0 <= start <= end, not {self.start}..{self.end}. "
                "Check the offsets; they count characters from 0."
            )

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The words of this span; raises SpanError if it runs past the end of `text`."""
        if self.end > len(text):
            raise SpanError(
                f"Span {self.start}..{self.end} runs past the end of a text of {len(text)} "
                "characters. Check that the offsets belong to this transcript."
            )
        return text[self.start : self.end]

    def overlap(self, other: Span) -> int:
        """Number of characters the two spans share."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one speaker says until the source marks another turn; times in seconds."""

    span: Span
    speaker: str | None = None
    begin: float | None = None
    finish: float | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Turns about one thing: numbers of the first turn and of the one after the last."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class TimedSpan:
    """When some words inside a turn were said; times in seconds."""

    span: Span
    begin: float | None
    finish: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Somebody who speaks in one transcript, their role, and how that role is known.

    `basis` is "guessed" (with `confidence` 0..1), "given" by the source, or "set" by a person.
    """

    name: str
    role: Role = "unknown"
    basis: Literal["guessed", "given", "set"] = "guessed"
    confidence: float = 0.0
    case: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a transcript came from: file name, format, SHA-256 of its bytes, text encoding."""

    name: str
    format: str
    digest: str
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A span of a transcript that is coded as one unit; its words as shown are an excerpt.

    `given` marks a unit that came with the study and must not be cut again; `name` is then its
    identifier there. `domain` restricts which codes are candidates (survey questions).
    """

    transcript: str
    span: Span
    excerpt: str
    speaker: str | None = None
    role: Role = "unknown"
    case: str | None = None
    unit: str = "turn"
    given: bool = False
    name: str | None = None
    domain: str | None = None

    @property
    def participant(self) -> str:
        """Who stands behind the words: the case, else this speaker of this transcript."""
        return self.case or f"{self.transcript}/{self.speaker or 'unnamed'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """One conversation or document whose text never changes.

    `times` are finer than the turns' own: one for each word where the source times words, and one
    for each cue where consecutive cues of a speaker were joined into one turn. `case` is whose the
    whole document is, where nobody in it is named; `language` is the ISO 639 code of the language
    most of it is in, None where that is not clear.

    Raises:
        SpanError: if a turn is empty or runs past the text, or turns overlap or are out of order.
    """

    name: str
    text: str
    turns: tuple[Turn, ...]
    source: Source
    speakers: tuple[Speaker, ...] = ()
    warnings: tuple[str, ...] = field(default=(), compare=False)
    times: tuple[TimedSpan, ...] = ()
    case: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        last = 0
        for turn in self.turns:
            if turn.span.start < last or not turn.span or turn.span.end > len(self.text):
                raise SpanError(
                    f"Turn {turn.span.start}..{turn.span.end} of '{self.name}' is empty, overlaps "
                    f"the one before it or runs past {len(self.text)} characters."
                )
            last = turn.span.end

    def times_of(self, span: Span) -> tuple[float | None, float | None]:
        """When the words of `span` were said: begin and end in seconds, None where unknown.

        They are those of the first and last timed word or cue in the span, else of its turns.
        """
        first = bisect_right(self.times, span.start, key=lambda time: time.span.end)
        last = bisect_left(self.times, span.end, key=lambda time: time.span.start)
        timed: Sequence[TimedSpan | Turn] = self.times[first:last]
        if not timed:
            first = bisect_right(self.turns, span.start, key=lambda turn: turn.span.end)
            last = bisect_left(self.turns, span.end, key=lambda turn: turn.span.start)
            timed = self.turns[first:last]
        begins = [time.begin for time in timed if time.begin is not None]
        finishes = [time.finish for time in timed if time.finish is not None]
        return min(begins, default=None), max(finishes, default=None)

    def locate(self, span: Span) -> str:
        """Where a span is, for a reader: "Kofi, turn 12" or "Kofi, turns 12 to 13".

        Turns count from 1; the speaker is that of the first. A transcript of a single turn has the
        speaker alone, and what lies outside all turns is empty.
        """
        first = bisect_right(self.turns, span.start, key=lambda turn: turn.span.end)
        last = bisect_left(self.turns, span.end, key=lambda turn: turn.span.start)
        if first >= last:
            return ""
        turns = f"turn {last}" if last - first == 1 else f"turns {first + 1} to {last}"
        speaker = self.turns[first].speaker or ""
        parts = [speaker, turns if len(self.turns) > 1 else ""]
        return ", ".join(part for part in parts if part)

    def words_of(self, turn: Turn) -> str:
        """What was said in `turn`."""
        return turn.span.of(self.text)


def text_digest(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes (lone surrogates kept): cache key and canonical order."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
