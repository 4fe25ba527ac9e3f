"""Where the words of a coding stand in its transcript: by their wording, by positions, or by both.

Programs count characters from 0 or from 1, a line end as one or two, and some count bytes; they
count paragraphs with or without the empty ones. So positions decide alone only where nothing else
is given; beside an excerpt they tell its places apart, in whichever way of counting fits one only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ...core.errors import one_line
from ...core.transcript import Span
from ...text.excerpts import ExcerptIndex, Location
from ...text.folding import Strength, fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a row says of its place; all but the transcript may be empty.

    `one_based` tools count characters from 1 and the last one in. `strict`: positions that do not
    fit the excerpt are a fault, as in the tables that we write ourselves.
    """

    excerpt: str = ""
    start: str = ""
    end: str = ""
    paragraphs: tuple[int, int] | None = None
    turn: str = ""
    speaker: str = ""
    one_based: bool = False
    strict: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The span of a coding, how its excerpt was found, and whether a position singled it out.

    `whole_turn`: the row names a turn and no words in it.
    """

    span: Span
    location: Location = field(default_factory=Location)
    by_position: bool = False
    moved: bool = False
    whole_turn: bool = False


class PlaceFault(Exception):
    """Why a row has no place: the fault and the remedy; `is_lost`: its words are not there."""

    def __init__(self, fault: str, remedy: str, *, is_lost: bool = False) -> None:
        super().__init__(fault)
        self.fault, self.remedy, self.is_lost = fault, remedy, is_lost


class Placer:
    """Finds places in one transcript."""

    def __init__(self, index: ExcerptIndex) -> None:
        self.index = index
        self._text = index.transcript.text

    def place(self, wanted: Wanted) -> Place | None:
        """The place of a row, None where it names none.

        Raises:
            PlaceFault: if the words are not there, or stand in several places.
        """
        if wanted.start or wanted.end:
            return self._at_offsets(wanted)
        if not wanted.excerpt:
            return self._whole_turn(wanted) if wanted.turn else None
        return self._by_words(wanted, self.index.locate(wanted.excerpt))

    def _whole_turn(self, wanted: Wanted) -> Place:
        """All of the turn of that number, which must be the speaker's where one is named."""
        turns = self.index.transcript.turns
        number = int(wanted.turn) if wanted.turn.isdecimal() and len(wanted.turn) < 10 else 0
        if not 1 <= number <= len(turns):
            raise PlaceFault(
                f"no turn '{one_line(wanted.turn, 40)}' in '{self.index.transcript.name}'",
                f"Its turns are 1 to {len(turns)}.",
            )
        speaker = turns[number - 1].speaker or ""
        if wanted.speaker and wanted.speaker.casefold() != speaker.casefold():
            raise PlaceFault(
                f"turn {number} is of '{one_line(speaker, 40) or 'nobody'}', not of "
                f"'{one_line(wanted.speaker, 40)}'",
                "Count turns from 1, as 'autocode open' shows them.",
            )
        return Place(span=turns[number - 1].span, whole_turn=True)

    def _at_offsets(self, wanted: Wanted) -> Place:
        excerpt = wanted.excerpt
        if not all(n.isdecimal() and len(n) < 12 for n in (wanted.start, wanted.end)):
            if excerpt and not wanted.strict:
                return self._by_words(wanted, self.index.locate(excerpt))
            raise PlaceFault(
                f"offsets '{one_line(wanted.start, 40)}'..'{one_line(wanted.end, 40)}' are no "
                "numbers",
                "Count characters from 0.",
            )
        start, end = int(wanted.start), int(wanted.end)
        for begin in (start - 1, start) if wanted.one_based else (start,):
            if 0 <= begin < end <= len(self._text) and (
                not excerpt or self._is_excerpt(Span(begin, end), excerpt)
            ):
                return Place(span=Span(begin, end))
        if excerpt and not wanted.strict:
            return self._by_words(wanted, self.index.locate(excerpt), start=start)
        if not start < end <= len(self._text):
            raise PlaceFault(
                f"span {start}..{end} does not fit a transcript of {len(self._text)} characters",
                "Correct the offsets.",
            )
        stands = self.index.locate(excerpt).span
        hint = f"; it stands at {stands.start}..{stands.end}" if stands else ""
        raise PlaceFault(
            f"the words at {start}..{end} are not the excerpt '{shorten(excerpt)}'{hint}",
            "Give one of the two, or correct them.",
        )

    def _is_excerpt(self, span: Span, excerpt: str) -> bool:
        strength = Strength.TYPOGRAPHY
        return fold(span.of(self._text), strength).text == fold(excerpt, strength).text

    def _by_words(self, wanted: Wanted, location: Location, start: int | None = None) -> Place:
        if location.span is not None:
            moved = start is not None and not self._begins_at(location.span, start)
            return Place(span=location.span, location=location, moved=moved)
        if not location.spans:
            raise PlaceFault(
                f"the excerpt '{shorten(wanted.excerpt)}' does not occur in "
                f"'{self.index.transcript.name}'",
                "",
                is_lost=True,
            )
        span = self._decide(wanted, location.spans, start)
        if span is None:
            n = len(location.spans)
            raise PlaceFault(
                f"the excerpt '{shorten(wanted.excerpt)}' occurs {n} times in "
                f"'{self.index.transcript.name}' ({self._list(location.spans)})",
                "Give more of the words, start and end, or the turn.",
            )
        return Place(span=span, location=location, by_position=True)

    def _decide(self, wanted: Wanted, spans: Sequence[Span], start: int | None) -> Span | None:
        """The one place that fits what the row says beside the words; None if that is not one."""
        if start is not None:
            fitting = [span for span in spans if self._begins_at(span, start)]
            if len(fitting) == 1:
                return fitting[0]
        if wanted.turn.isdecimal() and len(wanted.turn) < 10:
            spans = [span for span in spans if self._turn(span) == int(wanted.turn)]
        if wanted.speaker:
            speaker = wanted.speaker.casefold()
            spans = [span for span in spans if self._speaker(span).casefold() == speaker]
        if wanted.paragraphs is not None and len(spans) > 1:
            spans = self._in_paragraphs(spans, *wanted.paragraphs)
        return spans[0] if len(spans) == 1 else None

    def _in_paragraphs(self, spans: Sequence[Span], first: int, last: int) -> Sequence[Span]:
        """Those in the paragraphs, if it is the same one whether or not empty ones are counted."""
        readings = []
        for breaks in (self._line_ends, self._filled_line_ends):
            inside = [s for s in spans if first <= bisect_right(breaks, s.start) + 1 <= last]
            if inside:
                readings.append(inside)
        return readings[0] if readings and all(r == readings[0] for r in readings) else ()

    def _begins_at(self, span: Span, start: int) -> bool:
        """Whether a program that counts in one of the known ways calls the span's start `start`."""
        before = self._text[: span.start]
        lines = before.count("\n")
        wide = sum(ord(character) > 0xFFFF for character in before)
        n_bytes = len(before.encode("utf-8", "surrogatepass"))
        ways = {len(before), len(before) + lines, len(before) + wide, n_bytes, n_bytes + lines}
        return start in ways or start - 1 in ways

    def _turn(self, span: Span) -> int:
        """The number of the turn in which a span begins, from 1."""
        return bisect_right(
            self.index.transcript.turns, span.start, key=lambda turn: turn.span.start
        )

    def _speaker(self, span: Span) -> str:
        number = self._turn(span)
        return (self.index.transcript.turns[number - 1].speaker or "") if number else ""

    @cached_property
    def _line_ends(self) -> list[int]:
        return [at + 1 for at, character in enumerate(self._text) if character == "\n"]

    @cached_property
    def _filled_line_ends(self) -> list[int]:
        """Where each filled line but the first begins."""
        starts, at = [], 0
        for line in self._text.split("\n"):
            if line.strip():
                starts.append(at)
            at += len(line) + 1
        return starts[1:]

    def _list(self, spans: Sequence[Span]) -> str:
        shown = [self.index.transcript.locate(span) for span in spans[:4]]
        places = "; ".join(dict.fromkeys(filter(None, shown)))
        return f"{places}{'; …' if len(spans) > 4 else ''}" if places else "in one turn"


def shorten(excerpt: str) -> str:
    """An excerpt as messages quote it."""
    words = " ".join(excerpt.split())
    return words if len(words) <= 40 else f"{words[:40]}…"
