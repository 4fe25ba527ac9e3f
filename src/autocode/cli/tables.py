"""`autocode tables`: codes and themes by attributes of the participants."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..analysis.cross_tabs import Count, CrossTable

_NOT_GIVEN = "(not given)"


@click.command(
    "tables",
    cls=Command,
    examples=["autocode tables study.autocode --by role"],
)
@options.study
@click.option("--by", "attribute", metavar="ATTRIBUTE", required=True, help="The attribute.")
@options.as_json
def command(study: Path, attribute: str, as_json: bool) -> None:
    """Cross codes and themes with participants' attributes.

    For each value of an attribute, shows how many segments carry a code (applied by people) or
    belong to a draft theme, and how many participants they come from.
    """
    from ..project import Project

    with Project.open(study) as project:
        crossing = project.by_attribute(attribute)
    tables = {"themes": crossing.themes, "codes": crossing.codes}
    if as_json:
        terminal.print_json({kind: table and _as_plain(table) for kind, table in tables.items()})
        return
    for kind, table in tables.items():
        if table is None:
            click.echo(f"{kind}: none yet")
        else:
            _show_table(kind, table)
    click.echo("segments/participants; *: a single participant")
    click.echo("all: every segment eligible for that row (the denominator)")


def _show_table(kind: str, table: CrossTable) -> None:
    values = [value or _NOT_GIVEN for value in table.values]
    click.echo(f"{kind} by {table.attribute}")
    rows = [[row.key, row.name, *map(_cell, row.counts)] for row in table.rows]
    rows.append(["all", "", *map(_cell, table.totals)])
    terminal.print_table([kind.removesuffix("s"), "name", *values], rows)
    click.echo()


def _cell(count: Count) -> str:
    if not count.n_segments:
        return "-"
    return f"{count.n_segments}/{count.n_participants}{'*' if count.rests_on_one else ''}"


def _as_plain(table: CrossTable) -> dict[str, Any]:
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
