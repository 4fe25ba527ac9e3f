"""`autocode resolve`: where two coders differ, what they settled on."""

from __future__ import annotations

from pathlib import Path

import click

from . import options, terminal
from .commands import Command


@click.command(
    "resolve",
    cls=Command,
    examples=[
        "autocode resolve study.autocode --transcript t1 --start 340 --end 402 --code shame"
        ' --outcome one --reason "The definition says so" --coder Lead',
    ],
)
@options.study
@click.option("--transcript", required=True, metavar="NAME", help="The transcript.")
@click.option("--turn", type=int, metavar="N", help="A whole turn, counted from 1.")
@click.option("--start", type=click.IntRange(min=0), metavar="N", help="First character.")
@click.option("--end", type=click.IntRange(min=0), metavar="N", help="Character after it.")
@click.option("--code", required=True, metavar="CODE", help="The code they differ on.")
@click.option(
    "--outcome",
    required=True,
    type=click.Choice(["both", "one", "other", "neither", "span"]),
    help="Whose reading stands; span: the code stands on other words.",
)
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.option("--coder", required=True, metavar="NAME", help="Who settles it.")
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
    study: Path, transcript: str, turn: int | None, start: int | None, end: int | None, code: str,
    outcome: str, reason: str, coder: str, one: str | None, other: str | None,
    to_start: int | None, to_end: int | None, consensus: str, dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Settle a code on which two coders differ.

    The outcome is kept as the work of a consensus, a coder of its own kind, with the reason as its
    memo; what the two coded stays, and so does their agreement: 'autocode agree' leaves a consensus
    out unless it is named.
    """
    from ..core.transcript import Span
    from ..project import Project
    from ..project.hand_coding import Place
    from ..project.resolving import OUTCOMES, ResolveOptions

    if (to_start is None) != (to_end is None):
        raise click.UsageError("Give both --to-start and --to-end.")
    to = None if to_start is None or to_end is None else Span(to_start, to_end)
    wanted = ResolveOptions(one=one, other=other, consensus=consensus, to=to, dry_run=dry_run)
    place = Place(transcript=transcript, turn=turn, start=start, end=end)
    (chosen,) = [known for known in OUTCOMES if known == outcome]
    with Project.open(study) as project:
        done = project.resolve(place, code, chosen, reason=reason, coder=coder, options=wanted)
    assert done.result is not None  # a request without a key is never a repeated one
    if as_json:
        from dataclasses import replace

        number = done.act.number if done.act else None
        terminal.print_json(replace(done.result, act=number).to_dict())
        return
    result = done.result
    number_words = f" (act {done.act.number})" if done.act else ""
    spans = ", ".join(f"{c.span.start}..{c.span.end}" for c in result.codings) or "not applied"
    click.echo(
        f"{result.code} in {result.transcript}: {result.outcome} of {result.one} and "
        f"{result.other}; {result.consensus}: {spans}{number_words}"
    )
