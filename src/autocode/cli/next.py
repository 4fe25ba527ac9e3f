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
"""Said of a code of which nothing can be accepted unseen."""


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

    They are unsure, may carry codes with few uses, and are unlike what is coded. The table of codes
    says for each whether enough is coded to find it, whether its definition alone would, and from
    which probability on a suggestion is sure enough to be accepted unseen.
    """
    from ..encode.sentence_transformers import load_encoder
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
                "sure_from": ranking.parameters.get("sure_from", {}),
            }
        )
        return
    for segment, one in found:
        words = " ".join(segment.excerpt.split())[:140]
        click.echo(
            f"{one.worth:.2f}  {segment.transcript} {segment.span.start}..{segment.span.end}, "
            f"{segment.speaker or 'unnamed'}: {words}"
        )
        click.echo(
            f"      unsure {one.unsure:.2f}, rare {one.rare:.2f}, unlike the coded {one.unlike:.2f}"
        )
    if not found:
        click.echo("Every participant segment is coded or read.")
    click.echo()
    _tell_codes(ranking.parameters, codebook)
    for remark in ranking.remarks:
        click.echo(remark)


def _tell_codes(parameters: Mapping[str, Any], codebook: Codebook) -> None:
    standings, sure_from = parameters.get("codes", []), parameters.get("sure_from", {})
    terminal.table(
        ["code", "uses", "found in 3", "low", "high", "coded", "by its words alone", "sure"],
        [
            [
                codebook.by_id[one["code"]].name,
                one["uses"],
                one.get("found"),
                one.get("low"),
                one.get("high"),
                one["enough"],
                _findable(one),
                f"from {sure_from[one['code']]:.2f}" if one["code"] in sure_from else NOT_YET,
            ]
            for one in sorted(standings, key=lambda one: -one["uses"])
        ],
    )


def _findable(standing: dict[str, Any]) -> str:
    found = str(standing["findable"])
    if found == "no":
        return f"not findable ({standing['by_words']:.2f})"
    return f"{found} ({standing['by_words']:.2f})" if "by_words" in standing else found
