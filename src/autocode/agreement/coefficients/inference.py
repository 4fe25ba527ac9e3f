"""From a standard error to what is reported: an interval inside its bounds, and a p-value.

Coefficients on plain arrays take units for independent, as the formulas in the literature do. Where
they are not (segments of one transcript are alike), `clusters` names the group of each unit, and
the error comes from leaving out one group at a time, with Student's t (`resampling.jackknife`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Booleans, Floats
from .labels import find_missing
from .result import Coefficient, Interval

LEVEL = 0.95
ONE_UNIT = "no interval from one unit"
AT_BOUND = "no interval for a value at its bound"
NO_SPREAD = "no interval: nothing in these units shows how far the value may vary"
COUNTS_ONLY = "no interval from sums over units; give the units"
ADJOINING = "no interval: characters that adjoin are not independent"

_LEAST_ERROR = 1e-12


def leave_out_clusters(
    measure: Callable[[Booleans], Coefficient],
    clusters: npt.ArrayLike,
    *,
    is_percent: bool = False,
    level: float = LEVEL,
) -> Coefficient:
    """A coefficient with an interval and a p-value for units that depend on each other.

    Each cluster is left out in turn (jackknife); t has one degree of freedom fewer than there are
    clusters. There is no interval from fewer than four clusters.

    Args:
        measure: the coefficient of the units kept, given which those are, (n_units,).
        clusters: what group each unit belongs to, usually its transcript, (n_units,).
        is_percent: whether the coefficient lies between 0 and 1, not between -1 and 1.
        level: what the interval is to cover, between 0 and 1.

    Raises:
        InputError: if a unit has no cluster, or the level is not between 0 and 1.
    """
    # Loads scipy, which coefficients without an error do not need.
    from ..resampling.jackknife import LeftOut, NoInterval, compute_jackknife_intervals

    number = _number_clusters(clusters)
    n = int(number.max(initial=-1)) + 1
    whole = measure(np.ones(number.size, dtype=bool))
    plain = replace(whole, interval=None, no_interval="", p_value=None)
    if whole.value is None:
        return plain
    left_out = [measure(number != cluster).value if n > 1 else None for cluster in range(n)]
    values = np.array([[np.nan if value is None else value] for value in left_out], dtype=float)
    (limits,) = compute_jackknife_intervals(
        LeftOut(np.array([whole.value]), values),
        scales=["percent" if is_percent else "kappa"],
        level=level,
    )
    if isinstance(limits, NoInterval):
        return replace(plain, no_interval=limits.explanation.replace("transcript", "cluster"))
    error, df = float(limits.standard_error or 0.0), n - 1
    if error < _LEAST_ERROR:
        return replace(plain, no_interval=NO_SPREAD)
    # On Fisher's z, as the interval is: the two cannot contradict each other.
    z = np.arctanh(whole.value) * (1 - whole.value**2) / error if not is_percent else None
    return replace(
        plain,
        interval=replace(limits, method="jackknife of clusters, t"),
        p_value=None if z is None else _two_sided(float(z), df),
    )


def build_by_clusters(
    coefficient: Callable[[Booleans | slice], Coefficient],
    clusters: npt.ArrayLike | None,
    *,
    n_units: int,
    is_percent: bool = False,
) -> Coefficient:
    """The coefficient of all units, by clusters where these are named.

    Raises:
        InputError: if there are not as many clusters as units.
    """
    if clusters is None:
        return coefficient(slice(None))
    check_clusters(clusters, n_units=n_units)
    return leave_out_clusters(coefficient, clusters, is_percent=is_percent)


def check_clusters(clusters: npt.ArrayLike, *, n_units: int) -> None:
    """Refuse clusters that are not one for each unit.

    Raises:
        InputError: if there are not as many clusters as units.
    """
    if np.size(clusters) != n_units:
        raise InputError(
            f"{np.size(clusters)} clusters do not fit {n_units} units. Name the cluster of each"
            " unit, such as its transcript."
        )


def report_error(
    coefficient: Coefficient,
    error: float | None,
    *,
    method: str,
    df: int | None = None,
    null_error: float | None = None,
    has_test: bool = True,
    level: float = LEVEL,
) -> Coefficient:
    """A coefficient with the literature's own interval, cut off at -1 and 1, and its p-value.

    Args:
        coefficient: its value and all else.
        error: the standard error for intervals; None where one unit gives none.
        method: how the interval is made, in words.
        df: degrees of freedom of t; None for the normal distribution.
        null_error: the standard error where coders agree by chance only; without it the test uses
            `error`, with t.
        has_test: whether the literature has a test that the value is 0.
        level: what the interval covers.
    """
    value = coefficient.value
    if value is None:
        return coefficient
    p_value = None
    if has_test and null_error:
        p_value = _two_sided(value / null_error, None)
    elif has_test and null_error is None and error and error > _LEAST_ERROR:
        p_value = _two_sided(value / error, df)
    coefficient = replace(coefficient, p_value=p_value)
    reason = _explain_no_interval(value, error, lower=-1.0)
    if reason or error is None:
        return replace(coefficient, no_interval=reason)
    reach = _quantile((1 + level) / 2, df) * error
    interval = Interval(
        low=max(value - reach, -1.0),
        high=min(value + reach, 1.0),
        level=level,
        method=method,
        standard_error=error,
        df=df,
    )
    return replace(coefficient, interval=interval)


def report_bounded(
    coefficient: Coefficient,
    error: float | None,
    *,
    df: int,
    is_percent: bool = False,
    method: str = "t, linearised",
    level: float = LEVEL,
) -> Coefficient:
    """A coefficient with an interval by t, on the logit of a percentage, else on Fisher's z."""
    from ..resampling.jackknife import build_bounded_interval  # Loads scipy.

    value = coefficient.value
    if value is None:
        return coefficient
    reason = _explain_no_interval(value, error, lower=0.0 if is_percent else -1.0)
    if reason or error is None:
        return replace(coefficient, no_interval=reason)
    interval = build_bounded_interval(
        value,
        error,
        scale="percent" if is_percent else "kappa",
        df=df,
        level=level,
        method=method,
    )
    return replace(coefficient, interval=interval, no_interval="")


