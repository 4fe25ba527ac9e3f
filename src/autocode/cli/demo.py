"""`autocode demo`: the main job on the bundled example study."""

from __future__ import annotations

from pathlib import Path

import click

from . import options
from .commands import Command
from .progress import progress_on_stderr
from .run import show_outcome


@click.command("demo", cls=Command, examples=["autocode demo", "autocode demo /tmp/my-demo"])
@click.argument(
    "folder", metavar="[FOLDER]", default="autocode-demo", type=click.Path(path_type=Path)
)
@options.encoder
@options.as_json
def command(folder: Path, model: str, allow_download: bool, as_json: bool) -> None:
    """Run every step on the bundled example study.

    The example holds eight interviews and a focus group on community mental-health services, all
    invented, with a codebook, participants' attributes, and the codings of two people. Writes into
    FOLDER (default: autocode-demo).
    """
    from ..encode.load import load_encoder
    from ..project.importing import ImportOptions
    from ..workflow import open_or_make, run_every_step, unpack_example

    encoder = load_encoder(model, allow_download=allow_download)
    sources = unpack_example(folder / "sources")
    with (
        progress_on_stderr() as progress,
        open_or_make(folder / "study.autocode") as project,
    ):
        outcome = run_every_step(
            project,
            [sources],
            folder,
            encoder=encoder,
            options=ImportOptions(join_turns=True, progress=progress),
            progress=progress,
        )
    show_outcome(outcome, as_json=as_json)
