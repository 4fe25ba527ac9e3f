"""`autocode audio`: the recordings of transcripts, played on the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.counted import say_count, say_size
from ..core.errors import one_line
from . import options, terminal
from .commands import Group

if TYPE_CHECKING:
    from ..project.recordings import RecordingChange

_who = click.option("--coder", required=True, metavar="NAME", help="Who does this.")
_transcript = click.argument("transcript", metavar="TRANSCRIPT")
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")


@click.group(
    "audio",
    cls=Group,
    default="list",
    examples=[
        "autocode audio add study.autocode P01 recordings/P01.m4a --coder Amina",
        "autocode audio list study.autocode",
    ],
)
def command() -> None:
    """Say where recordings are, to hear transcripts while coding.

    A recording stays where it is and is not copied: the study notes its place, its size and its
    digest, and the page plays it only as long as it is the same.
    """


@command.command("list", examples=["autocode audio list study.autocode"])
@options.study
@options.as_json
def list_audio(study: Path, as_json: bool) -> None:
    """List the recordings, and which of their files are missing."""
    from ..project import Project

    with Project.open(study) as project:
        known = project.recordings()
    if as_json:
        terminal.print_json(known.to_dict())
        return
    if known.recordings:
        terminal.print_table(
            ["transcript", "recording", "type", "size", "file"],
            [
                [
                    view.recording.transcript,
                    view.recording.path,
                    view.recording.media_type,
                    say_size(view.recording.n_bytes),
                    view.state,
                ]
                for view in known.recordings
            ],
        )
    verb = "has" if known.n_without == 1 else "have"
    without = f"{say_count(known.n_without, 'transcript')} {verb} none"
    click.echo(f"{say_count(len(known.recordings), 'recording')}; {without}")


@command.command(
    "add", examples=["autocode audio add study.autocode P01 recordings/P01.m4a --coder Amina"]
)
@options.study
@_transcript
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@_who
@_dry_run
@options.as_json
def add(study: Path, transcript: str, file: Path, coder: str, dry_run: bool, as_json: bool) -> None:
    """Note the recording of a transcript, in place of the one it had.

    FILE is wav, mp3, m4a, mp4, ogg, opus, flac or webm. It must stay where it is: what is in the
    folder of the study or beside it may move together with the study.
    """
    from ..project import Project

    with Project.open(study) as project:
        done = project.add_recording(transcript, file, coder=coder, dry_run=dry_run)
    assert done.result is not None  # a request without a key is never a repeated one
    if as_json:
        terminal.print_json(done.result.to_dict())
    else:
        click.echo(describe(done.result, dry_run=dry_run))


@command.command("remove", examples=["autocode audio remove study.autocode P01 --coder Amina"])
@options.study
@_transcript
@_who
@_dry_run
@options.as_json
def remove(study: Path, transcript: str, coder: str, dry_run: bool, as_json: bool) -> None:
    """Forget the recording of a transcript; the file is not touched."""
    from ..project import Project

    with Project.open(study) as project:
        done = project.remove_recording(transcript, coder=coder, dry_run=dry_run)
    assert done.result is not None  # a request without a key is never a repeated one
    if as_json:
        terminal.print_json(done.result.to_dict())
        return
    verb = "would be forgotten" if dry_run else "forgotten"
    click.echo(f"The recording of {one_line(transcript, 200)} {verb}; the file is not touched")


def describe(change: RecordingChange, *, dry_run: bool = False) -> str:
    """What was noted, and that the file stays where it is."""
    recording = change.recording
    assert recording is not None  # it was noted
    where = f"{one_line(recording.path, 200)} ({say_size(recording.n_bytes)})"
    whose = one_line(change.transcript, 200)
    if dry_run:
        noted = f"Would be the recording of {whose}: {where}"
    elif change.act is None:
        noted = f"The recording of {whose} is {where} already"
    else:
        noted = (
            f"The recording of {whose} is {where}; it stays where it is, and is not copied "
            f"(act {change.act})"
        )
    if not change.same_as:
        return noted
    others = one_line(", ".join(change.same_as), 200)
    verb = "has" if len(change.same_as) == 1 else "have"
    return f"{noted}\nNote that {others} {verb} the same recording"