def report_ratio(coefficient: Coefficient, part: Floats, whole: Floats) -> Coefficient:
    """A share that is a sum over units by another, (n_units,) each, linearised (Cochran 1977)."""
    value, n = coefficient.value, part.size
    if value is None:
        return coefficient
    moved = part - value * whole
    error = float(np.sqrt((moved**2).sum() * n / (n - 1)) / whole.sum()) if n > 1 else None
    return report_bounded(coefficient, error, df=n - 1, is_percent=True)


def report_wilson(coefficient: Coefficient, level: float = LEVEL) -> Coefficient:
    """A share of independent units with Wilson's (1927) interval, which knows no bad bound."""
    value, n = coefficient.value, coefficient.n_units
    if value is None:
        return coefficient
    z = _quantile((1 + level) / 2, None)
    center = (value + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * float(np.sqrt(value * (1 - value) / n + (z / (2 * n)) ** 2))
    interval = Interval(
        low=max(center - reach, 0.0),
        high=min(center + reach, 1.0),
        level=level,
        method="Wilson (1927)",
    )
    return replace(coefficient, interval=interval)


def _explain_no_interval(value: float, error: float | None, *, lower: float) -> str:
    if error is None:
        return ONE_UNIT
    if value >= 1 - _LEAST_ERROR or value <= lower + _LEAST_ERROR:
        return AT_BOUND
    return NO_SPREAD if error < _LEAST_ERROR else ""


def _number_clusters(clusters: npt.ArrayLike) -> npt.NDArray[np.intp]:
    """The clusters of the units as numbers from 0, (n_units,)."""
    names = np.asarray(clusters, dtype=object).ravel()
    missing = np.flatnonzero(find_missing(names))
    if missing.size:
        raise InputError(
            f"Unit {int(missing[0]) + 1} has no cluster. Name the cluster of each unit, such as its"
            " transcript."
        )
    known: dict[object, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], dtype=np.intp)


def _two_sided(statistic: float, df: int | None) -> float:
    if df is None:
        return float(2 * NormalDist().cdf(-abs(statistic)))
    from scipy.special import stdtr  # Slow to load.

    return float(2 * stdtr(df, -abs(statistic)))


def _quantile(share: float, df: int | None) -> float:
    if df is None:
        return NormalDist().inv_cdf(share)
    from scipy.special import stdtrit  # Slow to load.

    return float(stdtrit(df, share))
