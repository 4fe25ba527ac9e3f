"""`autocode resolve`: where two coders differ, what they settled on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.counted import say_count
from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..core.acts import Done
    from ..core.coding import Coding, Outcome
    from ..project.resolving import Resolved


@click.command(
    "resolve",
    cls=Command,
    examples=[
        "autocode resolve study.autocode",
        "autocode resolve study.autocode --transcript t1 --start 340 --end 402 --code shame"
        ' --outcome one --reason "The definition says so" --coder Lead',
        "autocode resolve study.autocode --agreed --transcript t1 --one Amina --other Jonas"
        " --coder Lead",
    ],
)
@options.study
@click.option("--transcript", metavar="NAME", help="The transcript.")
@click.option("--turn", type=int, metavar="N", help="A whole turn, counted from 1.")
@click.option("--start", type=click.IntRange(min=0), metavar="N", help="First character.")
@click.option("--end", type=click.IntRange(min=0), metavar="N", help="Character after it.")
@click.option("--code", metavar="CODE", help="The code they differ on.")
@click.option(
    "--outcome",
    type=click.Choice(["both", "one", "other", "neither", "span", "stand"]),
    help="Whose reading counts; span: the code belongs on other words; stand: both readings stand.",
)
@click.option("--agreed", is_flag=True, help="Take all that the two agree on in a transcript.")
@click.option("--reason", metavar="TEXT", help="Why.")
@click.option("--note", default="", metavar="TEXT", help="What else there is to say of it.")
@click.option("--coder", metavar="NAME", help="Who settles it.")
@click.option("--one", metavar="NAME", help="One coder (default: the first by name there).")
@click.option("--other", metavar="NAME", help="The other coder (default: the second).")
@click.option("--to-start", type=click.IntRange(min=0), metavar="N", help="Start for span.")
@click.option("--to-end", type=click.IntRange(min=0), metavar="N", help="End for span.")
@click.option(
    "--consensus", default="Consensus", show_default=True, metavar="NAME", help="Its name."
)
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@options.as_json
def command(
    study: Path, transcript: str | None, turn: int | None, start: int | None, end: int | None,
    code: str | None, outcome: Outcome | None, agreed: bool, reason: str | None, note: str,
    coder: str | None, one: str | None, other: str | None, to_start: int | None,
    to_end: int | None, consensus: str, dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Settle codes on which two coders differ.

    The outcome is kept as the work of a consensus, a coder of its own kind, with the reason; what
    the two coded stays, and so does their agreement: 'autocode agree' leaves a consensus out unless
    it is named. Suggestions are learned from the outcome in place of the two readings. That both
    readings stand is an outcome too: then nothing takes their place.

    --agreed takes what both have coded alike, with the reason that both coded it so.

    Without --outcome the resolutions are listed, those of a transcript or a code if one is named.
    """
    if agreed:
        if any(given is not None for given in (code, outcome, turn, start, end, reason)):
            raise click.UsageError("--agreed takes a whole transcript: no place, code or outcome.")
        _take_agreed(
            study, transcript, one, other, coder, consensus, dry_run=dry_run, as_json=as_json
        )
        return
    if outcome is None:
        if any(given is not None for given in (turn, start, end, reason, to_start, to_end)):
            raise click.UsageError("To settle, say what the outcome is: --outcome")
        _list(study, transcript, code, as_json=as_json)
        return
    from ..core.transcript import Span
    from ..project import Project
    from ..project.hand_coding import Place
    from ..project.resolving import ResolveOptions

    needed = {"--transcript": transcript, "--code": code, "--reason": reason, "--coder": coder}
    if missing := [name for name, given in needed.items() if given is None]:
        raise click.UsageError(f"To settle, give also {', '.join(missing)}.")
    if (to_start is None) != (to_end is None):
        raise click.UsageError("Give both --to-start and --to-end.")
    to = None if to_start is None or to_end is None else Span(to_start, to_end)
    wanted = ResolveOptions(
        one=one, other=other, consensus=consensus, to=to, note=note, dry_run=dry_run
    )
    place = Place(transcript=transcript or "", turn=turn, start=start, end=end)
    with Project.open(study) as project:
        done = project.resolve(
            place, code or "", outcome, reason=reason or "", coder=coder or "", options=wanted
        )
    _print_resolved(done, as_json=as_json)


def _take_agreed(
    study: Path,
    transcript: str | None,
    one: str | None,
    other: str | None,
    coder: str | None,
    consensus: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    from ..project import Project
    from ..project.resolving import ResolveOptions

    needed = {"--transcript": transcript, "--one": one, "--other": other, "--coder": coder}
    if missing := [name for name, given in needed.items() if given is None]:
        raise click.UsageError(f"To take what two agree on, give also {', '.join(missing)}.")
    wanted = ResolveOptions(one=one, other=other, consensus=consensus, dry_run=dry_run)
    with Project.open(study) as project:
        done = project.take_agreed(transcript or "", coder=coder or "", options=wanted)
    assert done.result is not None  # a request without a key is never a repeated one
    if as_json:
        from dataclasses import replace

        number = done.act.number if done.act else None
        terminal.print_json(replace(done.result, act=number).to_dict())
        return
    taken = done.result
    number_words = f" (act {done.act.number})" if done.act else ""
    n = len(taken.places)
    places = say_count(n, "place")
    click.echo(
        f"{transcript}: {places} on which {one} and {other} agree to {consensus}{number_words}"
    )


def _print_resolved(done: Done[Resolved], *, as_json: bool) -> None:
    assert done.result is not None  # a request without a key is never a repeated one
    if as_json:
        from dataclasses import replace

        number = done.act.number if done.act else None
        terminal.print_json(replace(done.result, act=number).to_dict())
        return
    made = done.result.resolution
    number_words = f" (act {done.act.number})" if done.act else ""
    settled = "both readings stand"
    if made.outcome != "stand":
        spans = _spans(done.result.codings)
        settled = f"{made.outcome} of {made.one} and {made.other}; {made.consensus}: {spans}"
    click.echo(f"{made.code} in {made.transcript}: {settled}{number_words}")


def _list(study: Path, transcript: str | None, code: str | None, *, as_json: bool) -> None:
    from ..project import Project
    from ..project.resolution_list import list_resolutions

    with Project.open(study) as project:
        listed = list_resolutions(project, transcript=transcript, code=code)
    if as_json:
        terminal.print_json(listed.to_dict())
        return
    if not listed.resolutions:
        click.echo("Nothing was settled yet. See where coders differ: autocode agree STUDY")
        return
    for view in listed.resolutions:
        made = view.resolution
        outcome = "" if made.outcome == "stand" else f" ({made.consensus}: {_spans(view.codings)})"
        place = f"{made.transcript}, {view.position}"
        click.echo(f"{place}: {terminal.excerpt(view.excerpt, 100)}")
        click.echo(terminal.wrap(f"{made.describe(view.name)}{outcome}", indent=4))


def _spans(codings: Sequence[Coding]) -> str:
    return ", ".join(f"{c.span.start}..{c.span.end}" for c in codings) or "not applied"
