"""`autocode report`: one offline page about a study."""

from __future__ import annotations

from pathlib import Path

import click

from . import options, terminal


@click.command("report")
@options.study
@click.argument("out", type=click.Path(path_type=Path))
@options.as_json
def command(study: Path, out: Path, as_json: bool) -> None:
    """Write OUT, one HTML file that needs no network: transcripts, codebook, themes, agreement."""
    from ..project import Project
    from ..report.study_page import write_report

    with Project.open(study) as project:
        n_bytes = write_report(project, out)
    if as_json:
        terminal.dump({"path": str(out), "bytes": n_bytes})
    else:
        click.echo(f"{out}: {n_bytes / 1e6:.1f} MB, opens in any browser")
