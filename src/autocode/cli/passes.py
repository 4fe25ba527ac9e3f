"""`autocode passes`: who codes which transcript, and how far it has come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.coding_pass import ASSISTANCE
from ..core.counted import say_count
from . import options, terminal
from .commands import Group

if TYPE_CHECKING:
    from ..core.coding_pass import Assistance
    from ..project.assigning import Assignment
    from ..project.pass_states import PassChange, Unread

_lead = click.option("--lead", default="", metavar="NAME", help="Who does this.")
_who = click.option("--lead", required=True, metavar="NAME", help="Who does this.")
_named = click.argument("transcripts", metavar="[TRANSCRIPT]...", nargs=-1)
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")


@click.group("passes", cls=Group, examples=["autocode passes list study.autocode"])
def command() -> None:
    """Give transcripts to coders, and follow their passes.

    A pass is a coder's way through a transcript: open, then finished, then revealed to the others.
    In a blind one nothing of anybody else's work reaches the coder.
    """


@command.command(
    "assign",
    examples=[
        "autocode passes assign study.autocode --coder Ana --coder Ben --double 0.2 --blind",
        "autocode passes assign study.autocode --coder Cleo --transcript t1 --dry-run",
    ],
)
@options.study
@click.option(
    "--coder", "coders", multiple=True, required=True, metavar="NAME",
    help="Who gets transcripts; given again for each.",
)  # fmt: skip
@click.option(
    "--transcript", "transcripts", multiple=True, metavar="NAME",
    help="Give these transcripts only (default: all).",
)  # fmt: skip
@click.option(
    "--double", type=float, default=0.0, metavar="SHARE",
    help="Draw this share, 0 to 1, to be coded by a second coder too.",
)  # fmt: skip
@click.option(
    "--by", metavar="ATTRIBUTE", help="Draw from each value of this attribute in proportion."
)
@options.random_state("the dealing and the draw")
@click.option("--blind", is_flag=True, help="Show a coder nothing of others until it is revealed.")
@click.option(
    "--assistance", type=click.Choice(ASSISTANCE),
    help="What suggestions in the passes may be learned from (default: none if blind, else all).",
)  # fmt: skip
@options.new_coder
@_lead
@_dry_run
@options.as_json
def assign(
    study: Path, coders: tuple[str, ...], transcripts: tuple[str, ...], double: float,
    by: str | None, random_state: int, blind: bool, assistance: Assistance | None,
    new_coder: bool, lead: str, dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Give transcripts to coders, and draw those coded twice.

    Transcripts that nobody has are assigned, so that each coder gets about as many words. What
    was assigned before stays. One coder with --transcript gets just those transcripts, as a
    second pass where somebody has them.
    """
    from ..project import Project
    from ..project.assigning import AssignOptions

    wanted = AssignOptions(
        transcripts=transcripts, double=double, by=by, random_state=random_state, blind=blind,
        assistance=assistance, new_coder=new_coder, dry_run=dry_run,
    )  # fmt: skip
    with Project.open(study) as project:
        done = project.assign_passes(coders, coder=lead, options=wanted)
    assert done.result is not None  # a request without a key is never a repeated one
    if as_json:
        terminal.print_json(done.result.to_dict())
        return
    _show_assignment(done.result, dry_run=dry_run)


def _show_assignment(made: Assignment, *, dry_run: bool) -> None:
    terminal.print_table(
        ["transcript", "coder", "pass", "assistance", "drawn"],
        [
            [one.transcript, one.coder, _kind(one.kind, blind=one.blind), one.assistance,
             one.draw_order]
            for one in made.passes
        ],
    )  # fmt: skip
    click.echo()
    terminal.print_table(
        ["coder", "transcripts", "of them second", "words"],
        [[load.coder, load.n_transcripts, load.n_second, load.n_words] for load in made.loads],
    )
    verb = "would be assigned" if dry_run else "assigned"
    before = f"; {made.n_before} were assigned before and stay" if made.n_before else ""
    number = f" (act {made.act})" if made.act else ""
    click.echo(f"{say_count(len(made.passes), 'pass')} {verb}{before}{number}")


def _kind(kind: str, *, blind: bool) -> str:
    return f"{kind}, blind" if blind else kind


@command.command(
    "list",
    examples=[
        "autocode passes list study.autocode",
        "autocode passes list study.autocode --coder Ana",
    ],
)
@options.study
@click.option("--coder", metavar="NAME", help="Passes of this coder only.")
@options.transcript
@options.as_json
def list_passes(study: Path, coder: str | None, transcript: str | None, as_json: bool) -> None:
    """List the passes with their progress.

    Counts segments of participants, and how many of them the coder has coded or read.
    """
    from ..project import Project

    with Project.open(study) as project:
        listed = project.passes(coder=coder, transcript=transcript)
    if as_json:
        terminal.print_json(listed.to_dict())
        return
    if not listed.passes:
        click.echo("No transcript is assigned. Assign some: autocode passes assign STUDY")
        return
    terminal.print_table(
        ["transcript", "coder", "pass", "assistance", "state", "read", "segments", "codings"],
        [
            [view.of.transcript, view.of.coder, _kind(view.of.kind, blind=view.of.blind),
             view.of.assistance, _describe_state(view.of.state, view.of.n_reopened), view.n_read,
             view.n_segments, view.n_codings]
            for view in listed.passes
        ],
    )  # fmt: skip


