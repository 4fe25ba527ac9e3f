"""The heat map of codes that coders confuse: rows of one coder, columns of the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...agreement.study.confusion import ConfusionCounts
from ...agreement.study.table import NOTHING
from .. import palette
from . import svg

OTHERS = "(other codes)"
"""The column of all codes that have none of their own."""

_LEFT, _TOP = 260.0, 165.0
_GAP = 10.0
"""Columns that are no code stand so far apart from the others, in pixels."""
_ROW_NAME_WIDTH, _COLUMN_NAME_WIDTH = 244.0, 172.0
_SAME, _DIFFERENT = "26,74,122", "178,84,12"
"""`palette.BLUE` and `palette.ORANGE` as red, green, blue, for shades."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """The columns of a map and where they stand; cells are squares of `side` pixels."""

    columns: Sequence[str]
    side: float
    names: Mapping[str, str]

    @property
    def width(self) -> float:
        return _LEFT + self.side * len(self.columns) + _GAP + 64

    def locate(self, column: str) -> float:
        """The left edge of a column."""
        gap = _GAP if column in (OTHERS, NOTHING) else 0
        return _LEFT + self.side * self.columns.index(column) + gap

    def get_name(self, code: str) -> str:
        return self.names.get(code, code)


def draw_heat_map(
    confusion: ConfusionCounts, codes: Sequence[str], names: Mapping[str, str]
) -> str:
    """Rows: a code one coder gave; columns: what the other gave there; shaded by share of the row.

    Args:
        confusion: how often codes met, as in an agreement.
        codes: the codes to show, in order; all others share one column.
        names: of the codes, by id.
    """
    if not codes:
        return ""
    columns = _list_columns(confusion, codes)
    grid = _Grid(columns=columns, side=34.0 if len(columns) <= 16 else 20.0, names=names)
    elements = [*_draw_column_names(grid)]
    for at, code in enumerate(codes):
        elements += _draw_row(confusion, code, _TOP + grid.side * at, grid)
    height = _TOP + grid.side * len(codes) + 6
    label = "Codes of one coder by codes of the other"
    return svg.draw_svg(
        grid.width, height, elements, kind="heatmap", label=label, max_width=grid.width
    )


def format_count(n: float) -> str:
    """A count of units, with a digit where several codes share one."""
    return f"{n:.0f}" if abs(n - round(n)) < 0.05 else f"{n:.1f}"


def _list_columns(confusion: ConfusionCounts, codes: Sequence[str]) -> list[str]:
    shown = set(codes)
    met = {other for code, other in confusion if code in shown}
    columns = [*codes]
    if met - shown - {NOTHING}:
        columns.append(OTHERS)
    if NOTHING in met:
        columns.append(NOTHING)
    return columns


def _draw_column_names(grid: _Grid) -> Iterator[str]:
    for column in grid.columns:
        name = grid.get_name(column)
        x = grid.locate(column) + grid.side / 2 + 4
        yield svg.draw_text(
            0,
            0,
            svg.fit_text(name, _COLUMN_NAME_WIDTH, size=12),
            tooltip=name,
            transform=f"translate({x:.1f} {_TOP - 6:.1f}) rotate(-62)",
        )
    yield svg.draw_text(grid.width - 4, _TOP - 8, "given", anchor="end", fill=palette.SOFT)


def _draw_row(confusion: ConfusionCounts, code: str, y: float, grid: _Grid) -> Iterator[str]:
    """The code's name, its cells, and how often it was given."""
    counts: defaultdict[str, float] = defaultdict(float)
    for (given, other), n in confusion.items():
        if given == code:
            counts[other if other in grid.columns else OTHERS] += n
    total = sum(counts.values())
    base, name = y + grid.side / 2 + 4, grid.get_name(code)
    fitted = svg.fit_text(name, _ROW_NAME_WIDTH, size=12)
    yield svg.draw_text(_LEFT - 8, base, fitted, anchor="end", tooltip=name)
    yield svg.draw_text(grid.width - 4, base, f"{total:.0f}", anchor="end", fill=palette.SOFT)
    for column in grid.columns:
        n = counts[column]
        words = f"{name} met by {grid.get_name(column)}: {format_count(n)} of {total:.0f}"
        share = n / total if total else 0.0
        colour = _SAME if column == code else _DIFFERENT
        fill = f"rgba({colour},{0.06 + 0.86 * share:.2f})" if n else palette.WASH
        cell = svg.draw(
            "rect",
            x=grid.locate(column) + 0.5,
            y=y + 0.5,
            width=grid.side - 1,
            height=grid.side - 1,
            fill=fill,
        )
        if n:
            cell += _draw_number(n, grid.locate(column), y, grid.side, is_dark=share > 0.5)
        yield svg.draw("g", svg.draw_tooltip(words) + cell)


def _draw_number(n: float, x: float, y: float, side: float, *, is_dark: bool) -> str:
    size = 12 if side > 30 else 9.5
    number = format_count(n)
    if size < 10 and len(number) > 2 and "." in number:
        number = f"{n:.0f}"
    return svg.draw_text(
        x + side / 2,
        y + side / 2 + size * 0.36,
        number,
        size=size,
        anchor="middle",
        fill=palette.PAPER if is_dark else palette.INK,
    )
