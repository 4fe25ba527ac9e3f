"""Forest plots: a coefficient and its interval in every row, on one axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...agreement.coefficients.result import Coefficient
from ...agreement.reporting.methods_text import format_value
from .. import palette
from . import svg
from .axes import LinearScale, draw_label, format_tick, make_coefficient_scale

_WIDTH = 1000.0
_LEFT, _RIGHT = 342.0, 820.0
_ROW, _HEAD, _FOOT = 21.0, 34.0, 26.0
_SIZE = 13.0
_NAME_WIDTH, _REASON_WIDTH = 300.0, 640.0
_TENTATIVE, _RELIABLE = 0.667, 0.8
"""Krippendorff's (2018) limits for tentative conclusions and for relying on the data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """One row: `name` and `n` stand on the left; `note` says why a row is greyed.

    Rows with the same note stand under it as their heading.
    """

    name: str
    coefficient: Coefficient
    n: str = ""
    note: str = ""
    is_overall: bool = False


def draw_forest(
    rows: Sequence[ForestRow], *, label: str, counts: str = "uses", shows_limits: bool = True
) -> str:
    """The plot of these rows from top to bottom; empty for none.

    Args:
        rows: in the order to show them; one may be `is_overall`, whose value is drawn through all.
        label: what the plot shows, for screen readers.
        counts: what stands above `n`.
        shows_limits: whether the plot is shaded from Krippendorff's limits on.
    """
    if not rows:
        return ""
    scale = _make_scale(rows)
    lines = _insert_headings(rows)
    bottom = _HEAD + _ROW * len(lines)
    elements = [
        *_draw_frame(scale, bottom, counts, shows_limits=shows_limits),
        *_draw_overall_line(rows, scale, bottom),
    ]
    for at, line in enumerate(lines):
        y = _HEAD + _ROW * (at + 0.5)
        elements.append(
            _draw_row(line, y, scale)
            if isinstance(line, ForestRow)
            else svg.draw_text(6, y + 4.5, line, fill=palette.SOFT, font_weight=600)
        )
    return svg.draw_svg(_WIDTH, bottom + _FOOT, elements, kind="forest", label=label)


def draw_interval_strip(coefficient: Coefficient) -> str:
    """One coefficient and its interval, small enough for a cell: from 0 to 1, or from -1."""
    value, interval = coefficient.value, coefficient.interval
    if value is None:
        return ""
    low = -1.0 if min(value, interval.low if interval else value) < 0 else 0.0
    scale = LinearScale(low=low, high=1.0, start=4, end=146)
    elements = [svg.draw_line(4, 9, 146, 9)]
    for end in sorted({low, 0.0, 1.0}):
        elements.append(svg.draw_line(scale(end), 3, scale(end), 15, stroke=palette.FAINT))
    if interval is not None:
        elements.append(
            svg.draw_line(
                scale(interval.low),
                9,
                scale(interval.high),
                9,
                stroke=palette.RIM,
                stroke_width=4,
                stroke_opacity=0.45,
                stroke_linecap="round",
            )
        )
    elements.append(svg.draw("circle", cx=scale(value), cy=9, r=4, fill=palette.BLUE))
    return (
        '<svg class="strip" viewBox="0 0 150 18" width="150" height="18" aria-hidden="true">'
        f"{''.join(elements)}</svg>"
    )


def _make_scale(rows: Sequence[ForestRow]) -> LinearScale:
    coefficients = [row.coefficient for row in rows]
    values = [c.value for c in coefficients if c.value is not None]
    lows = [c.interval.low for c in coefficients if c.interval is not None]
    return make_coefficient_scale([*values, *lows], start=_LEFT, end=_RIGHT)


def _insert_headings(rows: Sequence[ForestRow]) -> list[ForestRow | str]:
    lines: list[ForestRow | str] = []
    before = ""
    for row in rows:
        if row.note and row.note != before:
            lines.append(row.note)
        lines.append(row)
        before = row.note
    return lines


def _draw_frame(
    scale: LinearScale, bottom: float, counts: str, *, shows_limits: bool
) -> Iterator[str]:
    """Striped rows, the zones between Krippendorff's limits, ticks above and below, and heads."""
    for at in range(0, round((bottom - _HEAD) / _ROW), 2):
        y = _HEAD + _ROW * at
        yield svg.draw("rect", x=0, y=y, width=_WIDTH, height=_ROW, fill=palette.WASH)
    zones = (
        (_TENTATIVE, _RELIABLE, palette.TENTATIVE),
        (_RELIABLE, 1.0, palette.RELIABLE),
    )
    for low, high, fill in zones if shows_limits else ():
        left, right = scale(low), scale(high)
        yield svg.draw(
            "rect", x=left, y=_HEAD, width=right - left, height=bottom - _HEAD, fill=fill
        )
    for tick in scale.list_ticks(0.2):
        x, is_zero = scale(tick), abs(tick) < 1e-9
        stroke = palette.FAINT if is_zero else palette.LINE
        yield svg.draw_line(x, _HEAD, x, bottom, stroke=stroke)
        words = "0" if is_zero else "1" if tick == 1 else format_tick(tick)
        for y in (_HEAD - 8, bottom + 17):
            yield draw_label(x, y, words, size=_SIZE)
    yield draw_label(_LEFT - 28, _HEAD - 8, counts, anchor="end", size=_SIZE)
    yield draw_label(_WIDTH - 4, _HEAD - 8, "value [interval]", anchor="end", size=_SIZE)


