"""`autocode decide`: people's word on suggestions."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from . import options, terminal


@click.command("decide")
@options.study
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--coder", help="Who decides, where the file names nobody.")
@options.as_json
def command(study: Path, file: Path, coder: str | None, as_json: bool) -> None:
    """Apply the decisions in FILE (CSV) to STUDY, all of them or none.

    FILE is the suggestions.csv of 'autocode export' with 'decision' filled in: accept, reject, or
    change with the other code in 'to'. Rows left empty stay open.
    """
    from ..project import Project

    with Project.open(study) as project:
        made = project.apply_decisions(file, coder=coder)
    if as_json:
        terminal.dump([asdict(decision) for decision in made])
        return
    counts = Counter(decision.action for decision in made)
    told = ", ".join(f"{n} {action}" for action, n in sorted(counts.items()))
    click.echo(f"{len(made)} decisions kept: {told}")
