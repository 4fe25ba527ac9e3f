"""Scores with intervals, from counts that add up over transcripts.

Whole transcripts are drawn (cluster bootstrap, Davison & Hinkley 1997); all folds' predictions are
pooled first. Where a share was drawn repeatedly, a score is the mean over the repeats, and each
draw of transcripts is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...agreement.resampling.draws import Statistic, compute_on_draws, draw_transcripts
from ...agreement.resampling.intervals import Resampling, percentile_intervals

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
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
class ScoreCounts:
    """Counts per transcript, (n_transcripts, ...), and the scores that follow from their sum.

    `statistic` takes summed counts (n_draws, ...) to values (n_draws, len(names)), NaN where
    undefined; `undefined` says why a value may be missing.
    """

    names: tuple[str, ...]
    counts: Floats
    statistic: Statistic
    undefined: str


def compute_scores(repeats: Sequence[ScoreCounts], resampling: Resampling) -> dict[str, Score]:
    """Scores by name from counts of one kind, one `ScoreCounts` for each repeat."""
    first = repeats[0]
    n_transcripts = first.counts.shape[0]
    if not n_transcripts:
        return {name: Score(value=None, reason=first.undefined) for name in first.names}
    by_repeat = np.stack(
        [counts.statistic(counts.counts.sum(axis=0, keepdims=True))[0] for counts in repeats]
    )
    draws = draw_transcripts(
        n_transcripts, n_resamples=max(resampling.n_resamples, 1), seed=resampling.seed
    )
    resampled_values = _average_defined(
        np.stack(
            [compute_on_draws(counts.counts, counts.statistic, draws=draws) for counts in repeats]
        )
    )
    intervals = percentile_intervals(resampled_values, draws=draws, level=resampling.level)
    values = _average_defined(by_repeat)
    scores = {}
    for column, name in enumerate(first.names):
        if np.isnan(values[column]):
            scores[name] = Score(value=None, reason=first.undefined)
            continue
        interval = intervals[column]
        scores[name] = Score(
            value=float(values[column]),
            low=interval.low if interval else None,
            high=interval.high if interval else None,
            reason="" if interval else "one transcript alone: no interval",
            repeats=tuple(None if np.isnan(v) else float(v) for v in by_repeat[:, column])
            if len(by_repeat) > 1
            else (),
        )
    return scores


def sum_by_transcript(
    values: Floats, transcript_index: npt.NDArray[np.intp], n_transcripts: int
) -> Floats:
    """Sum rows of `values` (n_rows, ...) by the transcript each lies in."""
    sums = np.zeros((n_transcripts, *values.shape[1:]))
    np.add.at(sums, transcript_index, values)
    return sums


def _average_defined(values: Floats) -> Floats:
    """Mean over the first axis of what is defined; NaN where nothing is."""
    defined = ~np.isnan(values)
    n = defined.sum(axis=0)
    total = np.where(defined, values, 0.0).sum(axis=0)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)
