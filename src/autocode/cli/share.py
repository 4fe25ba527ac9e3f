"""`autocode share`: the file that a coder takes away."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.counted import say_counts
from . import options, terminal
from .commands import Command


@click.command(
    "share",
    cls=Command,
    examples=["autocode share study.autocode ben.autocode --coder Ben --blind"],
)
@options.study
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--coder", required=True, metavar="NAME", help="Who takes the file.")
@click.option("--blind", is_flag=True, help="Leave out what anybody else did.")
@click.option(
    "--all", "every_transcript", is_flag=True, help="Take transcripts too that others are assigned."
)
@options.as_json
def command(
    study: Path, out: Path, coder: str, blind: bool, every_transcript: bool, as_json: bool
) -> None:
    """Make a file for a coder to work in, which is joined again later.

    OUT is a new study with the transcripts, codebook, cases and work of STUDY, without suggestions
    and drafts; where transcripts are assigned, only with those of NAME's passes. With --blind, or
    where one of these passes is blind, the only work in it is NAME's own, and the codebook is that
    of the day of assigning. 'autocode join' takes what was done in it back.
    """
    from ..project import Project

    with Project.open(study) as project:
        shared = project.share(out, coder=coder, blind=blind, every_transcript=every_transcript)
    if as_json:
        terminal.print_json(shared.to_dict())
        return
    shown = ("transcripts", "codes", "codings", "readings", "memos")
    counts = say_counts({table: shared.rows.get(table, 0) for table in shown})
    click.echo(f"{shared.path}: {counts}{' (blind)' if shared.blind else ''}")
