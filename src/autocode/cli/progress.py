"""Progress on stderr: a bar a stage on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from ..core.progress import Progress

EVERY_SECONDS = 5.0


@contextmanager
def progress_on_stderr() -> Iterator[Progress]:
    """A progress listener for as long as the work takes."""
    if not sys.stderr.isatty():
        yield ProgressLines(every=EVERY_SECONDS)
        return
    bars = _Bars()
    try:
        yield bars
    finally:
        bars.finish()


class ProgressLines:
    """Prints `stage done/total` every few seconds, and at the end of a stage it has spoken of.

    Stages that take less than `every` seconds print nothing, so that quick commands stay silent.
    """

    def __init__(self, *, every: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._every, self._clock = every, clock
        self._stage: str | None = None
        self._printed_at, self._has_printed = 0.0, False

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Print a line if it is time for one."""
        now = self._clock()
        if stage != self._stage:
            self._stage, self._printed_at, self._has_printed = stage, now, False
        is_last = done >= total and self._has_printed
        if is_last or now - self._printed_at >= self._every:
            click.echo(f"{stage} {done}/{total}", err=True)
            self._printed_at, self._has_printed = now, done < total


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
