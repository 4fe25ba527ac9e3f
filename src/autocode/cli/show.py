"""`autocode show`: what a study holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from . import options, terminal


@click.command("show")
@options.study
@options.as_json
def command(study: Path, as_json: bool) -> None:
    """Say what STUDY holds: transcripts, codebook, coders, drafts and how they were made."""
    from ..project import Project

    with Project.open(study) as project:
        counts = project.counts()
        transcripts = project.transcripts()
        segments = project.segments()
        codings = project.codings()
        runs = {kind: project.last_run(kind) for kind in ("suggest", "themes")}
    rows: list[dict[str, Any]] = [
        {
            "transcript": t.name,
            "format": t.source.format,
            "turns": len(t.turns),
            "segments": sum(s.transcript == t.name for s in segments),
            "words": len(t.text.split()),
            "codings": sum(c.transcript == t.name for c in codings),
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
        terminal.dump({"study": str(study), "counts": counts, "transcripts": rows, "runs": told})
        return
    click.echo(", ".join(f"{n} {name}" for name, n in counts.items()))
    columns = ["transcript", "format", "turns", "segments", "words", "codings", "coders"]
    terminal.table(
        columns, [[*(row[c] for c in columns[:-1]), ", ".join(row["coders"])] for row in rows]
    )
    for kind, run in runs.items():
        if run is not None:
            click.echo(f"{kind}: {run.made_at}, {run.method}, {run.encoder}, {run.parameters}")
