"""Boxes of a picture put apart: near where they should be, never on each other, always alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

_N_STEPS = 300


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
