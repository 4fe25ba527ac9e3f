"""Who voices what, by attributes: a table with participants in its cells, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import templating

_TEMPLATE = "attribute_table.html"


@dataclass(frozen=True, slots=True)
class Line:
    """A row's name; a square of its `colour` before it and a `link` within the page, or neither."""

    name: str
    colour: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A value of an attribute and how many participants could have been in its cells."""

    value: str
    n_participants: int


@dataclass(frozen=True, slots=True)
class Cell:
    """How many participants voice a row's thing, in how many segments."""

    n_participants: int
    n_segments: int


@dataclass(frozen=True, slots=True)
class Crossed:
    """One attribute: its values, and `cells[row][column]`."""

    attribute: str
    columns: Sequence[Column]
    cells: Sequence[Sequence[Cell]]


def crossed(head: str, lines: Sequence[Line], tables: Sequence[Crossed]) -> str:
    """A table with a row per line and the attributes side by side; empty without either.

    `head` names what the lines are. A cell is the darker the larger a share of its column's
    participants it holds.

    Raises:
        ValueError: if a table has not a cell for every line and column.
    """
    if not lines or not tables:
        return ""
    for table in tables:
        if [len(row) for row in table.cells] != [len(table.columns)] * len(lines):
            raise ValueError(f"{table.attribute}: cells do not fit {len(lines)} lines")
    return templating.fill(_TEMPLATE, {"head": head, "lines": lines, "tables": tables})
