"""Draws of whole transcripts, and statistics on them, from counts that add up over transcripts.

Segments of one transcript are not independent, so whole transcripts are drawn (cluster bootstrap,
Davison & Hinkley 1997, section 3.8). A coefficient here is a function of summed counts: the counts
are made once per transcript, every draw is a weighted sum of them, and no unit is looked at again.
Statistics computed on the same `Draws` are paired.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Floats

Statistic = Callable[[Floats], Floats]
"""From summed counts (n_draws, ...) to values (n_draws, n_values), NaN where undefined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawConfig:
    """Limits of the resampling of transcripts.

    Up to `exact_up_to` transcripts every possible draw is enumerated: 8 have 6,435 distinct draws,
    9 would have 24,310. `numbers_at_once` bounds the summed counts held at a time (80 MB).
    """

    exact_up_to: int = 8
    numbers_at_once: int = 10_000_000


DRAW_CONFIG = DrawConfig()


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

    Up to `DRAW_CONFIG.exact_up_to` transcripts all n^n draws are enumerated, each set once with
    the number of its orders; beyond, `n_resamples` are drawn at random.
    """
    if n_transcripts < 1 or n_resamples < 1:
        raise InputError(
            f"Resampling needs transcripts and resamples; got {n_transcripts} and {n_resamples}."
        )
    if n_transcripts <= DRAW_CONFIG.exact_up_to:
        return enumerate_draws(n_transcripts)
    generator = np.random.default_rng(seed)
    even = np.full(n_transcripts, 1 / n_transcripts)
    # Drawing n of n with replacement is multinomial; only how often each was drawn is kept.
    counts = generator.multinomial(n_transcripts, even, n_resamples).astype(np.float64)
    return Draws(counts, np.ones(n_resamples), is_exact=False)


def enumerate_draws(n: int) -> Draws:
    """All n^n draws of n transcripts, each set once with the number of its orders."""
    from scipy.special import gammaln  # here: a server starts without it

    sets = np.array(list(combinations_with_replacement(range(n), n)))
    counts = (sets[:, :, None] == np.arange(n)).sum(axis=1).astype(np.float64)
    # The multinomial coefficient n! / (k_1! ... k_n!), by logarithms; it is whole.
    orders = np.exp(gammaln(n + 1) - gammaln(counts + 1).sum(axis=1))
    return Draws(counts, np.rint(orders), is_exact=True)


def compute_on_draws(counts: Floats, statistic: Statistic, *, draws: Draws) -> Floats:
    """The statistic on every draw, shape (n_draws, n_values).

    Args:
        counts: per transcript, shape (n_transcripts, ...).
        statistic: of summed counts.
        draws: which transcripts each draw holds.
    """
    return compute_on_weights(counts, statistic, weights=draws.counts)


def compute_on_weights(counts: Floats, statistic: Statistic, *, weights: Floats) -> Floats:
    """The statistic on sums weighted by `weights` (n_draws, n_transcripts), (n_draws, n_values).

    Some draws are taken at a time, to bound memory.
    """
    n_transcripts = counts.shape[0]
    if weights.shape[1] != n_transcripts:
        raise InputError(
            f"The draws are of {weights.shape[1]} transcripts, the counts of {n_transcripts}."
        )
    flat = counts.reshape(n_transcripts, -1)
    step = max(1, DRAW_CONFIG.numbers_at_once // max(flat.shape[1], 1))
    parts = []
    for begin in range(0, weights.shape[0], step):
        some = weights[begin : begin + step]
        # Counts add up over transcripts, so a draw of transcripts is one row of a matrix product.
        sums = (some @ flat).reshape(some.shape[0], *counts.shape[1:])
        parts.append(statistic(sums).reshape(some.shape[0], -1))
    return np.concatenate(parts)


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
    return tuple(_summarise(column, weight) for column in values.T)


def share_below(values: Floats, threshold: float, *, weight: Floats) -> float | None:
    """Share of the defined draws whose value, shape (n_draws,), is less than the threshold."""
    defined = ~np.isnan(values)
    total = float(weight[defined].sum())
    below = float(weight[defined & (values < threshold)].sum())
    return below / total if total else None


def _summarise(values: Floats, weight: Floats) -> Moments:
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
