"""`autocode segment`: cut a study's transcripts anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal

if TYPE_CHECKING:
    from ..core.run import Run
    from ..encode.protocol import Encoder


@click.command("segment")
@options.study
@click.option(
    "--unit",
    type=click.Choice(["turn", "paragraph", "meaning", "sentence"]),
    default="meaning",
    show_default=True,
    help="What to cut into.",
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
    help="Cut meaning units by this model's vectors (default: by the words sentences share).",
)
@click.option(
    "--allow-download",
    is_flag=True,
    help="Let a model named with --encoder be fetched from the model hub.",
)
@options.as_json
def command(study: Path, unit: Any, across_speakers: bool, as_json: bool, **which: Any) -> None:  # noqa: ANN401
    """Cut the transcripts of STUDY into units.

    Codings keep their places: spans are the truth, units are a view. Segments that came with a
    corpus folder are never cut again. Open suggestions and draft themes belong to the old units and
    are dropped. In transcripts without punctuation, as raw speech recognition writes them, the
    carried model finds the sentences.
    """
    from ..pipeline import codable
    from ..project import Project

    with terminal.bars(quiet=as_json) as progress, Project.open(study) as project:
        n_segments = project.cut(
            unit, _encoder(unit, **which), across_speakers=across_speakers, progress=progress
        )
        segments = project.segments()
        n_codable, n_given = len(codable(segments)), sum(s.given for s in segments)
        run = project.last_run("segment")
    told = as_dict(run) if run else {}
    if as_json:
        counts = {
            "n_segments": n_segments,
            "n_participant_segments": n_codable,
            "n_given_segments": n_given,
        }
        terminal.dump({"unit": unit} | counts | told)
        return
    by_unit = {"given with a corpus": n_given, unit: n_segments - n_given}
    kinds = ", ".join(f"{n} {kind}" for kind, n in by_unit.items() if n) if n_given else unit
    click.echo(f"{n_segments} segments ({kinds}), {n_codable} of them participants' words")
    if n_given == n_segments > 0:
        click.echo("Nothing was cut: segments that came with a corpus stay as they are.")
    else:
        _tell(unit, told)


def as_dict(run: Run) -> dict[str, Any]:
    """How transcripts were cut, for JSON."""
    return {
        "across_speakers": run.parameters["across_speakers"],
        "encoder": run.encoder or None,
        "without_punctuation": run.parameters["without_punctuation"],
    }


def _encoder(unit: str, *, model: str | None, allow_download: bool) -> Encoder | None:
    if model is None:
        return None
    if unit != "meaning":
        raise click.UsageError(f"--encoder plays no part for the unit {unit}; leave it out.")
    from ..encode.load import load_encoder

    return load_encoder(model, allow_download=allow_download)


def _tell(unit: str, told: dict[str, Any]) -> None:
    if unit == "meaning":
        by = f"the vectors of {told['encoder']}" if told["encoder"] else "the words they share"
        click.echo(f"Sentences were compared by {by}.")
    if told["without_punctuation"]:
        click.echo(
            "Without punctuation; a model (speech-head) found the sentence ends, about half of "
            f"them rightly: {', '.join(told['without_punctuation'])}"
        )
