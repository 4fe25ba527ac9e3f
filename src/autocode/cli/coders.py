"""`autocode coders`: who coded, person or machine, and giving one person's work one name."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from . import options, terminal
from .commands import Group
from .join import show_joined, take_option

_by = click.option("--coder", required=True, metavar="NAME", help="Who does this.")
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")


@click.group("coders", cls=Group, examples=["autocode coders list study.autocode"])
def command() -> None:
    """List, rename or merge coders, or say which is a machine.

    Coders come into a study with their work.
    """


@command.command("list", examples=["autocode coders list study.autocode"])
@options.study
@options.as_json
def list_coders(study: Path, as_json: bool) -> None:
    """List the coders with their work.

    Names that differ only in case, accents or blanks are pointed out; 'merge' makes them one.
    """
    from ..project import Project
    from ..project.coders import list_coders

    with Project.open(study) as project, project.snapshot() as snapshot:
        listed = list_coders(snapshot)
    if as_json:
        terminal.print_json(listed.to_dict())
        return
    terminal.print_table(
        ["coder", "kind", "codings", "readings", "decisions", "transcripts"],
        [
            [c.name, c.kind, c.n_codings, c.n_readings, c.n_decisions, c.n_transcripts]
            for c in listed.coders
        ],
    )
    for names in listed.alike:
        click.echo(f"perhaps one person: {', '.join(names)} (autocode coders merge)")


@command.command(
    "set", examples=["autocode coders set study.autocode gpt --kind machine --coder Lead"]
)
@options.study
@click.argument("name", metavar="NAME")
@click.option("--kind", required=True, type=click.Choice(["person", "machine"]), help="What it is.")
@_by
@options.as_json
def set_kind(
    study: Path, name: str, kind: Literal["person", "machine"], coder: str, as_json: bool
) -> None:
    """Say that a coder is a machine, or a person.

    Nothing is learned from the codings of a machine, and figures on people leave them out;
    'agree machine' compares them with people's. --json prints what 'coders list' does.
    """
    from ..core.coding import Coder
    from ..project import Project
    from ..project.coders import list_coders

    with Project.open(study) as project:
        is_new = Coder(name, kind) not in project.coders()
        if is_new:
            project.set_coder(Coder(name, kind), by=coder)
        with project.snapshot() as snapshot:
            listed = list_coders(snapshot)
    if as_json:
        terminal.print_json(listed.to_dict())
    elif is_new:
        click.echo(f"'{name}' is a {kind} from now on (taken back with: autocode undo).")
    else:
        click.echo(f"'{name}' is a {kind} already; nothing was changed.")


@command.command("rename", examples=["autocode coders rename study.autocode ana Ana --coder Lead"])
@options.study
@click.argument("name", metavar="NAME")
@click.argument("to", metavar="NEW")
@_by
@_dry_run
@options.as_json
def rename(study: Path, name: str, to: str, coder: str, dry_run: bool, as_json: bool) -> None:
    """Give a coder another name.

    A name that another coder has is refused: 'merge' gives one coder the work of the other.
    """
    _make_one(study, (name, to), coder, None, is_new=True, dry_run=dry_run, as_json=as_json)


@command.command(
    "merge", examples=["autocode coders merge study.autocode ana Ana --coder Lead --dry-run"]
)
@options.study
@click.argument("name", metavar="NAME")
@click.argument("into", metavar="INTO")
@_by
@take_option
@_dry_run
@options.as_json
def merge(
    study: Path, name: str, into: str, coder: str, take: str | None, dry_run: bool, as_json: bool
) -> None:
    """Make the work of one coder another's, where both are one person.

    What both did at one place is kept once. What differs there is listed; decide with --take.
    """
    _make_one(study, (name, into), coder, take, is_new=False, dry_run=dry_run, as_json=as_json)


def _make_one(
    study: Path, names: tuple[str, str], coder: str, take: str | None, *, is_new: bool,
    dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    from ..project import Project
    from ..project.joining import JoinOptions, decisions_of

    wanted = JoinOptions(decisions=decisions_of(take), dry_run=dry_run)
    with Project.open(study) as project:
        change = project.rename_coder if is_new else project.merge_coders
        done = change(*names, coder=coder, options=wanted)
    assert done.result is not None  # a request without a key is never a repeated one
    if as_json:
        terminal.print_json(done.result.to_dict())
    else:
        show_joined(done.result, dry_run=dry_run)
