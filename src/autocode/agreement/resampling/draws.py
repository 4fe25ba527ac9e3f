"""Intervals by resampling transcripts, from counts that add up over transcripts.

Segments of one transcript are not independent, so whole transcripts are drawn (cluster bootstrap,
Davison & Hinkley 1997, section 3.8). A coefficient here is a function of summed counts: the counts
are made once per transcript, every draw is a weighted sum of them, and no unit is looked at again.
Coefficients computed on the same `Draws` are paired.

Functions ending in `_of` take tables of shape (..., n_values, n_values) and give NaN where the
coefficient is undefined; NaN does not leave this package.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, ndtr, ndtri

from autocode.core.errors import InputError

from ..coefficients.result import Interval

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Statistic = Callable[[Floats], Floats]
"""From summed counts (n_draws, ...) to values (n_draws, n_values), NaN where undefined."""
Method = Literal["percentile", "bca"]

EXACT_UP_TO = 8
"""Up to this many transcripts every possible draw is enumerated."""

NUMBERS_AT_ONCE = 10_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """How often each draw holds each transcript.

    `counts` is (n_draws, n_transcripts); `weight` (n_draws,) is the number of equally likely
    ordered draws that a row stands for: 1 in a random bootstrap.
    """

    counts: Floats
    weight: Floats
    is_exact: bool

    @property
    def n_total(self) -> int:
        """Ordered draws in all: n to the power n where enumerated."""
        return round(float(self.weight.sum()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """What the draws say of one coefficient; mean and sd are over defined draws, None if none."""

    mean: float | None
    sd: float | None
    n_total: int
    n_undefined: int


def draw_transcripts(n_transcripts: int, *, n_resamples: int = 2000, seed: int = 0) -> Draws:
    """Draws of as many transcripts as there are, with replacement.

    Up to `EXACT_UP_TO` transcripts all n^n draws are enumerated, each set once with the number of
    its orders; beyond, `n_resamples` are drawn at random.
    """
    if n_transcripts < 1 or n_resamples < 1:
        raise InputError(
            f"Resampling needs transcripts and resamples; got {n_transcripts} and {n_resamples}."
        )
    if n_transcripts <= EXACT_UP_TO:
        return enumerate_draws(n_transcripts)
    generator = np.random.default_rng(seed)
    even = np.full(n_transcripts, 1 / n_transcripts)
    counts = generator.multinomial(n_transcripts, even, n_resamples).astype(np.float64)
    return Draws(counts, np.ones(n_resamples), is_exact=False)


def enumerate_draws(n: int) -> Draws:
    """All n^n draws of n transcripts, each set once with the number of its orders."""
    sets = np.array(list(combinations_with_replacement(range(n), n)))
    counts = (sets[:, :, None] == np.arange(n)).sum(axis=1).astype(np.float64)
    orders = np.exp(gammaln(n + 1) - gammaln(counts + 1).sum(axis=1))
    return Draws(counts, np.rint(orders), is_exact=True)


def compute_on_draws(counts: Floats, statistic: Statistic, *, draws: Draws) -> Floats:
    """The statistic on every draw, shape (n_draws, n_values).

    Args:
        counts: per transcript, shape (n_transcripts, ...).
        statistic: of summed counts.
        draws: which transcripts each draw holds.
    """
    return _on_sums(counts, statistic, draws.counts)


def compute_intervals(
    counts: Floats,
    statistic: Statistic,
    *,
    draws: Draws,
    level: float = 0.95,
    method: Method = "percentile",
) -> tuple[Interval | None, ...]:
    """An interval for each value of the statistic; None where no draw has a value, or one text.

    `percentile`, or `bca` (Efron 1987: bias from the draws, acceleration from leaving out one
    transcript at a time).
    """
    values = compute_on_draws(counts, statistic, draws=draws)
    if method == "percentile":
        return percentile_intervals(values, draws=draws, level=level)
    if method != "bca":
        raise InputError(f"No interval method '{method}'; use percentile or bca.")
    n = counts.shape[0]
    estimate = _on_sums(counts, statistic, np.ones((1, n)))[0]
    left_out = _on_sums(counts, statistic, 1 - np.eye(n))
    edges = _bca_levels(values, estimate, left_out, draws=draws, level=level)
    return _intervals(values, edges, draws=draws, level=level, method="bca")


def percentile_intervals(
    values: Floats, *, draws: Draws, level: float = 0.95
) -> tuple[Interval | None, ...]:
    """Percentile intervals of values already computed on draws, shape (n_draws, n_values)."""
    _check_level(level)
    edges = np.array([[(1 - level) / 2], [(1 + level) / 2]]).repeat(values.shape[1], axis=1)
    return _intervals(values, edges, draws=draws, level=level, method="percentile")


def weighted_quantiles(values: Floats, share: npt.ArrayLike, *, weight: Floats) -> Floats:
    """The least value that at least a `share` of the defined draws do not exceed, (n_values,).

    `weight` (n_draws,) is that of the draws, here and below.
    """
    order = np.argsort(values, axis=0)
    ordered = np.take_along_axis(values, order, axis=0)
    reached = np.where(np.isnan(ordered), 0.0, weight[order]).cumsum(axis=0)
    # Sums of shares may fall short of their target by rounding alone.
    wanted = np.asarray(share) * reached[-1] * (1 - 1e-12)
    row = np.minimum((reached < wanted).sum(axis=0), values.shape[0] - 1)
    return np.asarray(np.take_along_axis(ordered, row[None], axis=0)[0])


def summarise_draws(values: Floats, *, weight: Floats) -> tuple[Moments, ...]:
    """Mean, standard deviation and undefined draws of each column of values on draws."""
    return tuple(_moments(column, weight) for column in values.T)


def share_below(values: Floats, threshold: float, *, weight: Floats) -> float | None:
    """Share of the defined draws whose value, shape (n_draws,), is less than the threshold."""
    defined = ~np.isnan(values)
    total = float(weight[defined].sum())
    below = float(weight[defined & (values < threshold)].sum())
    return below / total if total else None


# --- Counts per transcript


def count_contingencies(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    *,
    transcripts: npt.ArrayLike,
    n_values: int,
    n_transcripts: int | None = None,
) -> Floats:
    """Units by the values two coders gave, shape (n_transcripts, ..., n_values, n_values).

    Args:
        a: the first coder's values, numbered from 0, shape (..., n_units); NaN where not coded.
        b: the second coder's.
        transcripts: of each unit, numbered from 0, shape (n_units,).
        n_values: how many values there are.
        n_transcripts: how many transcripts there are, where the last may have no unit.
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    place = np.asarray(transcripts, dtype=np.int64)
    n_transcripts = int(place.max(initial=-1)) + 1 if n_transcripts is None else n_transcripts
    lead = first.shape[:-1]
    n_lead = int(np.prod(lead))
    both = ~(np.isnan(first) | np.isnan(second))
    row = np.arange(n_lead).reshape(*lead, 1) + n_lead * place
    cell = (row[both] * n_values + first[both].astype(np.int64)) * n_values
    cell += second[both].astype(np.int64)
    found = np.bincount(cell, minlength=n_transcripts * n_lead * n_values**2)
    return found.reshape(n_transcripts, *lead, n_values, n_values).astype(np.float64)


