"""`autocode segment`: cut a study's transcripts again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal
from .commands import Command
from .progress import progress_on_stderr

if TYPE_CHECKING:
    from ..core.run import Run
    from ..encode.protocol import Encoder


@click.command(
    "segment",
    cls=Command,
    examples=[
        "autocode segment study.autocode --unit sentence",
        "autocode segment study.autocode --unit meaning --across-speakers",
    ],
)
@options.study
@click.option(
    "--unit",
    type=click.Choice(options.UNITS),
    default="meaning",
    show_default=True,
    help="The unit to cut into.",
)
@click.option(
    "--across-speakers",
    is_flag=True,
    help="Let a meaning unit hold a question with its short answer, or several short turns.",
)
@click.option(
    "--encoder",
    "model",
    metavar="NAME|FOLDER",
    help="Cut meaning units by this model's vectors (default: by the words that sentences share).",
)
@click.option(
    "--allow-download",
    is_flag=True,
    help="Allow the model named with --encoder to be downloaded.",
)
@options.as_json
def command(study: Path, unit: Any, across_speakers: bool, as_json: bool, **model: Any) -> None:  # noqa: ANN401 - click passes options
    """Cut the transcripts into other units.

    Codings stay where they are: they are spans of the text, and units are a view of it. Segments
    that came with a corpus folder are never cut. Open suggestions and draft themes belong to the
    old units and are dropped.

    In transcripts without punctuation, as speech recognition may leave them, a bundled model finds
    the sentence ends.
    """
    from ..pipeline import codable
    from ..project import Project

    with progress_on_stderr() as progress, Project.open(study) as project:
        n_segments = project.cut(
            unit, _encoder(unit, **model), across_speakers=across_speakers, progress=progress
        )
        segments = project.segments()
        n_codable, n_given = len(codable(segments)), sum(s.given for s in segments)
        run = project.last_run("segment")
    details = _describe(run) if run else {}
    if as_json:
        counts = {
            "n_segments": n_segments,
            "n_participant_segments": n_codable,
            "n_given_segments": n_given,
        }
        terminal.print_json({"unit": unit} | counts | details)
        return
    by_unit = {"given with a corpus": n_given, unit: n_segments - n_given}
    kinds = ", ".join(f"{n} {kind}" for kind, n in by_unit.items() if n) if n_given else unit
    click.echo(f"{n_segments} segments ({kinds}), {n_codable} of them participants' words")
    if n_given == n_segments > 0:
        click.echo("Nothing was cut: segments that came with a corpus stay as they are.")
    else:
        _show_details(unit, details)


def _describe(run: Run) -> dict[str, Any]:
    return {
        "across_speakers": run.parameters["across_speakers"],
        "encoder": run.encoder or None,
        "without_punctuation": run.parameters["without_punctuation"],
    }


def _encoder(unit: str, *, model: str | None, allow_download: bool) -> Encoder | None:
    if model is None:
        return None
    if unit != "meaning":
        raise click.UsageError(f"--encoder has no effect on the unit {unit}; leave it out.")
    from ..encode.load import load_encoder

    return load_encoder(model, allow_download=allow_download)


def _show_details(unit: str, details: dict[str, Any]) -> None:
    if unit == "meaning":
        by = (
            f"the vectors of {details['encoder']}" if details["encoder"] else "the words they share"
        )
        click.echo(f"Sentences were compared by {by}.")
    if details["without_punctuation"]:
        click.echo(
            "Without punctuation; a model (speech-head) found the sentence ends, about half of "
            f"them rightly: {', '.join(details['without_punctuation'])}"
        )
