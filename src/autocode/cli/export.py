"""`autocode export`: a study as files for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from . import options, terminal
from .commands import Command


@click.command("export", cls=Command, examples=["autocode export study.autocode out/"])
@options.study
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@options.as_json
def command(study: Path, folder: Path, as_json: bool) -> None:
    """Write a study as files for other tools.

    Writes into FOLDER: codings.csv, suggestions.csv (with empty columns for decisions),
    decisions.csv, themes.csv, codebook.csv, and codebook.qdc (REFI-QDA, for NVivo, ATLAS.ti, MAXQDA
    and QualCoder).
    """
    from ..project import Project
    from ..project.listing import ExportedFiles

    with Project.open(study) as project:
        written = project.export(folder)
    if as_json:
        terminal.print_json(ExportedFiles(written).to_dict())
        return
    for path, rows in written.items():
        click.echo(f"{click.format_filename(path)}: {rows} rows")