def _describe_state(state: str, n_reopened: int) -> str:
    return state if not n_reopened else f"{state}, reopened {n_reopened}x"


@command.command(
    "finish",
    examples=[
        "autocode passes finish study.autocode --coder Ana --dry-run",
        "autocode passes finish study.autocode --coder Ana 02_grace --all-read",
    ],
)
@options.study
@_named
@click.option("--coder", required=True, metavar="NAME", help="Whose passes.")
@click.option("--all-read", is_flag=True, help="Note what is unread as read, with nothing applied.")
@click.option("--anyway", is_flag=True, help="Finish though segments are unread; they stay so.")
@_dry_run
@options.as_json
def finish(
    study: Path, transcripts: tuple[str, ...], coder: str, all_read: bool, anyway: bool,
    dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Finish a coder's open passes: their work in them is fixed.

    Without TRANSCRIPT, all that are open. If segments are unread, say what to do with them
    (--all-read, --anyway); --dry-run lists them. After that, changes to work in the pass are
    refused.
    """
    from ..project import Project
    from ..project.pass_states import PassOptions

    if all_read and anyway:
        raise click.UsageError("Unread segments are either read or left: --all-read or --anyway.")
    unread: Unread = "read" if all_read else "leave" if anyway else "refuse"
    wanted = PassOptions(unread=unread, dry_run=dry_run)
    with Project.open(study) as project:
        done = project.finish_pass(coder, transcripts, options=wanted)
    note = {"read": "noted as read", "leave": "left unread", "refuse": "unread"}[unread]
    _show_change(done.result, dry_run=dry_run, as_json=as_json, note=note)


@command.command(
    "reopen",
    examples=[
        "autocode passes reopen study.autocode 02_grace --coder Ben --reason Misread --lead Ana"
    ],
)
@options.study
@click.argument("transcripts", metavar="TRANSCRIPT...", nargs=-1, required=True)
@click.option("--coder", required=True, metavar="NAME", help="Whose passes.")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@_who
@_dry_run
@options.as_json
def reopen(
    study: Path, transcripts: tuple[str, ...], coder: str, reason: str, lead: str, dry_run: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Open finished passes again, so that their coder can go on.

    The history keeps it with the reason, and 'autocode agree' says so. Revealed passes cannot be
    opened.
    """
    from ..project import Project
    from ..project.pass_states import PassOptions

    with Project.open(study) as project:
        done = project.reopen_pass(
            coder, transcripts, reason=reason, coder=lead, options=PassOptions(dry_run=dry_run)
        )
    _show_change(done.result, dry_run=dry_run, as_json=as_json)


@command.command("reveal", examples=["autocode passes reveal study.autocode --lead Ana"])
@options.study
@_named
@_who
@_dry_run
@options.as_json
def reveal(
    study: Path, transcripts: tuple[str, ...], lead: str, dry_run: bool, as_json: bool
) -> None:
    """Reveal finished passes of one transcript to each other.

    Without TRANSCRIPT, those of all transcripts whose passes are all finished. This cannot be
    undone: what is revealed is fixed for good. Changes of mind go into a consensus ('autocode
    resolve').
    """
    from ..project import Project
    from ..project.pass_states import PassOptions

    with Project.open(study) as project:
        done = project.reveal_passes(transcripts, coder=lead, options=PassOptions(dry_run=dry_run))
    _show_change(done.result, dry_run=dry_run, as_json=as_json)


def _show_change(
    change: PassChange | None, *, dry_run: bool, as_json: bool, note: str = ""
) -> None:
    assert change is not None  # a request without a key is never a repeated one
    if as_json:
        terminal.print_json(change.to_dict())
        return
    for view in change.passes:
        where = f"{view.of.transcript}, {view.of.coder}"
        state = _describe_state(view.of.state, view.of.n_reopened)
        rest = f", {len(view.unread)} {note}" if note and view.unread else ""
        codings = say_count(view.n_codings, "coding")
        read = f"{view.n_read} of {say_count(view.n_segments, 'segment')} read{rest}; {codings}"
        click.echo(f"{where}: {state} ({read})")
        if change.action == "finish" and dry_run:
            for segment in view.unread:
                click.echo(f"  unread: {terminal.excerpt(segment.excerpt, 100)}")
    verb = {"finish": "finished", "reopen": "opened again", "reveal": "revealed"}[change.action]
    number = f" (act {change.act})" if change.act else ""
    n = len(change.passes)
    passes = say_count(n, "pass")
    click.echo(f"{passes} {'would be ' if dry_run else ''}{verb}{number}")
