"""`autocode speakers`: who speaks, and who interviews."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from . import options, terminal


@click.command("speakers")
@options.study
@click.option(
    "--set",
    "roles",
    multiple=True,
    metavar="NAME=ROLE",
    help="Say what NAME is: participant, interviewer, note or unknown. Repeatable.",
)
@click.option(
    "--rename",
    "names",
    multiple=True,
    metavar="OLD=NEW",
    help="Give a speaker another name. Repeatable.",
)
@click.option(
    "--merge",
    "merges",
    multiple=True,
    metavar="NAME=INTO",
    help="Make two names of one voice one; INTO stays. Repeatable.",
)
@click.option(
    "--case",
    "cases",
    multiple=True,
    metavar="NAME=CASE",
    help="Say which case (participant) a speaker is. Repeatable.",
)
@click.option("--transcript", help="List and change this transcript only.")
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
    """List the speakers of STUDY with their roles, and correct what was guessed or written wrongly.

    Changes are made together or not at all: merges first, then names; roles and cases go by the
    new names. The text of a transcript is never changed.
    """
    from ..core.errors import NotFound
    from ..project import Project
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
        voices = project.speakers()
        if transcript is not None and transcript not in voices:
            known = [t.name for t in project.transcripts()]
            if transcript not in known:
                raise NotFound.among("transcript", transcript, known)
        segments = project.segments(transcript)
    counts: dict[tuple[str, str | None], int] = {}
    for segment in segments:
        key = (segment.transcript, segment.speaker)
        counts[key] = counts.get(key, 0) + 1
    rows = [
        {
            "transcript": place,
            "speaker": s.name,
            "role": s.role,
            "basis": s.basis,
            "confidence": s.confidence,
            "case": s.case,
            "segments": counts.get((place, s.name), 0),
        }
        for place, found in voices.items()
        for s in found
        if transcript in (None, place)
    ]
    if as_json:
        terminal.dump(rows)
        return
    columns = ["transcript", "speaker", "role", "basis", "confidence", "case", "segments"]
    terminal.table(columns, [[row[c] for c in columns] for row in rows])


def _pairs(option: str, form: str, given: tuple[str, ...]) -> dict[str, Any]:
    """NAME=VALUE options by name; a name may hold a "=", a value may not."""
    pairs: dict[str, str] = {}
    for text in given:
        name, equals, value = text.rpartition("=")
        if not equals:
            raise click.UsageError(f"{option} wants {form}, not '{text}'.")
        pairs[name.strip()] = value.strip()
    return pairs
