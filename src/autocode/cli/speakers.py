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
    "changes",
    multiple=True,
    metavar="NAME=ROLE",
    help="Say what NAME is: participant, interviewer, note or unknown. Repeatable.",
)
@click.option("--transcript", help="Change the role in this transcript only.")
@options.as_json
def command(study: Path, changes: tuple[str, ...], transcript: str | None, as_json: bool) -> None:
    """List the speakers of STUDY with their roles, and correct roles that were guessed wrongly."""
    from ..errors import NotFound
    from ..project import Project

    with Project.open(study) as project:
        if changes:
            project.set_roles(dict(map(_change, changes)), transcript=transcript)
        voices = project.speakers()
        if transcript is not None and transcript not in voices:
            raise NotFound.among("transcript", transcript, voices)
        segments = project.segments()
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


def _change(text: str) -> tuple[str, Any]:
    name, equals, role = text.rpartition("=")
    if not equals:
        raise click.UsageError(f"--set wants NAME=ROLE, not '{text}'.")
    return name.strip(), role.strip()
