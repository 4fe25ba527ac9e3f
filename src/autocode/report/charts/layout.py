"""Positions in a picture: boxes and cards near where they should be, never on each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

Point = tuple[float, float]

_N_STEPS = 300
# Pixels by which boxes may overlap without being moved, so that rounding does not keep them going.
_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box with its centre at (x, y), in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y - self.height / 2

    def measure_overlap(self, other: Box, gap: float) -> tuple[float, float]:
        """How far two boxes with a gap between them overlap, across and down."""
        return (
            (self.width + other.width) / 2 + gap - abs(other.x - self.x),
            (self.height + other.height) / 2 + gap - abs(other.y - self.y),
        )


@dataclass(frozen=True, slots=True)
class CardLayout:
    """Where cards hang, in pixels and in the cards' order, and how tall all of them are."""

    points: Sequence[Point]
    height: float


def separate_boxes(boxes: Sequence[Box], width: float, *, gap: float = 12.0) -> list[Box]:
    """The boxes in the same order, moved step by step until none overlaps another.

    All stay within 0 and `width` across; the picture grows downwards as it must.
    """
    moved = [_keep_inside(box, width) for box in boxes]
    for _ in range(_N_STEPS):
        if not _push_apart(moved, width, gap):
            break
    return _lower_overlapping(moved, gap)


def _push_apart(boxes: list[Box], width: float, gap: float) -> bool:
    """Push each overlapping pair apart by half the shorter way; whether any pair overlapped."""
    is_moved = False
    for a in range(len(boxes)):
        for b in range(a + 1, len(boxes)):
            across, down = boxes[a].measure_overlap(boxes[b], gap)
            if across <= _TOLERANCE or down <= _TOLERANCE:
                continue
            is_moved = True
            # Boxes with the same centre part by their order.
            if across < down:
                step = across / 2 * (1 if boxes[b].x >= boxes[a].x else -1)
                boxes[a] = _keep_inside(replace(boxes[a], x=boxes[a].x - step), width)
                boxes[b] = _keep_inside(replace(boxes[b], x=boxes[b].x + step), width)
            else:
                step = down / 2 * (1 if boxes[b].y >= boxes[a].y else -1)
                boxes[a] = replace(boxes[a], y=boxes[a].y - step)
                boxes[b] = replace(boxes[b], y=boxes[b].y + step)
    return is_moved


def _lower_overlapping(boxes: list[Box], gap: float) -> list[Box]:
    """From the top down, a box that still overlaps an earlier one goes below it: this ends."""
    order = sorted(range(len(boxes)), key=lambda at: (boxes[at].top, boxes[at].x, at))
    done: list[int] = []
    for at in order:
        is_lowered = True
        while is_lowered:
            is_lowered = False
            for other in done:
                across, down = boxes[at].measure_overlap(boxes[other], gap)
                if min(across, down) > 2 * _TOLERANCE:
                    below = boxes[other].y + (boxes[at].height + boxes[other].height) / 2 + gap
                    boxes[at] = replace(boxes[at], y=below)
                    is_lowered = True
        done.append(at)
    return boxes


def _keep_inside(box: Box, width: float) -> Box:
    half = min(box.width, width) / 2
    return replace(box, x=min(max(box.x, half), width - half))


def lay_out_cards(
    positions: Sequence[Point],
    extents: Sequence[Point],
    *,
    cell: float,
    width: float,
    slack: float,
) -> CardLayout:
    """Hang each card in a cell of its own, in rows set off like bricks.

    Args:
        positions: where cards should be, in [0, 1]².
        extents: how far cards reach above and below where they hang, in pixels.
        cell: the width of the widest card with the space around it.
        width: how wide the whole may be.
        slack: cells for each card; more of them keep more of the positions' shape.
    """
    n_columns = max(int((width - cell / 2) // cell), 1)
    n_rows = max(ceil(slack * len(positions) / n_columns), 1)
    step = width / (n_columns + (0.5 if n_rows > 1 else 0.0))
    cells = [(row, column) for row in range(n_rows) for column in range(n_columns)]
    across = [step * (column + 0.5 + (0.5 if row % 2 else 0.0)) for row, column in cells]
    taken = _assign_cells(positions, cells, [x / width for x in across], n_rows)
    above, below = [0.0] * n_rows, [0.0] * n_rows
    for at, (up, down) in zip(taken, extents, strict=True):
        row = cells[at][0]
        above[row], below[row] = max(above[row], up), max(below[row], down)
    hang = [sum(above[: row + 1]) + sum(below[:row]) for row in range(n_rows)]
    points = [(across[at], hang[cells[at][0]]) for at in taken]
    return CardLayout(points, sum(above) + sum(below))


def _assign_cells(
    positions: Sequence[Point],
    cells: Sequence[tuple[int, int]],
    across: Sequence[float],
    n_rows: int,
) -> list[int]:
    """The cell of each position, so that the sum of squared distances is least (Kuhn 1955)."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    spread = [_spread_evenly([position[axis] for position in positions]) for axis in (0, 1)]
    cost = [
        [
            (x - at) ** 2 + (y - (row + 0.5) / n_rows) ** 2
            for (row, _), at in zip(cells, across, strict=True)
        ]
        for x, y in zip(*spread, strict=True)
    ]
    # Rounded, so that the last bits of a platform cannot decide between equal costs.
    return [int(column) for column in linear_sum_assignment(np.round(cost, 6))[1]]


def _spread_evenly(values: Sequence[float]) -> list[float]:
    """Values on one axis half way to even spacing: gaps between crowds would cost letter size."""
    if len(values) < 2:
        return [0.5] * len(values)
    order = sorted(range(len(values)), key=lambda at: (values[at], at))
    rank = {at: number / (len(values) - 1) for number, at in enumerate(order)}
    return [(value + rank[at]) / 2 for at, value in enumerate(values)]
