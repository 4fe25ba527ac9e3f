"""Learning curves as SVG: figures with their intervals by the share that is coded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import floor

from ...agreement.reporting.methods_text import format_value
from ...evaluate.metrics.scores import Score

_WIDTH, _LEFT, _RIGHT, _TOP, _HEIGHT = 560.0, 44.0, 16.0, 14.0, 230.0
_SOFT = "#52606d"
INKS = ("#1a4a7a", "#b2540c", "#2f7d4f")
CEILING = "#7b3f98"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure at each share, in the same order; `is_ceiling` draws the last value through."""

    name: str
    figures: Sequence[Score]
    is_ceiling: bool = False


def curve(shares: Sequence[float], lines: Sequence[Line], *, label: str) -> str:
    """The plot, empty where no line has a value; an interval is a shade, or a bar at one share."""
    drawn_lines = [line for line in lines if any(f.value is not None for f in line.figures)]
    if not drawn_lines:
        return ""
    axis = _Axis.over(shares, drawn_lines)
    drawn = [*_grid(axis, shares)]
    for at, line in enumerate(drawn_lines):
        drawn += _ceiling(line, axis) if line.is_ceiling else _line(line, INKS[at % 3], axis)
    height = _TOP + _HEIGHT + 40
    return (
        f'<svg class="curve" viewBox="0 0 {_WIDTH:.0f} {height:.0f}" role="img" '
        f'aria-label="{escape(label)}" font-family="system-ui, sans-serif" font-size="12">'
        + "".join(drawn)
        + "</svg>"
    )


def inks(lines: Sequence[Line]) -> Mapping[str, str]:
    """The colour of each line that is drawn, for a legend."""
    known = [line for line in lines if any(f.value is not None for f in line.figures)]
    return {
        line.name: CEILING if line.is_ceiling else INKS[at % 3] for at, line in enumerate(known)
    }


@dataclass(frozen=True, slots=True)
class _Axis:
    """Shares lie evenly, since 10 % and 20 % matter more than the space between 50 % and 80 %."""

    places: Mapping[float, float]
    shares: Sequence[float]
    low: float

    @classmethod
    def over(cls, shares: Sequence[float], lines: Sequence[Line]) -> _Axis:
        room = _WIDTH - _LEFT - _RIGHT
        step = room / max(len(shares), 1)
        lows = [f.low if f.low is not None else f.value for line in lines for f in line.figures]
        lowest = min([0.0, *(value for value in lows if value is not None)])
        places = {share: _LEFT + step * (at + 0.5) for at, share in enumerate(shares)}
        return cls(places, shares, max(floor(lowest * 5) / 5, -1.0))

    def y(self, value: float) -> float:
        inside = min(max(value, self.low), 1.0)
        return _TOP + _HEIGHT * (1 - (inside - self.low) / (1 - self.low))


def _grid(axis: _Axis, shares: Sequence[float]) -> Iterator[str]:
    for step in range(round(axis.low * 5), 6):
        y = axis.y(step / 5)
        yield (
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" '
            f'stroke="{"#9aa5b1" if step == 0 else "#e4e7eb"}"/>'
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{_SOFT}">'
            f"{f'{step / 5:.1f}'.replace('-', chr(0x2212))}</text>"
        )
    bottom = _TOP + _HEIGHT
    for share in shares:
        yield (
            f'<text x="{axis.places[share]:.1f}" y="{bottom + 18:.1f}" text-anchor="middle" '
            f'fill="{_SOFT}">{100 * share:g} %</text>'
        )
    yield (
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2:.1f}" y="{bottom + 35:.1f}" '
        f'text-anchor="middle" fill="{_SOFT}">transcripts coded</text>'
    )


def _line(line: Line, ink: str, axis: _Axis) -> Iterator[str]:
    known = [
        (axis.places[share], figure)
        for share, figure in zip(axis.shares, line.figures, strict=True)
        if figure.value is not None
    ]
    banded = [(x, f.low, f.high) for x, f in known if f.low is not None and f.high is not None]
    if len(banded) > 1:
        above = [f"{x:.1f},{axis.y(high):.1f}" for x, _, high in banded]
        below = [f"{x:.1f},{axis.y(low):.1f}" for x, low, _ in reversed(banded)]
        yield f'<polygon points="{" ".join([*above, *below])}" fill="{ink}" fill-opacity="0.10"/>'
    for x, low, high in banded:
        yield (
            f'<line x1="{x:.1f}" y1="{axis.y(low):.1f}" x2="{x:.1f}" y2="{axis.y(high):.1f}" '
            f'stroke="{ink}" stroke-opacity="0.45"/>'
        )
    points = " ".join(f"{x:.1f},{axis.y(f.value or 0.0):.1f}" for x, f in known)
    yield f'<polyline points="{points}" fill="none" stroke="{ink}" stroke-width="2"/>'
    for x, figure in known:
        yield (
            f'<circle cx="{x:.1f}" cy="{axis.y(figure.value or 0.0):.1f}" r="4" fill="{ink}">'
            f"<title>{escape(line.name)}: {told(figure)}</title></circle>"
        )


def _ceiling(line: Line, axis: _Axis) -> Iterator[str]:
    figure = next(f for f in reversed(line.figures) if f.value is not None)
    y, right = axis.y(figure.value or 0.0), _WIDTH - _RIGHT
    if figure.low is not None and figure.high is not None:
        top, bottom = axis.y(figure.high), axis.y(figure.low)
        yield (
            f'<rect x="{_LEFT}" y="{top:.1f}" width="{right - _LEFT}" '
            f'height="{bottom - top:.1f}" fill="{CEILING}" fill-opacity="0.09"/>'
        )
    yield (
        f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="{CEILING}" '
        f'stroke-width="2" stroke-dasharray="6 4"><title>{escape(line.name)}: {told(figure)}'
        "</title></line>"
    )


def told(figure: Score) -> str:
    """A figure in words: "0.65 (0.55 to 0.74)"."""
    if figure.low is None or figure.high is None:
        return format_value(figure.value)
    return (
        f"{format_value(figure.value)} ({format_value(figure.low)} to {format_value(figure.high)})"
    )
