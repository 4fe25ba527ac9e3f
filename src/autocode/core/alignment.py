"""Which codes and which readers a segment has, whatever spans people marked.

A coding belongs to a segment when they share at least half of the shorter of the two: a code on
one sentence of a turn is on the turn, a code on a whole turn is on each of its sentences, and a
highlight that slips one word into the next turn is not on that turn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .coding import Coding, Reading
from .transcript import Segment, Span

SHARE = 0.5
"""Least overlap, as a share of the shorter span, for a coding to belong to a segment."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """People's work by segment (same order as the segments given).

    `applied[i][coder]` holds the codes that coder gave segment i; a coder who read it and gave
    none has an empty set; a coder who has not seen it is absent. `marked[i][code]` is the part of
    the segment that somebody marked with the code, the shortest where several did.
    """

    applied: tuple[dict[str, frozenset[str]], ...]
    marked: tuple[dict[str, Span], ...]

    def codes(self, row: int) -> frozenset[str]:
        """Every code that anybody gave segment `row`."""
        return frozenset().union(*self.applied[row].values())

    def is_read(self, row: int) -> bool:
        """Whether anybody has gone through segment `row`."""
        return bool(self.applied[row])


def align(
    segments: Sequence[Segment], codings: Iterable[Coding], readings: Iterable[Reading]
) -> Aligned:
    """Bring codings and readings of any span to the segments.

    A coding also counts as a reading of the segment by its coder.
    """
    finder = _Finder(segments)
    # Most spans are those of a segment: no other segment shares a character with them.
    exact = {
        (segment.transcript, segment.span.start, segment.span.end): (row,)
        for row, segment in enumerate(segments)
        if len(segment.span)
    }
    applied: list[dict[str, frozenset[str]]] = [{} for _ in segments]
    marked: list[dict[str, Span]] = [{} for _ in segments]
    for reading in readings:
        at = (reading.transcript, reading.span.start, reading.span.end)
        for row in exact.get(at) or finder.rows(reading.transcript, reading.span):
            applied[row].setdefault(reading.coder, frozenset())
    for coding in codings:
        at = (coding.transcript, coding.span.start, coding.span.end)
        for row in exact.get(at) or finder.rows(coding.transcript, coding.span):
            before = applied[row].get(coding.coder, frozenset())
            applied[row][coding.coder] = before | {coding.code}
            part = _cut(coding.span, segments[row].span)
            known = marked[row].get(coding.code)
            if known is None or (len(part), part.start) < (len(known), known.start):
                marked[row][coding.code] = part
    return Aligned(tuple(applied), tuple(marked))


def _cut(span: Span, whole: Span) -> Span:
    """The part of a span that stands in another."""
    if whole.start <= span.start and span.end <= whole.end:
        return span
    return Span(max(whole.start, span.start), min(whole.end, span.end))


class _Finder:
    """Rows of the segments that a span covers; segments of one transcript do not overlap."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._rows: dict[str, list[tuple[int, int, int]]] = {}
        for row, segment in enumerate(segments):
            bounds = (segment.span.start, segment.span.end, row)
            self._rows.setdefault(segment.transcript, []).append(bounds)
        for spans in self._rows.values():
            spans.sort()
        self._starts = {name: [s[0] for s in spans] for name, spans in self._rows.items()}

    def rows(self, transcript: str, span: Span) -> Iterator[int]:
        spans = self._rows.get(transcript, [])
        first = max(0, bisect_right(self._starts.get(transcript, []), span.start) - 1)
        for start, end, row in spans[first:]:
            if start >= span.end:
                return
            shared = min(end, span.end) - max(start, span.start)
            if shared > 0 and shared >= SHARE * min(end - start, len(span)):
                yield row
