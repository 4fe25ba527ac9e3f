"""Cards in rows that are set off like bricks: near where they should be, never on each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a card hangs, in pixels: cards of a row hang at one height."""

    x: float
    y: float


def laid(
    places: Sequence[Place],
    sizes: Sequence[tuple[float, float]],
    *,
    cell: float,
    width: float,
    slack: float,
) -> tuple[list[Spot], float]:
    """A spot for each card, in the order given, and how tall the whole is.

    Args:
        places: where cards should be, in [0, 1]².
        sizes: how far cards reach above and below where they hang, in pixels.
        cell: how wide the widest card is with the space around it.
        width: how wide the whole may be.
        slack: how many spots there are for each card; more leave more of the places' shape.
    """
    n_columns = max(int((width - cell / 2) // cell), 1)
    n_rows = max(ceil(slack * len(places) / n_columns), 1)
    step = width / (n_columns + (0.5 if n_rows > 1 else 0.0))
    cells = [(row, column) for row in range(n_rows) for column in range(n_columns)]
    across = [step * (column + 0.5 + (0.5 if row % 2 else 0.0)) for row, column in cells]
    taken = _assigned(places, cells, [x / width for x in across], n_rows)
    above, below = [0.0] * n_rows, [0.0] * n_rows
    for at, (up, down) in zip(taken, sizes, strict=True):
        row = cells[at][0]
        above[row], below[row] = max(above[row], up), max(below[row], down)
    hang = [sum(above[: row + 1]) + sum(below[:row]) for row in range(n_rows)]
    return [Spot(across[at], hang[cells[at][0]]) for at in taken], sum(above) + sum(below)


def _assigned(
    places: Sequence[Place], cells: Sequence[tuple[int, int]], across: Sequence[float], n_rows: int
) -> list[int]:
    """The cell of each place, so that squared distances are least in all (Kuhn 1955)."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    evened = [_evened([place[axis] for place in places]) for axis in (0, 1)]
    cost = [
        [
            (x - at) ** 2 + (y - (row + 0.5) / n_rows) ** 2
            for (row, _), at in zip(cells, across, strict=True)
        ]
        for x, y in zip(*evened, strict=True)
    ]
    return [int(column) for column in linear_sum_assignment(np.round(cost, 6))[1]]


def _evened(values: Sequence[float]) -> list[float]:
    """Places on one axis half way to even spacing: gaps between crowds would cost letter size."""
    if len(values) < 2:
        return [0.5] * len(values)
    order = sorted(range(len(values)), key=lambda at: (values[at], at))
    rank = {at: number / (len(values) - 1) for number, at in enumerate(order)}
    return [(value + rank[at]) / 2 for at, value in enumerate(values)]
