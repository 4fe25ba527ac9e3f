"""`autocode map`: the thematic map, themes that people name over codes and draft themes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from . import options, terminal
from .commands import Group

if TYPE_CHECKING:
    from ..analysis.map_counts import ThematicMapView
    from ..project.mapping import MapEdit

_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


def _changes(command: _Decorated) -> _Decorated:
    """The options that every change of the map has."""
    command = options.as_json(command)
    return click.option("--coder", metavar="NAME", required=True, help="Who does it.")(command)


def _pieces(command: _Decorated) -> _Decorated:
    """The options that name what stands under a theme: codes, and segments of draft themes."""
    command = click.option(
        "--draft", "drafts", metavar="THEME", multiple=True,
        help="A draft theme, by its key: the segments that it has now, or that came from it.",
    )(command)  # fmt: skip
    return click.option(
        "--code", "codes", metavar="CODE", multiple=True, help="A code, by key or name."
    )(command)


@click.group(
    "map",
    cls=Group,
    examples=[
        'autocode map add study.autocode "Relational practice" --central --coder Amina',
        "autocode map show study.autocode",
        "autocode map export study.autocode map.svg",
    ],
)
def command() -> None:
    """Build the thematic map of named themes over codes.

    A theme of the map has a name, a definition, codes and segments under it, and relations to other
    themes. Draft themes of 'autocode themes' may be placed under one. Counts include what is below,
    each segment and participant once.
    """


@command.command("show", examples=["autocode map show study.autocode"])
@options.study
@options.as_json
def show_map(study: Path, as_json: bool) -> None:
    """Show the map with its counts."""
    from ..project import Project

    with Project.open(study) as project:
        view = project.thematic_map()
    _show(view, as_json=as_json)


@command.command(
    "add",
    examples=[
        'autocode map add study.autocode "Relational practice" --central --coder Amina',
        "autocode map add study.autocode Waiting --under M2 --code waiting --coder Amina",
    ],
)
@options.study
@click.argument("name", metavar="NAME")
@click.option("--definition", metavar="TEXT", default="", help="What the theme says.")
@click.option("--under", metavar="THEME", help="The theme above it, by key or name.")
@click.option("--central", is_flag=True, help="It is the central theme of the map.")
@click.option("--code", "codes", metavar="CODE", multiple=True, help="Place this code under it.")
@_changes
def add_theme(
    study: Path,
    name: str,
    definition: str,
    under: str | None,
    central: bool,
    codes: tuple[str, ...],
    coder: str,
    as_json: bool,
) -> None:
    """Add a theme."""
    from ..core import map_edits as edits

    def edit(known: Any, of_codes: list[str]) -> Any:  # noqa: ANN401 - a ThematicMap
        made = edits.add_theme(known, name, definition=definition, parent=under, is_central=central)
        return edits.place_codes(made, name, of_codes) if of_codes else made

    _change(
        study,
        edit,
        summary=lambda _: f"theme '{name}' added to the map",
        coder=coder,
        codes=codes,
        as_json=as_json,
    )


@command.command(
    "change",
    examples=[
        'autocode map change study.autocode M2 --name "Doors that stay shut" --coder Amina',
        'autocode map change study.autocode M3 --under "" --coder Amina',
    ],
)
@options.study
@click.argument("theme", metavar="THEME")
@click.option("--name", metavar="NAME", help="A new name; the key stays.")
@click.option("--definition", metavar="TEXT", help="A new definition.")
@click.option("--under", metavar="THEME", help="The theme above it; an empty text for none.")
@click.option("--central/--not-central", default=None, help="Whether it is the central theme.")
@_changes
def change_theme(
    study: Path,
    theme: str,
    name: str | None,
    definition: str | None,
    under: str | None,
    central: bool | None,
    coder: str,
    as_json: bool,
) -> None:
    """Rename, define or move a theme."""
    from ..core import map_edits as edits

    def edit(known: Any, _: list[str]) -> Any:  # noqa: ANN401 - a ThematicMap
        return edits.change_theme(
            known, theme, name=name, definition=definition, parent=under, is_central=central
        )

    _change(
        study,
        edit,
        summary=lambda named: f"theme {named(theme)} of the map changed",
        coder=coder,
        as_json=as_json,
    )


@command.command(
    "place",
    examples=[
        "autocode map place study.autocode M1 --code trust --code listened --coder Amina",
        "autocode map place study.autocode M2 --draft T03 --coder Amina",
    ],
)
@options.study
@click.argument("theme", metavar="THEME")
@_pieces
@_changes
def place(
    study: Path,
    theme: str,
    codes: tuple[str, ...],
    drafts: tuple[str, ...],
    coder: str,
    as_json: bool,
) -> None:
    """Put codes or draft themes under a theme."""
    from ..core import map_edits as edits
    from ..project import Project
    from ..project.mapping import find_draft_segments

    _need_one(codes, drafts)
    with Project.open(study) as project:
        segments = list(find_draft_segments(project.themes() if drafts else None, drafts))

    def edit(known: Any, of_codes: list[str]) -> Any:  # noqa: ANN401 - a ThematicMap
        return edits.place_segments(edits.place_codes(known, theme, of_codes), theme, segments)

    _change(
        study,
        edit,
        summary=lambda named: f"{_list(codes, drafts)} placed under {named(theme)}",
        coder=coder,
        codes=codes,
        as_json=as_json,
    )


@command.command(
    "take-out",
    examples=["autocode map take-out study.autocode M1 --code trust --coder Amina"],
)
@options.study
@click.argument("theme", metavar="THEME")
@_pieces
@_changes
def take_out(
    study: Path,
    theme: str,
    codes: tuple[str, ...],
    drafts: tuple[str, ...],
    coder: str,
    as_json: bool,
) -> None:
    """Take codes or draft themes out of a theme."""
    from ..core import map_edits as edits

    _need_one(codes, drafts)

    def edit(known: Any, of_codes: list[str]) -> Any:  # noqa: ANN401 - a ThematicMap
        return edits.take_out_drafts(edits.take_out_codes(known, theme, of_codes), theme, drafts)

    _change(
        study,
        edit,
        summary=lambda named: f"{_list(codes, drafts)} taken out of {named(theme)}",
        coder=coder,
        codes=codes,
        as_json=as_json,
    )


@command.command(
    "relate",
    examples=[
        "autocode map relate study.autocode M2 M1 --name undermines --coder Amina",
        "autocode map relate study.autocode M2 M1 --reverse --coder Amina",
        "autocode map relate study.autocode M2 M1 --end --coder Amina",
    ],
)
@options.study
@click.argument("one", metavar="THEME")
@click.argument("other", metavar="THEME")
@click.option("--name", metavar="TEXT", default="", help="How the first relates to the second.")
@click.option(
    "--reverse", is_flag=True, help="Turn the relation round: the second relates to the first."
)
@click.option("--end", is_flag=True, help="Take the relation between the two away.")
@_changes
def relate(
    study: Path,
    one: str,
    other: str,
    name: str,
    reverse: bool,
    end: bool,
    coder: str,
    as_json: bool,
) -> None:
    """Draw a relation from one theme to another."""
    from ..core import map_edits as edits

    if bool(name) + reverse + end > 1:
        raise click.UsageError("Give one of --name, --reverse and --end.")

    def edit(known: Any, _: list[str]) -> Any:  # noqa: ANN401 - a ThematicMap
        if end:
            return edits.unrelate_themes(known, one, other)
        if reverse:
            return edits.reverse_relation(known, one, other)
        return edits.relate_themes(known, one, other, name)

    _change(
        study,
        edit,
        summary=lambda named: (
            f"relation of {named(one)} to {named(other)} {_say_done(reverse=reverse, end=end)}"
        ),
        coder=coder,
        as_json=as_json,
    )


@command.command("remove", examples=["autocode map remove study.autocode M4 --coder Amina"])
@options.study
@click.argument("theme", metavar="THEME")
@_changes
def remove_theme(study: Path, theme: str, coder: str, as_json: bool) -> None:
    """Remove a theme; those below it move up."""
    from ..core import map_edits as edits

    def edit(known: Any, _: list[str]) -> Any:  # noqa: ANN401 - a ThematicMap
        return edits.remove_theme(known, theme)

    _change(
        study,
        edit,
        summary=lambda named: f"theme {named(theme)} removed from the map",
        coder=coder,
        as_json=as_json,
    )


@command.command("export", examples=["autocode map export study.autocode map.svg"])
@options.study
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@options.as_json
def export_map(study: Path, file: Path, as_json: bool) -> None:
    """Write the map as a picture or a table.

    FILE ends with .svg (a picture), .csv (a row a theme) or .graphml (themes, codes and relations
    for programs that draw graphs).
    """
    from ..core.counted import say_count
    from ..project import Project
    from ..project.listing import ExportedFiles
    from ..report.map_file import write_map

    with Project.open(study) as project:
        n_themes = write_map(project.thematic_map(), project.codebook(), file)
    if as_json:
        terminal.print_json(ExportedFiles({file: n_themes}).to_dict())
    else:
        click.echo(f"{click.format_filename(file)}: {say_count(n_themes, 'theme')}")


def _say_done(*, reverse: bool, end: bool) -> str:
    return "ended" if end else "reversed" if reverse else "drawn"


def _list(codes: tuple[str, ...], drafts: tuple[str, ...]) -> str:
    return ", ".join([*codes, *(f"draft theme {key}" for key in drafts)])


def _need_one(codes: tuple[str, ...], drafts: tuple[str, ...]) -> None:
    if not codes and not drafts:
        raise click.UsageError("Give --code CODE or --draft THEME.")


def _change(
    study: Path,
    edit: Callable[[Any, list[str]], Any],
    *,
    summary: Callable[[Callable[[str], str]], str],
    coder: str,
    as_json: bool,
    codes: tuple[str, ...] = (),
) -> None:
    """Make a change of the map and show what it is then; `codes` are names, found in the study.

    `summary` is given what names a theme, in quotes, by its key or name.
    """
    from ..project import Project
    from ..project.mapping import find_codes

    with Project.open(study) as project:
        of_codes = find_codes(project.codebook(), codes)
        change: MapEdit = lambda known: edit(known, of_codes)  # noqa: E731 - typed so
        known = project.thematic_map().map
        words = summary(lambda theme: f"'{known.find(theme).name}'")
        view = project.edit_map(change, coder=coder, summary=words)
    _show(view, as_json=as_json)


def _show(view: ThematicMapView, *, as_json: bool) -> None:
    if as_json:
        terminal.print_json(view.to_dict())
        return
    if not view.themes:
        click.echo("The map has no themes. Add one with: autocode map add STUDY NAME --coder NAME")
        return
    terminal.print_table(
        ["key", "theme", "segments", "participants", "codes", "placed segments"],
        [
            [
                row["theme"],
                "  " * row["depth"] + row["name"] + " (central)" * row["is_central"],
                row["n_segments"],
                row["n_participants"],
                ", ".join(row["code_names"]),
                row["n_placed_segments"] or "",
            ]
            for row in view.to_rows()
        ],
        shorten=("codes",),
    )
    names = {theme.key: theme.name for theme in view.map.themes}
    for relation in view.map.relations:
        name = relation.name or "relates to"
        click.echo(f"{names[relation.one]} {name} {names[relation.other]}")
    click.echo("segments, participants: people's codings and placed segments, with what is below")
