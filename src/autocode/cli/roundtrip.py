"""`autocode roundtrip`: does a project survive the way into a study and back?"""

from __future__ import annotations

from pathlib import Path

import click

from . import options, terminal
from .commands import Command

_SHOWN = 20


@click.command(
    "roundtrip",
    cls=Command,
    examples=[
        "autocode roundtrip project.qdpx",
        "autocode roundtrip project.qdpx --for maxqda",
    ],
)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--for",
    "tool",
    default="refi",
    show_default=True,
    metavar="TOOL",
    help="The tool to write for: refi, atlasti, maxqda, nvivo, qualcoder or taguette.",
)
@options.as_json
def command(path: Path, tool: str, as_json: bool) -> None:
    """Import another tool's project, export it, and compare.

    What was exported is imported again, and what differs is printed.

    No study is made, and FILE is only read. What is lost is listed at the step that loses it.
    """
    from ..project.round_trip import round_trip

    result = round_trip(path, tool)  # type: ignore[arg-type] # an unknown name is refused there
    if as_json:
        terminal.print_json(result.to_dict())
        return
    for step, report in (("import", result.imported), ("export", result.exported)):
        click.echo(f"{step}:")
        for line in report.to_lines():
            click.echo(f"    {line}")
    same = "the same" if result.same_codings else "NOT the same"
    click.echo(
        f"codings: {result.codings_before} before, {result.codings_after} after, {same}\n"
        f"differences: {result.differences.count or 'none'}"
    )
    for difference in result.differences.differences[:_SHOWN]:
        click.echo(f"    {difference.describe()}")
    if result.differences.count > _SHOWN:
        click.echo(f"    and {result.differences.count - _SHOWN} more; --json names 200")
