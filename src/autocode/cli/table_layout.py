"""Columns of a table laid out by what a terminal shows: widths, wrapped and shortened cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

GAP = "  "
"""What stands between two columns."""

_NARROWEST = 4
_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
_JOINED_JAMO = range(0x1160, 0x1200)
"""Vowels and finals of Hangul that are drawn into the syllable before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of text cells: numbers stand at the right, whole; shortened cells on one line."""

    heading: str
    cells: tuple[str, ...]
    is_number: bool = False
    is_shortened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The width of each column, and lines of text without blanks at their ends."""

    widths: tuple[int, ...]
    heading: tuple[str, ...]
    body: tuple[str, ...]


def measure_text(text: str) -> int:
    """How many columns of a terminal a text on one line takes; a Chinese character takes two."""
    return len(text) if text.isascii() else sum(map(_measure, text))


def _measure(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH or ord(character) in _JOINED_JAMO:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut_text(text: str, width: int) -> str:
    """A text in no more than so many columns; what is cut is cut at its end, for an ellipsis."""
    return text if measure_text(text) <= width else _take(text, width - 1) + "…"


def _take(text: str, width: int) -> str:
    """The longest beginning of a text that takes no more than so many columns."""
    taken = 0
    for at, character in enumerate(text):
        taken += _measure(character)
        if taken > width:
            return text[:at]
    return text


def lay_out(columns: Sequence[Column], *, width: int | None) -> Layout:
    """Lay columns out beside each other; all have the same number of cells.

    With a `width` the widest columns that hold no numbers are made narrower until the table fits,
    or until each takes four columns of the terminal; their cells then take several lines, or are
    shortened.
    """
    widths = [max(map(measure_text, (c.heading, *c.cells))) for c in columns]
    if width is not None:
        flexible = [n for n, column in enumerate(columns) if not column.is_number]
        widths = _narrow(widths, flexible, width - len(GAP) * (len(columns) - 1))
    rows = zip(*(column.cells for column in columns), strict=True)
    return Layout(
        widths=tuple(widths),
        heading=tuple(_lay_out_row([c.heading for c in columns], columns, widths)),
        body=tuple(line for row in rows for line in _lay_out_row(row, columns, widths)),
    )


def _narrow(widths: Sequence[int], flexible: Collection[int], available: int) -> list[int]:
    """Widths that fit into what is available, the widest of the flexible ones cut to one width."""
    narrowed = list(widths)
    while sum(narrowed) > available:
        levels = sorted({narrowed[n] for n in flexible}, reverse=True)
        if not levels or levels[0] <= _NARROWEST:
            break
        widest = [n for n in flexible if narrowed[n] == levels[0]]
        least = max(levels[1] if len(levels) > 1 else 0, _NARROWEST)
        excess = sum(narrowed) - available
        each, left = divmod(excess, len(widest))
        for place, n in enumerate(widest):
            narrowed[n] = max(narrowed[n] - each - (place < left), least)
    return narrowed


def _lay_out_row(
    cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]
) -> list[str]:
    parts = [
        [cut_text(cell, width)] if column.is_shortened else wrap_text(cell, width)
        for cell, column, width in zip(cells, columns, widths, strict=True)
    ]
    n_lines = max(map(len, parts), default=1)
    return [
        GAP.join(
            _pad(part[at] if at < len(part) else "", width, at_right=column.is_number)
            for part, column, width in zip(parts, columns, widths, strict=True)
        ).rstrip()
        for at in range(n_lines)
    ]


def _pad(text: str, width: int, *, at_right: bool) -> str:
    blanks = " " * (width - measure_text(text))
    return blanks + text if at_right else text + blanks


def wrap_text(text: str, width: int) -> list[str]:
    """A text in lines of no more than so many columns, broken at blanks, else within words."""
    if measure_text(text) <= width:
        return [text]
    lines = [""]
    for piece in re.findall(r"\s+|\S+", text):
        if measure_text(lines[-1] + piece.rstrip()) <= width:
            lines[-1] += piece
            continue
        rest = piece
        if lines[-1].strip():
            lines.append("")
        while measure_text(rest) > width:
            taken = _take(rest, width) or rest[0]
            lines[-1] = taken
            lines.append("")
            rest = rest[len(taken) :]
        lines[-1] = rest
    return [line.rstrip() for line in lines if line.strip()] or [""]
