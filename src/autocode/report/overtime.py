"""Draft themes by attribute and over time: a study's tables and curves for its page."""

from __future__ import annotations

from ..analysis.cross_tabs import NOT_GIVEN, CrossTable
from ..analysis.saturation import Saturation
from ..core.errors import NothingToDo
from ..project.facade import Project
from .attribute_table import Cell, Column, Crossed, Line, crossed
from .charts.saturation import Seen, saturation

_MOST_VALUES, _MOST_ATTRIBUTES = 12, 6


def themes_by_attribute(project: Project) -> str:
    """The last draft's themes by every attribute with two to twelve values; empty for none."""
    values: dict[str, set[str]] = {}
    for case in project.cases():
        for name, value in case.attributes.items():
            values.setdefault(name, set()).add(value)
    names = [n for n, found in sorted(values.items()) if 2 <= len(found) <= _MOST_VALUES]
    found = [project.by_attribute(name).themes for name in names[:_MOST_ATTRIBUTES]]
    tables = [table for table in found if table is not None and table.rows]
    if not tables:
        return ""
    lines = [Line(f"{row.key} {row.name}", link=row.key) for row in tables[0].rows]
    return crossed("Theme", lines, [_table(table) for table in tables])


def _table(table: CrossTable) -> Crossed:
    columns = [
        Column("not given" if value == NOT_GIVEN else value, total.n_participants)
        for value, total in zip(table.values, table.totals, strict=True)
    ]
    cells = [[Cell(c.n_participants, c.n_segments) for c in row.counts] for row in table.rows]
    return Crossed(table.attribute, columns, cells)


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
