"""`autocode show`: what a study holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal

if TYPE_CHECKING:
    from ..core.run import Run
    from ..project.sections import SectionView

_N_VOICES = 3
_UNITS = {
    "turn": "whole turns",
    "paragraph": "paragraphs",
    "meaning": "meaning units",
    "sentence": "sentences",
    "given": "given with a corpus",
}


@click.command("show")
@options.study
@click.option(
    "--sections", is_flag=True, help="Show where talk turns to something else, to find one's way."
)
@click.option("--transcript", help="Show the sections of this transcript.")
@options.as_json
def command(study: Path, sections: bool, transcript: str | None, as_json: bool) -> None:
    """Say what STUDY holds: transcripts, codebook, coders, drafts and how they were made.

    With --sections or --transcript, list instead the sections of the transcripts: their first
    words, who speaks in them, and words that set them apart from the others.
    """
    from ..project import Project
    from ..text.words import n_words

    with Project.open(study) as project:
        if sections or transcript is not None:
            _tell_sections(project.sections(transcript), as_json=as_json)
            return
        counts = project.counts()
        transcripts = project.transcripts()
        segments = project.segments()
        codings = project.codings()
        runs = {kind: project.last_run(kind) for kind in ("segment", "suggest", "themes")}
    n_segments = Counter(segment.transcript for segment in segments)
    n_codings = Counter(coding.transcript for coding in codings)
    units = sorted({segment.unit for segment in segments})
    rows: list[dict[str, Any]] = [
        {
            "transcript": t.name,
            "format": t.source.format,
            "turns": len(t.turns),
            "segments": n_segments[t.name],
            "words": round(sum(n_words(t.words_of(turn)) for turn in t.turns)),
            "codings": n_codings[t.name],
            "coders": sorted({c.coder for c in codings if c.transcript == t.name}),
        }
        for t in transcripts
    ]
    if as_json:
        told = {
            kind: None
            if run is None
            else {
                "made_at": run.made_at,
                "method": run.method,
                "encoder": run.encoder,
                "encoder_digest": run.encoder_digest,
                "parameters": run.parameters,
                "versions": run.versions,
            }
            for kind, run in runs.items()
        }
        terminal.dump(
            {
                "study": str(study),
                "counts": counts,
                "units": units,
                "transcripts": rows,
                "runs": told,
            }
        )
        return
    click.echo(", ".join(f"{n} {name}" for name, n in counts.items()))
    columns = ["transcript", "format", "turns", "segments", "words", "codings", "coders"]
    terminal.table(
        columns, [[*(row[c] for c in columns[:-1]), ", ".join(row["coders"])] for row in rows]
    )
    if units:
        click.echo(f"segments: {_cut_how(units, runs.pop('segment'))}")
    for kind, run in runs.items():
        if run is not None:
            parts = [run.made_at, run.method, run.encoder, *_plain(run.parameters)]
            click.echo(f"{kind}: {', '.join(parts)} (all: --json)")


def _cut_how(units: list[str], run: Run | None) -> str:
    """The units of a study, and how the last `segment` cut them."""
    told = " and ".join(_UNITS.get(unit, unit) for unit in units)
    if run is None or run.method not in units:
        return told
    told += ", across speakers" * bool(run.parameters["across_speakers"])
    return f"{told}, by the vectors of {run.encoder}" if run.encoder else told


def _plain(parameters: dict[str, Any]) -> list[str]:
    """The parameters that are one number or word each; tables of them are for JSON."""
    return [
        f"{name} {str(value).lower() if isinstance(value, bool) else value}"
        for name, value in parameters.items()
        if isinstance(value, str | int | float) and value != ""
    ]


def _tell_sections(found: list[SectionView], *, as_json: bool) -> None:
    if as_json:
        terminal.dump([asdict(view) for view in found])
        return
    if not found:
        click.echo("There are no transcripts. Import some with: autocode import STUDY FILES")
        return
    terminal.table(
        ["transcript", "section", "from", "to", "words", "speakers", "of", "begins"],
        [
            [
                view.transcript,
                view.number,
                view.turns.first + 1,
                view.turns.last,
                view.n_words,
                ", ".join(view.speakers[:_N_VOICES]),
                ", ".join(view.terms),
                view.opening,
            ]
            for view in found
        ],
    )
    click.echo("from, to: numbers of turns, from 1")
