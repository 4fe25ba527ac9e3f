"""`autocode export`: a study as files for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from . import options, terminal


@click.command("export")
@options.study
@click.argument("out", type=click.Path(path_type=Path))
@options.as_json
def command(study: Path, out: Path, as_json: bool) -> None:
    """Write STUDY into the folder OUT.

    codings.csv, suggestions.csv (ready for decisions), decisions.csv, themes.csv, codebook.csv, and
    codebook.qdc (REFI-QDA, for NVivo, ATLAS.ti, MAXQDA, QualCoder).
    """
    from ..project import Project

    with Project.open(study) as project:
        written = project.export(out)
    if as_json:
        terminal.dump([{"path": str(path), "rows": rows} for path, rows in written.items()])
        return
    for path, rows in written.items():
        click.echo(f"{path}: {rows} rows")
