"""Comparable units: coders' spans of any kind brought to things that both have read.

Spans are the truth; a unit is a choice, and numbers depend on it. "Read, nothing applied" is kept
apart from "not read" throughout.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Literal, TypeVar, get_args

import numpy as np

from ... import segment as cutting
from ...core.alignment import align
from ...core.coding import Coding, Reading
from ...core.errors import InputError
from ...core.transcript import Segment, Span, Transcript
from .decisions import Unit

UnitKind = Literal["segment", "turn", "paragraph", "sentence", "character", "overlap"]
KINDS: tuple[UnitKind, ...] = get_args(UnitKind)

OVERLAP_SHARE = 0.5

Located = TypeVar("Located", Segment, Coding, Reading)


def build_units(
    kind: UnitKind,
    segments: Sequence[Segment],
    transcripts: Sequence[Transcript],
    *,
    codings: Sequence[Coding],
    readings: Sequence[Reading],
    share: float = OVERLAP_SHARE,
    aids: cutting.Aids | None = None,
) -> list[Unit]:
    """Units of a kind with the codes each coder gave them.

    Args:
        kind: "segment" takes the study's own segments; "turn", "paragraph" and "sentence" cut the
            transcripts; "character" weighs runs of text by their length; "overlap" takes every
            marked span as a unit, on which a code of the other coder counts when their spans share
            at least `share` of what either covers.
        segments: what is coded (participants' words), in the study's own units.
        transcripts: those that hold the segments.
        codings: what people marked.
        readings: what people went through.
        share: for "overlap", in 0..1.
        aids: what helps the rules to cut, the same as cuts the study.

    Raises:
        InputError: for a kind or share that does not exist.
    """
    if kind not in KINDS:
        raise InputError(f"No unit '{kind}'. Choose one of: {', '.join(KINDS)}.")
    if not 0 < share <= 1:
        raise InputError(f"The share of overlap must lie above 0 and up to 1, not {share}.")
    if kind == "character":
        return _build_runs(segments, codings, readings)
    if kind == "overlap":
        return _build_overlaps(segments, codings, readings, share=share)
    if kind != "segment":
        segments = _cut_transcripts(kind, segments, transcripts, aids=aids)
    aligned = align(segments, codings, readings)
    return [
        Unit(
            transcript=segment.transcript,
            excerpt=segment.excerpt,
            applied=aligned.applied[row],
            span=segment.span,
        )
        for row, segment in enumerate(segments)
        if aligned.is_read(row)
    ]


def _cut_transcripts(
    kind: cutting.Unit,
    segments: Sequence[Segment],
    transcripts: Sequence[Transcript],
    *,
    aids: cutting.Aids | None,
) -> list[Segment]:
    """The codable parts of the transcripts in other units."""
    coded = _group_by_transcript(segments)
    parts = []
    for transcript in transcripts:
        spans = sorted(s.span for s in coded.get(transcript.name, ()))
        starts = [coded_span.start for coded_span in spans]
        reach = [0, *accumulate((coded_span.end for coded_span in spans), max)]
        for turn, span in cutting.cut(transcript, kind, aids=aids):
            # Of the spans that begin before the turn ends, the one that reaches furthest decides.
            if reach[bisect_left(starts, turn.span.end)] > turn.span.start:
                words = span.of(transcript.text)
                parts.append(
                    Segment(
                        transcript=transcript.name,
                        span=span,
                        excerpt=words,
                        speaker=turn.speaker,
                        unit=kind,
                    )
                )
    return parts


def _build_runs(
    segments: Sequence[Segment], codings: Sequence[Coding], readings: Sequence[Reading]
) -> list[Unit]:
    """Runs of text between which nothing changes for any coder, weighed by their length."""
    units = []
    marks, reads = _group_by_transcript(codings), _group_by_transcript(readings)
    for name, parts in _group_by_transcript(segments).items():
        for segment in parts:
            units += _split_segment(
                segment,
                [c for c in marks.get(name, ()) if c.span.overlap(segment.span)],
                _find_readers(segment.span, reads.get(name, ()), marks.get(name, ())),
            )
    return units


def _split_segment(
    segment: Segment, codings: Sequence[Coding], readers: Iterable[str]
) -> list[Unit]:
    start, end = segment.span.start, segment.span.end
    inside = {edge for c in codings for edge in (c.span.start, c.span.end) if start < edge < end}
    edges = sorted({start, end, *inside})
    units = []
    for low, high in pairwise(edges):
        applied: dict[str, frozenset[str]] = dict.fromkeys(readers, frozenset())
        for coding in codings:
            if coding.span.start <= low and high <= coding.span.end:
                applied[coding.coder] = applied.get(coding.coder, frozenset()) | {coding.code}
        if applied:
            words = segment.excerpt[low - start : high - start]
            units.append(
                Unit(
                    transcript=segment.transcript,
                    excerpt=words,
                    applied=applied,
                    span=Span(low, high),
                    weight=float(high - low),
                )
            )
    return units


def _build_overlaps(
    segments: Sequence[Segment],
    codings: Sequence[Coding],
    readings: Sequence[Reading],
    *,
    share: float,
) -> list[Unit]:
    """Every span that somebody marked, with the codes whose spans overlap it enough."""
    units = []
    reads, parts = _group_by_transcript(readings), _group_by_transcript(segments)
    for name, marks in _group_by_transcript(codings).items():
        starts = np.array([c.span.start for c in marks])
        ends = np.array([c.span.end for c in marks])
        for span in sorted({c.span for c in marks}):
            shared = np.minimum(ends, span.end) - np.maximum(starts, span.start)
            either = np.maximum(ends, span.end) - np.minimum(starts, span.start)
            near = [marks[at] for at in np.flatnonzero(shared >= share * either)]
            applied: dict[str, frozenset[str]] = dict.fromkeys(
                _find_readers(span, reads.get(name, ()), marks), frozenset()
            )
            for coding in near:
                applied[coding.coder] = applied.get(coding.coder, frozenset()) | {coding.code}
            units.append(
                Unit(
                    transcript=name,
                    excerpt=_join_excerpts(span, parts.get(name, ())),
                    applied=applied,
                    span=span,
                )
            )
    return units


def _find_readers(span: Span, readings: Sequence[Reading], codings: Sequence[Coding]) -> list[str]:
    """Who went through most of a span, or marked anything in it."""
    seen = {r.coder for r in readings if 2 * r.span.overlap(span) >= len(span)}
    return sorted(seen | {c.coder for c in codings if c.span.overlap(span)})


def _join_excerpts(span: Span, segments: Sequence[Segment]) -> str:
    """The words of a span as far as segments hold them."""
    pieces = [
        s.excerpt[max(span.start - s.span.start, 0) : span.end - s.span.start]
        for s in segments
        if s.span.overlap(span)
    ]
    return " ".join(pieces)


def _group_by_transcript(things: Iterable[Located]) -> Mapping[str, list[Located]]:
    grouped: dict[str, list[Located]] = {}
    for thing in things:
        grouped.setdefault(thing.transcript, []).append(thing)
    return grouped
