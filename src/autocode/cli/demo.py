"""`autocode demo`: the main job on the bundled example study."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import click

from ..core.errors import FileRefused
from . import job, options
from .commands import Command
from .import_ import opened_or_new
from .progress import progress_on_stderr


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

    encoder = load_encoder(model, allow_download=allow_download)
    sources = folder / "sources"
    _unpack(sources)
    with (
        progress_on_stderr() as progress,
        opened_or_new(folder / "study.autocode") as project,
    ):
        outcome = job.do(
            project,
            [sources],
            folder,
            options=ImportOptions(join_turns=True, progress=progress),
            encoder=encoder,
            progress=progress,
        )
    job.show(outcome, as_json=as_json)


def _unpack(folder: Path) -> None:
    """Put the example's files where a person can look at them."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with as_file(files("autocode") / "example" / "study") as study:
            for source in sorted(study.iterdir()):
                if not (folder / source.name).exists():
                    shutil.copyfile(source, folder / source.name)
    except OSError as error:
        raise FileRefused.because(
            folder,
            f"cannot be written ({(error.strerror or '').lower()})",
            remedy="Name another folder: autocode demo FOLDER",
        ) from None
