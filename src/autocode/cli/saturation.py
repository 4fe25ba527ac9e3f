"""`autocode saturation`: what each further transcript adds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..analysis.saturation import Saturation

_CAVEAT = {
    "codes": "A codebook that was fixed beforehand can only fill up: its curve says how soon the "
    "codes were met, not that nothing else was said.",
    "themes": "Draft themes are made of all transcripts together, so the curve must end at their "
    "number: it says how soon they were met, not that nothing else was said.",
}


@click.command("saturation", cls=Command, examples=["autocode saturation study.autocode"])
@options.study
@options.as_json
def command(study: Path, as_json: bool) -> None:
    """Count the new codes and themes of each transcript.

    Codes are those that people applied, in transcripts they have read. The mean is exact, over all
    orders of the transcripts; low and high hold 95 % of 1,000 random orders of the same
    transcripts, which is no interval for other transcripts. The stopping rule is that of Guest,
    Namey and Chen (2020). How many codes no transcript has shown yet is estimated with Chao2 (Chao
    1987): a lower bound, and no number for a codebook that was fixed beforehand.
    """
    from ..project import Project

    with Project.open(study) as project:
        curves = project.saturation()
    if as_json:
        terminal.print_json(curves.to_dict())
        return
    for kind, curve in (("codes", curves.codes), ("themes", curves.themes)):
        if curve is None:
            click.echo(f"{kind}: none yet")
        else:
            _show_curve(kind, curve)
        click.echo()


def _show_curve(kind: str, curve: Saturation) -> None:
    click.echo(f"{kind}, transcripts in the order imported")
    terminal.print_table(
        ["n", "transcript", f"new {kind}", f"{kind} so far", "mean of all orders", "low", "high"],
        [[s.n, s.transcript, s.new, s.as_imported, s.mean, s.low, s.high] for s in curve.steps],
    )
    click.echo(f"low, high: 95 % over {curve.n_orders:,} orders of the same transcripts")
    click.echo(_describe_rule(kind, curve))
    if curve.unseen is not None:
        from ..analysis.saturation import describe_unseen

        click.echo(describe_unseen(curve.unseen))
    click.echo(_CAVEAT[kind])


def _describe_rule(kind: str, curve: Saturation) -> str:
    from ..analysis.saturation import BASE, RUN, THRESHOLD

    rule = f"base of {BASE} transcripts, runs of {RUN}, at most {THRESHOLD:.0%} new"
    if not curve.runs:
        return f"{rule}: needs {BASE + RUN} transcripts, with {kind} in the base"
    if curve.reached is None:
        last = curve.runs[-1]
        return (
            f"{rule}: not reached; the last {RUN} transcripts brought {last.new} new {kind}, "
            f"{last.share:.0%} of the {curve.n_base} in the base"
        )
    return f"{rule}: reached at {curve.reached} transcripts ({curve.reached - RUN}+{RUN})"
