"""`autocode speakers`: who speaks, and who interviews."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.counted import say_count
from ..core.errors import one_line
from . import import_options, options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..project.turns import TurnChange

_COLUMNS = ["transcript", "speaker", "role", "basis", "confidence", "case", "n_segments"]


@click.command(
    "speakers",
    cls=Command,
    examples=[
        "autocode speakers study.autocode",
        'autocode speakers study.autocode --set "Hannah Lowe=interviewer"',
        'autocode speakers study.autocode --merge "H. Lowe=Hannah Lowe" --transcript 01_amanda',
        "autocode speakers study.autocode --turn 01_amanda:12 --to Amanda",
        "autocode speakers --preview interview.txt",
    ],
)
@click.argument("study", metavar="STUDY", required=False, type=click.Path(path_type=Path))
@click.option(
    "--set",
    "roles",
    multiple=True,
    metavar="NAME=ROLE",
    help="Set a role: participant, interviewer, note or unknown. Repeatable.",
)
@click.option(
    "--rename", "names", multiple=True, metavar="OLD=NEW", help="Rename a speaker. Repeatable."
)
@click.option(
    "--merge",
    "merges",
    multiple=True,
    metavar="NAME=INTO",
    help="Merge two names of one speaker; INTO stays. Repeatable.",
)
@click.option(
    "--case",
    "cases",
    multiple=True,
    metavar="NAME=CASE",
    help="Assign a speaker to a case (a participant of the study). Repeatable.",
)
@click.option(
    "--turn",
    "turns",
    multiple=True,
    metavar="TRANSCRIPT:N",
    help="Give this turn, counted from 1, to the speaker named with --to. Repeatable.",
)
@click.option("--to", metavar="NAME", help="Who says the turns named with --turn.")
@click.option("--new-speaker", is_flag=True, help="Make the speaker of --to if there is none.")
@click.option("--transcript", metavar="NAME", help="List and change this transcript only.")
@click.option(
    "--preview",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Show what would be read of a file: its speakers, first turns, other ways to read it.",
)
@import_options.speaker_patterns
@options.as_json
def command(
    study: Path | None,
    roles: tuple[str, ...],
    names: tuple[str, ...],
    merges: tuple[str, ...],
    cases: tuple[str, ...],
    turns: tuple[str, ...],
    to: str | None,
    new_speaker: bool,
    transcript: str | None,
    preview: Path | None,
    speaker_patterns: tuple[str, ...],
    as_json: bool,
) -> None:
    """List who speaks, and correct roles and names.

    Roles are guessed at import. Changes are made together or not at all: merges first, then new
    names; roles and cases refer to the new names. The text of a transcript never changes.

    With --preview nothing is changed and no STUDY is needed. Layouts come with their scores, the
    one that is taken first; --speaker-pattern tries another.
    """
    if preview is not None:
        _refuse_with_preview(study, roles, names, merges, cases, turns, transcript)
        show_preview(preview, speaker_patterns, as_json=as_json)
        return
    if study is None:
        raise click.UsageError("Name a STUDY, or a file with --preview FILE.")
    if speaker_patterns:
        raise click.UsageError("--speaker-pattern goes with --preview, or with autocode import.")
    from ..project import Project
    from ..project.listing import list_speakers
    from ..project.speakers import SpeakerChanges

    changes = SpeakerChanges(
        merges=_pairs("--merge", "NAME=INTO", merges),
        names=_pairs("--rename", "OLD=NEW", names),
        roles=_pairs("--set", "NAME=ROLE", roles),
        cases=_pairs("--case", "NAME=CASE", cases),
    )
    with Project.open(study) as project:
        for change in _turn_changes(turns, to, is_new=new_speaker):
            project.change_turns(change)
        if merges or names or roles or cases:
            project.change_speakers(changes, transcript=transcript)
        speakers = list_speakers(project, transcript)
    if as_json:
        terminal.print_json(speakers.to_dict())
        return
    terminal.print_table(
        [name.removeprefix("n_") for name in _COLUMNS],
        [[row[name] for name in _COLUMNS] for row in speakers.to_rows()],
    )


def show_preview(path: Path, patterns: tuple[str, ...], *, as_json: bool) -> None:
    """Print what would be read of a file."""
    from ..project.speaker_preview import preview_speakers

    preview = preview_speakers(path, patterns=patterns)
    if as_json:
        terminal.print_json(preview.to_dict())
        return
    click.echo(f"{say_count(preview.n_turns, 'turn')} ({preview.format})")
    for note in preview.warnings:
        click.echo(f"    note: {one_line(note, 400)}")
    columns = ["speaker", "role", "confidence", "n_turns", "n_words"]
    if preview.speakers:
        terminal.print_table(
            [name.removeprefix("n_") for name in columns],
            [[row[name] for name in columns] for row in preview.to_rows()],
        )
    click.echo("First turns:")
    for turn in preview.first:
        click.echo(f"  {turn.speaker or '-'}{_clock(turn.begin)}: {turn.words}")
    if preview.layouts:
        click.echo("Layouts by how well they explain the file (the first is taken):")
        for layout in preview.layouts:
            shown = ", ".join(layout.speakers[:4]) + (", …" if len(layout.speakers) > 4 else "")
            click.echo(
                f"  {layout.score:.2f}  {layout.form}: {say_count(layout.n_turns, 'turn')} of "
                f"{shown}"
            )


def _turn_changes(turns: tuple[str, ...], to: str | None, *, is_new: bool) -> list[TurnChange]:
    """The turns that are given to another speaker, by transcript."""
    if bool(turns) != (to is not None):
        raise click.UsageError("--turn TRANSCRIPT:N and --to NAME go together.")
    if not turns:
        return []
    from ..project.turns import TurnChange

    numbers: dict[str, list[int]] = {}
    for text in turns:
        name, colon, number = text.rpartition(":")
        if not colon or not number.isdecimal():
            raise click.UsageError(f"--turn takes TRANSCRIPT:N, not '{text}'.")
        numbers.setdefault(name, []).append(int(number))
    return [
        TurnChange(transcript=name, turns=tuple(its), to=to or "", is_new=is_new)
        for name, its in numbers.items()
    ]


def _clock(begin: float | None) -> str:
    if begin is None:
        return ""
    minutes, seconds = divmod(int(begin), 60)
    return f" [{minutes // 60}:{minutes % 60:02}:{seconds:02}]"


def _refuse_with_preview(study: Path | None, *changes: object) -> None:
    if study is not None or any(changes):
        raise click.UsageError("--preview reads a file and changes nothing: leave out the rest.")


def _pairs(option: str, form: str, given: tuple[str, ...]) -> dict[str, Any]:
    """NAME=VALUE options by name; a name may hold a "=", a value may not."""
    pairs: dict[str, str] = {}
    for text in given:
        name, equals, value = text.rpartition("=")
        if not equals:
            raise click.UsageError(f"{option} takes {form}, not '{text}'.")
        pairs[name.strip()] = value.strip()
    return pairs
