"""`autocode run`: the main job on a folder, in one go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from . import job, options, terminal
from .import_ import opened_or_new


@click.command("run")
@options.study
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for report and export (default: STUDY's name with -out).",
)
@options.unit
@options.join_turns
@click.option(
    "--coded-share",
    type=click.FloatRange(0, 1),
    default=1.0,
    help="Take the codings of this share of a corpus's transcripts only.",
)
@options.encoder
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    study: Path,
    paths: tuple[Path, ...],
    out: Path | None,
    unit: Any,  # noqa: ANN401 - one of the unit names
    join_turns: bool,
    coded_share: float,
    model: str,
    allow_download: bool,
    as_json: bool,
) -> None:
    """Import PATHS into STUDY, suggest codes, draft themes, compare coders, export and report."""
    from ..encode.load import load_encoder
    from ..project.importing import ImportOptions

    encoder = load_encoder(model, allow_download=allow_download)
    with terminal.bars(quiet=as_json) as progress, opened_or_new(study) as project:
        outcome = job.do(
            project,
            paths,
            out or study.with_name(f"{study.stem}-out"),
            options=ImportOptions(
                unit=unit, join_turns=join_turns, coded_share=coded_share, progress=progress
            ),
            encoder=encoder,
            progress=progress,
        )
    job.show(outcome, as_json=as_json)
    if outcome.imported.refused:
        ctx.exit(1)
