"""Themes and codes by an attribute, in the terminal and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from . import terminal

if TYPE_CHECKING:
    from ..analysis.cross_tabs import Count, CrossTable
    from ..project.cross_tabs import Crossing

_NOT_GIVEN = "(not given)"


def show_crossing(found: Crossing, *, as_json: bool) -> None:
    """Print the tables in the form asked for."""
    kinds = {"themes": found.themes, "codes": found.codes}
    if as_json:
        terminal.dump({kind: table and _as_dict(table) for kind, table in kinds.items()})
        return
    for kind, table in kinds.items():
        if table is None:
            click.echo(f"{kind}: none yet")
        else:
            _tell(kind, table)
    click.echo("segments/participants; *: rests on one participant. 'all' is what could have been")
    click.echo("in a row: segments that the draft holds, and segments that people have read.")


def _tell(kind: str, table: CrossTable) -> None:
    values = [value or _NOT_GIVEN for value in table.values]
    click.echo(f"{kind} by {table.attribute}")
    rows = [[row.key, row.name, *map(_shown, row.counts)] for row in table.rows]
    rows.append(["all", "", *map(_shown, table.totals)])
    terminal.table([kind.removesuffix("s"), "name", *values], rows)
    click.echo()


def _shown(count: Count) -> str:
    if not count.n_segments:
        return "-"
    return f"{count.n_segments}/{count.n_participants}{'*' if count.rests_on_one else ''}"


def _as_dict(table: CrossTable) -> dict[str, Any]:
    return {
        "attribute": table.attribute,
        "values": [value or None for value in table.values],
        "all": [asdict(count) for count in table.totals],
        "rows": [
            {
                "key": row.key,
                "name": row.name,
                "counts": [asdict(c) | {"rests_on_one": c.rests_on_one} for c in row.counts],
            }
            for row in table.rows
        ],
    }
