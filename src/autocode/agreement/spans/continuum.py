"""What two coders marked, on the text that both went through, with all other text cut out.

Nothing is brought to units: spans stay as the coders set them. Text that one of the two has not
read, or that nobody codes (an interviewer's), is no silence of theirs and must not count as a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

import numpy as np

from ...core.coding import Coding, Reading
from ...core.transcript import Segment, Span
from ..arrays import Booleans, Ints
from .runs import Spans, merge_spans, spans_from_rows

Located = TypeVar("Located", Segment, Coding, Reading)


@dataclass(frozen=True, slots=True, eq=False)
class Continuum:
    """Two coders' spans on what both read of one transcript; `coders` are 0 and 1 in `spans`.

    Overlapping spans of one coder and code are one.
    """

    transcript: str
    coders: tuple[str, str]
    spans: Spans


def build_continua(
    segments: Sequence[Segment],
    codings: Sequence[Coding],
    readings: Sequence[Reading],
    *,
    coders: Sequence[str],
    codes: Sequence[str],
) -> tuple[Continuum, ...]:
    """One continuum for each transcript and pair of coders who both went through some of it.

    A coder who marked something and of whom no reading is known went through the whole transcript.

    Args:
        segments: what is coded (participants' words); all other text is cut out.
        codings: what people marked.
        readings: what people went through.
        coders: whom to pair.
        codes: numbered in this order; codings of other codes play no part.
    """
    number = {code: at for at, code in enumerate(codes)}
    marks, reads = _group_by_transcript(codings), _group_by_transcript(readings)
    texts = []
    for name, parts in sorted(_group_by_transcript(segments).items()):
        ours = {c: [m for m in marks.get(name, ()) if m.coder == c] for c in coders}
        read = {
            coder: _find_read(coder, ours[coder], reads.get(name, ()), parts) for coder in coders
        }
        for pair in combinations(coders, 2):
            kept = _intersect([[s.span for s in parts], *(read[coder] for coder in pair)])
            if kept.size:
                rows = [(at, m) for at, coder in enumerate(pair) for m in ours[coder]]
                texts.append(Continuum(name, pair, _move_spans(rows, kept, number)))
    return tuple(texts)


def _find_read(
    coder: str, marks: Sequence[Coding], readings: Sequence[Reading], parts: Sequence[Segment]
) -> list[Span]:
    read = [r.span for r in readings if r.coder == coder]
    if marks and not read:
        return [part.span for part in parts]
    return [*read, *(mark.span for mark in marks)]


def _intersect(readings: Sequence[Sequence[Span]]) -> Ints:
    """What lies in spans of every list: (start, end) in order and apart, shape (n, 2)."""
    if not all(readings):
        return np.zeros((0, 2), dtype=np.int64)
    edges = np.unique([edge for spans in readings for s in spans for edge in (s.start, s.end)])
    inside = np.logical_and.reduce([_mark_covered(spans, edges) for spans in readings])
    change = np.diff(np.concatenate([[0], inside.astype(np.int64), [0]]))
    return np.stack([edges[change == 1], edges[change == -1]], axis=1)


def _mark_covered(spans: Sequence[Span], edges: Ints) -> Booleans:
    """Which runs between neighbouring edges lie in a span, shape (n_edges - 1,)."""
    change = np.zeros(edges.size, dtype=np.int64)
    np.add.at(change, np.searchsorted(edges, [s.start for s in spans]), 1)
    np.add.at(change, np.searchsorted(edges, [s.end for s in spans]), -1)
    return np.asarray(change.cumsum()[:-1] > 0)


def _move_spans(rows: Iterable[tuple[int, Coding]], kept: Ints, number: Mapping[str, int]) -> Spans:
    """Codings on the text that is kept, closed up; what lies outside is cut off."""
    table = [(at, m.span.start, m.span.end, number[m.code]) for at, m in rows if m.code in number]
    spans = np.asarray(table, dtype=np.int64).reshape(-1, 4)
    lengths = kept[:, 1] - kept[:, 0]
    before = np.concatenate([[0], lengths.cumsum()])
    for column in (1, 2):
        piece = np.searchsorted(kept[:, 0], spans[:, column], side="right") - 1
        within = spans[:, column] - kept[np.maximum(piece, 0), 0]
        closed_up = before[np.maximum(piece, 0)] + np.minimum(within, lengths[piece])
        spans[:, column] = np.where(piece < 0, 0, closed_up)
    spans = spans[spans[:, 1] < spans[:, 2]]
    return merge_spans(spans_from_rows(spans, int(before[-1]), n_coders=2, n_codes=len(number)))


def _group_by_transcript(things: Iterable[Located]) -> Mapping[str, list[Located]]:
    grouped: dict[str, list[Located]] = {}
    for thing in things:
        grouped.setdefault(thing.transcript, []).append(thing)
    return grouped
