"""Observed agreement: how often coders gave the same value, nothing taken off for chance.

Also the two tables that the corrected coefficients are made of: the confusion table of two coders,
and the counts of coders by unit and category. Correcting for chance is left to the other modules.
"""

from __future__ import annotations

from itertools import combinations
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Floats, Ints, divide
from .inference import (
    build_by_clusters,
    report_bounded,
    report_ratio,
    report_wilson,
)
from .labels import (
    ArrangedCodings,
    check_alignment,
    check_orientation,
    number_labels,
    read_numbers,
)
from .result import Coefficient, build_undefined

Missing = Literal["mean_of_units", "annotation_weighted", "pooled_pairs"]
Weighting = Literal["identity", "linear", "quadratic"]

NO_PAIR = "no unit was coded by two or more coders"
NOT_BOTH = "no unit was coded by both"

_DENSE = 1024
"""Whole numbers from 0 up to here are counted without sorting them."""


def percent(
    a: npt.ArrayLike, b: npt.ArrayLike, *, clusters: npt.ArrayLike | None = None
) -> Coefficient:
    """Share of units on which two coders agree; units coded by both only.

    The interval is Wilson's (1927), which stays between 0 and 1.

    Args:
        a: the first coder's values, (n_units,), NaN where missing.
        b: the second coder's.
        clusters: the group of each unit, such as its transcript, where units of one group are
            alike; the interval then comes from leaving out one group at a time.
    """
    first, second = pair_up(a, b)
    return build_by_clusters(
        lambda kept: _percent_of_table(confusion_table(first[kept], second[kept])),
        clusters,
        n_units=first.size,
        is_percent=True,
    )


def _percent_of_table(table: Floats) -> Coefficient:
    n_units = round(table.sum())
    if not n_units:
        return build_undefined("percent", NOT_BOTH)
    observed = float(percent_from_tables(table))
    return report_wilson(
        Coefficient(name="percent", value=observed, n_units=n_units, observed=observed)
    )


def percent_from_tables(tables: Floats) -> Floats:
    """Share of units that two coders agree on, from (..., n_values, n_values); NaN for none."""
    return divide(np.trace(tables, axis1=-2, axis2=-1), tables.sum(axis=(-1, -2)))


def percent_agreement(
    codings: npt.ArrayLike,
    *,
    missing: Missing = "mean_of_units",
    clusters: npt.ArrayLike | None = None,
) -> Coefficient:
    """Share of agreeing pairs of coders, any number of coders.

    Where coders skipped units the three conventions differ. `mean_of_units` (Gwet 2014) averages
    the share over units with two or more codings; `annotation_weighted` (Krippendorff 2004, as 1
    minus the observed disagreement of alpha) weighs a unit by its codings; `pooled_pairs` counts
    each pair of codings once.

    Args:
        codings: shape (n_coders, n_units); NaN where a coder did not code a unit.
        missing: the convention; the same for all three when nobody skipped a unit.
        clusters: the group of each unit where units of one group are alike, as for `percent`.
    """
    table = as_codings(codings)
    if missing not in get_args(Missing):
        raise InputError(
            f"'{missing}' is no convention for missing codings."
            f" Known: {', '.join(get_args(Missing))}."
        )
    return build_by_clusters(
        lambda kept: _average_pairs(table[:, kept], missing),
        clusters,
        n_units=table.shape[1],
        is_percent=True,
    )


def _average_pairs(table: Floats, missing: Missing) -> Coefficient:
    n_coders = (~np.isnan(table)).sum(axis=0)
    shared = n_coders >= 2
    if not shared.any():
        return build_undefined("percent_agreement", NO_PAIR)
    per_unit, n_coders = agreeing_pairs(table)[shared], n_coders[shared]
    pairs = n_coders * (n_coders - 1)
    # Each is a sum over units by a sum over units: what agrees in a unit, and what it weighs.
    if missing == "mean_of_units":
        agreeing, weight = per_unit / pairs, np.ones(n_coders.size)
    elif missing == "annotation_weighted":
        agreeing, weight = per_unit / (n_coders - 1), n_coders.astype(np.float64)
    else:
        agreeing, weight = per_unit, pairs.astype(np.float64)
    value = float(agreeing.sum() / weight.sum())
    plain = Coefficient(
        name="percent_agreement", value=value, n_units=int(n_coders.size), observed=value
    )
    return report_ratio(plain, agreeing, weight)


