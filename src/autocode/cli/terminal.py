"""What the terminal shows: tables, JSON, messages. Data go to stdout, all else to stderr."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
import textwrap
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import click

from ..core.errors import one_line

if TYPE_CHECKING:
    from rich.box import Box
    from rich.console import Console
    from rich.text import Text

WIDEST_PIPED = 10_000
"""Columns of a table that no terminal shows: rows stay on one line, however long they are."""

_LONGEST_CELL = 2_000
_SHORTENED = 60
_NARROWEST = 40
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def print_table(
    columns: Sequence[str], rows: Sequence[Sequence[object]], *, shorten: Collection[str] = ()
) -> None:
    """Print rows under their columns; columns of numbers are aligned to the right.

    Widths count what a terminal shows (a Chinese character takes two columns). On a terminal the
    table fits its width; elsewhere rows keep one line each, without colours and box drawing. Only
    the columns named in `shorten` are cut, after 60 characters.
    """
    is_terminal = sys.stdout.isatty()
    for line in render_table(columns, rows, shorten=shorten, is_terminal=is_terminal):
        click.echo(line)


def render_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    shorten: Collection[str] = (),
    is_terminal: bool,
) -> list[str]:
    """The lines of a table, as `print_table` prints them."""
    from rich.table import Table

    table = Table(
        box=_box(is_terminal=is_terminal),
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="bold",
    )
    for number, name in enumerate(columns):
        cells = [row[number] for row in rows]
        is_number = bool(cells) and all(isinstance(cell, int | float | None) for cell in cells)
        table.add_column(
            _text(name),
            justify="right" if is_number else "left",
            no_wrap=is_number or name in shorten,
            overflow="ellipsis" if name in shorten else "fold",
        )
    for row in rows:
        table.add_row(
            *(
                _text(cell, longest=_SHORTENED if name in shorten else _LONGEST_CELL)
                for name, cell in zip(columns, row, strict=True)
            )
        )
    stream = io.StringIO()
    _console(stream, is_terminal=is_terminal).print(table)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def print_json(value: object) -> None:
    """Print a value as JSON."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    # File names may hold bytes that are not UTF-8; JSON writes them as escapes.
    click.echo(_LONE_SURROGATE.sub(lambda mark: f"\\u{ord(mark.group()):04x}", text))


def excerpt(text: str, longest: int) -> str:
    """The beginning of a text on one line, without marks that a terminal would obey."""
    return one_line(" ".join(text.split())[:longest], 8 * longest)


def wrap(text: str, *, indent: int) -> str:
    """A text in full, in lines that fit the terminal, without marks that a terminal would obey."""
    plain = one_line(" ".join(text.split()), 8 * max(len(text), 1))
    margin = " " * indent
    width = max(shutil.get_terminal_size().columns, indent + _NARROWEST)
    # Break only at blanks: a line without any, as in Chinese, is the terminal's to break.
    return textwrap.fill(
        plain,
        width=width,
        initial_indent=margin,
        subsequent_indent=f"{margin}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def print_message(text: str, details: Sequence[str] = ()) -> None:
    """Print on stderr what is not data: a line, and `details` below it."""
    click.echo("\n    ".join([text, *details]), err=True)


def _console(stream: io.StringIO, *, is_terminal: bool) -> Console:
    from rich.console import Console

    return Console(
        file=stream,
        width=None if is_terminal else WIDEST_PIPED,
        force_terminal=is_terminal,
        no_color=None if is_terminal else True,
        highlight=False,
        soft_wrap=False,
    )


def _box(*, is_terminal: bool) -> Box:
    from rich.box import SIMPLE_HEAD, Box

    if is_terminal:
        return SIMPLE_HEAD
    blank = "    \n"
    return Box(f"{blank}{blank} -  \n{blank}{blank}{blank}{blank}{blank}", ascii=True)


def _text(value: object, *, longest: int = _LONGEST_CELL) -> Text:
    from rich.text import Text

    if value is None:
        return Text("-")
    if isinstance(value, float):
        return Text(f"{value:.2f}")
    words = str(value)
    indent = " " * (len(words) - len(words.lstrip(" ")))
    text = Text(indent + one_line(words, _LONGEST_CELL))
    text.truncate(longest, overflow="ellipsis")
    return text
