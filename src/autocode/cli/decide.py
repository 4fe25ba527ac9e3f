"""`autocode decide`: people's word on suggestions."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from . import options, terminal


@click.command("decide")
@options.study
@click.argument("file", type=click.Path(path_type=Path, readable=False), required=False)
@click.option("--coder", help="Who decides, where the file names nobody.")
@click.option("--sure", is_flag=True, help="Accept every open suggestion that is sure instead.")
@options.as_json
def command(study: Path, file: Path | None, coder: str | None, sure: bool, as_json: bool) -> None:
    """Apply the decisions in FILE (CSV) to STUDY, all of them or none.

    FILE is the suggestions.csv of 'autocode export' with 'decision' filled in: accept, reject, or
    change with the other code in 'to'. Rows left empty stay open. With --sure no file is needed:
    suggestions marked sure are accepted as the decisions of --coder. Of such suggestions at most
    one in ten was wrong on held-out transcripts; that is no promise for any single one.
    """
    from ..project import Project

    if sure == (file is not None):
        raise click.UsageError("Give a FILE of decisions, or --sure.")
    if sure and not coder:
        raise click.UsageError("With --sure say who decides: --coder NAME")
    with Project.open(study) as project:
        if file is not None:
            made = project.apply_decisions(file, coder=coder)
        else:
            made = project.auto_accept(coder=coder or "")
    if as_json:
        terminal.dump([asdict(decision) for decision in made])
        return
    counts = Counter(decision.action for decision in made)
    told = ", ".join(f"{n} {action}" for action, n in sorted(counts.items()))
    click.echo(f"{len(made)} decisions kept: {told}")
