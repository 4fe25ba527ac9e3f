"""`autocode decide`: people's decisions on suggestions."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.counted import say_count
from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..project.listing import DecisionList


@click.command(
    "decide",
    cls=Command,
    examples=[
        "autocode decide study.autocode out/suggestions.csv --coder Amina",
        "autocode decide study.autocode --auto-accept --coder Amina",
    ],
)
@options.study
@click.argument(
    "file", metavar="[FILE]", type=click.Path(path_type=Path, readable=False), required=False
)
@click.option("--coder", metavar="NAME", help="Who decides, where FILE names nobody.")
@options.new_coder
@click.option(
    "--auto-accept", is_flag=True, help="Accept every auto-acceptable suggestion; takes no FILE."
)
@click.option(
    "--partial", is_flag=True, help="Apply the sound rows of FILE though others cannot be used."
)
@options.as_json
def command(
    study: Path,
    file: Path | None,
    coder: str | None,
    new_coder: bool,
    auto_accept: bool,
    partial: bool,
    as_json: bool,
) -> None:
    """Apply people's decisions on suggestions.

    FILE is the suggestions.csv of 'autocode export' with the column 'decision' filled in: accept,
    reject, or change, with the other code in the column 'to'; withdraw takes a decision back. Yes
    and no, ja and nein, oui and non, also stand for accept and reject. Empty rows stay open. All
    decisions are applied, or none and all faulty rows are listed. The same file filled in further
    may be applied again, also after a later 'suggest': rows go by transcript, start, end and code.

    With --auto-accept, every auto-acceptable suggestion is accepted as a decision of --coder. With
    90 % confidence, at most one in ten of them is wrong in transcripts like the coded ones; nothing
    is promised for a single suggestion, transcript or code.
    """
    from ..page.coder import choose_coder
    from ..project import Project
    from ..project.listing import DecisionList

    _check_usage(file, coder, auto_accept=auto_accept, partial=partial)
    with Project.open(study) as project:
        if coder is not None:
            coder = choose_coder(project, coder, new=new_coder)
        if file is not None:
            decided = project.apply_decisions(file, coder=coder, partial=partial)
            made = DecisionList(
                decided.kept, decided.withdrawn, decided.n_known, decided.n_left, decided.faults
            )
        else:
            made = DecisionList(tuple(project.auto_accept(coder=coder or "")))
    if as_json:
        terminal.print_json(made.to_dict())
        return
    _show(made)


def _check_usage(file: Path | None, coder: str | None, *, auto_accept: bool, partial: bool) -> None:
    if auto_accept == (file is not None):
        raise click.UsageError("Give a FILE of decisions, or --auto-accept.")
    if partial and file is None:
        raise click.UsageError("--partial is for a FILE of decisions.")
    if auto_accept and not coder:
        raise click.UsageError("--auto-accept needs the person who decides: --coder NAME")


def _show(made: DecisionList) -> None:
    counts = Counter(decision.action for decision in made.decisions)
    by_action = ", ".join(f"{n} {action}" for action, n in sorted(counts.items()))
    kept = say_count(len(made.decisions), "decision")
    click.echo(f"{kept} kept" + (f": {by_action}" if by_action else ""))
    if made.withdrawn:
        click.echo(f"{len(made.withdrawn)} withdrawn")
    if made.n_known:
        click.echo(f"{made.n_known} known already")
    if made.n_left:
        click.echo(f"{say_count(made.n_left, 'row')} left out")
        for line in made.faults:
            click.echo(f"    {line}")
