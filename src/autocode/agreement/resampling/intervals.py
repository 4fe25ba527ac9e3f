"""Intervals over transcripts: the options, the methods, and coefficients that have one.

Every choice of an interval method is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from ...core.arguments import checked
from ...core.errors import InputError
from ..arrays import Floats
from ..coefficients.result import Coefficient, Interval
from .draws import (
    DRAW_CONFIG,
    Draws,
    Statistic,
    compute_on_draws,
    compute_on_weights,
    draw_transcripts,
    weighted_quantiles,
)
from .jackknife import NoInterval, Scale, compute_jackknife_intervals, leave_out_each

Method = Literal["jackknife", "percentile", "bca"]
Key = TypeVar("Key", bound=Hashable)


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """How intervals are made: by which method, at which level, and what is drawn where it draws.

    `jackknife` leaves out each transcript in turn and uses Student's t; `percentile` and `bca`
    draw transcripts `n_resamples` times with `seed` (every possible draw of up to eight). With
    `n_resamples` 0 there are no intervals.
    """

    n_resamples: int = 2000
    seed: int = 0
    level: float = 0.95
    method: Method = "jackknife"

    def to_plain(self, n_transcripts: int) -> dict[str, Any]:
        """What a reader must know to make the intervals again; `n_resamples` were really drawn."""
        plain: dict[str, Any] = {
            "method": self.method,
            "level": self.level,
            "resampled": "transcripts",
        }
        if self.method == "jackknife" or not self.n_resamples:
            return plain | {"n_resamples": 0, "seed": None}
        is_exact = n_transcripts <= DRAW_CONFIG.exact_up_to
        n_drawn = n_transcripts**n_transcripts if is_exact else self.n_resamples
        return plain | {"n_resamples": n_drawn, "seed": None if is_exact else self.seed}

    def build_estimator(self, n_transcripts: int, explain: Callable[[Key], str]) -> Estimator[Key]:
        """What makes coefficients with such intervals; `explain` says why one is undefined."""
        draws = None
        if n_transcripts and self.n_resamples and self.method != "jackknife":
            draws = draw_transcripts(n_transcripts, n_resamples=self.n_resamples, seed=self.seed)
        method = self.method if self.n_resamples else None
        return Estimator(draws=draws, level=self.level, method=method, explain=explain)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Estimator(Generic[Key]):
    """Makes coefficients that share their draws of transcripts, and so are paired.

    Without a `method` there are no intervals; the jackknife needs no `draws`. `explain` gives by
    key the reason for a value that is undefined.
    """

    draws: Draws | None
    level: float
    method: Method | None
    explain: Callable[[Key], str]

    def estimate(
        self,
        keys: Sequence[Key],
        counts: Floats,
        statistic: Statistic,
        *,
        scales: Sequence[Scale],
        n_with_code: npt.ArrayLike | None = None,
    ) -> dict[Key, Coefficient]:
        """The statistic on all transcripts, with an interval for each of its values.

        Args:
            keys: of the values, one for each column that `statistic` answers; a coefficient is
                named after its key, which the caller may replace.
            counts: by transcript, shape (n_transcripts, ...).
            statistic: of summed counts.
            scales: where each value lies.
            n_with_code: in how many transcripts anybody used the code that a value is about.
        """
        values = statistic(counts.sum(axis=0, keepdims=True))[0]
        limits = self._limit(counts, statistic, scales=scales, n_with_code=n_with_code)
        return {
            key: Coefficient(name=str(key), value=None, n_units=0, reason=self.explain(key))
            if np.isnan(value)
            else build_limited(Coefficient(name=str(key), value=float(value), n_units=0), limit)
            for key, value, limit in zip(keys, values, limits, strict=True)
        }

    def _limit(
        self,
        counts: Floats,
        statistic: Statistic,
        *,
        scales: Sequence[Scale],
        n_with_code: npt.ArrayLike | None,
    ) -> Sequence[Interval | NoInterval | None]:
        if self.method is None or not len(counts):
            return [None] * len(scales)
        if self.method == "jackknife":
            left_out = leave_out_each(counts, statistic)
            return compute_jackknife_intervals(
                left_out, scales=scales, level=self.level, n_with_code=n_with_code
            )
        if self.draws is None:
            return [None] * len(scales)
        return compute_intervals(
            counts, statistic, draws=self.draws, level=self.level, method=self.method
        )


def build_limited(coefficient: Coefficient, limit: Interval | NoInterval | None) -> Coefficient:
    """The coefficient with its interval, or with the reason why it has none."""
    if isinstance(limit, NoInterval):
        return replace(coefficient, no_interval=limit.explanation)
    return replace(coefficient, interval=limit)


def compute_intervals(
    counts: Floats,
    statistic: Statistic,
    *,
    draws: Draws,
    level: float = 0.95,
    method: Literal["percentile", "bca"] = "percentile",
) -> tuple[Interval | None, ...]:
    """An interval for each value of the statistic; None where no draw has a value, or one text.

    `percentile`, or `bca` (Efron 1987: bias from the draws, acceleration from leaving out one
    transcript at a time).
    """
    values = compute_on_draws(counts, statistic, draws=draws)
    if method == "percentile":
        return percentile_intervals(values, draws=draws, level=level)
    if method != "bca":
        raise InputError(f"No interval method '{method}'; use jackknife, percentile or bca.")
    n = counts.shape[0]
    estimate = compute_on_weights(counts, statistic, weights=np.ones((1, n)))[0]
    left_out = compute_on_weights(counts, statistic, weights=1 - np.eye(n))
    edges = _find_bca_levels(values, estimate, left_out, draws=draws, level=level)
    return _build_intervals(values, edges, draws=draws, level=level, method="bca")


def percentile_intervals(
    values: Floats, *, draws: Draws, level: float = 0.95
) -> tuple[Interval | None, ...]:
    """Percentile intervals of values already computed on draws, shape (n_draws, n_values)."""
    _check_level(level)
    edges = np.array([[(1 - level) / 2], [(1 + level) / 2]]).repeat(values.shape[1], axis=1)
    return _build_intervals(values, edges, draws=draws, level=level, method="percentile")


def _build_intervals(
    values: Floats, edges: Floats, *, draws: Draws, level: float, method: str
) -> tuple[Interval | None, ...]:
    """Intervals between the two quantiles that each column of `edges`, (2, n_values), asks for."""
    name = f"{method}, {'every draw' if draws.is_exact else 'bootstrap'} of transcripts"
    n_undefined = np.isnan(values).T @ draws.weight
    low, high = (weighted_quantiles(values, edge, weight=draws.weight) for edge in edges)
    alone = draws.counts.shape[1] < 2
    return tuple(
        None
        if alone or np.isnan(low[i]) or np.isnan(high[i])
        else Interval(
            low=float(low[i]),
            high=float(high[i]),
            level=level,
            method=name,
            n_resamples=draws.n_total,
            n_undefined=round(n_undefined[i]),
        )
        for i in range(values.shape[1])
    )


def _find_bca_levels(
    values: Floats, estimate: Floats, left_out: Floats, *, draws: Draws, level: float
) -> Floats:
    """The quantiles that BCa takes for its two limits, shape (2, n_values) (Efron 1987)."""
    from scipy.special import ndtr, ndtri  # here: a server starts without it

    _check_level(level)
    defined = ~np.isnan(values)
    total = draws.weight @ defined
    # z_0, how far the estimate lies from the median of the draws (Efron 1987); draws
    # that equal it count half.
    below = draws.weight @ (values < estimate) + draws.weight @ (values == estimate) / 2
    # An estimate outside all draws would put the limits at infinity.
    share = np.clip(below / np.maximum(total, 1), 0.5 / draws.n_total, 1 - 0.5 / draws.n_total)
    bias = ndtri(share)
    # a, the skewness of what leaving out one transcript does (Efron 1987).
    counted = np.where(np.isnan(left_out), 0.0, 1.0)
    mean = np.nansum(left_out, axis=0) / np.maximum(counted.sum(axis=0), 1)
    gap = np.where(counted > 0, mean - left_out, 0.0)
    spread = (gap**2).sum(axis=0) ** 1.5
    # Leaving out any one transcript changes nothing but rounding: no acceleration.
    steady = spread <= 1e-30
    speed = np.where(steady, 0.0, (gap**3).sum(axis=0) / np.where(steady, 1.0, 6 * spread))
    normal = ndtri(np.array([[(1 - level) / 2], [(1 + level) / 2]]))
    shifted = bias + normal
    return np.asarray(ndtr(bias + shifted / (1 - speed * shifted)))


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise InputError(f"An interval's level lies between 0 and 1, not {level}.")
