"""A study as it is searched: every excerpt with who said it, and the words of each transcript."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ..store.searched import Place, SearchRows, SpeakerRow, TranscriptRows
from ..text.word_search import Range, SearchableText, WordPattern, make_searchable


class Excerpt(NamedTuple):
    """A segment, or words of a turn in no segment; `turn` counts from 1, `begin` is in seconds."""

    start: int
    end: int
    speaker: int | None
    turn: int
    turn_end: int
    begin: float | None


class SearchedTranscript:
    """A transcript with its excerpts in order: its segments, and what of its turns is in none."""

    def __init__(self, rows: TranscriptRows, text: SearchableText) -> None:
        self.rows, self._searchable = rows, text
        self.excerpts = _part(rows)

    @cached_property
    def _starts(self) -> list[int]:
        return [excerpt.start for excerpt in self.excerpts]

    def find(self, pattern: WordPattern) -> dict[int, list[Range]]:
        """Where words stand, by the number of the excerpt in which they begin (from 0).

        What goes on into another turn is left out.
        """
        places: dict[int, list[Range]] = {}
        for at, place in self._walk(pattern):
            places.setdefault(at, []).append(place)
        return places

    def find_excerpts(self, pattern: WordPattern) -> set[int]:
        """The numbers of the excerpts in which words begin."""
        return {at for at, _ in self._walk(pattern)}

    def _walk(self, pattern: WordPattern) -> Iterator[tuple[int, Range]]:
        excerpts, at, n = self.excerpts, 0, len(self.excerpts)
        for place in pattern.find(self._searchable):
            while at < n and excerpts[at].end <= place[0]:
                at += 1
            if at == n:
                break
            excerpt = excerpts[at]
            if excerpt.start <= place[0] and place[1] <= max(excerpt.end, excerpt.turn_end):
                yield at, place

    def covered(self, start: int, end: int) -> range:
        """The numbers of the excerpts that a span touches."""
        first = max(0, bisect_right(self._starts, start) - 1)
        if first < len(self.excerpts) and self.excerpts[first].end <= start:
            first += 1
        last = first
        while last < len(self.excerpts) and self.excerpts[last].start < end:
            last += 1
        return range(first, last)


class SearchMemory:
    """What is made of transcripts for a search, kept for the next one while they stay as they are.

    A text never changes; who speaks, and how it is segmented, may.
    """

    def __init__(self) -> None:
        self._known: dict[int, SearchedTranscript] = {}
        self._last: tuple[int, SearchedStudy] | None = None

    def recall(self, revision: int, read: Callable[[], SearchRows]) -> SearchedStudy:
        """The study in this state, read where it is another than at the last search."""
        last = self._last
        if last is not None and last[0] == revision:
            return last[1]
        rows, known = read(), self._known
        renewed = {one.number: self._renew(known.get(one.number), one) for one in rows.transcripts}
        searched = SearchedStudy(list(renewed.values()), rows.speakers)
        self._known, self._last = renewed, (revision, searched)
        return searched

    @staticmethod
    def _renew(known: SearchedTranscript | None, rows: TranscriptRows) -> SearchedTranscript:
        if known is not None and known.rows == rows:
            return known
        return SearchedTranscript(rows, make_searchable(rows.text))


@dataclass(frozen=True, slots=True)
class SearchedStudy:
    """All transcripts in order of name, and the speakers by number."""

    transcripts: Sequence[SearchedTranscript]
    speakers: Mapping[int, SpeakerRow]

    def name_speaker(self, excerpt: Excerpt) -> str | None:
        """Who says an excerpt."""
        return None if excerpt.speaker is None else self.speakers[excerpt.speaker].name

    def name_case(self, transcript: SearchedTranscript, excerpt: Excerpt) -> str | None:
        """Whose words they are: nobody's in particular are those of the whole transcript's case."""
        if excerpt.speaker is None:
            return transcript.rows.case
        return self.speakers[excerpt.speaker].case


def _part(rows: TranscriptRows) -> list[Excerpt]:
    excerpts: list[Excerpt] = []
    segments, text, at = rows.segments, rows.text, 0
    for turn, (start, end, speaker) in enumerate(rows.turns, start=1):
        begin, reached = rows.begins[turn - 1], start

        def add(
            place: Place, turn: int = turn, end: int = end, begin: float | None = begin
        ) -> None:
            if text[place[0] : place[1]].strip():
                excerpts.append(Excerpt(*place, turn, end, begin))

        while at < len(segments) and segments[at][0] < end:
            segment = segments[at]
            if segment[0] > reached:
                add((reached, segment[0], speaker))
            add(segment)
            reached = max(reached, segment[1])
            at += 1
        if reached < end:
            add((reached, end, speaker))
    return excerpts
