"""`autocode next`: what to code next, and the status of each code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import options, terminal
from .commands import Command
from .progress import progress_on_stderr

if TYPE_CHECKING:
    from ..core.codebook import Codebook
    from ..core.suggestion import CodeStatus, SuggestionDiagnostics

NEVER = "no"
"""Shown for a code whose suggestions cannot be auto-accepted, however much is coded."""


@click.command(
    "next",
    cls=Command,
    examples=["autocode next study.autocode", "autocode next study.autocode --n 25"],
)
@options.study
@click.option(
    "--n", "n_wanted", default=10, show_default=True, type=click.IntRange(1), metavar="N",
    help="How many segments to name.",
)  # fmt: skip
@options.interviewer
@options.encoder
@options.as_json
def command(
    study: Path,
    n_wanted: int,
    include_interviewer: bool,
    model: str,
    allow_download: bool,
    as_json: bool,
) -> None:
    """Name the segments to code next, and each code's status.

    The segments are those whose coding would teach the suggester most: their codes are uncertain,
    may be rare ones, and they are unlike what is coded.

    The table shows for each code whether enough is coded to find it, whether its definition alone
    finds it, and the probability above which a suggestion may be accepted without reading it
    (auto-accept; "no" where the codings do not show that few enough would be wrong).
    """
    from ..encode.load import load_encoder
    from ..project import Project

    with progress_on_stderr() as progress, Project.open(study) as project:
        encoder = load_encoder(model, allow_download=allow_download)
        queue = project.what_next(
            encoder, n_wanted=n_wanted, include_interviewer=include_interviewer, progress=progress
        )
        codebook = project.codebook()
        transcripts = {transcript.name: transcript for transcript in project.transcripts()}
    if as_json:
        terminal.print_json(queue.to_dict())
        return
    for queued in queue.segments:
        segment, priority = queued.segment, queued.priority
        words = terminal.excerpt(segment.excerpt, 140)
        position = transcripts[segment.transcript].locate(segment.span)
        source = f"{segment.transcript}, {position or 'unnamed'}"
        click.echo(f"{priority.priority:.2f}  {source}: {words}")
        click.echo(
            f"      uncertain {priority.uncertainty:.2f}, rare {priority.rarity:.2f}, "
            f"novel {priority.novelty:.2f}"
        )
    if not queue.segments:
        click.echo("Every participant segment is coded or read.")
    click.echo()
    _show_codes(queue.diagnostics, codebook)
    for remark in queue.remarks:
        click.echo(remark)


def _show_codes(diagnostics: SuggestionDiagnostics, codebook: Codebook) -> None:
    if not diagnostics.codes:
        return
    threshold = diagnostics.auto_accept_from
    terminal.print_table(
        ["code", "uses", "found in 3", "low", "high", "coded", "by its words alone", "auto-accept"],
        [
            [
                codebook.by_id[status.code].name,
                status.n_uses,
                status.recall,
                status.low,
                status.high,
                status.enough,
                _findable(status),
                f"from {threshold[status.code]:.2f}" if status.code in threshold else NEVER,
            ]
            for status in sorted(diagnostics.codes, key=lambda status: -status.n_uses)
        ],
    )


def _findable(status: CodeStatus) -> str:
    if status.definition_auc is None:
        return status.findable
    words = "not findable" if status.findable == "no" else status.findable
    return f"{words} ({status.definition_auc:.2f})"
