"""Where boxes and cards of a picture go: near where they should be, never on each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

_N_STEPS = 300

Place = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box with its middle at (x, y), in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y - self.height / 2

    def over(self, other: Box, gap: float) -> tuple[float, float]:
        """How far two boxes with a gap between them lie on each other, across and down."""
        return (
            (self.width + other.width) / 2 + gap - abs(other.x - self.x),
            (self.height + other.height) / 2 + gap - abs(other.y - self.y),
        )


def apart(boxes: Sequence[Box], width: float, *, gap: float = 12.0) -> list[Box]:
    """The boxes in the same order, moved little by little until none lies on another.

    All stay within 0 and `width` across; the picture grows downwards as it must.
    """
    placed = [_within(box, width) for box in boxes]
    for _ in range(_N_STEPS):
        if not _pushed(placed, width, gap):
            break
    return _settled(placed, gap)


def _pushed(boxes: list[Box], width: float, gap: float) -> bool:
    """One round of pushing each overlapping pair half the shorter way out; whether one was."""
    moved = False
    for a in range(len(boxes)):
        for b in range(a + 1, len(boxes)):
            across, down = boxes[a].over(boxes[b], gap)
            if across <= 0.01 or down <= 0.01:
                continue
            moved = True
            # Boxes in one place part by their order.
            if across < down:
                step = across / 2 * (1 if boxes[b].x >= boxes[a].x else -1)
                boxes[a] = _within(replace(boxes[a], x=boxes[a].x - step), width)
                boxes[b] = _within(replace(boxes[b], x=boxes[b].x + step), width)
            else:
                step = down / 2 * (1 if boxes[b].y >= boxes[a].y else -1)
                boxes[a] = replace(boxes[a], y=boxes[a].y - step)
                boxes[b] = replace(boxes[b], y=boxes[b].y + step)
    return moved


def _settled(boxes: list[Box], gap: float) -> list[Box]:
    """From the top down, a box that still lies on an earlier one goes below it: this ends."""
    order = sorted(range(len(boxes)), key=lambda at: (boxes[at].top, boxes[at].x, at))
    done: list[int] = []
    for at in order:
        below = True
        while below:
            below = False
            for other in done:
                across, down = boxes[at].over(boxes[other], gap)
                if across > 0.02 and down > 0.02:
                    lowered = boxes[other].y + (boxes[at].height + boxes[other].height) / 2 + gap
                    boxes[at] = replace(boxes[at], y=lowered)
                    below = True
        done.append(at)
    return boxes


def _within(box: Box, width: float) -> Box:
    half = min(box.width, width) / 2
    return replace(box, x=min(max(box.x, half), width - half))


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
