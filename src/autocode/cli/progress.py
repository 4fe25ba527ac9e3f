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
def progress_on_stderr(*, has_rates: bool = False) -> Iterator[Progress]:
    """A progress listener for as long as the work takes; bars always show the time left.

    With `has_rates` lines do too, and both say how many are done in a second.
    """
    if not sys.stderr.isatty():
        yield ProgressLines(every=EVERY_SECONDS, has_rates=has_rates)
        return
    bars = _Bars(has_rates=has_rates)
    try:
        yield bars
    finally:
        bars.finish()


class ProgressLines:
    """Prints `stage done/total` every few seconds, and at the end of a stage it has spoken of.

    Stages that take less than `every` seconds print nothing, so that quick commands stay silent.
    """

    def __init__(
        self,
        *,
        every: float,
        clock: Callable[[], float] = time.monotonic,
        has_rates: bool = False,
    ) -> None:
        self._every, self._clock, self._has_rates = every, clock, has_rates
        self._began: tuple[float, int] = (0.0, 0)
        self._stage: str | None = None
        self._printed_at, self._has_printed = 0.0, False

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Print a line if it is time for one."""
        now = self._clock()
        if stage != self._stage:
            self._stage, self._printed_at, self._has_printed = stage, now, False
            self._began = (now, done)
        is_last = 0 < total <= done and self._has_printed
        if is_last or now - self._printed_at >= self._every:
            of = f"/{total}" if total else ""
            click.echo(f"{stage} {done}{of}{self._describe_rate(now, done, total)}", err=True)
            self._printed_at, self._has_printed = now, done < total

    def _describe_rate(self, now: float, done: int, total: int) -> str:
        """How fast it goes, and how long it will take; the first call of a stage starts the clock.

        What was done before that (by an earlier run) does not count.
        """
        rate = _measure_rate(self._began, now, done) if self._has_rates else 0
        if not rate:
            return ""
        left = f", {describe_duration((total - done) / rate)} left" if done < total else ""
        return f" ({_describe_rate(rate)}{left})"


def _measure_rate(began: tuple[float, int], now: float, done: int) -> float:
    """How many were done in a second since it began with so many; 0 where that is not known."""
    seconds, n = now - began[0], done - began[1]
    return n / seconds if n > 0 and seconds > 0 else 0


def _describe_rate(rate: float) -> str:
    return f"{rate:,.0f} a second" if rate >= 1 else f"{rate:.2f} a second"


def describe_duration(seconds: float) -> str:
    """A time to wait for, as exact as anybody needs it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


class _Bars:
    """A bar for each stage; a number where nobody knows how much there is to do."""

    def __init__(self, *, has_rates: bool) -> None:
        self._has_rates = has_rates
        self._stage = ""
        self._bar: Any = None
        self._done = 0
        self._began: tuple[float, int] = (0.0, 0)

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self.finish()
            self._stage, self._done, self._began = stage, 0, (now, done)
            if total:
                self._bar = self._open_bar(stage, total)
        rate = _measure_rate(self._began, now, done) if self._has_rates else 0
        if self._bar is None:
            click.echo(f"\r{stage:<10}  {done}", nl=False, err=True)
            return
        self._bar.update(done - self._done, rate)
        self._done = done
        if done >= total:
            self.finish()

    def _open_bar(self, stage: str, total: int) -> Any:  # noqa: ANN401 - click hides its type
        bar: Any = click.progressbar(
            length=total,
            label=f"{stage:<10}",
            file=sys.stderr,
            width=30,
            item_show_func=lambda rate: _describe_rate(rate) if rate else None,
        )
        bar.__enter__()
        return bar

    def finish(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
        elif self._stage:
            click.echo(err=True)
        self._bar, self._stage = None, ""
