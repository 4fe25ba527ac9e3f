"""`autocode report`: one offline page about a study."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.counted import say_size
from ..serialise.plain import to_payload
from . import options, terminal
from .commands import Command


@click.command(
    "report", cls=Command, examples=["autocode report study.autocode --output report.html"]
)
@options.study
@options.output("Where to write the page (default: STUDY's name with .html).")
@options.for_coder
@options.as_json
def command(study: Path, output: Path | None, coder: str | None, as_json: bool) -> None:
    """Write a study as one HTML page.

    The page holds the transcripts, codebook, suggestions, themes and agreement of STUDY. It is one
    file, opens in any browser, and needs no network.
    """
    from ..project import Project
    from ..report.study_page import write_report

    with Project.open(study) as project:
        path = output or study.with_suffix(".html")
        n_bytes = write_report(project, path, coder=coder)
    if as_json:
        terminal.print_json(to_payload("report", {"path": path, "n_bytes": n_bytes}))
    else:
        click.echo(f"{click.format_filename(path)}: {say_size(n_bytes)}, opens in any browser")
