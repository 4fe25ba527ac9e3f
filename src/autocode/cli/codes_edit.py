"""Changes of the codebook: `autocode codes add`, `rename`, `merge`, `split` and the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..core.counted import say_count
from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..core.code_change import CodeChange
    from ..project import Project
    from ..project.codebook_editor import CodebookEditor

_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])
_DONE = {
    "add": "added",
    "rename": "renamed",
    "define": "defined anew",
    "move": "moved",
    "merge": "merged",
    "split": "split",
    "archive": "archived",
    "restore": "restored",
    "delete": "deleted",
}


def edit_options(command: _Decorated) -> _Decorated:
    """The options of every change: who makes it, and whether it is only tried."""
    command = options.as_json(command)
    command = click.option("--dry-run", is_flag=True, help="Say what it would do; change nothing.")(
        command
    )
    return click.option("--coder", metavar="NAME", required=True, help="Who does it.")(command)


code = click.argument("code", metavar="CODE")


@click.command(
    "add",
    cls=Command,
    examples=[
        'autocode codes add study.autocode "Late buses" --under practical --coder Amina',
    ],
)
@options.study
@click.argument("name", metavar="NAME")
@click.option("--key", metavar="KEY", default="", help="Its key (default: made of the name).")
@click.option("--under", metavar="CODE", help="The code above it.")
@click.option("--definition", metavar="TEXT", default="", help="When it applies.")
@edit_options
def add(
    study: Path,
    name: str,
    key: str,
    under: str | None,
    definition: str,
    **chosen: Any,  # noqa: ANN401 - click passes options
) -> None:
    """Add a code."""
    _change(
        study, chosen, lambda book: book.add(name, key=key, parent=under, definition=definition)
    )


@click.command(
    "rename",
    cls=Command,
    examples=['autocode codes rename study.autocode waiting "Waiting in limbo" --coder Amina'],
)
@options.study
@code
@click.argument("name", metavar="NAME")
@click.option(
    "--new-meaning", is_flag=True, help="It means something else now: codings are to be looked at."
)
@edit_options
def rename(study: Path, code: str, name: str, new_meaning: bool, **chosen: Any) -> None:  # noqa: ANN401 - click passes options
    """Give a code another name; its key stays."""
    _change(study, chosen, lambda book: book.rename(code, name, new_meaning=new_meaning))


@click.command(
    "define",
    cls=Command,
    examples=[
        'autocode codes define study.autocode waiting --definition "Waiting for help" '
        "--coder Amina",
    ],
)
@options.study
@code
@click.option("--definition", metavar="TEXT", help="When it applies.")
@click.option("--inclusion", metavar="TEXT", help="What belongs to it.")
@click.option("--exclusion", metavar="TEXT", help="What does not.")
@click.option("--same-meaning", is_flag=True, help="Only the wording changes, not the meaning.")
@edit_options
def define(
    study: Path,
    code: str,
    definition: str | None,
    inclusion: str | None,
    exclusion: str | None,
    same_meaning: bool,
    **chosen: Any,  # noqa: ANN401 - click passes options
) -> None:
    """Define a code anew.

    Its revision goes up by one, and its codings are listed by 'autocode codes outdated' until
    somebody has looked at them.
    """
    parts = {"definition": definition, "inclusion": inclusion, "exclusion": exclusion}
    meaning = {part: words for part, words in parts.items() if words is not None}
    if not meaning:
        raise click.UsageError("Give --definition, --inclusion or --exclusion.")
    _change(study, chosen, lambda book: book.define(code, meaning, new_meaning=not same_meaning))


@click.command(
    "move",
    cls=Command,
    examples=[
        "autocode codes move study.autocode waiting --under access --coder Amina",
        "autocode codes move study.autocode waiting --top --coder Amina",
    ],
)
@options.study
@code
@click.option("--under", metavar="CODE", help="The code above it.")
@click.option("--top", is_flag=True, help="Put it at the top of the tree.")
@edit_options
def move(study: Path, code: str, under: str | None, top: bool, **chosen: Any) -> None:  # noqa: ANN401 - click passes options
    """Put a code under another one."""
    if (under is None) != top:
        raise click.UsageError("Give either --under CODE or --top.")
    _change(study, chosen, lambda book: book.move(code, under))


@click.command(
    "merge",
    cls=Command,
    examples=["autocode codes merge study.autocode waiting thresholds --coder Amina --dry-run"],
)
@options.study
@code
@click.argument("into", metavar="INTO")
@edit_options
def merge(study: Path, code: str, into: str, **chosen: Any) -> None:  # noqa: ANN401 - click passes options
    """Merge a code into another one.

    Codings, decisions, memos and the codes below CODE go to INTO; CODE is gone then. Where a coder
    gave a span both codes, one coding is left.
    """
    _change(study, chosen, lambda book: book.merge(code, into))


@click.command(
    "split",
    cls=Command,
    examples=[
        "autocode codes split study.autocode waiting --write sheet.csv --groups 2 --coder Amina",
        "autocode codes split study.autocode waiting --sheet sheet.csv --coder Amina",
    ],
)
@options.study
@code
@click.option(
    "--write",
    "written",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a sheet with a row a coding, to fill in where each goes.",
)
@click.option("--by-coder", is_flag=True, help="Fill the sheet in by coder.")
@click.option(
    "--groups",
    type=click.IntRange(2),
    metavar="N",
    help="Fill the sheet in with N groups of like excerpts, as a draft.",
)
@click.option(
    "--sheet", type=click.Path(path_type=Path), metavar="FILE", help="Split as this sheet says."
)
@edit_options
def split(
    study: Path,
    code: str,
    written: Path | None,
    by_coder: bool,
    groups: int | None,
    sheet: Path | None,
    **chosen: Any,  # noqa: ANN401 - click passes options
) -> None:
    """Split a code.

    First write a sheet (--write), which lists every coding of CODE. Its column 'to' says which code
    a coding goes to, by a known or a new name; where it is empty the coding stays. Then apply it
    (--sheet).
    """
    from ..project import Project
    from ..project.code_sheets import SplitProposal
    from ..project.listing import ExportedFiles

    if (written is None) == (sheet is None):
        raise click.UsageError("Give either --write FILE or --sheet FILE.")
    if sheet is not None:
        _change(study, chosen, lambda book: book.split(code, sheet))
        return
    assert written is not None  # one of the two is given
    with Project.open(study) as project:
        book = open_book(project, chosen)
        proposal = SplitProposal(by_coder=by_coder, n_groups=groups)
        n_rows = book.write_split_sheet(code, written, proposal)
    if chosen["as_json"]:
        terminal.print_json(ExportedFiles({written: n_rows}).to_dict())
    else:
        click.echo(f"{click.format_filename(written)}: {n_rows} codings; fill in the column 'to'")


@click.command(
    "archive",
    cls=Command,
    examples=["autocode codes archive study.autocode waiting --coder Amina"],
)
@options.study
@code
@edit_options
def archive(study: Path, code: str, **chosen: Any) -> None:  # noqa: ANN401 - click passes options
    """Keep a code and its codings, but suggest it no more."""
    _change(study, chosen, lambda book: book.archive(code))


@click.command(
    "restore",
    cls=Command,
    examples=["autocode codes restore study.autocode waiting --coder Amina"],
)
@options.study
@code
@edit_options
def restore(study: Path, code: str, **chosen: Any) -> None:  # noqa: ANN401 - click passes options
    """Take an archived code back into use."""
    _change(study, chosen, lambda book: book.restore(code))


@click.command(
    "delete",
    cls=Command,
    examples=["autocode codes delete study.autocode waiting --with-codings --coder Amina"],
)
@options.study
@code
@click.option("--with-codings", is_flag=True, help="Delete its codings and decisions too.")
@edit_options
def delete(study: Path, code: str, with_codings: bool, **chosen: Any) -> None:  # noqa: ANN401 - click passes options
    """Delete a code."""
    _change(study, chosen, lambda book: book.delete(code, with_codings=with_codings))


def open_book(project: Project, chosen: dict[str, Any]) -> CodebookEditor:
    """The codebook of a study, to be changed as the options of `edit_options` say."""
    return project.edit_codebook(coder=chosen["coder"], dry_run=chosen["dry_run"])


def _change(
    study: Path, chosen: dict[str, Any], edit: Callable[[CodebookEditor], CodeChange]
) -> None:
    """Make a change, or try it, and say what it does."""
    from ..project import Project

    with Project.open(study) as project:
        change = edit(open_book(project, chosen))
    if chosen["as_json"]:
        terminal.print_json(change.to_dict())
        return
    _show(change, dry_run=chosen["dry_run"])


def _show(change: CodeChange, *, dry_run: bool) -> None:
    click.echo(_headline(change, dry_run=dry_run))
    if change.n_codings:
        n = sum(change.n_codings.values())
        people = ", ".join(f"{coder} {count}" for coder, count in change.n_codings.items())
        verb, rest = {
            "merge": ("go", " along"),
            "split": ("go", " to another code"),
            "delete": ("go", ""),
        }.get(change.action, ("stay", ""))
        verb = {"go": "goes", "stay": "stays"}[verb] if n == 1 else verb
        click.echo(f"  {say_count(n, 'coding')} {verb}{rest}: {people}")
    if change.n_doubled:
        click.echo(f"  {change.n_doubled} of them are there already under the other code")
    if change.n_decisions:
        click.echo(f"  {change.n_decisions} decisions on suggestions follow")
    if line := _describe_suggestions(change):
        click.echo(f"  {line}")
    if change.n_children:
        words = {"merge": "go along", "delete": "move up"}.get(change.action, "stay below it")
        click.echo(f"  {change.n_children} codes below {words}")
    if change.made and change.action == "split":
        click.echo(f"  new codes: {', '.join(change.made)}")
    for note in change.notes:
        click.echo(f"  note: {note}")


def _describe_suggestions(change: CodeChange) -> str:
    """What becomes of open suggestions; empty where there are none."""
    n, n_naming = change.n_suggestions, change.n_suggestions_naming
    if change.action == "archive" and n:
        return f"{n} open suggestions are set aside until it is restored"
    if change.action == "restore" and n:
        return f"{n} suggestions are open again"
    of_others = f"{n_naming} of other codes whose evidence names it"
    parts = [f"{n} of it"] * bool(n) + [of_others] * bool(n_naming)
    return f"open suggestions dropped: {', '.join(parts)}" if parts else ""


def _headline(change: CodeChange, *, dry_run: bool) -> str:
    """What was done to which code: "'Waiting' renamed 'Limbo' (act 13)"."""
    verb = f"would be {_DONE[change.action]}" if dry_run else _DONE[change.action]
    act = f" (act {change.act})" if change.act is not None else ""
    if change.action == "rename" and len(change.names) == 2:
        old, new = change.names
        return f"'{old}' {verb} '{new}'{act}"
    names = " into ".join(f"'{name}'" for name in change.names)
    return f"{names} {verb}{act}"
