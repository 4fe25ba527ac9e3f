"""Krippendorff's alpha: any number of coders, missing codings, four levels of measurement.

Source: Krippendorff (2011, 2018). Sets of codes per unit are in `sets`, resampling in `precision`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Booleans, Floats, Ints, divide
from .inference import check_clusters, leave_out_clusters, report_error
from .labels import ArrangedCodings
from .observed import NO_PAIR, agreeing_pairs, as_codings, index_values
from .result import Coefficient, Detail, build_undefined

Level = Literal["nominal", "ordinal", "interval", "ratio"]

ONE_VALUE = "only one value was ever used, so there is no variation to agree about"

_METHOD = "t, linearised (Gwet 2014)"
_CELLS = 4_000_000
"""Distances held at a time where all values are compared with all."""


@dataclass(frozen=True, slots=True)
class Coincidences:
    """How often two codings of one unit had which values, over all pairs of coders.

    `values` has shape (n_values,), ascending; `matrix` shape (n_values, n_values), symmetric, and
    sums to the number of pairable values. It is the table of who takes which code for which.
    """

    values: Floats
    matrix: Floats

    @property
    def marginals(self) -> Floats:
        """How often each value occurs in units with two or more codings."""
        return np.asarray(self.matrix.sum(axis=0), dtype=np.float64)

    @property
    def total(self) -> float:
        """The number of pairable values."""
        return float(self.matrix.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairable:
    """Units with two or more codings, their values placed so that distances are plain.

    `table`: shape (n_coders, n_units), NaN where missing, ordinal values as mid-ranks; `n_coders`
    per unit; `scale` the distinct values, `counts` how often each occurs, `codes` which one each
    coding is, in the order of `table[there]`.
    """

    table: Floats
    n_coders: Floats
    scale: Floats
    counts: Floats
    codes: Ints

    @property
    def total(self) -> float:
        return float(self.counts.sum())


def krippendorff_alpha(
    codings: npt.ArrayLike, *, level: Level = "nominal", clusters: npt.ArrayLike | None = None
) -> Coefficient:
    """Krippendorff's (2018) alpha; `observed` and `expected` are disagreements.

    Units with one coding play no part. The interval is that of `alpha_interval`, at 95 %. Details:
    `pairable_values`, the codings that play a part.

    Args:
        codings: shape (n_coders, n_units); NaN where a coder did not code a unit.
        level: how values differ: equal or not, by rank, by difference, by ratio.
        clusters: the group of each unit, such as its transcript, where units of one group are
            alike; interval and p-value then come from leaving out one group at a time.
    """
    return alpha_interval(codings, level=level, clusters=clusters)


def build_plain_alpha(codings: npt.ArrayLike, *, level: Level = "nominal") -> Coefficient:
    """Krippendorff's alpha without an error, for those who draw it thousands of times."""
    return _compute_alpha(_select_pairable(codings, level), level)


def _compute_alpha(data: _Pairable, level: Level) -> Coefficient:
    n_units = data.n_coders.size
    if not n_units:
        return build_undefined("krippendorff_alpha", NO_PAIR)
    total = data.total
    # Each unit weighs as many pairable values as it has codings, m; its m (m - 1) ordered pairs are
    # divided by m - 1 (Krippendorff 2018).
    observed = float((_sum_distances(data.table, level) / (data.n_coders - 1)).sum()) / total
    distance = _average_distance(data.scale, data.counts, level)
    expected = float(data.counts @ distance) / (total - 1)
    details: dict[str, Detail] = {"pairable_values": round(total)}
    return build_alpha("krippendorff_alpha", observed, expected, n_units=n_units, details=details)


