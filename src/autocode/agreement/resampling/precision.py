"""How precise a coefficient is: sample size beforehand, resampling of units afterwards.

Resampling draws units, or whole transcripts, with all coders of each; it knows nothing about which
coefficient it resamples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import ceil
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Floats, Ints
from ..coefficients.alpha import Level, alpha_from_counts, build_plain_alpha
from ..coefficients.errors import kappa_errors
from ..coefficients.observed import as_codings, unit_counts
from ..coefficients.result import Coefficient, Interval
from .draws import Moments, enumerate_draws, share_below, summarise_draws, weighted_quantiles

_ENUMERABLE = 9
"""Up to here the distinct resamples, choose(2n - 1, n), number some 24,000 or fewer."""


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """What a coefficient came to in the resamples.

    `values`, shape (n_distinct,), is NaN where it is undefined; `weight` counts the resamples that
    gave the value.
    """

    values: Floats
    weight: Floats

    @property
    def moments(self) -> Moments:
        """Mean and standard deviation, the bootstrap standard error, and how many are undefined."""
        return summarise_draws(self.values[:, None], weight=self.weight)[0]

    def share_below(self, threshold: float) -> float | None:
        """Share of the resamples with a value in which it is below a threshold."""
        return share_below(self.values, threshold, weight=self.weight)

    def interval(self, confidence: float = 0.95) -> Interval | None:
        """Percentile interval; None when no resample has a value."""
        spread = self.moments
        if spread.mean is None:
            return None
        tail = (1 - confidence) / 2
        low, high = (
            float(weighted_quantiles(self.values[:, None], share, weight=self.weight)[0])
            for share in (tail, 1 - tail)
        )
        return Interval(
            low=low,
            high=high,
            level=confidence,
            method="percentile bootstrap",
            n_resamples=spread.n_total,
            n_undefined=spread.n_undefined,
        )


def sample_size(
    rates: tuple[float, float],
    kappas: tuple[float, float],
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    sides: int = 1,
) -> int:
    """Units two coders must code to tell one kappa from another, yes/no decision (Cantor 1996).

    Args:
        rates: how often each coder says yes, between 0 and 1.
        kappas: kappa under the null and under the alternative.
        alpha: risk of claiming a difference that is not there.
        power: chance to find one that is.
        sides: 1 or 2 sided test.
    """
    null, alternative = kappas
    if null == alternative:
        raise InputError(f"Both kappas are {null:g}. Give two different ones to tell apart.")
    if sides not in (1, 2) or not 0 < alpha < 1 or not 0 < power < 1:
        raise InputError(
            f"alpha {alpha:g}, power {power:g}, {sides} sides:"
            " alpha and power lie between 0 and 1, sides are 1 or 2."
        )
    # The error of one unit is what the error of n units is sqrt(n) times smaller than.
    # At n = 1 the table of shares gives the standard deviation of one unit's contribution.
    spread = [
        kappa_errors(_build_table(rates, kappa), np.eye(2))[0] for kappa in (null, alternative)
    ]
    normal = NormalDist()
    reach = normal.inv_cdf(1 - alpha / sides) * spread[0] + normal.inv_cdf(power) * spread[1]
    return max(ceil((reach / (alternative - null)) ** 2), 2)


def bootstrap(
    statistic: Callable[[Ints], float | None],
    n_units: int,
    *,
    n_resamples: int = 2000,
    seed: int = 0,
    groups: npt.ArrayLike | None = None,
) -> Resampled:
    """Resample units with replacement (Efron 1979), or whole groups of them.

    Args:
        statistic: from the indices of the units drawn to a value; None when undefined.
        n_units: how many units there are.
        n_resamples: how many draws.
        seed: makes the draws repeatable.
        groups: shape (n_units,), the transcript of each unit; units of one transcript are not
            independent, so transcripts are drawn.
    """
    draw = _build_drawer(n_units, groups)
    generator = np.random.default_rng(seed)
    n_drawn = n_resamples if n_units else 0
    return _compute(statistic, (draw(generator) for _ in range(n_drawn)), np.ones(n_drawn))


def enumerate_resamples(statistic: Callable[[Ints], float | None], n_units: int) -> Resampled:
    """All n^n resamples of a few units, each distinct one computed once: no sampling error."""
    if n_units > _ENUMERABLE:
        raise InputError(
            f"{n_units} units have too many resamples to list; {_ENUMERABLE} is the limit."
            " Draw some of them with bootstrap."
        )
    # The same enumeration as for transcripts: distinct resamples with the number of their orders.
    draws = enumerate_draws(n_units)
    units = np.arange(n_units)
    drawn = (np.repeat(units, counts) for counts in draws.counts.astype(np.int64))
    return _compute(statistic, drawn, draws.weight)


def alpha_bootstrap(
    codings: npt.ArrayLike,
    *,
    level: Level = "nominal",
    n_resamples: int = 2000,
    seed: int = 0,
    groups: npt.ArrayLike | None = None,
) -> Coefficient:
    """Krippendorff's alpha with a percentile interval from resampled units.

    With no resamples asked for (0), all of them are listed: see `enumerate_resamples`. Details:
    `mean`, `sd`, `p_below_667` and `p_below_800`, the shares below Krippendorff's limits.

    Args:
        codings: shape (n_coders, n_units); NaN where a coder did not code a unit.
        level: as for `krippendorff_alpha`.
        n_resamples: how many draws; 0 for all that are possible.
        seed: makes the draws repeatable.
        groups: shape (n_units,), the transcript of each unit, to draw transcripts instead.
    """
    table = as_codings(codings)
    statistic = (
        _build_nominal_statistic(table)
        if level == "nominal"
        else _build_alpha_statistic(table, level)
    )
    alpha, n_units = build_plain_alpha(table, level=level), table.shape[1]
    if not n_resamples:
        drawn = enumerate_resamples(statistic, n_units)
    else:
        drawn = bootstrap(statistic, n_units, n_resamples=n_resamples, seed=seed, groups=groups)
    spread = drawn.moments
    return replace(
        alpha,
        interval=drawn.interval(),
        details={
            **alpha.details,
            "mean": spread.mean,
            "sd": spread.sd,
            "p_below_667": drawn.share_below(0.667),
            "p_below_800": drawn.share_below(0.8),
            "resamples_total": spread.n_total,
            "resamples_undefined": spread.n_undefined,
        },
    )


def _build_alpha_statistic(table: Floats, level: Level) -> Callable[[Ints], float | None]:
    """Alpha of the units drawn, computed anew: ordinal distances change with the draw."""
    return lambda drawn: build_plain_alpha(table[:, drawn], level=level).value


def _build_nominal_statistic(table: Floats) -> Callable[[Ints], float | None]:
    """Nominal alpha of the units drawn, from what each unit adds: many times faster."""
    counts = unit_counts(table)
    # Units with one coding pair with nothing and must not enter the marginals either.
    counts = counts * (counts.sum(axis=1) >= 2)[:, None]
    n_coders = counts.sum(axis=1)
    # A unit's disagreeing coincidences: ordered pairs of unequal values over m - 1.
    within = (n_coders**2 - (counts**2).sum(axis=1)) / np.maximum(n_coders - 1, 1)

    def statistic(drawn: Ints) -> float | None:
        times = np.bincount(drawn, minlength=within.size).astype(np.float64)
        totals = times @ counts
        alpha = float(alpha_from_counts(totals.sum() - times @ within, totals))
        return None if np.isnan(alpha) else alpha

    return statistic


def _build_table(rates: tuple[float, float], kappa: float) -> Floats:
    """The yes/no table of shares with these two rates and this kappa."""
    a, b = rates
    if not 0 < a < 1 or not 0 < b < 1:
        raise InputError(f"Rates {a:g} and {b:g}: both must lie between 0 and 1.")
    chance = a * b + (1 - a) * (1 - b)
    # Solved from kappa = (p_o - p_e) / (1 - p_e) with p_o = 1 - a - b + 2 both.
    both = (kappa * (1 - chance) + chance + a + b - 1) / 2
    table = np.array([[both, a - both], [b - both, 1 - a - b + both]])
    if table.min() < -1e-12:
        raise InputError(
            f"Coders who say yes at rates {a:g} and {b:g} cannot reach kappa {kappa:g}."
            " Choose rates nearer to each other or a kappa nearer to 0."
        )
    return np.asarray(np.maximum(table, 0.0))


def _build_drawer(
    n_units: int, groups: npt.ArrayLike | None
) -> Callable[[np.random.Generator], Ints]:
    """How one resample is drawn: as many units, or as many groups, as there are."""
    if groups is None:
        return lambda generator: generator.integers(n_units, size=n_units)
    of_unit = np.asarray(groups).ravel()
    if of_unit.size != n_units:
        raise InputError(f"{of_unit.size} groups do not fit {n_units} units. Give one per unit.")
    _, codes = np.unique(of_unit, return_inverse=True)
    edges = np.cumsum(np.bincount(codes.ravel()))[:-1]
    members = np.split(np.argsort(codes.ravel(), kind="stable"), edges)
    n = len(members)
    return lambda generator: np.concatenate([members[i] for i in generator.integers(n, size=n)])


def _compute(
    statistic: Callable[[Ints], float | None], draws: Iterable[Ints], weight: Floats
) -> Resampled:
    answers = (statistic(drawn) for drawn in draws)
    values = [np.nan if value is None else value for value in answers]
    return Resampled(np.array(values, dtype=np.float64), weight)