def specific_agreement(table: npt.ArrayLike) -> tuple[Coefficient, ...]:
    """Agreement on each category where either coder used it (Cicchetti & Feinstein 1990).

    Twice the joint uses over the sum of both coders' uses; for a yes/no table these are the
    positive and the negative agreement. The interval is by the delta method, on the logit.

    Args:
        table: shape (n_categories, n_categories), counts of units; rows are the first coder.
    """
    counts = as_table(table)
    n_units = round(counts.sum())
    uses = counts.sum(axis=0) + counts.sum(axis=1)
    return tuple(
        _build_specific(value, joint=float(counts[k, k]), uses=float(uses[k]), n_units=n_units)
        for k, value in enumerate(specific_agreement_from_tables(counts).tolist())
    )


def _build_specific(value: float, *, joint: float, uses: float, n_units: int) -> Coefficient:
    if np.isnan(value):
        return build_undefined(
            "specific_agreement", "neither coder used the category", n_units=n_units
        )
    plain = Coefficient(name="specific_agreement", value=value, n_units=n_units)
    error = None
    if n_units > 1:
        # Delta method: a joint use moves the ratio by 2 - 2 v, a use by one coder alone by v.
        moved = 4 * (1 - value) ** 2 * joint + value**2 * (uses - 2 * joint)
        error = float(np.sqrt(moved * n_units / (n_units - 1)) / uses)
    return report_bounded(plain, error, df=n_units - 1, is_percent=True)


def specific_agreement_from_tables(tables: Floats) -> Floats:
    """Specific agreement of tables (..., n_values, n_values), shape (..., n_values); NaN unused.

    Of a yes/no table with "no" first: negative agreement, then positive agreement.
    """
    joint = np.diagonal(tables, axis1=-2, axis2=-1)
    return divide(2 * joint, tables.sum(axis=-1) + tables.sum(axis=-2))


def confusion_table(
    a: npt.ArrayLike, b: npt.ArrayLike, *, categories: npt.ArrayLike | None = None
) -> Floats:
    """Units by the value each of two coders gave; units coded by both only.

    Args:
        a: shape (n_units,), NaN where the first coder did not code a unit; rows of the result.
        b: the same for the second coder; columns of the result.
        categories: the values that can occur, in order; without it those that do, ascending.

    Returns:
        Shape (n_categories, n_categories), counts of units.
    """
    first, second = pair(a, b)
    known, codes = _number_values(np.concatenate([first, second]), categories)
    rows, columns = codes[: first.size], codes[first.size :]
    n = known.size
    return np.bincount(rows * n + columns, minlength=n * n).reshape(n, n).astype(np.float64)


def unit_counts(codings: npt.ArrayLike, *, categories: npt.ArrayLike | None = None) -> Floats:
    """How many coders put each unit into each category.

    Args:
        codings: shape (n_coders, n_units); NaN where a coder did not code a unit.
        categories: the values that can occur, in order; without it those that do, ascending.

    Returns:
        Shape (n_units, n_categories).
    """
    table = as_codings(codings)
    there = ~np.isnan(table)
    known, codes = _number_values(table[there], categories)
    n_units, n = table.shape[1], known.size
    units = np.broadcast_to(np.arange(n_units), table.shape)[there]
    return np.bincount(units * n + codes, minlength=n_units * n).reshape(n_units, n).astype(float)


def counts_of_table(table: npt.ArrayLike) -> Floats:
    """The unit counts behind a confusion table of two coders: shape (n_units, n_categories)."""
    counts = _check_whole(as_table(table))
    rows, columns = np.nonzero(counts)
    unit_rows = np.eye(counts.shape[0])
    return np.repeat(
        unit_rows[rows] + unit_rows[columns], counts[rows, columns].astype(np.int64), axis=0
    )


def agreement_weights(categories: npt.ArrayLike, weighting: Weighting = "identity") -> Floats:
    """Partial credit for unequal values: 1 minus the distance, linear or squared (Cohen 1968).

    Distances are between the values themselves, over the largest possible one; give
    `np.arange(n_categories)` where only the order means something.

    Returns:
        Shape (n_categories, n_categories), 1 on the diagonal, 0 for the farthest pair.
    """
    values = np.asarray(categories, dtype=np.float64).ravel()
    if weighting not in ("identity", "linear", "quadratic"):
        raise InputError(
            f"'{weighting}' is no weighting. Known: identity, linear, quadratic;"
            " or give a table of weights."
        )
    if weighting == "identity" or values.size < 2:
        return np.eye(values.size)
    share = np.abs(values[:, None] - values) / np.ptp(values)
    return 1 - (share if weighting == "linear" else share**2)


