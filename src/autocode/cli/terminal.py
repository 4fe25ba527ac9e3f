"""What the terminal shows: tables, JSON, messages. Data go to stdout, all else to stderr."""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from collections.abc import Collection, Sequence

import click

from ..core.errors import one_line
from .table_layout import GAP, Column, cut_text, lay_out

_LONGEST_CELL = 2_000
_SHORTENED = 60
_NARROWEST = 40
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Written(float):
    """A number of a table with the text that it is shown as, instead of two decimals."""

    text: str

    def __new__(cls, value: float, text: str) -> Written:
        """The number `value`, shown as `text`."""
        self = super().__new__(cls, value)
        self.text = text
        return self


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
    laid_out = []
    for number, name in enumerate(columns):
        values = [row[number] for row in rows]
        longest = _SHORTENED if name in shorten else _LONGEST_CELL
        laid_out.append(
            Column(
                heading=_write(name, longest),
                cells=tuple(_write(value, longest) for value in values),
                is_number=bool(values) and all(isinstance(v, int | float | None) for v in values),
                is_shortened=name in shorten,
            )
        )
    if not is_terminal:
        layout = lay_out(laid_out, width=None)
        rule = " ".join("-" * (width + 1) for width in layout.widths)[:-1]
        return [*layout.heading, rule, *layout.body]
    layout = lay_out(laid_out, width=shutil.get_terminal_size().columns)
    rule = "─" * (sum(layout.widths) + len(GAP) * (len(columns) - 1))
    heading = (click.style(line, bold=True) for line in layout.heading)
    return [*heading, rule, *layout.body]


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


def _write(value: object, longest: int) -> str:
    """A cell on one line; blanks at its beginning stay, as they show what is under what."""
    if value is None:
        return "-"
    if isinstance(value, Written):
        return value.text
    if isinstance(value, float):
        return f"{value:.2f}"
    words = str(value)
    indent = " " * (len(words) - len(words.lstrip(" ")))
    return cut_text(indent + one_line(words, _LONGEST_CELL), longest)
