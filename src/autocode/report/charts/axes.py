"""Axes of charts: scales from values to pixels, round ticks, grid lines, and their labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import ceil, floor

from .. import palette
from . import svg


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearScale:
    """Values from `low` to `high` on pixels from `start` to `end`; others go to the nearer end."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of a value."""
        inside = min(max(value, self.low), self.high)
        return self.start + (self.end - self.start) * (inside - self.low) / (self.high - self.low)

    def list_ticks(self, step: float) -> list[float]:
        """The multiples of `step` on the scale, in order."""
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]


def make_coefficient_scale(values: Iterable[float], *, start: float, end: float) -> LinearScale:
    """A scale for coefficients up to 1: from 0, or from the fifth below the lowest, -1 at least."""
    low = max(floor(min([0.0, *values]) * 5) / 5, -1.0)
    return LinearScale(low=low, high=1.0, start=start, end=end)


def choose_step(most: float) -> int:
    """A round whole number that divides an axis from 0 to `most` into five steps at most."""
    if most <= 5:
        return 1
    power = 1
    while 10 * power < most / 5:
        power *= 10
    return next(m * power for m in (1, 2, 5, 10) if m * power >= most / 5)


def format_tick(value: float, n_digits: int = 1) -> str:
    """A tick's value as shown, with a true minus sign."""
    return f"{value:.{n_digits}f}".replace("-", "\N{MINUS SIGN}")


def draw_grid(
    scale: LinearScale,
    step: float,
    *,
    left: float,
    right: float,
    format_value: Callable[[float], str] = format_tick,
) -> Iterator[str]:
    """Horizontal lines at the ticks of a vertical scale, darker at 0, with values on the left."""
    for tick in scale.list_ticks(step):
        y = scale(tick)
        stroke = palette.FAINT if abs(tick) < 1e-9 else palette.LINE
        yield svg.draw_line(left, y, right, y, stroke=stroke)
        yield draw_label(left - 8, y + 4, format_value(tick), anchor="end")


def draw_label(x: float, y: float, words: str, *, anchor: str = "middle", size: float = 12) -> str:
    """Words beside an axis: the value of a tick, or the title of the axis."""
    return svg.draw_text(x, y, words, size=size, anchor=anchor, fill=palette.SOFT)
