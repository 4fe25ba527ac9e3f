"""`autocode remove`: take out a transcript or a coder's work."""

from __future__ import annotations

from pathlib import Path

import click

from . import options, terminal
from .commands import Command


@click.command(
    "remove",
    cls=Command,
    examples=[
        "autocode remove study.autocode --transcript P07 --coder Amina --dry-run",
        "autocode remove study.autocode --transcript P07 --coder Amina",
        "autocode remove study.autocode --work-of Jonas --coder Amina",
    ],
)
@options.study
@click.option("--transcript", metavar="NAME", help="Remove this transcript and its codings.")
@click.option("--work-of", metavar="NAME", help="Remove everything that this coder did.")
@click.option(
    "--coder",
    required=True,
    metavar="NAME",
    help="Who does this; with nothing else named, it is their own work that is removed.",
)
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
@options.as_json
def command(
    study: Path,
    transcript: str | None,
    work_of: str | None,
    coder: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Remove a transcript with its codings, or a coder's work.

    It is an act like others: 'autocode undo' brings back every row. Suggestions and draft themes
    that rest on what goes are dropped, and computed anew when asked for.
    """
    from ..project import Project
    from ..project.removing import RemovalTarget, describe_rows

    if transcript is None and work_of is None:
        work_of = coder
    with Project.open(study) as project:
        removed = project.remove(
            RemovalTarget(transcript=transcript, coder=work_of), coder=coder, dry_run=dry_run
        )
    if as_json:
        terminal.print_json(removed.to_dict())
        return
    click.echo(f"{'Would go' if dry_run else 'Removed'}: {describe_rows(removed.rows)}")
    if removed.n_suggestions or removed.n_draft_segments:
        click.echo(
            f"What rests on it goes too: {removed.n_suggestions} suggestions"
            + (", the draft themes" if removed.n_draft_segments else "")
        )
    if removed.act is not None:
        click.echo(f"To take this back: autocode undo {study} --act {removed.act} --coder {coder}")
