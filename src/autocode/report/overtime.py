"""Codes and draft themes by attribute and over time: a study's tables and curves for its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..analysis.cross_tabs import NOT_GIVEN, CrossTable, CrossTables
from ..analysis.saturation import Saturation
from ..core.coding import Case
from ..core.errors import NothingToDo
from ..project.facade import Project
from .attribute_table import Cell, Column, Crossed, Line, crossed
from .charts.saturation import Seen, saturation

_MOST_VALUES, _MOST_ATTRIBUTES = 12, 6


def choose_attributes(cases: Sequence[Case]) -> list[str]:
    """The first six attributes with two to twelve values: others make no readable table."""
    values: dict[str, set[str]] = {}
    for case in cases:
        for name, value in case.attributes.items():
            values.setdefault(name, set()).add(value)
    fitting = [n for n, known in sorted(values.items()) if 2 <= len(known) <= _MOST_VALUES]
    return fitting[:_MOST_ATTRIBUTES]


def draw_attribute_tables(
    tables: Sequence[CrossTables], palette: Mapping[str, str]
) -> dict[str, str]:
    """Codes and draft themes by attribute, as HTML; empty for none."""
    codes = [table.codes for table in tables if table.codes is not None]
    themes = [table.themes for table in tables if table.themes is not None]
    code_lines = [Line(row.name, palette[row.key]) for row in codes[0].rows] if codes else []
    theme_lines = (
        [Line(f"{row.key} {row.name}", link=row.key) for row in themes[0].rows] if themes else []
    )
    return {
        "attribute_tables": crossed("Code", code_lines, [_table(table) for table in codes]),
        "theme_tables": crossed("Theme", theme_lines, [_table(table) for table in themes]),
    }


def _table(table: CrossTable) -> Crossed:
    columns = [
        Column("not given" if value == NOT_GIVEN else value, total.n_participants)
        for (value,), total in zip(table.columns, table.totals, strict=True)
    ]
    cells = [[Cell(c.n_participants, c.n_segments) for c in row.counts] for row in table.rows]
    return Crossed(table.by[0], columns, cells)


def curves(project: Project) -> dict[str, str]:
    """Codes and draft themes seen per transcript, as SVG; empty where there is nothing to draw."""
    try:
        found = project.saturation()
    except NothingToDo:
        return {"codes_seen": "", "themes_seen": ""}
    return {
        "codes_seen": _curve(found.codes, "codes seen"),
        "themes_seen": _curve(found.themes, "draft themes seen"),
    }


def _curve(found: Saturation | None, things: str) -> str:
    if found is None or len(found.steps) < 3:
        return ""
    steps = [
        Seen(mean=s.mean, low=s.low, high=s.high, as_imported=s.as_imported) for s in found.steps
    ]
    return saturation(steps, things=things, band=f"95 % of {found.n_orders:,} orders")
