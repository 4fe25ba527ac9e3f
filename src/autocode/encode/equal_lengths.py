"""Texts in batches of one token count each: no padding, so no vector depends on its batch.

Padding changes the last bits of a vector and costs a third of the time (Devlin et al.'s models
compute padded tokens like others).
"""

from __future__ import annotations

from collections.abc import Sequence

BATCH_SIZE = 32
"""Most texts in a batch; more is no faster on a core."""


def group_by_length(counts: Sequence[int], *, size: int = BATCH_SIZE) -> list[list[int]]:
    """Row numbers in batches of one token count each, longest first (steadier progress)."""
    by_count: dict[int, list[int]] = {}
    for row, count in enumerate(counts):
        by_count.setdefault(count, []).append(row)
    return [
        rows[at : at + size]
        for _, rows in sorted(by_count.items(), reverse=True)
        for at in range(0, len(rows), size)
    ]
