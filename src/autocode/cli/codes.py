"""`autocode codes`: the codebook of a study."""

from __future__ import annotations

from pathlib import Path

import click

from . import options, terminal
from .commands import Group

_ALL = ("all segments", "all participants")


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
    rows = code_list.to_rows()
    has_tree = any(row["parent"] for row in rows)
    terminal.print_table(
        ["code", "name", "codings", "segments", "participants", *_ALL[: 2 * has_tree],
         "suggested", "coders"],
        [
            [
                row["code"],
                "  " * row["depth"] + row["name"],
                row["n_codings"],
                row["n_segments"],
                row["n_participants"],
                *(row["rolled_up"][key] for key in ("n_segments", "n_participants") if has_tree),
                row["n_suggested"],
                ", ".join(row["coders"]),
            ]
            for row in rows
        ],
    )  # fmt: skip
    click.echo("codings, segments, participants: people's; suggested: open likely suggestions")
    if has_tree:
        click.echo("all: of the code and those below it, each segment and participant once")
