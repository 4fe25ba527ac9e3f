"""Forest plots as SVG: a coefficient and its interval in every row, on one axis."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from math import ceil, floor

from ...agreement.coefficients.result import Coefficient
from ...agreement.reporting.methods_text import format_value

_WIDTH = 1000.0
_LEFT, _RIGHT = 342.0, 820.0
_ROW, _HEAD = 21.0, 34.0
_WIDEST_NAME = 40
_WIDEST_NOTE = 84
_LIMITS = (0.667, 0.8)
_INK, _SOFT, _PALE = "#1f2933", "#52606d", "#9aa5b1"
_BLUE = "#1a4a7a"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """One row: `name` and `n` stand on the left; `note` says why a row is greyed.

    Rows with one and the same note are put under it as their heading.
    """

    name: str
    coefficient: Coefficient
    n: str = ""
    note: str = ""
    is_overall: bool = False


def forest(rows: Sequence[ForestRow], *, label: str, counts: str = "uses") -> str:
    """The plot of these rows from top to bottom, empty when there are none.

    Args:
        rows: in the order to show them; one may be `is_overall`, whose value is drawn through all.
        label: what the plot shows, for readers who cannot see it.
        counts: what stands above `n`.
    """
    if not rows:
        return ""
    axis = _Axis.over([r.coefficient for r in rows])
    lines = _with_headings(rows)
    bottom = _HEAD + _ROW * len(lines)
    height = bottom + 26
    drawn = [*_frame(axis, len(lines), counts), *_overall(rows, axis, bottom)]
    for at, line in enumerate(lines):
        y = _HEAD + _ROW * (at + 0.5)
        drawn.append(_heading(line, y) if isinstance(line, str) else _row(line, y, axis))
    return (
        f'<svg class="forest" viewBox="0 0 {_WIDTH:.0f} {height:.0f}" role="img" '
        f'aria-label="{escape(label)}" font-family="system-ui, sans-serif" font-size="13">'
        + "".join(drawn)
        + "</svg>"
    )


def strip(c: Coefficient) -> str:
    """One coefficient and its interval, small enough for a cell: from 0 to 1, or from -1."""
    if c.value is None:
        return ""
    lowest = min(c.value, c.interval.low if c.interval else c.value)
    left = -1.0 if lowest < 0 else 0.0

    def x(value: float) -> float:
        return 4 + 142 * (min(max(value, left), 1.0) - left) / (1 - left)

    line = ""
    if c.interval is not None:
        line = (
            f'<line x1="{x(c.interval.low):.1f}" y1="9" x2="{x(c.interval.high):.1f}" y2="9" '
            'stroke="#2b6cb0" stroke-width="4" stroke-opacity="0.45" stroke-linecap="round"/>'
        )
    ends = "".join(
        f'<line x1="{x(at):.1f}" y1="3" x2="{x(at):.1f}" y2="15" stroke="{_PALE}"/>'
        for at in sorted({left, 0.0, 1.0})
    )
    return (
        '<svg class="strip" viewBox="0 0 150 18" width="150" height="18" aria-hidden="true">'
        f'<line x1="4" y1="9" x2="146" y2="9" stroke="#e4e7eb"/>{ends}{line}'
        f'<circle cx="{x(c.value):.1f}" cy="9" r="4" fill="{_BLUE}"/></svg>'
    )


def cut(name: str, widest: int) -> str:
    """A name cut to a width in letters; letters of East Asian scripts are two wide."""
    widths = [2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in name]
    if sum(widths) <= widest:
        return name
    # One is kept free for the mark that stands for the rest.
    reached = list(accumulate(widths))
    return name[: bisect_right(reached, widest - 1)].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class _Axis:
    """From `low` to 1, in steps of a fifth."""

    low: float

    @classmethod
    def over(cls, coefficients: Sequence[Coefficient]) -> _Axis:
        values = [c.value for c in coefficients if c.value is not None]
        values += [c.interval.low for c in coefficients if c.interval is not None]
        return cls(max(floor(min([0.0, *values]) * 5) / 5, -1.0))

    def x(self, value: float) -> float:
        inside = min(max(value, self.low), 1.0)
        return _LEFT + (_RIGHT - _LEFT) * (inside - self.low) / (1 - self.low)

    def ticks(self) -> Iterator[float]:
        yield from (step / 5 for step in range(ceil(self.low * 5 - 1e-9), 6))


def _with_headings(rows: Sequence[ForestRow]) -> list[ForestRow | str]:
    lines: list[ForestRow | str] = []
    before = ""
    for row in rows:
        if row.note and row.note != before:
            lines.append(row.note)
        lines.append(row)
        before = row.note
    return lines


def _overall(rows: Sequence[ForestRow], axis: _Axis, bottom: float) -> Iterator[str]:
    for row in rows:
        if row.is_overall and row.coefficient.value is not None:
            x = axis.x(row.coefficient.value)
            yield (
                f'<line x1="{x:.1f}" y1="{_HEAD:.0f}" x2="{x:.1f}" y2="{bottom:.0f}" '
                f'stroke="{_BLUE}" stroke-dasharray="2 4"/>'
            )


def _heading(words: str, y: float) -> str:
    return _text(6, y + 4.5, words, _SOFT, more=' font-size="12" font-weight="600"')


def _frame(axis: _Axis, n_rows: int, counts: str) -> Iterator[str]:
    bottom = _HEAD + _ROW * n_rows
    for at in range(0, n_rows, 2):
        yield (
            f'<rect x="0" y="{_HEAD + _ROW * at:.1f}" width="{_WIDTH:.0f}" height="{_ROW:.1f}" '
            'fill="#f7f8fa"/>'
        )
    tentative, reliable = (axis.x(limit) for limit in _LIMITS)
    for left, right, fill in (
        (tentative, reliable, "#fdf3d8"),
        (reliable, _RIGHT, "#e3f1e6"),
    ):
        yield (
            f'<rect x="{left:.1f}" y="{_HEAD:.0f}" width="{right - left:.1f}" '
            f'height="{bottom - _HEAD:.1f}" fill="{fill}"/>'
        )
    for tick in axis.ticks():
        x, is_zero = axis.x(tick), abs(tick) < 1e-9
        yield (
            f'<line x1="{x:.1f}" y1="{_HEAD:.0f}" x2="{x:.1f}" y2="{bottom:.1f}" '
            f'stroke="{_PALE if is_zero else "#e4e7eb"}"/>'
        )
        text = "0" if is_zero else "1" if tick == 1 else f"{tick:.1f}".replace("-", "\u2212")
        for y in (_HEAD - 8, bottom + 17):
            yield _text(x, y, text, _SOFT, anchor="middle")
    yield _text(_LEFT - 28, _HEAD - 8, counts, _SOFT, anchor="end")
    yield _text(_WIDTH - 4, _HEAD - 8, "value [interval]", _SOFT, anchor="end")


def _row(row: ForestRow, y: float, axis: _Axis) -> str:
    grey = bool(row.note)
    ink = _PALE if grey else _INK
    c = row.coefficient
    weight = ' font-weight="700"' if row.is_overall else ""
    parts = [
        f"<g><title>{escape(_told(row))}</title>",
        _text(6, y + 4.5, cut(row.name, _WIDEST_NAME), _SOFT if grey else _INK, more=weight),
        _text(_LEFT - 28, y + 4.5, row.n, _SOFT, anchor="end"),
    ]
    if c.value is None:
        parts.append(
            _text(
                _LEFT + 8,
                y + 4.5,
                cut(f"undefined: {c.reason}", _WIDEST_NOTE),
                _SOFT,
                more=' font-size="12" font-style="italic"',
            )
        )
    else:
        parts += _mark(c, y, axis, grey=grey, is_overall=row.is_overall)
        parts.append(_text(_WIDTH - 4, y + 4.5, _numbers(c), ink, anchor="end", more=weight))
    return "".join(parts) + "</g>"


def _mark(c: Coefficient, y: float, axis: _Axis, *, grey: bool, is_overall: bool) -> Iterator[str]:
    """The interval as a line with ends, the value as a square (a diamond for the overall one)."""
    line, fill = (_PALE, "#fff") if grey else ("#2b6cb0", _BLUE)
    if c.interval is not None:
        low, high = axis.x(c.interval.low), axis.x(c.interval.high)
        yield (
            f'<path d="M{low:.1f} {y - 4:.1f}v8M{low:.1f} {y:.1f}H{high:.1f}'
            f'M{high:.1f} {y - 4:.1f}v8" stroke="{line}" stroke-width="1.6" fill="none"/>'
        )
    x, half = axis.x(c.value or 0.0), 6.5 if is_overall else 4.0
    shape = (
        f"M{x - half:.1f} {y:.1f}l{half} {-half}l{half} {half}l{-half} {half}z"
        if is_overall
        else f"M{x - half:.1f} {y - half:.1f}h{2 * half}v{2 * half}h{-2 * half}z"
    )
    yield f'<path d="{shape}" fill="{fill}" stroke="{line}" stroke-width="1.2"/>'


def _numbers(c: Coefficient) -> str:
    if c.interval is None:
        return f"{format_value(c.value)} [no interval]"
    return (
        f"{format_value(c.value)} [{format_value(c.interval.low)}, {format_value(c.interval.high)}]"
    )


def _told(row: ForestRow) -> str:
    """The whole row in words, for a pointer that rests on it."""
    c = row.coefficient
    number = f"undefined: {c.reason}" if c.value is None else _numbers(c)
    n_lost = c.interval.n_undefined if c.interval else 0
    lost = f"{n_lost:,} of {c.interval.n_resamples:,} draws undefined" if c.interval else ""
    return "; ".join(part for part in (row.name, number, lost if n_lost else "", row.note) if part)


def _text(
    x: float, y: float, words: str, ink: str, *, anchor: str = "start", more: str = ""
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{ink}" text-anchor="{anchor}"{more}>'
        f"{escape(words)}</text>"
    )
