"""A study's segments as a `datasets.Dataset`, for pipelines; the only door to datasets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..alignment import align
from ..coding import Coding, Reading
from ..transcript import Segment


def segments_dataset(
    segments: Sequence[Segment], codings: Sequence[Coding], readings: Sequence[Reading]
) -> Any:  # noqa: ANN401 - datasets is untyped
    """One row per segment: where it lies, who speaks, its words, codes and readers.

    `codes` are the codes anybody gave it; `readers` who went through it (empty: nobody).
    """
    from datasets import Dataset

    aligned = align(segments, codings, readings)
    return Dataset.from_dict(
        {
            "transcript": [s.transcript for s in segments],
            "start": [s.span.start for s in segments],
            "end": [s.span.end for s in segments],
            "speaker": [s.speaker for s in segments],
            "role": [s.role for s in segments],
            "participant": [s.participant for s in segments],
            "excerpt": [s.excerpt for s in segments],
            "codes": [sorted(aligned.codes(row)) for row in range(len(segments))],
            "readers": [sorted(aligned.applied[row]) for row in range(len(segments))],
        }
    )