def alpha_from_disagreement(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Floats:
    """1 - D_o / D_e, of any shape: what every alpha and gamma is; NaN where nothing can differ."""
    return np.asarray(1 - divide(observed, expected))


def alpha_from_counts(agreeing: Floats, totals: Floats) -> Floats:
    """Nominal alpha from pairable values; the one implementation of nominal disagreement.

    Args:
        agreeing: coincidences of equal values, shape (...).
        totals: pairable values by value, shape (..., n_values).
    """
    size = totals.sum(axis=-1)
    # Krippendorff (2018, ch. 12): D_e pairs each value with every other one, hence size - 1.
    # Both disagreements are taken times size (size - 1), so that whole numbers stay exact.
    observed = (size - 1) * (size - agreeing)
    return alpha_from_disagreement(observed, size**2 - (totals**2).sum(axis=-1))


def alpha_from_coincidences(coincidences: Floats) -> Floats:
    """Nominal alpha of any number of coders, from (..., n_values, n_values); see `Coincidences`."""
    agreeing = np.trace(coincidences, axis1=-2, axis2=-1)
    return alpha_from_counts(agreeing, coincidences.sum(axis=-1))


def pair_alpha_from_tables(tables: Floats) -> Floats:
    """Nominal alpha of two coders, from their contingency tables (..., n_values, n_values)."""
    return alpha_from_coincidences(tables + np.swapaxes(tables, -1, -2))


def build_alpha(
    name: str, observed: float, expected: float, *, n_units: int, details: Mapping[str, Detail]
) -> Coefficient:
    """Alpha as a result, from its disagreements; undefined where only one value was used."""
    value = float(alpha_from_disagreement(observed, expected))
    is_undefined = bool(np.isnan(value))
    return Coefficient(
        name=name,
        value=None if is_undefined else value,
        n_units=n_units,
        observed=observed,
        expected=expected,
        reason=ONE_VALUE if is_undefined else "",
        details=details,
    )


def alpha_interval(
    codings: npt.ArrayLike,
    *,
    level: Level = "nominal",
    confidence: float = 0.95,
    clusters: npt.ArrayLike | None = None,
) -> Coefficient:
    """Alpha with a standard error, a t interval and a p-value that need no resampling.

    Alpha is taken as a ratio of means over units and linearised, as Gwet (2014, 2015) does; units
    with two or more codings count, degrees of freedom are one fewer. The interval is cut off at -1
    and 1. Ordinal distances are treated as fixed. Under some 20 units the bootstrap is the safer
    answer.

    Args:
        codings: shape (n_coders, n_units); NaN where a coder did not code a unit.
        level: how values differ, as for `krippendorff_alpha`.
        confidence: the level of the interval.
        clusters: the group of each unit where units of one group are alike, as for
            `krippendorff_alpha`.
    """
    if clusters is not None:
        table = as_codings(codings, needs_numbers=level != "nominal")
        check_clusters(clusters, n_units=table.shape[1])
        return leave_out_clusters(
            lambda kept: build_plain_alpha(ArrangedCodings(table[:, kept]), level=level),
            clusters,
            level=confidence,
        )
    data = _select_pairable(codings, level)
    alpha = _compute_alpha(data, level)
    if alpha.value is None or alpha.n_units < 2:
        return report_error(alpha, None, method=_METHOD)
    apart = _average_distance(data.scale, data.counts, level)[data.codes]
    within = _sum_distances(data.table, level) / (data.n_coders - 1)
    se = linearise_alpha_error(within, apart, there=~np.isnan(data.table))
    return report_error(
        replace(alpha, details={**alpha.details, "se_gwet": se}),
        se,
        df=alpha.n_units - 1,
        method=_METHOD,
        level=confidence,
    )


def coincidence_matrix(codings: npt.ArrayLike) -> Coincidences:
    """Krippendorff's (2011, 2018) coincidence matrix of all pairs of codings within units.

    Args:
        codings: shape (n_coders, n_units); NaN where a coder did not code a unit.
    """
    data = _select_pairable(codings, "nominal")
    there = ~np.isnan(data.table)
    codes = np.full_like(data.table, -1, dtype=np.int64)
    codes[there] = data.codes
    n = data.scale.size
    matrix = np.zeros(n * n)
    for a, b in combinations(range(len(codes)), 2):
        both = there[a] & there[b]
        cells = codes[a, both] * n + codes[b, both]
        matrix += np.bincount(cells, 1 / (data.n_coders[both] - 1), minlength=n * n)
    square = matrix.reshape(n, n)
    return Coincidences(data.scale, square + square.T)


def _select_pairable(codings: npt.ArrayLike, level: Level) -> _Pairable:
    if level not in get_args(Level):
        raise InputError(f"'{level}' is no level. Known: {', '.join(get_args(Level))}.")
    table = as_codings(codings, needs_numbers=level != "nominal")
    there = ~np.isnan(table)
    n_coders = there.sum(axis=0)
    shared = n_coders >= 2
    if not shared.all():
        table, there, n_coders = table[:, shared], there[:, shared], n_coders[shared]
    scale, codes = index_values(table[there])
    if level == "ratio" and scale.size and scale[0] < 0:
        raise InputError(f"Ratios need values of 0 or more; {scale[0]:g} is among them.")
    counts = np.bincount(codes, minlength=scale.size).astype(np.float64)
    if level == "ordinal":
        # The ordinal distance is the squared difference of mid-ranks (Krippendorff 2011).
        scale = np.cumsum(counts) - counts / 2
        table = table.copy()
        table[there] = scale[codes]
    return _Pairable(
        table=table, n_coders=n_coders.astype(np.float64), scale=scale, counts=counts, codes=codes
    )


def _sum_distances(table: Floats, level: Level) -> Floats:
    """Sum of distances over ordered pairs of codings, per unit: shape (n_units,)."""
    # Counting equal pairs is much faster than comparing all: nominal data are the usual case.
    if level == "nominal":
        n_coders = (~np.isnan(table)).sum(axis=0)
        return np.asarray(n_coders * (n_coders - 1) - agreeing_pairs(table))
    total = np.zeros(table.shape[1])
    for a, b in combinations(range(table.shape[0]), 2):
        total += np.nan_to_num(_measure_distance(table[a], table[b], level))
    return 2 * total


def _measure_distance(a: Floats, b: Floats, level: Level) -> Floats:
    """Squared difference, or for ratios squared difference over squared sum; 0 between zeros."""
    if level != "ratio":
        return np.asarray((a - b) ** 2)
    both = a + b
    return np.asarray(((a - b) / np.where(both == 0, 1.0, both)) ** 2)


def _average_distance(scale: Floats, counts: Floats, level: Level) -> Floats:
    """For each value, its mean distance to a random coding: shape (n_values,)."""
    shares = counts / counts.sum()
    if level == "nominal":
        return np.asarray(1 - shares)
    if level != "ratio":
        # Mean squared distance to x is (x - mean)^2 plus the variance: no pair needs to be formed.
        mean = float(shares @ scale)
        return np.asarray((scale - mean) ** 2 + float(shares @ (scale - mean) ** 2))
    # The ratio distance does not factor; the table of all pairs is built some rows at a time.
    step = max(1, _CELLS // scale.size)
    parts = [
        _measure_distance(scale[i : i + step, None], scale, level) @ shares
        for i in range(0, scale.size, step)
    ]
    return np.concatenate(parts)


def linearise_alpha_error(within: Floats, apart: Floats, *, there: Booleans) -> float:
    """Standard error of 1 - D_o / D_e by its linear part in each of two or more units.

    Args:
        within: distances over ordered pairs of a unit's codings, over codings - 1, (n_units,).
        apart: of each coding, its mean distance to a random one, in the order of `there`.
        there: which codings there are, (n_coders, n_units).
    """
    n_coders = there.sum(axis=0).astype(np.float64)
    n, total = n_coders.size, float(n_coders.sum())
    observed, expected = float(within.sum()) / total, float(apart.sum()) / total
    units = np.broadcast_to(np.arange(n), there.shape)[there]
    of_unit = np.bincount(units, apart, minlength=n)
    # Linear parts of the two means, then of their ratio: what each unit adds to the error.
    of_observed = (within - observed * n_coders) / total
    of_expected = 2 * (of_unit - expected * n_coders) / total
    parts = (of_observed - of_expected * observed / expected) / expected
    return float(np.sqrt((parts**2).sum() * n / (n - 1)))
