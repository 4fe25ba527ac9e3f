"""Gwet's AC1 and AC2, and his way of correcting for chance when coders skipped units.

Units with one coding say how often categories are used, units with two or more how coders agree
(Gwet 2008, 2014). The same frame carries Fleiss' kappa and Brennan-Prediger in `kappa`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Booleans, Floats, divide
from .inference import build_by_clusters, report_error
from .observed import NO_PAIR, as_counts, counts_of_table
from .result import Coefficient, build_undefined

ONE_CATEGORY = "the codebook has one category only, so agreement on it means nothing"
T_LINEARISED = "t, linearised (Gwet 2014)"
ALL_CREDIT = "with these weights chance explains everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAgreement:
    """Agreement unit by unit, for units with at least one coding.

    `shares` is the mean share of each category, shape (n_categories,); `placed` the share of a
    unit's coders in each category, shape (n_units, n_categories); `observed` the weighted agreement
    of each unit, 0 where only one coder saw it; `n_shared` counts units seen by two or more.
    """

    placed: Floats
    shares: Floats
    observed: Floats
    shared: Booleans

    @property
    def n_shared(self) -> int:
        """How many units have two or more codings."""
        return int(self.shared.sum())

    @property
    def mean(self) -> float:
        """Observed agreement: the mean over units with two or more codings (Gwet 2014)."""
        return float(self.observed[self.shared].mean())


@dataclass(frozen=True, slots=True)
class Chance:
    """Agreement expected by chance: overall, and what each unit adds to it, shape (n_units,)."""

    overall: float
    per_unit: Floats


def gwet_ac1(counts: npt.ArrayLike, *, clusters: npt.ArrayLike | None = None) -> Coefficient:
    """Gwet's (2008) AC1 over nominal categories, any number of coders, missing codings.

    Interval and p-value are by t with a degree of freedom fewer than there are units (Gwet 2014).

    Args:
        counts: shape (n_units, n_categories), coders per unit and category. The columns are the
            codebook's categories, used or not: their number enters the chance agreement.
        clusters: the group of each unit, such as its transcript, where units of one group are
            alike; interval and p-value then come from leaving out one group at a time.
    """
    table = as_counts(counts)
    return build_by_clusters(
        lambda kept: _compute_ac("gwet_ac1", table[kept], np.eye(table.shape[1])),
        clusters,
        n_units=table.shape[0],
    )


def gwet_ac1_of_table(table: npt.ArrayLike) -> Coefficient:
    """Gwet's (2008) AC1 of two coders, from their confusion table.

    The same value as `gwet_ac1`; the standard error is that of the two-coder formula of 2008, which
    divides by the number of units where the one of 2014 divides by one fewer.

    Args:
        table: shape (n_categories, n_categories), counts of units; rows are the first coder.
    """
    ac1 = gwet_ac1(counts_of_table(table))
    se = ac1.details.get("se_gwet")
    if se is None:
        return ac1
    n = ac1.n_units
    smaller = {**ac1.details, "se_gwet": se * float(np.sqrt((n - 1) / n))}
    return report_linearised(replace(ac1, details=smaller))


def gwet_ac2(
    counts: npt.ArrayLike, weights: npt.ArrayLike, *, clusters: npt.ArrayLike | None = None
) -> Coefficient:
    """Gwet's (2014) AC2: AC1 with partial credit for near categories.

    Args:
        counts: shape (n_units, n_categories), coders per unit and category.
        weights: shape (n_categories, n_categories), 1 for full agreement; see
            `percent.agreement_weights`.
        clusters: the group of each unit where units of one group are alike, as for `gwet_ac1`.
    """
    table, credit = as_counts(counts), np.asarray(weights, dtype=np.float64)
    return build_by_clusters(
        lambda kept: _compute_ac("gwet_ac2", table[kept], credit),
        clusters,
        n_units=table.shape[0],
    )


def measure_units(counts: Floats, weights: Floats) -> UnitAgreement:
    """Agreement of each unit that was coded at all (Gwet 2014, ch. 5).

    Args:
        counts: shape (n_units, n_categories).
        weights: shape (n_categories, n_categories), 1 on the diagonal.
    """
    if weights.shape != (counts.shape[1], counts.shape[1]):
        raise InputError(
            f"Weights of shape {weights.shape} do not fit {counts.shape[1]} categories."
        )
    n_coders = counts.sum(axis=1)
    counts, n_coders = counts[n_coders > 0], n_coders[n_coders > 0]
    placed = counts / n_coders[:, None]
    shared = n_coders >= 2
    # Ordered pairs of a unit's coders with their credit; nobody pairs with themself, hence - 1.
    credit = (counts * (counts @ weights - 1)).sum(axis=1)
    pairs = np.where(shared, n_coders * (n_coders - 1), 1)
    shares = placed.mean(axis=0) if n_coders.size else np.zeros(counts.shape[1])
    return UnitAgreement(
        placed=placed, shares=shares, observed=np.where(shared, credit / pairs, 0.0), shared=shared
    )


def build_corrected(name: str, units: UnitAgreement, chance: Chance) -> Coefficient:
    """Chance-corrected agreement with Gwet's (2014, eq. 5.3) linearised standard error.

    The units are taken as a sample from many, the coders as fixed.
    """
    n, expected, observed = units.observed.size, chance.overall, units.mean
    value = float(correct_for_chance(observed, expected))
    # Each unit's own coefficient, then what it moves the chance agreement by (eq. 5.3): the error
    # of a ratio by its linear part. Units that one coder saw count for chance only.
    single = units.shared * (n / units.n_shared) * (units.observed - expected) / (1 - expected)
    parts = single - 2 * (1 - value) * (chance.per_unit - expected) / (1 - expected)
    se = float(np.sqrt(((parts - value) ** 2).sum() / (n * (n - 1)))) if n > 1 else None
    return Coefficient(
        name=name,
        value=value,
        n_units=units.n_shared,
        observed=observed,
        expected=expected,
        details={"se_gwet": se, "n_coded": n},
    )


def report_linearised(coefficient: Coefficient, *, null_error: float | None = None) -> Coefficient:
    """What `build_corrected` gives, with its interval and test (Gwet 2014)."""
    error, n = coefficient.details.get("se_gwet"), coefficient.details.get("n_coded")
    return report_error(
        coefficient,
        error,
        df=None if n is None else int(n) - 1,
        method=T_LINEARISED,
        null_error=null_error,
    )


def correct_for_chance(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Floats:
    """(observed - expected) / (1 - expected), of any shape; NaN where chance explains all."""
    return divide(np.asarray(observed) - expected, 1 - np.asarray(expected))


def chance_from_shares(shares: Floats, *, credit: float) -> Floats:
    """Gwet's (2008) chance agreement from the share of each category, shape (..., n_categories).

    Two coders agree by chance where one of them guesses, which happens the more the evener the
    categories are used. `credit` is 1 / (n_categories - 1) for nominal categories.
    """
    return np.asarray(credit * (shares * (1 - shares)).sum(axis=-1))


def ac1_from_shares(observed: Floats, shares: Floats) -> Floats:
    """AC1 from observed agreement, shape (...), and the categories' shares, (..., n_categories)."""
    credit = 1 / (shares.shape[-1] - 1)
    return correct_for_chance(observed, chance_from_shares(shares, credit=credit))


def _compute_ac(name: str, counts: Floats, weights: Floats) -> Coefficient:
    units = measure_units(counts, weights)
    if not units.n_shared:
        return build_undefined(name, NO_PAIR)
    n_categories = counts.shape[1]
    if n_categories < 2:
        return build_undefined(name, ONE_CATEGORY, n_units=units.n_shared, observed=units.mean)
    # T_w / (q (q - 1)): 1 / (q - 1) for AC1, more where weights give part credit (Gwet 2014).
    credit = float(weights.sum()) / (n_categories * (n_categories - 1))
    expected = float(chance_from_shares(units.shares, credit=credit))
    if expected >= 1:
        return build_undefined(name, ALL_CREDIT, n_units=units.n_shared, observed=units.mean)
    chance = Chance(expected, credit * (units.placed @ (1 - units.shares)))
    return report_linearised(build_corrected(name, units, chance))
