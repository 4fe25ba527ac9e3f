"""`autocode segment`: cut a study's transcripts again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.counted import say_count
from ..core.errors import NothingToDo
from . import options, terminal
from .commands import Command
from .progress import progress_on_stderr

if TYPE_CHECKING:
    from ..core.progress import Progress
    from ..encode.protocol import Encoder
    from ..project import Project
    from ..project.listing import Segmentation


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
@click.option(
    "--join-turns",
    is_flag=True,
    help="First join consecutive turns of one speaker in the transcripts; codings move along.",
)
@options.as_json
def command(
    study: Path,
    unit: Any,  # noqa: ANN401 - click passes options
    across_speakers: bool,
    join_turns: bool,
    as_json: bool,
    **model: Any,  # noqa: ANN401 - click passes options
) -> None:
    """Cut the transcripts into other units.

    Codings stay where they are: they are spans of the text, and units are a view of it. Segments
    that came with a corpus folder are never cut. Open suggestions and draft themes belong to the
    old units and are dropped.

    In transcripts without punctuation, as speech recognition may leave them, a bundled model finds
    the sentence ends.
    """
    from ..project import Project
    from ..project.listing import describe_segmentation

    with progress_on_stderr() as progress, Project.open(study) as project:
        n_joined = _join(project, progress) if join_turns else 0
        project.segment(
            unit, _encoder(unit, **model), across_speakers=across_speakers, progress=progress
        )
        segmentation = describe_segmentation(project, unit)
    if as_json:
        terminal.print_json(segmentation.to_dict())
    else:
        if join_turns:
            click.echo(f"{n_joined} turns joined to the one before them")
        _show(segmentation)


def _join(project: Project, progress: Progress) -> int:
    try:
        return project.join_turns(progress=progress)
    except NothingToDo:
        return 0


def _encoder(unit: str, *, model: str | None, allow_download: bool) -> Encoder | None:
    if model is None:
        return None
    if unit != "meaning":
        raise click.UsageError(f"--encoder has no effect on the unit {unit}; leave it out.")
    from ..encode.load import load_encoder

    return load_encoder(model, allow_download=allow_download)


def _show(segmentation: Segmentation) -> None:
    unit, n, n_given = segmentation.unit, segmentation.n_segments, segmentation.n_given_segments
    by_unit = {"given with a corpus": n_given, unit: n - n_given}
    kinds = ", ".join(f"{n} {kind}" for kind, n in by_unit.items() if n) if n_given else unit
    click.echo(
        f"{say_count(n, 'segment')} ({kinds}), {segmentation.n_participant_segments} of them "
        "participants' words"
    )
    if n_given == n > 0:
        click.echo("Nothing was cut: segments that came with a corpus stay as they are.")
        return
    if unit == "meaning":
        encoder = segmentation.encoder
        by = f"the vectors of {encoder}" if encoder else "the words they share"
        click.echo(f"Sentences were compared by {by}.")
    if segmentation.without_punctuation:
        click.echo(
            "Without punctuation; a model (speech-head) found the sentence ends, about half of "
            f"them rightly: {', '.join(segmentation.without_punctuation)}"
        )