def count_coincidences(
    codings: npt.ArrayLike,
    *,
    transcripts: npt.ArrayLike,
    n_values: int,
    n_transcripts: int | None = None,
) -> Floats:
    """Krippendorff's (2018) coincidences, shape (n_transcripts, ..., n_values, n_values).

    Args:
        codings: values numbered from 0, shape (n_coders, ..., n_units); NaN where not coded. Units
            that fewer than two coders coded do not count.
        transcripts: of each unit, numbered from 0, shape (n_units,).
        n_values: how many values there are.
        n_transcripts: how many transcripts there are, where the last may have no unit.
    """
    table = np.asarray(codings, dtype=np.float64)
    place = np.asarray(transcripts, dtype=np.int64)
    votes = np.stack([(table == value).sum(axis=0) for value in range(n_values)], axis=-1)
    n_codings = votes.sum(axis=-1, keepdims=True)
    each = np.divide(votes, n_codings - 1, out=np.zeros(votes.shape), where=n_codings > 1)
    n_transcripts = int(place.max(initial=-1)) + 1 if n_transcripts is None else n_transcripts
    found = np.zeros((n_transcripts, *votes.shape[:-2], n_values, n_values))
    for transcript in range(n_transcripts):
        here = place == transcript
        ours, weighted = votes[..., here, :], each[..., here, :]
        found[transcript] = np.swapaxes(ours, -1, -2) @ weighted
        diagonal = np.einsum("...cc->...c", found[transcript])
        diagonal -= weighted.sum(axis=-2)
    return found


