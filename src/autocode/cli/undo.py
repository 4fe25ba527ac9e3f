"""`autocode undo` and `autocode redo`: taking acts back, and having them again."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.counted import say_count
from . import options, terminal
from .commands import Command

_act = click.option(
    "--act", type=click.IntRange(min=1), metavar="N", help="The act (default: the coder's last)."
)
_coder = click.option("--coder", required=True, metavar="NAME", help="Who does this.")
_with_later = click.option(
    "--with-later", is_flag=True, help="Take back the later acts that rest on it as well."
)
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")


@click.command(
    "undo",
    cls=Command,
    examples=[
        "autocode undo study.autocode --coder Amina",
        "autocode undo study.autocode --act 12 --coder Amina --dry-run",
        "autocode undo study.autocode --act 3 --with-later --coder Amina",
    ],
)
@options.study
@_act
@_coder
@_with_later
@_dry_run
@options.as_json
def command(
    study: Path, act: int | None, coder: str, with_later: bool, dry_run: bool, as_json: bool
) -> None:
    """Take back an act: every row it changed is as it was before.

    The acts and their numbers are listed by 'autocode history'. Where later acts rest on the one
    that is undone, they are named, and nothing is changed unless they are undone too
    (--with-later). What was undone can be had again with 'autocode redo'.
    """
    _take_back(study, act, coder, with_later=with_later, dry_run=dry_run, as_json=as_json)


@click.command(
    "redo",
    cls=Command,
    examples=[
        "autocode redo study.autocode --coder Amina",
        "autocode redo study.autocode --act 13 --coder Amina",
    ],
)
@options.study
@_act
@_coder
@_with_later
@_dry_run
@options.as_json
def redo(
    study: Path, act: int | None, coder: str, with_later: bool, dry_run: bool, as_json: bool
) -> None:
    """Take back an undo, so that what was undone stands again.

    The act is an undo, by default the coder's last one.
    """
    _take_back(
        study, act, coder, with_later=with_later, dry_run=dry_run, as_json=as_json, redo=True
    )


def _take_back(
    study: Path,
    act: int | None,
    coder: str,
    *,
    with_later: bool,
    dry_run: bool,
    as_json: bool,
    redo: bool = False,
) -> None:
    from ..project import Project
    from ..project.history import UndoOptions, name_redone
    from ..project.listing import UndoOutcome
    from ..project.resolution_list import count_resolutions_left

    wanted = UndoOptions(act=act, with_later=with_later, dry_run=dry_run, redo=redo)
    with Project.open(study) as project:
        done = (project.redo if redo else project.undo)(coder=coder, options=wanted)
        n_resolutions = count_resolutions_left(project, done.changes)
    outcome = UndoOutcome.of(done, n_resolutions=n_resolutions)
    if as_json:
        terminal.print_json(outcome.to_dict())
        return
    verb = ("Would be " if dry_run else "") + ("redone" if redo else "undone")
    for undone in outcome.undone:
        words = name_redone(undone) if redo else undone.describe()
        click.echo(f"{verb[0].upper()}{verb[1:]}: {words}")
    click.echo(f"{say_count(outcome.n_changes, 'row')} changed")
    if n_resolutions:
        click.echo(
            f"{say_count(n_resolutions, 'resolution')} of codings that go "
            f"{'stands' if n_resolutions == 1 else 'stand'}. To take back their acts too, look "
            "for them with: autocode history STUDY --kind resolve"
        )