def _draw_overall_line(
    rows: Sequence[ForestRow], scale: LinearScale, bottom: float
) -> Iterator[str]:
    for row in rows:
        if row.is_overall and row.coefficient.value is not None:
            x = scale(row.coefficient.value)
            yield svg.draw_line(x, _HEAD, x, bottom, stroke=palette.BLUE, stroke_dasharray="2 4")


def _draw_row(row: ForestRow, y: float, scale: LinearScale) -> str:
    ink = palette.SOFT if row.note else palette.INK
    weight = 700 if row.is_overall else None
    name = svg.fit_text(row.name, _NAME_WIDTH - 6 - svg.measure_width(row.n, _SIZE), size=_SIZE)
    coefficient, base = row.coefficient, y + 4.5
    parts = [
        svg.draw_tooltip(_describe_row(row)),
        svg.draw_text(6, base, name, size=_SIZE, fill=ink, font_weight=weight),
        draw_label(_LEFT - 28, base, row.n, anchor="end", size=_SIZE),
    ]
    if coefficient.value is None:
        reason = svg.fit_text(f"undefined: {coefficient.reason}", _REASON_WIDTH, size=12)
        parts.append(svg.draw_text(_LEFT + 8, base, reason, fill=palette.SOFT, font_style="italic"))
    else:
        parts += _draw_mark(row, coefficient.value, y, scale)
        numbers = _format_numbers(coefficient)
        parts.append(
            svg.draw_text(
                _WIDTH - 4, base, numbers, size=_SIZE, anchor="end", fill=ink, font_weight=weight
            )
        )
    return svg.draw("g", "".join(parts))


def _draw_mark(row: ForestRow, value: float, y: float, scale: LinearScale) -> Iterator[str]:
    """The interval as a line with ends, the value as a square (a diamond for the overall one)."""
    line, fill = (palette.FAINT, palette.PAPER) if row.note else (palette.RIM, palette.BLUE)
    interval = row.coefficient.interval
    if interval is not None:
        low, high = scale(interval.low), scale(interval.high)
        path = f"M{low:.1f} {y - 4:.1f}v8M{low:.1f} {y:.1f}H{high:.1f}M{high:.1f} {y - 4:.1f}v8"
        yield svg.draw("path", d=path, stroke=line, stroke_width=1.6, fill="none")
    x, half = scale(value), 6.5 if row.is_overall else 4.0
    shape = (
        f"M{x - half:.1f} {y:.1f}l{half} {-half}l{half} {half}l{-half} {half}z"
        if row.is_overall
        else f"M{x - half:.1f} {y - half:.1f}h{2 * half}v{2 * half}h{-2 * half}z"
    )
    yield svg.draw("path", d=shape, fill=fill, stroke=line, stroke_width=1.2)


def _format_numbers(coefficient: Coefficient) -> str:
    interval = coefficient.interval
    if interval is None:
        return f"{format_value(coefficient.value)} [no interval]"
    limits = f"{format_value(interval.low)}, {format_value(interval.high)}"
    return f"{format_value(coefficient.value)} [{limits}]"


def _describe_row(row: ForestRow) -> str:
    """The whole row in words, for a tooltip."""
    coefficient, interval = row.coefficient, row.coefficient.interval
    undefined = f"undefined: {coefficient.reason}"
    numbers = undefined if coefficient.value is None else _format_numbers(coefficient)
    lost = ""
    if interval is not None and interval.n_undefined:
        lost = f"{interval.n_undefined:,} of {interval.n_resamples:,} draws undefined"
    return "; ".join(part for part in (row.name, numbers, lost, row.note) if part)
