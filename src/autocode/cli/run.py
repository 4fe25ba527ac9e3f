"""`autocode run`: the main job on a folder, in one go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from . import job, options
from .commands import Command
from .import_ import opened_or_new
from .progress import progress_on_stderr


@click.command(
    "run",
    cls=Command,
    examples=["autocode run study.autocode interviews/ codebook.csv codings.csv"],
)
@options.study
@options.paths
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Folder for the report and the export (default: STUDY's name with -out).",
)
@options.unit
@options.join_turns
@options.coded_share
@options.encoder
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    study: Path,
    paths: tuple[Path, ...],
    output: Path | None,
    unit: Any,  # noqa: ANN401 - one of the unit names
    join_turns: bool,
    coded_share: float,
    model: str,
    allow_download: bool,
    as_json: bool,
) -> None:
    """Run every step: import, suggest, draft, compare, report.

    Imports each PATH into STUDY, suggests codes, drafts themes, compares coders, and writes the
    export and the report. A step that has nothing to work on is left out, with a note.
    """
    from ..encode.load import load_encoder
    from ..project.importing import ImportOptions

    encoder = load_encoder(model, allow_download=allow_download)
    with progress_on_stderr() as progress, opened_or_new(study) as project:
        outcome = job.do(
            project,
            paths,
            output or study.with_name(f"{study.stem}-out"),
            options=ImportOptions(
                unit=unit, join_turns=join_turns, coded_share=coded_share, progress=progress
            ),
            encoder=encoder,
            progress=progress,
        )
    job.show(outcome, as_json=as_json)
    if outcome.imported.refused:
        ctx.exit(1)
