"""`autocode codes`: the codebook of a study."""

from __future__ import annotations

from pathlib import Path

import click

from . import options, terminal
from .commands import Group


@click.group("codes", cls=Group, examples=["autocode codes list study.autocode"])
def command() -> None:
    """Look at the codebook.

    The codebook comes from 'autocode import'; 'autocode themes decide' adds codes to it.
    """


@command.command("list", examples=["autocode codes list study.autocode"])
@options.study
@options.as_json
def list_codes(study: Path, as_json: bool) -> None:
    """List the codes with their counts.

    Lists the codes of STUDY in the order of the codebook: how many codings people made with each,
    in how many segments of how many participants, who applied it, and how many open suggestions are
    likely.
    """
    from ..project import Project

    with Project.open(study) as project:
        code_list = project.list_codes()
    if as_json:
        terminal.print_json(code_list.to_dict())
        return
    terminal.print_table(
        ["code", "name", "codings", "segments", "participants", "suggested", "coders"],
        [
            [
                row["code"],
                "  " * row["depth"] + row["name"],
                row["n_codings"],
                row["n_segments"],
                row["n_participants"],
                row["n_suggested"],
                ", ".join(row["coders"]),
            ]
            for row in code_list.to_rows()
        ],
    )
    click.echo("codings, segments, participants: people's; suggested: open likely suggestions")
