"""`autocode codes`: the codebook of a study."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.errors import one_line
from . import options, terminal
from .commands import Group

_EDITS = (
    "add", "rename", "define", "move", "merge", "split", "archive", "restore", "delete",
)  # fmt: skip
_FAMILIES = ("family", "families")
_LISTS = ("confirm", "outdated", "similar", "history")


@click.group(
    "codes",
    cls=Group,
    commands_from={
        **{name: f"codes_edit:{name}" for name in _EDITS},
        **{name: f"codes_families:{name}" for name in _FAMILIES},
        **{name: f"codes_lists:{name}" for name in _LISTS},
    },
    examples=[
        "autocode codes list study.autocode",
        "autocode codes merge study.autocode waiting thresholds --coder Amina --dry-run",
    ],
)
def command() -> None:
    """Look at the codebook and change it.

    The codebook comes from 'autocode import'. Every change takes its codings along, can be tried
    first (--dry-run) and taken back ('autocode undo').
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
    from ..analysis.attribute_values import name_participants
    from ..project import Project

    with Project.open(study) as project:
        code_list = project.list_codes()
        counted = name_participants(project.cases())
    if as_json:
        terminal.print_json(code_list.to_dict())
        return
    rows = code_list.to_rows()
    has_tree = any(row["parent"] for row in rows)
    terminal.print_table(
        ["code", "name", "codings", "segments", counted,
         *(("all segments", f"all {counted}") if has_tree else ()), "suggested", "coders"],
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
    click.echo(f"codings, segments, {counted}: people's; suggested: open likely suggestions")
    if archived := [row["name"] for row in rows if row["is_archived"]]:
        click.echo(f"archived, and not suggested: {', '.join(one_line(n, 60) for n in archived)}")
    if has_tree:
        single = counted.removesuffix("s")
        click.echo(f"all: of the code and those below it, each segment and {single} once")
