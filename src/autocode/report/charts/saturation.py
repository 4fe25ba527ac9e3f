"""Saturation: how many codes or themes have been seen after each further transcript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from ...analysis.saturation import SaturationStep
from ...core.counted import say_count
from .. import palette
from . import svg
from .axes import LinearScale, choose_step, draw_grid, draw_label

_WIDTH, _LEFT, _RIGHT, _TOP, _HEIGHT, _BELOW = 760.0, 52.0, 20.0, 40.0, 260.0, 42.0
_BOTTOM = _TOP + _HEIGHT
_MOST_TICKS = 12
_MOST_DOTS = 40
_DASHED: dict[str, str | float] = {
    "stroke": palette.ORANGE,
    "stroke_width": 1.8,
    "stroke_dasharray": "6 4",
}
_SOLID: dict[str, str | float] = {"stroke": palette.BLUE, "stroke_width": 2.2}


@dataclass(frozen=True, slots=True)
class _Axes:
    """Numbers of transcripts (1 to n) across, counts (0 and up) upwards."""

    x: LinearScale
    y: LinearScale
    step: int

    @classmethod
    def fit(cls, steps: Sequence[SaturationStep]) -> _Axes:
        # Where nothing is seen at all, the axis still has one step.
        highest = max([1.0, *(max(step.high or 0, step.as_imported) for step in steps)])
        step = choose_step(highest)
        return cls(
            LinearScale(low=1, high=len(steps), start=_LEFT, end=_WIDTH - _RIGHT),
            LinearScale(low=0, high=step * ceil(highest / step), start=_BOTTOM, end=_TOP),
            step,
        )

    def draw_points(self, values: Sequence[float]) -> list[str]:
        """SVG points of one value per transcript."""
        return [f"{self.x(at):.1f},{self.y(v):.1f}" for at, v in enumerate(values, start=1)]


def draw_saturation(steps: Sequence[SaturationStep], *, counted: str, band: str) -> str:
    """The curve from the first transcript on; empty for fewer than two transcripts.

    Args:
        steps: what is seen after 1, 2, ... transcripts.
        counted: what is counted, such as "codes seen".
        band: what `low` and `high` are, such as "95 % over 500 orders of the same transcripts". It
            is drawn as far as steps have both.
    """
    if len(steps) < 2:
        return ""
    axes = _Axes.fit(steps)
    elements = [*_draw_axes(axes, counted), *_draw_key(band), *_draw_curves(steps, axes)]
    elements += _draw_columns(steps, axes, counted)
    label = f"{counted} by the number of transcripts"
    return svg.draw_svg(_WIDTH, _BOTTOM + _BELOW, elements, kind="saturation", label=label)


def _draw_axes(axes: _Axes, counted: str) -> Iterator[str]:
    yield from draw_grid(
        axes.y, axes.step, left=_LEFT, right=_WIDTH - _RIGHT, format_value=lambda v: f"{v:.0f}"
    )
    n = round(axes.x.high)
    for at in range(n, 0, -ceil(n / _MOST_TICKS)):
        yield draw_label(axes.x(at), _BOTTOM + 18, f"{at}")
    yield draw_label((_LEFT + _WIDTH - _RIGHT) / 2, _BOTTOM + 36, "transcripts")
    yield draw_label(10, 14, counted, anchor="start")


def _draw_key(band: str) -> Iterator[str]:
    """What the lines are, above the plot."""
    x, y = 150.0, 10.0
    yield svg.draw("rect", x=x, y=y - 7, width=26, height=14, fill=palette.BLUE, fill_opacity=0.14)
    yield svg.draw_line(x, y, x + 26, y, **_SOLID)
    words = f"mean, and {band}"
    yield svg.draw_text(x + 34, y + 4, words)
    x += 34 + svg.measure_width(words, 12) + 26
    yield svg.draw_line(x, y, x + 26, y, **_DASHED)
    yield svg.draw_text(x + 34, y + 4, "in the order imported")


def _draw_curves(steps: Sequence[SaturationStep], axes: _Axes) -> Iterator[str]:
    above = axes.draw_points([step.high for step in steps if step.high is not None])
    below = axes.draw_points([step.low for step in steps if step.low is not None])
    mean = axes.draw_points([step.mean for step in steps])
    imported = axes.draw_points([step.as_imported for step in steps])
    outline = " ".join([*above, *reversed(below)])
    yield svg.draw("polygon", points=outline, fill=palette.BLUE, fill_opacity=0.14)
    for points, style in ((imported, _DASHED), (mean, _SOLID)):
        yield svg.draw(
            "polyline", points=" ".join(points), fill="none", stroke_linejoin="round", **style
        )
    if len(steps) <= _MOST_DOTS:
        for at, step in enumerate(steps, start=1):
            yield svg.draw("circle", cx=axes.x(at), cy=axes.y(step.mean), r=3.2, fill=palette.BLUE)


def _draw_columns(steps: Sequence[SaturationStep], axes: _Axes, counted: str) -> Iterator[str]:
    """Transparent columns over the plot, so that pointing anywhere shows that step's numbers."""
    width = (_WIDTH - _LEFT - _RIGHT) / (len(steps) - 1)
    for at, step in enumerate(steps, start=1):
        transcripts = say_count(at, "transcript")
        band = "" if step.low is None else f" ({step.low:g} to {step.high:g})"
        words = (
            f"{transcripts}: {step.mean:.1f} {counted}{band}; "
            f"in the order imported {step.as_imported:g}"
        )
        yield svg.draw(
            "rect",
            svg.draw_tooltip(words),
            x=axes.x(at) - width / 2,
            y=_TOP,
            width=width,
            height=_HEIGHT,
            fill=palette.PAPER,
            fill_opacity=0,
        )
