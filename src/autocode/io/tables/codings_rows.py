"""Codings and readings as rows of the table that `codings.read_codings` reads back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...core.codebook import Codebook
from ...core.coding import Coding, Reading
from ...core.span_index import SpanIndex
from ...core.transcript import Segment

CODING_COLUMNS = (
    "transcript",
    "start",
    "end",
    "speaker",
    "excerpt",
    "coder",
    "code",
    "code_name",
    "made_at",
    "basis",
    "memo",
)


def codings_to_rows(
    codings: Sequence[Coding],
    segments: Sequence[Segment],
    texts: Mapping[str, str],
    codebook: Codebook,
) -> Iterator[dict[str, object]]:
    """Codings as rows that `read_codings` reads back, with the words and who said them."""
    by_transcript: dict[str, list[Segment]] = {}
    for segment in segments:
        by_transcript.setdefault(segment.transcript, []).append(segment)
    cut = {transcript: SpanIndex(its) for transcript, its in by_transcript.items()}
    for coding in codings:
        index = cut.get(coding.transcript)
        speakers = [one.speaker for one in index.overlapping(coding.span)] if index else []
        yield {
            "transcript": coding.transcript,
            "start": coding.span.start,
            "end": coding.span.end,
            "speaker": (speakers[0] if speakers else None) or "",
            "excerpt": coding.span.of(texts[coding.transcript]),
            "coder": coding.coder,
            "code": coding.code,
            "code_name": codebook.by_id[coding.code].name,
            "made_at": coding.made_at,
            "basis": coding.basis,
            "memo": coding.memo,
        }


def readings_to_rows(readings: Sequence[Reading]) -> Iterator[dict[str, object]]:
    """Readings as rows with an empty code, which `read_codings` reads back."""
    for reading in readings:
        yield {
            "transcript": reading.transcript,
            "start": reading.span.start,
            "end": reading.span.end,
            "coder": reading.coder,
            "code": "",
            "basis": reading.basis,
            "made_at": reading.made_at,
        }
