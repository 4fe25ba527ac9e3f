"""`autocode pseudonyms`: names proposed, and stand-ins put in their place."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..core.counted import say_count
from ..core.errors import NothingToDo
from . import options, terminal
from .commands import Command, Group
from .progress import progress_on_stderr


@click.group(
    "pseudonyms",
    cls=Group,
    examples=[
        "autocode pseudonyms propose study.autocode --output key.csv",
        "autocode pseudonyms apply study.autocode key.csv --coder Amina",
    ],
)
def command() -> None:
    """Put stand-ins in the place of names.

    First 'propose' writes a table of names, which you correct and fill in; then 'apply' replaces
    them everywhere in the study. The table is the key to who is who: keep it apart from the study.
    """


@command.command(
    "propose",
    cls=Command,
    examples=["autocode pseudonyms propose study.autocode --output key.csv"],
)
@options.study
@options.output("Write the table of names here (.csv, .xlsx).")
@options.as_json
def propose(study: Path, output: Path | None, as_json: bool) -> None:
    """Propose names of people and places, each with a stand-in.

    Rules find words with capitals within sentences, speakers and what follows a title; an NER model
    of spaCy's helps where one is installed. Check each row: clear the stand-in of what is no name,
    fill it in where it is empty, give one person's names one stand-in, and add what was missed.
    """
    from ..project import Project

    with Project.open(study) as project:
        proposals = project.propose_names()
    if output is not None:
        n_names = proposals.write(output)
        click.echo(
            f"{output}: {say_count(n_names, 'name')}. Keep this file apart from the study.",
            err=True,
        )
    if as_json:
        terminal.print_json(proposals.to_dict())
    elif output is None:
        columns = ["name", "stand_in", "kind", "n", "examples"]
        rows = [[row[name] for name in columns] for row in proposals.to_rows()]
        terminal.print_table(columns, rows, shorten=["examples"])


@command.command(
    "apply",
    cls=Command,
    examples=[
        "autocode pseudonyms apply study.autocode key.csv --coder Amina --dry-run",
        "autocode pseudonyms apply study.autocode key.csv --coder Amina",
    ],
)
@options.study
@click.argument("table", metavar="TABLE", type=click.Path(path_type=Path))
@click.option("--coder", required=True, metavar="NAME", help="Who does this.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Say what would be replaced; change nothing.")
@options.as_json
def apply(study: Path, table: Path, coder: str, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Replace the names of a table by their stand-ins, for good.

    Texts, speakers, cases, attributes, memos, codes and file names are changed; codings stay on
    their words. The names are removed from the history too, and the file is written anew, so that
    none is left in it. Rows without a stand-in are passed over. What may be a name and was left is
    listed.
    """
    from ..project import Project

    with progress_on_stderr() as progress, Project.open(study) as project:
        done = project.apply_pseudonyms(table, coder=coder, dry_run=True, progress=progress)
        if not dry_run:
            _ask(sum(done.n_replaced.values()), yes=yes)
            done = project.apply_pseudonyms(table, coder=coder, progress=progress)
    if as_json:
        terminal.print_json(done.to_dict())
        return
    n_words, n_rows = sum(done.n_replaced.values()), sum(done.n_rows.values())
    verb = "Would be replaced" if dry_run else "Replaced"
    click.echo(
        f"{verb}: {say_count(n_words, 'name')} in transcripts, {say_count(n_rows, 'other row')}"
    )
    if done.n_suggestions:
        click.echo(
            f"What rests on the old words goes: {say_count(done.n_suggestions, 'suggestion')}"
        )
    if done.n_shared_vectors:
        click.echo(f"Vectors dropped from the cache that studies share: {done.n_shared_vectors}")
    if done.uncertain:
        click.echo("Left as they are, for you to look at:")
        rows = [[one.words, one.n, one.reason] for one in done.uncertain]
        terminal.print_table(["words", "n", "why"], rows)
    if not dry_run:
        click.echo(f"Keep {table} apart from the study, or delete it.")


def _ask(n_names: int, *, yes: bool) -> None:
    """Go on if the answer is yes; raises NothingToDo for no, and where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise NothingToDo(
            "Nothing was replaced: nobody can be asked. See what would be with --dry-run, and add "
            "--yes."
        )
    question = f"{say_count(n_names, 'name')} would be replaced. This cannot be undone. Replace?"
    if not click.confirm(question, err=True):
        raise NothingToDo("Nothing was replaced.")
