"""Figures with intervals, from counts that add up over transcripts.

Whole transcripts are drawn (cluster bootstrap, Davison & Hinkley 1997); all folds' answers are
pooled first. Where a share was drawn repeatedly, a figure is the mean over the repeats, and each
draw of transcripts is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...agreement.resampling.draws import (
    Statistic,
    compute_on_draws,
    draw_transcripts,
    percentile_intervals,
)
from ...agreement.study.table import Resampling

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number with its interval, or the reason why there is none.

    `repeats` holds its value in each draw of the training set, where there were several.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""
    repeats: tuple[float | None, ...] = ()

    @property
    def drawn(self) -> tuple[float, ...]:
        """Its defined values, one for each draw of the training set; none of a single draw."""
        return tuple(value for value in self.repeats if value is not None)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Tally:
    """Counts per transcript, (n_transcripts, ...), and what follows from their sum.

    `statistic` takes summed counts (n_draws, ...) to values (n_draws, len(names)), NaN where
    undefined; `undefined` says why a value may be missing.
    """

    names: tuple[str, ...]
    counts: Floats
    statistic: Statistic
    undefined: str


def figures(tallies: Sequence[Tally], how: Resampling) -> dict[str, Figure]:
    """The figures of one kind of tally, one tally for each repeat."""
    first = tallies[0]
    n_transcripts = first.counts.shape[0]
    if not n_transcripts:
        return {name: Figure(value=None, reason=first.undefined) for name in first.names}
    each = np.stack([t.statistic(t.counts.sum(axis=0, keepdims=True))[0] for t in tallies])
    draws = draw_transcripts(n_transcripts, n_resamples=max(how.n_resamples, 1), seed=how.seed)
    drawn = _mean(np.stack([compute_on_draws(t.counts, t.statistic, draws=draws) for t in tallies]))
    limits = percentile_intervals(drawn, draws=draws, level=how.level)
    values = _mean(each)
    found = {}
    for at, name in enumerate(first.names):
        if np.isnan(values[at]):
            found[name] = Figure(value=None, reason=first.undefined)
            continue
        limit = limits[at]
        found[name] = Figure(
            value=float(values[at]),
            low=limit.low if limit else None,
            high=limit.high if limit else None,
            reason="" if limit else "one transcript alone: no interval",
            repeats=tuple(None if np.isnan(v) else float(v) for v in each[:, at])
            if len(each) > 1
            else (),
        )
    return found


def by_transcript(values: Floats, place: npt.NDArray[np.intp], n_transcripts: int) -> Floats:
    """Sum rows of `values` (n_rows, ...) by the transcript each lies in."""
    found = np.zeros((n_transcripts, *values.shape[1:]))
    np.add.at(found, place, values)
    return found


def _mean(values: Floats) -> Floats:
    """Mean over the first axis of what is defined; NaN where nothing is."""
    defined = ~np.isnan(values)
    n = defined.sum(axis=0)
    total = np.where(defined, values, 0.0).sum(axis=0)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)
