"""`autocode next`: what to code next, and how each code stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal

if TYPE_CHECKING:
    from ..core.codebook import Codebook

NOT_YET = "not enough coded"
"""Said of a code without a threshold for auto-acceptance."""


@click.command("next")
@options.study
@click.option("--n", "n_wanted", default=10, show_default=True, type=click.IntRange(1),
              help="Segments to name.")  # fmt: skip
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
    """Name the segments of STUDY whose coding would teach the suggester most.

    Their codes are uncertain, they may carry codes with few uses, and they differ from what is
    coded. The table of codes says for each whether enough is coded to find it, whether its
    definition alone would, and from which probability on a suggestion may be accepted without
    reading.
    """
    from ..encode.load import load_encoder
    from ..project import Project

    with terminal.bars(quiet=as_json) as progress, Project.open(study) as project:
        encoder = load_encoder(model, allow_download=allow_download)
        found, ranking = project.what_next(
            encoder, n_wanted=n_wanted, include_interviewer=include_interviewer, progress=progress
        )
        codebook = project.codebook()
    if as_json:
        terminal.dump(
            {
                "next": [
                    {k: v for k, v in asdict(one).items() if k != "row"}
                    | {
                        "transcript": segment.transcript,
                        "span": asdict(segment.span),
                        "speaker": segment.speaker,
                        "excerpt": segment.excerpt,
                    }
                    for segment, one in found
                ],
                "codes": ranking.parameters.get("codes", []),
                "auto_accept_from": ranking.parameters.get("auto_accept_from", {}),
            }
        )
        return
    for segment, one in found:
        words = " ".join(segment.excerpt.split())[:140]
        click.echo(
            f"{one.priority:.2f}  {segment.transcript} {segment.span.start}..{segment.span.end}, "
            f"{segment.speaker or 'unnamed'}: {words}"
        )
        click.echo(
            f"      uncertain {one.uncertainty:.2f}, rare {one.rarity:.2f}, new {one.novelty:.2f}"
        )
    if not found:
        click.echo("Every participant segment is coded or read.")
    click.echo()
    _tell_codes(ranking.parameters, codebook)
    for remark in ranking.remarks:
        click.echo(remark)


def _tell_codes(parameters: Mapping[str, Any], codebook: Codebook) -> None:
    standings, auto_accept_from = (
        parameters.get("codes", []),
        parameters.get("auto_accept_from", {}),
    )
    terminal.table(
        ["code", "uses", "found in 3", "low", "high", "coded", "by its words alone", "auto-accept"],
        [
            [
                codebook.by_id[one["code"]].name,
                one["uses"],
                one.get("found"),
                one.get("low"),
                one.get("high"),
                one["enough"],
                _findable(one),
                f"from {auto_accept_from[one['code']]:.2f}"
                if one["code"] in auto_accept_from
                else NOT_YET,
            ]
            for one in sorted(standings, key=lambda one: -one["uses"])
        ],
    )


def _findable(standing: dict[str, Any]) -> str:
    found = str(standing["findable"])
    if found == "no":
        return f"not findable ({standing['by_words']:.2f})"
    return f"{found} ({standing['by_words']:.2f})" if "by_words" in standing else found