# --- Coefficients of summed counts


def percent_from_tables(tables: Floats) -> Floats:
    """Share of units on which two coders agree."""
    total = tables.sum(axis=(-1, -2))
    return _ratio(np.trace(tables, axis1=-2, axis2=-1), total)


def kappa_from_tables(tables: Floats) -> Floats:
    """Cohen's (1960) kappa of two coders."""
    total = tables.sum(axis=(-1, -2))
    chance = (tables.sum(axis=-1) * tables.sum(axis=-2)).sum(axis=-1)
    agreeing = np.trace(tables, axis1=-2, axis2=-1)
    return _ratio(agreeing * total - chance, total**2 - chance)


def alpha_from_coincidences(coincidences: Floats) -> Floats:
    """Krippendorff's (2018) nominal alpha of any number of coders."""
    totals = coincidences.sum(axis=-1)
    size = totals.sum(axis=-1)
    differing = size - np.trace(coincidences, axis1=-2, axis2=-1)
    return 1 - _ratio((size - 1) * differing, size**2 - (totals**2).sum(axis=-1))


def pair_alpha_from_tables(tables: Floats) -> Floats:
    """Krippendorff's nominal alpha of two coders, from their contingency tables."""
    return alpha_from_coincidences(tables + np.swapaxes(tables, -1, -2))


# --- Details


def _ratio(part: Floats, whole: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def _on_sums(counts: Floats, statistic: Statistic, weights: Floats) -> Floats:
    """The statistic of weighted sums over transcripts, some draws at a time to bound memory."""
    n_transcripts = counts.shape[0]
    if weights.shape[1] != n_transcripts:
        raise InputError(
            f"The draws are of {weights.shape[1]} transcripts, the counts of {n_transcripts}."
        )
    flat = counts.reshape(n_transcripts, -1)
    step = max(1, NUMBERS_AT_ONCE // max(flat.shape[1], 1))
    parts = []
    for begin in range(0, weights.shape[0], step):
        some = weights[begin : begin + step]
        sums = (some @ flat).reshape(some.shape[0], *counts.shape[1:])
        parts.append(statistic(sums).reshape(some.shape[0], -1))
    return np.concatenate(parts)


def _intervals(
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


def _bca_levels(
    values: Floats, estimate: Floats, left_out: Floats, *, draws: Draws, level: float
) -> Floats:
    """The quantiles that BCa takes for its two limits, shape (2, n_values) (Efron 1987)."""
    _check_level(level)
    defined = ~np.isnan(values)
    total = draws.weight @ defined
    below = draws.weight @ (values < estimate) + draws.weight @ (values == estimate) / 2
    # An estimate outside all draws would put the limits at infinity.
    share = np.clip(below / np.maximum(total, 1), 0.5 / draws.n_total, 1 - 0.5 / draws.n_total)
    bias = ndtri(share)
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


def _moments(values: Floats, weight: Floats) -> Moments:
    defined = ~np.isnan(values)
    kept, all_draws = values[defined], round(float(weight.sum()))
    weight = weight[defined]
    total = float(weight.sum())
    n_undefined = all_draws - round(total)
    if not total:
        return Moments(mean=None, sd=None, n_total=all_draws, n_undefined=n_undefined)
    mean = float(weight @ kept) / total
    sd = float(np.sqrt(weight @ (kept - mean) ** 2 / total))
    return Moments(mean=mean, sd=sd, n_total=all_draws, n_undefined=n_undefined)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise InputError(f"An interval's level lies between 0 and 1, not {level}.")
