"""Where a code is taken up and where it goes on: starts of passages, and their continuations.

A passage is a run of segments with a code in common. A coded segment *starts* one if it has a code
that the segment before it does not have, by the same coder in the same transcript; any other coded
segment is a *continuation*. Segments that the coder has not read (the interviewer's) are passed
over: what the coder read last is what stands before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ..core.transcript import Segment
from ..suggest.context import NO_ROW
from ..suggest.protocol import Flags, KnownCodings, Rows


def list_in_reading_order(segments: Sequence[Segment]) -> dict[str, Rows]:
    """The rows of each transcript in the order in which they stand in it."""
    by_transcript: dict[str, list[int]] = {}
    for row, segment in enumerate(segments):
        by_transcript.setdefault(segment.transcript, []).append(row)
    return {
        name: np.array(sorted(rows, key=lambda row: segments[row].span.start), dtype=np.intp)
        for name, rows in by_transcript.items()
    }


def find_previous_read(order: Iterable[Rows], read: Flags) -> Rows:
    """For each segment the one read before it in its transcript, (n_segments,), `NO_ROW` for none.

    Args:
        order: the rows of each transcript that has an order, as they stand in it.
        read: which segments the coder has read, (n_segments,).
    """
    previous = np.full(len(read), NO_ROW, dtype=np.intp)
    for rows in order:
        kept = rows[read[rows]]
        previous[kept[1:]] = kept[:-1]
    return previous


def take_codes_before(applied: Flags, previous: Rows) -> Flags:
    """The codes of the segment before each, (n_segments, n_codes); none where there is none."""
    before = np.asarray(applied[previous])
    before[previous == NO_ROW] = False
    return before


def find_starts(order: Iterable[Rows], codings: KnownCodings) -> Flags:
    """Segments with a code that the one read before does not have, (n_segments,)."""
    before = take_codes_before(codings.applied, find_previous_read(order, codings.read))
    return np.asarray((codings.applied & ~before).any(axis=1) & codings.read)
