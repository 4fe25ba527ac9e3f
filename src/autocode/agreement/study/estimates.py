"""From counts by transcript to coefficients: the value on all of them, the interval over draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..coefficients.result import Coefficient, Interval
from ..resampling.draws import Draws, Floats, Method, Statistic, compute_intervals


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Estimator:
    """Makes coefficients that share their draws of transcripts, and so are paired.

    Without `draws` there are no intervals; `why` gives by name the reason for a value that is
    undefined.
    """

    draws: Draws | None
    level: float
    method: Method
    why: Callable[[str], str]

    def coefficients(
        self, names: Sequence[str], counts: Floats, statistic: Statistic
    ) -> dict[str, Coefficient]:
        """The statistic on all transcripts, with an interval for each of its values.

        Args:
            names: of the values.
            counts: by transcript, shape (n_transcripts, ...).
            statistic: of summed counts.
        """
        values = statistic(counts.sum(axis=0, keepdims=True))[0]
        limits: Sequence[Interval | None] = [None] * len(names)
        if self.draws is not None:
            limits = compute_intervals(
                counts, statistic, draws=self.draws, level=self.level, method=self.method
            )
        return {
            name: Coefficient(name=name, value=None, n_units=0, reason=self.why(name))
            if np.isnan(value)
            else Coefficient(name=name, value=float(value), n_units=0, interval=limit)
            for name, value, limit in zip(names, values, limits, strict=True)
        }
