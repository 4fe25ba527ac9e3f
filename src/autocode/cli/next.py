"""`autocode next`: what to code next, and the status of each code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal
from .commands import Command
from .progress import progress_on_stderr

if TYPE_CHECKING:
    from ..core.codebook import Codebook

NOT_YET = "not enough coded"
"""Shown for a code whose suggestions cannot be auto-accepted."""


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
    (auto-accept).
    """
    from ..encode.load import load_encoder
    from ..project import Project

    with progress_on_stderr() as progress, Project.open(study) as project:
        encoder = load_encoder(model, allow_download=allow_download)
        segments, ranking = project.what_next(
            encoder, n_wanted=n_wanted, include_interviewer=include_interviewer, progress=progress
        )
        codebook = project.codebook()
    if as_json:
        terminal.print_json(
            {
                "next": [
                    {k: v for k, v in asdict(priority).items() if k != "row"}
                    | {
                        "transcript": segment.transcript,
                        "span": asdict(segment.span),
                        "speaker": segment.speaker,
                        "excerpt": segment.excerpt,
                    }
                    for segment, priority in segments
                ],
                "codes": ranking.parameters.get("codes", []),
                "auto_accept_from": ranking.parameters.get("auto_accept_from", {}),
            }
        )
        return
    for segment, priority in segments:
        words = terminal.excerpt(segment.excerpt, 140)
        click.echo(
            f"{priority.priority:.2f}  {segment.transcript} "
            f"{segment.span.start}..{segment.span.end}, {segment.speaker or 'unnamed'}: {words}"
        )
        click.echo(
            f"      uncertain {priority.uncertainty:.2f}, rare {priority.rarity:.2f}, "
            f"novel {priority.novelty:.2f}"
        )
    if not segments:
        click.echo("Every participant segment is coded or read.")
    click.echo()
    _show_codes(ranking.parameters, codebook)
    for remark in ranking.remarks:
        click.echo(remark)


def _show_codes(parameters: Mapping[str, Any], codebook: Codebook) -> None:
    statuses, auto_accept_from = parameters.get("codes", []), parameters.get("auto_accept_from", {})
    terminal.print_table(
        ["code", "uses", "found in 3", "low", "high", "coded", "by its words alone", "auto-accept"],
        [
            [
                codebook.by_id[status["code"]].name,
                status["uses"],
                status.get("found"),
                status.get("low"),
                status.get("high"),
                status["enough"],
                _findable(status),
                f"from {auto_accept_from[status['code']]:.2f}"
                if status["code"] in auto_accept_from
                else NOT_YET,
            ]
            for status in sorted(statuses, key=lambda status: -status["uses"])
        ],
    )


def _findable(status: dict[str, Any]) -> str:
    answer = str(status["findable"])
    if answer == "no":
        return f"not findable ({status['by_words']:.2f})"
    return f"{answer} ({status['by_words']:.2f})" if "by_words" in status else answer
