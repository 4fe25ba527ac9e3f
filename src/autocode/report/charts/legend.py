"""The legend of the excerpt map: every theme in its order, then other marks, in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil
from typing import Literal

from . import svg

OUT = "#8894a1"
"""The colour of what is in no theme."""

_ROW, _SIZE, _ABOVE = 20.0, 11.5, 26.0
_FEW = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A theme with its hue and how many of its segments are drawn; no key: what `mark` says."""

    key: str
    name: str
    hue: str
    n: int
    mark: Literal["dot", "cross", "ring"] = "dot"


def height_of(n_entries: int) -> float:
    """How tall a legend is, in pixels."""
    return _ABOVE + _ROW * _n_rows(n_entries)


def legend(entries: Sequence[Entry], width: float, top: float) -> Iterator[str]:
    """The entries below `top`, in columns over `width`."""
    n_rows = _n_rows(len(entries))
    column = width / _n_columns(len(entries))
    for at, entry in enumerate(entries):
        x = column * (at // n_rows) + 8
        y = top + _ABOVE + _ROW * (at % n_rows)
        count = f" ({entry.n:,})"
        room = column - 30 - svg.width_of(count, _SIZE)
        words = svg.fitted(f"{entry.key} {entry.name}".strip(), room, size=_SIZE) + count
        line = svg.text(x + 11, y, words, size=_SIZE)
        drawn = _mark(entry, x, y - 4) + line
        yield f'<a href="#{escape(entry.key)}">{drawn}</a>' if entry.key else drawn


def _mark(entry: Entry, x: float, y: float) -> str:
    if entry.mark == "cross":
        return (
            f'<path d="M{x - 4:.1f} {y - 4:.1f}l8 8m0-8l-8 8" stroke="{entry.hue}" '
            'stroke-width="1.4"/>'
        )
    fill = f'fill="{entry.hue}"'
    if entry.mark == "ring":
        fill = f'fill="#fff" stroke="{entry.hue}" stroke-width="1.8"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{4 if entry.mark == "ring" else 5}" {fill}/>'


def _n_columns(n_entries: int) -> int:
    return 2 if n_entries <= _FEW else 3


def _n_rows(n_entries: int) -> int:
    return ceil(n_entries / _n_columns(n_entries))
