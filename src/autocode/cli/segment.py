"""`autocode segment`: cut a study's transcripts anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from . import options, terminal


@click.command("segment")
@options.study
@click.option(
    "--unit",
    type=click.Choice(["turn", "paragraph", "meaning", "sentence"]),
    default="turn",
    show_default=True,
    help="What to cut into.",
)
@options.as_json
def command(study: Path, unit: Any, as_json: bool) -> None:  # noqa: ANN401 - a unit name
    """Cut the transcripts of STUDY into units.

    Codings keep their places: spans are the truth, units are a view. Segments that came with a
    corpus folder are never cut again. Open suggestions and draft themes belong to the old units and
    are dropped.
    """
    from ..pipeline import codable
    from ..project import Project

    with Project.open(study) as project:
        n_segments = project.cut(unit)
        n_codable = len(codable(project.segments()))
    if as_json:
        terminal.dump({"unit": unit, "n_segments": n_segments, "n_participant_segments": n_codable})
    else:
        click.echo(f"{n_segments} segments ({unit}), {n_codable} of them participants' words")
