"""Saturation as SVG: how much is seen for the first time with each further transcript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from . import svg

_WIDTH, _LEFT, _RIGHT, _TOP, _HEIGHT, _BELOW = 760.0, 52.0, 20.0, 40.0, 260.0, 42.0
_OTHER = "#b2540c"
_MOST_TICKS = 12
_MOST_DOTS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How many things are seen after so many transcripts.

    `mean`, `low` and `high` are over many orders of the transcripts, `as_imported` in the order in
    which they came.
    """

    mean: float
    low: float
    high: float
    as_imported: float


def saturation(steps: Sequence[Seen], *, things: str, band: str) -> str:
    """The curve from the first transcript on; empty for fewer than two.

    Args:
        steps: what is seen after 1, 2, ... transcripts.
        things: what is counted, such as "codes seen".
        band: what `low` and `high` are, such as "95 % of 500 orders".
    """
    if len(steps) < 2:
        return ""
    # Where nothing is seen at all, the axis still has one step.
    highest = max([1.0, *(max(s.high, s.as_imported) for s in steps)])
    step = _step(highest)
    axis = _Axis(len(steps), step * ceil(highest / step))
    drawn = [*_grid(axis, step, things), *_key(band), *_curves(steps, axis)]
    drawn += _columns(steps, axis, things)
    height = _TOP + _HEIGHT + _BELOW
    about = f"{things} by the number of transcripts"
    return svg.svg(_WIDTH, height, drawn, kind="saturation", about=about)


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where numbers of transcripts (1 to n) and counts (0 to most) lie."""

    n: int
    most: float

    def x(self, at: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (at - 1) / (self.n - 1)

    def y(self, value: float) -> float:
        return _TOP + _HEIGHT * (1 - min(max(value, 0.0), self.most) / self.most)


def _step(most: float) -> int:
    """A round whole number that divides an axis up to `most` into at most five."""
    if most <= 5:
        return 1
    power = 1
    while 10 * power < most / 5:
        power *= 10
    return next(m * power for m in (1, 2, 5, 10) if m * power >= most / 5)


def _grid(axis: _Axis, step: int, things: str) -> Iterator[str]:
    soft = f'fill="{svg.SOFT}"'
    for at in range(round(axis.most / step) + 1):
        y = axis.y(at * step)
        yield (
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" '
            f'stroke="{svg.RULE if at == 0 else svg.LINE}"/>'
        )
        yield svg.text(_LEFT - 9, y + 4, f"{at * step}", style=f'text-anchor="end" {soft}')
    every = ceil(axis.n / _MOST_TICKS)
    for at in range(axis.n, 0, -every):
        x, y = axis.x(at), _TOP + _HEIGHT + 18
        yield svg.text(x, y, f"{at}", style=f'text-anchor="middle" {soft}')
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    yield svg.text(middle, _TOP + _HEIGHT + 36, "transcripts", style=f'text-anchor="middle" {soft}')
    yield svg.text(10, 14, things, style=soft)


def _key(band: str) -> Iterator[str]:
    """What the lines are, above the plot and in the order of their weight."""
    x, y = 230.0, 10.0
    yield (
        f'<rect x="{x}" y="{y - 7}" width="26" height="14" fill="{svg.BLUE}" '
        f'fill-opacity="0.14"/><path d="M{x} {y}h26" stroke="{svg.BLUE}" stroke-width="2.2"/>'
    )
    words = f"mean, and {band}"
    yield svg.text(x + 34, y + 4, words)
    x += 34 + svg.width_of(words, 12) + 26
    yield f'<path d="M{x:.1f} {y}h26" stroke="{_OTHER}" stroke-width="1.8" stroke-dasharray="6 4"/>'
    yield svg.text(x + 34, y + 4, "in the order imported")


def _curves(steps: Sequence[Seen], axis: _Axis) -> Iterator[str]:
    numbered = list(enumerate(steps, start=1))
    above = [f"{axis.x(at):.1f},{axis.y(s.high):.1f}" for at, s in numbered]
    below = [f"{axis.x(at):.1f},{axis.y(s.low):.1f}" for at, s in reversed(numbered)]
    mean = [f"{axis.x(at):.1f},{axis.y(s.mean):.1f}" for at, s in numbered]
    came = [f"{axis.x(at):.1f},{axis.y(s.as_imported):.1f}" for at, s in numbered]
    yield (
        f'<polygon points="{" ".join([*above, *below])}" fill="{svg.BLUE}" fill-opacity="0.14"/>'
    )
    yield (
        f'<polyline points="{" ".join(came)}" fill="none" stroke="{_OTHER}" stroke-width="1.8" '
        'stroke-dasharray="6 4" stroke-linejoin="round"/>'
    )
    yield (
        f'<polyline points="{" ".join(mean)}" fill="none" stroke="{svg.BLUE}" '
        'stroke-width="2.2" stroke-linejoin="round"/>'
    )
    if len(steps) <= _MOST_DOTS:
        for at, s in numbered:
            yield (
                f'<circle cx="{axis.x(at):.1f}" cy="{axis.y(s.mean):.1f}" r="3.2" '
                f'fill="{svg.BLUE}"/>'
            )


def _columns(steps: Sequence[Seen], axis: _Axis, things: str) -> Iterator[str]:
    """Unseen columns over the plot, so that pointing anywhere tells the numbers of that step."""
    wide = (_WIDTH - _LEFT - _RIGHT) / (axis.n - 1)
    for at, s in enumerate(steps, start=1):
        transcripts = "1 transcript" if at == 1 else f"{at} transcripts"
        words = (
            f"{transcripts}: {s.mean:.1f} {things} ({s.low:g} to {s.high:g}); "
            f"in the order imported {s.as_imported:g}"
        )
        yield (
            f'<rect x="{axis.x(at) - wide / 2:.1f}" y="{_TOP}" width="{wide:.1f}" '
            f'height="{_HEIGHT}" fill="#fff" fill-opacity="0">{svg.told(words)}</rect>'
        )
