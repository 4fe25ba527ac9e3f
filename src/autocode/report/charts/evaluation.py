"""Charts of an evaluation: learning curves, and probabilities against outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from ...agreement.reporting.methods_text import format_value
from ...evaluate.metrics.calibration import CalibrationBin
from ...evaluate.metrics.scores import Score
from .. import palette
from . import svg
from .axes import LinearScale, draw_grid, draw_label, make_coefficient_scale

_WIDTH, _LEFT, _RIGHT, _TOP, _HEIGHT = 460.0, 40.0, 12.0, 14.0, 220.0
_BOTTOM, _END = _TOP + _HEIGHT, _WIDTH - _RIGHT
_SIDE, _SIDE_TOP = 280.0, 28.0
"""The side of a reliability diagram's square and the space above it, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveLine:
    """One score at each share, in the shares' order; of a ceiling only the last value is drawn."""

    name: str
    scores: Sequence[Score]
    is_ceiling: bool = False

    @property
    def has_values(self) -> bool:
        """Whether there is anything to draw."""
        return any(score.value is not None for score in self.scores)


@dataclass(frozen=True, slots=True)
class _Axes:
    """Shares across, evenly: 10 % and 20 % matter more than the space between 50 % and 80 %."""

    x: Mapping[float, float]
    y: LinearScale


def draw_learning_curve(shares: Sequence[float], lines: Sequence[CurveLine], *, label: str) -> str:
    """Scores with their intervals by the share coded; empty where no line has a value."""
    drawn = [line for line in lines if line.has_values]
    if not drawn:
        return ""
    axes = _fit_axes(shares, drawn)
    elements = [*draw_grid(axes.y, 0.2, left=_LEFT, right=_END)]
    elements += [draw_label(x, _BOTTOM + 18, f"{100 * at:g} %") for at, x in axes.x.items()]
    elements.append(draw_label((_LEFT + _END) / 2, _BOTTOM + 35, "transcripts coded"))
    colours = assign_line_colours(lines)
    for line in drawn:
        elements += (
            _draw_ceiling(line, axes.y)
            if line.is_ceiling
            else _draw_line(line, colours[line.name], axes)
        )
    return svg.draw_svg(_WIDTH, _BOTTOM + 40, elements, kind="curve", label=label)


def assign_line_colours(lines: Sequence[CurveLine]) -> dict[str, str]:
    """The colour of each line that is drawn, by its name."""
    drawn = [line for line in lines if line.has_values]
    return {
        line.name: palette.PURPLE if line.is_ceiling else palette.LINES[at % len(palette.LINES)]
        for at, line in enumerate(drawn)
    }


def draw_reliability_diagram(bins: Sequence[CalibrationBin]) -> str:
    """A dot for each bin of suggestions, larger where it holds more; empty for no bins.

    On the dashed diagonal the share right is what the probability says.
    """
    if not bins:
        return ""
    x = LinearScale(low=0, high=1, start=_LEFT, end=_LEFT + _SIDE)
    y = LinearScale(low=0, high=1, start=_SIDE_TOP + _SIDE, end=_SIDE_TOP)
    elements = [
        *draw_grid(y, 0.2, left=x.start, right=x.end),
        *(draw_label(x(tick), y.start + 17, f"{tick:.1f}") for tick in x.list_ticks(0.2)),
        svg.draw_line(x.start, y.start, x.end, y.end, stroke=palette.FAINT, stroke_dasharray="5 4"),
        draw_label(_LEFT + _SIDE / 2, y.start + 36, "probability given"),
        draw_label(6, 12, "share right", anchor="start"),
    ]
    most = max(one_bin.n for one_bin in bins)
    for one_bin in bins:
        words = (
            f"{one_bin.n} suggestions at {one_bin.probability:.2f}: {one_bin.share_right:.2f} right"
        )
        elements.append(
            svg.draw(
                "circle",
                svg.draw_tooltip(words),
                cx=x(one_bin.probability),
                cy=y(one_bin.share_right),
                r=2 + 4 * sqrt(one_bin.n / most),
                fill=palette.BLUE,
                fill_opacity=0.75,
            )
        )
    label = "Share right by probability"
    width = x.end + 16
    return svg.draw_svg(
        width, y.start + 44, elements, kind="reliability", label=label, max_width=width
    )


def format_score(score: Score) -> str:
    """A score with its interval: "0.65 (0.55 to 0.74)"."""
    value = format_value(score.value)
    if score.low is None or score.high is None:
        return value
    return f"{value} ({format_value(score.low)} to {format_value(score.high)})"


def _fit_axes(shares: Sequence[float], lines: Sequence[CurveLine]) -> _Axes:
    lows = [f.value if f.low is None else f.low for line in lines for f in line.scores]
    step = (_END - _LEFT) / len(shares)
    return _Axes(
        {share: _LEFT + step * (at + 0.5) for at, share in enumerate(shares)},
        make_coefficient_scale([low for low in lows if low is not None], start=_BOTTOM, end=_TOP),
    )


def _draw_line(line: CurveLine, colour: str, axes: _Axes) -> Iterator[str]:
    values, bars = [], []
    for x, score in zip(axes.x.values(), line.scores, strict=True):
        if score.value is not None:
            values.append((x, axes.y(score.value), score))
            if score.low is not None and score.high is not None:
                bars.append((x, axes.y(score.high), axes.y(score.low)))
    if len(bars) > 1:
        outline = [(x, top) for x, top, _ in bars] + [(x, foot) for x, _, foot in reversed(bars)]
        yield svg.draw("polygon", points=_join(outline), fill=colour, fill_opacity=0.1)
    for x, top, foot in bars:
        yield svg.draw_line(x, top, x, foot, stroke=colour, stroke_opacity=0.45)
    points = _join([(x, y) for x, y, _ in values])
    yield svg.draw("polyline", points=points, fill="none", stroke=colour, stroke_width=2)
    for x, y, score in values:
        tooltip = svg.draw_tooltip(f"{line.name}: {format_score(score)}")
        yield svg.draw("circle", tooltip, cx=x, cy=y, r=4, fill=colour)


def _draw_ceiling(line: CurveLine, y: LinearScale) -> Iterator[str]:
    score = next(f for f in reversed(line.scores) if f.value is not None)
    at = y(score.value or 0.0)
    if score.low is not None and score.high is not None:
        yield svg.draw(
            "rect",
            x=_LEFT,
            y=y(score.high),
            width=_END - _LEFT,
            height=y(score.low) - y(score.high),
            fill=palette.PURPLE,
            fill_opacity=0.09,
        )
    yield svg.draw(
        "line",
        svg.draw_tooltip(f"{line.name}: {format_score(score)}"),
        x1=_LEFT,
        y1=at,
        x2=_END,
        y2=at,
        stroke=palette.PURPLE,
        stroke_width=2,
        stroke_dasharray="6 4",
    )


def _join(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
