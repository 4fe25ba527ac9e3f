"""`autocode codes family` and `families`: codes that are used in some transcripts only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.counted import say_count
from . import options, terminal
from .codes_edit import edit_options, open_book
from .commands import Command

if TYPE_CHECKING:
    from ..project import Project
    from ..project.families import FamilyChange


@click.command(
    "family",
    cls=Command,
    examples=[
        'autocode codes family study.autocode q1 q2 q3 --as "structural: guide A" --coder Amina',
        "autocode codes family study.autocode --noticed 1 --as structural --coder Amina",
        "autocode codes family study.autocode --as structural --on Nadia --coder Amina",
    ],
)
@options.study
@click.argument("codes", metavar="[CODE]...", nargs=-1)
@click.option(
    "--as",
    "family",
    metavar="FAMILY",
    help="The family: structural (of the interview guide), retired or wave, with a name after a "
    "colon where there are several.",
)
@click.option(
    "--noticed",
    type=click.IntRange(1),
    metavar="N",
    help="Take the codes of the Nth proposal of 'autocode codes families'.",
)
@click.option("--none", "no_family", is_flag=True, help="Take the codes out of their family.")
@click.option("--on", multiple=True, metavar="TRANSCRIPT", help="The family is in use there.")
@click.option("--off", multiple=True, metavar="TRANSCRIPT", help="It is not.")
@click.option(
    "--auto", multiple=True, metavar="TRANSCRIPT", help="Leave it to the codings there again."
)
@edit_options
def family(
    study: Path,
    codes: tuple[str, ...],
    family: str | None,
    noticed: int | None,
    no_family: bool,
    on: tuple[str, ...],
    off: tuple[str, ...],
    auto: tuple[str, ...],
    **chosen: Any,  # noqa: ANN401 - click passes options
) -> None:
    """Say which codes are of a family, or where a family is in use.

    Codes of the interview guide, retired codes and codes of one wave are used in some transcripts
    only. Where their family is not in use, 'autocode suggest' ranks them, and they are neither
    likely nor auto-acceptable. A family is in use where it is switched on, where one of its
    codes is applied, or where each of the five transcripts coded last has one; retired codes only
    where they are switched on.
    """
    from ..core.code_family import CodeFamily
    from ..project import Project

    switched = [
        (names, value) for names, value in ((on, True), (off, False), (auto, None)) if names
    ]
    marks = bool(codes) or noticed is not None
    if marks == bool(switched) or len(switched) > 1:
        raise click.UsageError("Give codes or --noticed, or one of --on, --off and --auto.")
    if no_family and (family or switched):
        raise click.UsageError("--none goes with codes alone.")
    if marks and not no_family and family is None:
        raise click.UsageError("Say which family with --as, or --none.")
    wanted = None if family is None else CodeFamily.parse(family)
    with Project.open(study) as project:
        book = open_book(project, chosen)
        if marks:
            named = [*codes, *(_noticed_codes(project, noticed) if noticed else ())]
            change = book.assign_family(named, wanted)
        else:
            ((names, value),) = switched
            change = book.switch_family(wanted, names, on=value)
    if chosen["as_json"]:
        terminal.print_json(change.to_dict())
    else:
        click.echo(_describe(change, dry_run=chosen["dry_run"]))


def _noticed_codes(project: Project, number: int) -> tuple[str, ...]:
    """The codes of a proposal, by its number from 1."""
    from ..core.errors import NotFound

    noticed = project.code_families().noticed
    if number > len(noticed):
        raise NotFound(
            f"No proposal {number}: {say_count(len(noticed), 'family')} noticed. "
            "See: autocode codes families STUDY"
        )
    return noticed[number - 1].codes


def _describe(change: FamilyChange, *, dry_run: bool) -> str:
    act = f" (act {change.act})" if change.act is not None else ""
    if change.codes:
        n = say_count(len(change.codes), "code")
        verb = "would be" if dry_run else "is" if len(change.codes) == 1 else "are"
        what = f"in the family '{change.family}'" if change.family else "in no family"
        return f"{n} {verb} {what}{act}: {', '.join(change.codes)}"
    state = {True: "on", False: "off", None: "left to the codings"}[change.on]
    verb = "would be" if dry_run else "is"
    return f"the family '{change.family}' {verb} {state} in {', '.join(change.transcripts)}{act}"


@click.command("families", cls=Command, examples=["autocode codes families study.autocode"])
@options.study
@options.as_json
def families(study: Path, as_json: bool) -> None:
    """List the families of codes, and codes that may be one.

    Says where each is in use, and why.

    Codes are proposed as a family of the interview guide if they are used in few transcripts, in
    most of those together, and in an order that chance does not explain. Nothing is applied: take
    a proposal with 'autocode codes family --noticed N'.
    """
    from ..project import Project
    from ..project.families import count_reasons

    with Project.open(study) as project:
        listed = project.code_families()
    if as_json:
        terminal.print_json(listed.to_dict())
        return
    for view in listed.families:
        names = ", ".join(code.name for code in view.codes)
        n_codes = say_count(len(view.codes), "code")
        click.echo(terminal.wrap(f"{view.family}: {n_codes} ({names})", indent=0))
        for is_on, basis, n in count_reasons(view.states):
            shown = [s.transcript for s in view.states if (s.is_on, s.basis) == (is_on, basis)]
            click.echo(
                terminal.wrap(
                    f"{'on' if is_on else 'off'} in {n} ({basis}): {', '.join(shown)}", indent=2
                )
            )
    for number, noticed in enumerate(listed.noticed, start=1):
        click.echo(terminal.wrap(f"noticed {number}: {noticed.describe()}", indent=0))
        click.echo(terminal.wrap(f"codes: {', '.join(noticed.codes)}", indent=2))
        click.echo(terminal.wrap(f"in: {', '.join(noticed.transcripts)}", indent=2))
        click.echo(
            "  if so: autocode codes family STUDY --noticed "
            f"{number} --as {noticed.kind} --coder NAME"
        )
    if not listed.families and not listed.noticed:
        click.echo("No code is in a family, and none is noticed in the codings.")
