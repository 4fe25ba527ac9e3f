"""Codes or themes by attributes of participants: an HTML table of cross-tables side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..analysis.attribute_values import NOT_GIVEN
from ..analysis.cross_tabs import CrossTable
from . import templating

_TEMPLATE = "attribute_table.html"
_DARKEST = 0.34


@dataclass(frozen=True, slots=True)
class RowHead:
    """A row's name; a square of its `colour` before it and a `link` within the page, or neither."""

    name: str
    colour: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class _Column:
    value: str
    n_participants: int
    opens_attribute: bool


@dataclass(frozen=True, slots=True)
class _Cell:
    n_participants: int
    n_segments: int
    shade: str
    opens_attribute: bool


def render_attribute_tables(
    heading: str, heads: Sequence[RowHead], tables: Sequence[CrossTable]
) -> str:
    """One HTML table with a row per head and the attributes side by side; empty without either.

    `heading` names what the rows are. A cell is the darker the larger a share of its column's
    participants it holds.

    Raises:
        ValueError: if a table has not a row for every head.
    """
    if not heads or not tables:
        return ""
    for table in tables:
        if len(table.rows) != len(heads):
            raise ValueError(f"{_name(table)}: {len(table.rows)} rows for {len(heads)} heads")
    return templating.fill(
        _TEMPLATE,
        heading=heading,
        attributes=[(_name(table), len(table.columns)) for table in tables],
        columns=[column for table in tables for column in _list_columns(table)],
        rows=[
            (head, [cell for table in tables for cell in _list_cells(table, number)])
            for number, head in enumerate(heads)
        ],
    )


def _list_columns(table: CrossTable) -> list[_Column]:
    return [
        _Column(_join_values(column), total.n_participants, at == 0)
        for at, (column, total) in enumerate(zip(table.columns, table.totals, strict=True))
    ]


def _name(table: CrossTable) -> str:
    overlap = " (some have several values: columns overlap)" if table.n_in_several else ""
    return ", ".join(table.by) + overlap


def _join_values(column: tuple[str, ...]) -> str:
    return ", ".join("not given" if value == NOT_GIVEN else value for value in column)


def _list_cells(table: CrossTable, row: int) -> list[_Cell]:
    cells = []
    for at, (count, total) in enumerate(zip(table.rows[row].counts, table.totals, strict=True)):
        share = count.n_participants / total.n_participants if total.n_participants else 0.0
        shade = f"rgba(43,108,176,{_DARKEST * share:.2f})"
        cells.append(_Cell(count.n_participants, count.n_segments, shade, at == 0))
    return cells
