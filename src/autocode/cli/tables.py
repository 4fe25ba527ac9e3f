"""`autocode tables`: codes and themes by attributes of the participants."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..analysis.cross_tabs import Count, CrossTable

_NOT_GIVEN = "(not given)"


@click.command(
    "tables",
    cls=Command,
    examples=[
        "autocode tables study.autocode --by role",
        "autocode tables study.autocode --by role --by setting",
        "autocode tables study.autocode --by years --bins 3",
    ],
)
@options.study
@click.option(
    "--by",
    metavar="ATTRIBUTE",
    multiple=True,
    required=True,
    help="An attribute of the participants. Give it twice to cross two attributes.",
)
@click.option(
    "--bins", "n_bins", type=click.IntRange(2), metavar="N",
    help="Put the values of a numeric attribute into N bins of about as many participants each.",
)  # fmt: skip
@click.option(
    "--split-at", metavar="MARKS", default="",
    help='Part several values in one cell at these marks too, such as ","; at ";" they always are.',
)  # fmt: skip
@options.as_json
def command(
    study: Path, by: tuple[str, ...], n_bins: int | None, split_at: str, as_json: bool
) -> None:
    """Cross codes and themes with participants' attributes.

    For each value of an attribute, shows how many segments carry a code (applied by people) or
    belong to a draft theme, and how many participants they come from. Numbers are sorted by size.
    Capitals of an attribute's name do not matter.
    """
    from ..project import Project

    with Project.open(study) as project:
        crossing = project.cross_tabulate(*by, n_bins=n_bins, split_at=split_at)
        n_on_map = 0 if crossing.themes else len(project.thematic_map().map.themes)
    if as_json:
        terminal.print_json(crossing.to_dict())
        return
    tables = {"themes": crossing.themes, "codes": crossing.codes}
    for kind, table in tables.items():
        if table is None:
            click.echo(_say_none(kind, n_on_map))
        else:
            _show_table(kind, table)
    _explain([table for table in tables.values() if table is not None])


def _say_none(kind: str, n_on_map: int) -> str:
    if kind == "codes" or not n_on_map:
        return f"{kind}: none yet"
    on_map = "1 theme is" if n_on_map == 1 else f"{n_on_map} themes are"
    return f"draft themes: none yet ({on_map} on the map, whose codes stand below)"


def _explain(tables: list[CrossTable]) -> None:
    """Say what the figures are."""
    counted = tables[0].counted if tables else "participants"
    single = counted.removesuffix("s")
    click.echo(f"segments/{counted}; *: a single {single}")
    click.echo("all: every segment eligible for that row (the denominator)")
    click.echo(f"a code that heads others counts them in, each segment and {single} once")
    if any(total.n_segments and not total.n_participants for t in tables for total in t.totals):
        click.echo(f"coded words of an interviewer are among the segments, and no {single}'s")
    if n := max((table.n_in_several for table in tables), default=0):
        verb = f"{single} has several values and counts" if n == 1 else f"{counted} have several"
        rest = "" if n == 1 else " values and count"
        click.echo(f"{n} {verb}{rest} in each: columns overlap and do not add up")


def _show_table(kind: str, table: CrossTable) -> None:
    values = [" × ".join(value or _NOT_GIVEN for value in column) for column in table.columns]
    click.echo(f"{kind} by {' and '.join(table.by)}")
    rows = [[row.key, row.name, *map(_cell, row.counts)] for row in table.rows]
    rows.append(["all", "", *map(_cell, table.totals)])
    terminal.print_table([kind.removesuffix("s"), "name", *values], rows)
    click.echo()


def _cell(count: Count) -> str:
    if not count.n_segments:
        return "-"
    return f"{count.n_segments}/{count.n_participants}{'*' if count.rests_on_one else ''}"
