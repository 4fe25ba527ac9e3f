"""`autocode speakers`: who speaks, and who interviews."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from . import options, terminal
from .commands import Command

_COLUMNS = ["transcript", "speaker", "role", "basis", "confidence", "case", "n_segments"]


@click.command(
    "speakers",
    cls=Command,
    examples=[
        "autocode speakers study.autocode",
        'autocode speakers study.autocode --set "Hannah Lowe=interviewer"',
        'autocode speakers study.autocode --merge "H. Lowe=Hannah Lowe" --transcript 01_amanda',
    ],
)
@options.study
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
@click.option("--transcript", metavar="NAME", help="List and change this transcript only.")
@options.as_json
def command(
    study: Path,
    roles: tuple[str, ...],
    names: tuple[str, ...],
    merges: tuple[str, ...],
    cases: tuple[str, ...],
    transcript: str | None,
    as_json: bool,
) -> None:
    """List who speaks, and correct roles and names.

    Roles are guessed at import. Changes are made together or not at all: merges first, then new
    names; roles and cases refer to the new names. The text of a transcript never changes.
    """
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


def _pairs(option: str, form: str, given: tuple[str, ...]) -> dict[str, Any]:
    """NAME=VALUE options by name; a name may hold a "=", a value may not."""
    pairs: dict[str, str] = {}
    for text in given:
        name, equals, value = text.rpartition("=")
        if not equals:
            raise click.UsageError(f"{option} takes {form}, not '{text}'.")
        pairs[name.strip()] = value.strip()
    return pairs
