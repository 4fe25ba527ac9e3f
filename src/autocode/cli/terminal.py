"""What the terminal shows: tables, progress bars, JSON. Data go to stdout, all else to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from ..core.progress import Progress, silent

_WIDEST = 60


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their columns; numbers stand to the right."""
    cells = [[_shown(value) for value in row] for row in rows]
    widths = [
        max(len(name), *(len(row[at]) for row in cells)) if cells else len(name)
        for at, name in enumerate(columns)
    ]
    numeric = [
        bool(rows) and all(isinstance(row[at], int | float | None) for row in rows)
        for at in range(len(columns))
    ]
    click.echo(_line(columns, widths, numeric))
    click.echo(_line(["-" * width for width in widths], widths, numeric))
    for row in cells:
        click.echo(_line(row, widths, numeric))


def dump(value: object) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


def note(text: str) -> None:
    """Tell the person something that is not data."""
    click.echo(text, err=True)


@contextmanager
def bars(*, quiet: bool = False) -> Iterator[Progress]:
    """A progress listener that draws a bar per stage on stderr; silent where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    shown = _Bars()
    try:
        yield shown
    finally:
        shown.finish()


class _Bars:
    def __init__(self) -> None:
        self._stage = ""
        self._bar: Any = None
        self._done = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self.finish()
            self._stage, self._done = stage, 0
            self._bar = click.progressbar(
                length=max(total, 1), label=f"{stage:<10}", file=sys.stderr, width=30
            )
            self._bar.__enter__()
        self._bar.update(done - self._done)
        self._done = done
        if done >= total:
            self.finish()

    def finish(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
        self._bar, self._stage = None, ""


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.2f}"
    text = " ".join(str(value).split())
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    padded = [
        cell.rjust(width) if right else cell.ljust(width)
        for cell, width, right in zip(cells, widths, numeric, strict=True)
    ]
    return "  ".join(padded).rstrip()
