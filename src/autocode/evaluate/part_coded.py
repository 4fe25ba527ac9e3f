"""Which segments of a part-coded transcript are known: two passages, or every n-th segment."""

from __future__ import annotations

import numpy as np

from ..suggest.protocol import Rows
from .protocol import PASSAGES, Sampling


def draw_known(
    rows: Rows, share: float, *, sampling: Sampling, generator: np.random.Generator
) -> Rows:
    """The segments of one transcript that are known when a `share` of it is coded, in order.

    Passages lie anywhere in the transcript, at least one segment apart where there is space;
    segments spread evenly begin at a random one. At least one segment is left to be tested.

    Args:
        rows: what the reference has read, in reading order.
        share: of them that is known, 0 to 1.
        sampling: how they lie.
        generator: of what is left to chance.
    """
    n_known = min(int(share * len(rows) + 0.5), len(rows) - 1)
    if n_known <= 0:
        return rows[:0]
    if sampling == PASSAGES:
        return np.asarray(rows[_draw_passages(len(rows), n_known, generator)])
    # The n_known multiples of the step, moved by less than one step: every n-th, whatever n.
    step = len(rows) / n_known
    at: Rows = np.floor((np.arange(n_known) + generator.random()) * step).astype(np.intp)
    return np.asarray(rows[at])


def _draw_passages(n: int, n_known: int, generator: np.random.Generator) -> Rows:
    """Positions of two passages, `n_known` of `n` in all; one alone where one segment is known."""
    first, second = (n_known + 1) // 2, n_known // 2
    # How many unknown segments stand before the first passage, and before the second.
    before = np.sort(generator.choice(n - n_known + 1, size=2, replace=False))
    begin, begin_second = int(before[0]), int(before[1]) + first
    parts = np.arange(begin, begin + first), np.arange(begin_second, begin_second + second)
    return np.concatenate(parts, dtype=np.intp)
