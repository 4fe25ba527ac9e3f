"""`autocode code`, `uncode`, `respan`, `recode` and `memo`: coding by hand, one place at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..core.acts import Done
    from ..project.hand_coding import CodingChange, Place

_PLACE = (
    click.option("--transcript", metavar="NAME", help="The transcript."),
    click.option("--turn", type=int, metavar="N", help="A whole turn, counted from 1."),
    click.option("--start", type=click.IntRange(min=0), metavar="N", help="First character."),
    click.option("--end", type=click.IntRange(min=0), metavar="N", help="Character after it."),
    click.option("--words", metavar="TEXT", help="The exact words, with --turn where they recur."),
)  # fmt: skip
_CODER = click.option("--coder", required=True, metavar="NAME", help="Whose work this is.")
_NEW = options.new_coder
_MEMO = click.option("--memo", default="", metavar="TEXT", help="A memo on the coding.")
_DRY = click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
_CODE = click.argument("code_name", metavar="CODE")


def _decorate(*decorators: Callable[..., Any]) -> Callable[[Callable[..., Any]], Any]:
    def decorated(function: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorated


@click.command(
    "code",
    cls=Command,
    examples=[
        "autocode code study.autocode shame --transcript t1 --turn 12 --coder Amina",
        'autocode code study.autocode wait --transcript t1 --words "a year" --coder Amina',
    ],
)
@_decorate(options.study, _CODE, *_PLACE, _CODER, _MEMO, _NEW, _DRY, options.as_json)
def command(
    study: Path, code_name: str, coder: str, memo: str, new_coder: bool, dry_run: bool,
    as_json: bool, **place: Any,  # noqa: ANN401 - the options of _PLACE
) -> None:  # fmt: skip
    """Apply a code to a turn, to characters, or to exact words.

    CODE is a code's id or name. Who has coded the place so already keeps that coding.
    """
    from ..project import Project
    from ..project.hand_coding import HandOptions

    wanted = HandOptions(memo=memo, new_coder=new_coder, dry_run=dry_run)
    with Project.open(study) as project:
        done = project.code(_place(place), code_name, coder=coder, options=wanted)
    _show(done, "Known already" if done.result and done.result.before else "Coded", as_json=as_json)


@click.command(
    "uncode",
    cls=Command,
    examples=["autocode uncode study.autocode shame --transcript t1 --turn 12 --coder Amina"],
)
@_decorate(options.study, _CODE, *_PLACE, _CODER, _DRY, options.as_json)
def uncode(
    study: Path, code_name: str, coder: str, dry_run: bool, as_json: bool,
    **place: Any,  # noqa: ANN401 - the options of _PLACE
) -> None:  # fmt: skip
    """Take a coder's coding off a place.

    The place is that of the coding, or any that touches no other coding of this coder and code.
    """
    from ..project import Project
    from ..project.hand_coding import HandOptions

    with Project.open(study) as project:
        wanted = HandOptions(dry_run=dry_run)
        done = project.uncode(_place(place), code_name, coder=coder, options=wanted)
    _show(done, "Taken off", as_json=as_json)


@click.command(
    "respan",
    cls=Command,
    examples=[
        "autocode respan study.autocode shame --transcript t1 --turn 12 --to-start 340 --to-end 402"
        " --coder Amina"
    ],
)
@_decorate(
    options.study,
    _CODE,
    *_PLACE,
    click.option("--to-turn", type=int, metavar="N", help="The turn it is to cover."),
    click.option("--to-start", type=int, metavar="N", help="Its new first character."),
    click.option("--to-end", type=int, metavar="N", help="The character after its new last one."),
    click.option("--to-words", metavar="TEXT", help="The words it is to cover."),
    _CODER,
    _DRY,
    options.as_json,
)
def respan(
    study: Path, code_name: str, coder: str, dry_run: bool, as_json: bool,
    **place: Any,  # noqa: ANN401 - the options of _PLACE
) -> None:  # fmt: skip
    """Move a coding to other words of its transcript.

    Code and memo stay. The place is given as for 'uncode', the new one by the options --to-...
    """
    from ..project import Project
    from ..project.hand_coding import HandOptions

    to = {name.removeprefix("to_"): place.pop(name) for name in list(place) if "to_" in name}
    with Project.open(study) as project:
        wanted = HandOptions(dry_run=dry_run)
        target = _place(to | {"transcript": place["transcript"]})
        done = project.respan(_place(place), code_name, target, coder=coder, options=wanted)
    _show(done, "Moved", as_json=as_json)


@click.command(
    "recode",
    cls=Command,
    examples=[
        "autocode recode study.autocode shame stigma --transcript t1 --turn 12 --coder Amina"
    ],
)
@_decorate(
    options.study,
    _CODE,
    click.argument("to", metavar="TO"),
    *_PLACE,
    _CODER,
    _DRY,
    options.as_json,
)
def recode(
    study: Path, code_name: str, to: str, coder: str, dry_run: bool, as_json: bool,
    **place: Any,  # noqa: ANN401 - the options of _PLACE
) -> None:  # fmt: skip
    """Put another code in place of a coding's.

    Span and memo stay. To change a code everywhere, merge or rename it instead.
    """
    from ..project import Project
    from ..project.hand_coding import HandOptions

    with Project.open(study) as project:
        wanted = HandOptions(dry_run=dry_run)
        done = project.recode(_place(place), code_name, to, coder=coder, options=wanted)
    _show(done, "Recoded", as_json=as_json)


@click.command(
    "memo",
    cls=Command,
    examples=[
        "autocode memo study.autocode",
        'autocode memo study.autocode "Two ideas?" --code shame --coder Amina',
        'autocode memo study.autocode "Irony" --transcript t1 --turn 12 --code shame --coder Al',
    ],
)
@_decorate(
    options.study,
    click.argument("text", metavar="[TEXT]", required=False),
    click.option("--code", "code_name", metavar="CODE", help="The code, or that of the coding."),
    *_PLACE,
    click.option("--coder", metavar="NAME", help="Who writes."),
    _NEW,
    options.as_json,
)
def memo(
    study: Path, text: str | None, code_name: str | None, coder: str | None, new_coder: bool,
    as_json: bool, **place: Any,  # noqa: ANN401 - the options of _PLACE
) -> None:  # fmt: skip
    """Write a memo on a coding, words, a code, a transcript, a study.

    A place and --code are the coding of --coder there, whose memo is replaced; a place alone are
    the words; --code or --transcript alone are what they name; nothing is the study as a whole.
    Without TEXT all memos are listed, those of codings included.
    """
    from ..project import Project
    from ..project.hand_coding import HandOptions
    from ..project.memos import list_memos, note

    with Project.open(study) as project:
        if text is not None:
            wanted = HandOptions(memo=text, new_coder=new_coder)
            note(project, _place(place, whole=True), code_name, coder or "", wanted)
        memos = list_memos(project)
    if as_json:
        terminal.print_json(memos.to_dict())
    elif text is not None:
        click.echo("Memo kept")
    else:
        columns = ["about", "subject", "position", "coder", "text"]
        terminal.print_table(columns, [[row[name] for name in columns] for row in memos.to_rows()])


def _place(given: dict[str, Any], *, whole: bool = False) -> Place:
    """The place that the options name; a whole transcript only where `whole` allows it."""
    from ..project.hand_coding import Place

    if not given["transcript"] and not whole:
        raise click.UsageError("Name the transcript: --transcript NAME")
    return Place(**given | {"transcript": given["transcript"] or ""})


def _show(done: Done[CodingChange], verb: str, *, as_json: bool) -> None:
    change = done.result
    assert change is not None  # a request without a key is never a repeated one
    if as_json:
        from dataclasses import replace

        act = done.act.number if done.act else None
        terminal.print_json(replace(change, act=act).to_dict())
        return
    shown = change.after or change.before
    assert shown is not None  # there is one before or after
    number = f" (act {done.act.number})" if done.act else ""
    where = f"{shown.transcript} {shown.span.start}..{shown.span.end}"
    click.echo(f"{verb}: {shown.code}, {where}, {shown.coder}{number}")