def agreeing_pairs(table: Floats) -> Floats:
    """Ordered pairs of coders with the same value, per unit: shape (n_units,)."""
    pairs = np.zeros(table.shape[1])
    for a, b in combinations(range(table.shape[0]), 2):
        # NaN equals nothing, so a coding that is missing is in no pair.
        pairs += table[a] == table[b]
    return 2 * pairs


def pair(a: npt.ArrayLike, b: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Two coders' values on the units that both coded."""
    first, second = pair_up(a, b)
    both = ~(np.isnan(first) | np.isnan(second))
    return first[both], second[both]


def pair_up(a: npt.ArrayLike, b: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Two coders' values as numbers, shape (n_units,), NaN where a coding is missing."""
    check_alignment(a, b)
    numbers = read_numbers(a), read_numbers(b)
    first, second = (
        np.asarray(a) if n is None else n for n, a in zip(numbers, (a, b), strict=True)
    )
    if first.size != second.size:
        raise InputError(
            f"The coders have {first.size} and {second.size} units. Give both the same units."
        )
    if any(n is None for n in numbers):
        first, second = number_labels(np.ravel(a), np.ravel(b))[0]
    return first.ravel(), second.ravel()


def as_codings(codings: npt.ArrayLike, *, needs_numbers: bool = False) -> Floats:
    """Codings as numbers, shape (n_coders, n_units), or a refusal in one line.

    Labels are numbered in order of the alphabet, unless `needs_numbers`.
    """
    if isinstance(codings, (list, tuple)):
        check_alignment(*codings)
    table = read_numbers(codings)
    if table is None and not needs_numbers:
        table = number_labels(codings)[0]
    if table is None or table.ndim > 2:
        raise InputError(
            "Codings must be a table of finite numbers, a row per coder and a column per unit,"
            " with NaN where a coding is missing."
        )
    table = np.atleast_2d(table)
    if not isinstance(codings, ArrangedCodings):
        check_orientation(table)
    return table


def as_table(table: npt.ArrayLike) -> Floats:
    """A square table of counts or shares of units, or a refusal in one line."""
    counts = _read_counts(table)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise InputError(
            f"A confusion table has as many rows as columns; this one has shape {counts.shape}."
        )
    return _check_counts(counts)


def as_counts(counts: npt.ArrayLike) -> Floats:
    """A table of counts of coders by unit and category, or a refusal in one line."""
    table = _read_counts(counts)
    if table.ndim != 2:
        raise InputError(
            f"Counts have a row per unit and a column per category; these have shape {table.shape}."
        )
    return _check_whole(_check_counts(table))


def index_values(values: Floats) -> tuple[Floats, Ints]:
    """The distinct values, ascending, and for each entry the index of its value.

    Sorting a million numbers is what makes a coefficient slow; small whole numbers, which is how
    codes are numbered, are counted instead.
    """
    if values.size and values.min() >= 0 and values.max() < _DENSE:
        whole = values.astype(np.int64)
        if (whole == values).all():
            used = np.flatnonzero(np.bincount(whole))
            index_of = np.zeros(int(used[-1]) + 1, dtype=np.int64)
            index_of[used] = np.arange(used.size)
            return used.astype(np.float64), index_of[whole]
    known, codes = np.unique(values, return_inverse=True)
    return known, codes.astype(np.int64).ravel()


def _number_values(values: Floats, categories: npt.ArrayLike | None) -> tuple[Floats, Ints]:
    """The categories, and for each value which one it is."""
    if categories is None:
        return index_values(values)
    given = np.asarray(categories, dtype=np.float64).ravel()
    order = np.argsort(given)
    known, codes = index_values(values)
    if not np.isin(known, given).all():
        stranger = known[~np.isin(known, given)][0]
        raise InputError(f"Value {stranger:g} is none of the {given.size} categories given.")
    return given, order[np.searchsorted(given, known, sorter=order)][codes]


def _read_counts(counts: npt.ArrayLike) -> Floats:
    try:
        return np.asarray(counts, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(
            "The table does not hold counts. Codings become counts of coders by unit with"
            " unit_counts(codings), and of units by two coders with confusion_table(a, b)."
        ) from None


def _check_counts(counts: Floats) -> Floats:
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise InputError("The table has a negative or missing count. Counts are 0 or more.")
    return counts


def _check_whole(counts: Floats) -> Floats:
    if (counts % 1).any():
        raise InputError("The table has fractions of units or coders. Give whole counts.")
    return counts
