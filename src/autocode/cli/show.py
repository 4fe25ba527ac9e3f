"""`autocode show`: what a study holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.counted import say_counts
from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..core.run import Run
    from ..project.listing import SectionList
    from ..project.overview import Overview

_N_SPEAKERS = 3
_UNITS = {
    "turn": "whole turns",
    "paragraph": "paragraphs",
    "meaning": "meaning units",
    "sentence": "sentences",
    "given": "given with a corpus",
}


@click.command(
    "show",
    cls=Command,
    examples=[
        "autocode show study.autocode",
        "autocode show study.autocode --sections --transcript 01_amanda",
    ],
)
@options.study
@click.option("--sections", is_flag=True, help="List the sections of long transcripts instead.")
@click.option("--transcript", metavar="NAME", help="List the sections of this transcript only.")
@options.as_json
def command(study: Path, sections: bool, transcript: str | None, as_json: bool) -> None:
    """Show what a study holds.

    Lists the transcripts of STUDY with their numbers of segments and codings, their coders, and how
    the segments, suggestions and themes were made.

    With --sections or --transcript, lists where a transcript turns to another topic: the first
    words of each section, who speaks in it, and the words that set it apart.
    """
    from ..project import Project
    from ..project.listing import list_sections

    with Project.open(study) as project:
        if sections or transcript is not None:
            _show_sections(list_sections(project, transcript), as_json=as_json)
            return
        overview = project.overview()
    if as_json:
        terminal.print_json(overview.to_dict())
        return
    _show_overview(overview)


def _show_overview(overview: Overview) -> None:
    click.echo(say_counts(overview.counts))
    terminal.print_table(
        ["transcript", "format", "turns", "segments", "words", "codings", "coders"],
        [
            [t.transcript, t.format, t.n_turns, t.n_segments, t.n_words, t.n_codings,
             ", ".join(t.coders)]
            for t in overview.transcripts
        ],
    )  # fmt: skip
    if overview.units:
        click.echo(f"segments: {_describe_units(overview.units, overview.runs['segment'])}")
    for run in (*overview.suggest_runs, overview.runs["themes"]):
        if run is not None:
            whom = run.parameters.get("for") if run.kind == "suggest" else None
            plain = {name: value for name, value in run.parameters.items() if name != "for"}
            parts = [run.made_at, run.method, run.encoder, *_plain(plain)]
            whose = f" for {whom}" if whom else ""
            click.echo(f"{run.kind}{whose}: {', '.join(parts)} (all: --json)")


def _describe_units(units: Sequence[str], run: Run | None) -> str:
    """The units of a study, and how the last `segment` made them."""
    kinds = " and ".join(_UNITS.get(unit, unit) for unit in units)
    if run is None or run.method not in units:
        return kinds
    kinds += ", across speakers" * bool(run.parameters["across_speakers"])
    return f"{kinds}, by the vectors of {run.encoder}" if run.encoder else kinds


def _plain(parameters: dict[str, Any]) -> list[str]:
    """The parameters that are one number or word each; tables of them are for JSON."""
    return [
        f"{name} {str(value).lower() if isinstance(value, bool) else value}"
        for name, value in parameters.items()
        if isinstance(value, str | int | float) and value != ""
    ]


def _show_sections(sections: SectionList, *, as_json: bool) -> None:
    if as_json:
        terminal.print_json(sections.to_dict())
        return
    if not sections.sections:
        click.echo("There are no transcripts. Import some with: autocode import STUDY FILES")
        return
    terminal.print_table(
        ["transcript", "section", "from", "to", "words", "speakers", "terms", "begins"],
        [
            [
                row["transcript"],
                row["section"],
                row["first_turn"],
                row["last_turn"],
                row["n_words"],
                ", ".join(row["speakers"][:_N_SPEAKERS]),
                ", ".join(row["terms"]),
                row["opening"],
            ]
            for row in sections.to_rows()
        ],
        shorten=("terms", "begins"),
    )
    click.echo("from, to: the first and last turn, counted from 1")
