"""Agreement coefficients: plain arrays in, a typed result out.

Undefined is a result with a reason, never a number. Formulas: percent agreement; Cohen (1960);
Krippendorff (2018), nominal, by the coincidence matrix, any number of coders, missing codings.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .result import Coefficient

Floats = npt.NDArray[np.float64]


def percent(a: npt.ArrayLike, b: npt.ArrayLike) -> Coefficient:
    """Share of units on which two coders agree; units coded by both only."""
    first, second = _pair(a, b)
    if not first.size:
        return Coefficient("percent", None, 0, reason="no unit was coded by both")
    observed = float((first == second).mean())
    return Coefficient("percent", observed, int(first.size), observed)


def cohen_kappa(a: npt.ArrayLike, b: npt.ArrayLike) -> Coefficient:
    """Cohen's (1960) kappa of two coders over nominal values.

    Undefined when both coders use one and the same value throughout: chance agreement is then 1.
    """
    first, second = _pair(a, b)
    if not first.size:
        return Coefficient("cohen_kappa", None, 0, reason="no unit was coded by both")
    values = np.union1d(first, second)
    observed = float((first == second).mean())
    expected = float(sum((first == v).mean() * (second == v).mean() for v in values))
    if values.size == 1:
        return Coefficient(
            "cohen_kappa",
            None,
            int(first.size),
            observed,
            expected,
            "both coders gave every unit the same value, so chance explains everything",
        )
    value = (observed - expected) / (1 - expected)
    return Coefficient("cohen_kappa", value, int(first.size), observed, expected)


def krippendorff_alpha(codings: npt.ArrayLike) -> Coefficient:
    """Krippendorff's (2018) alpha for nominal values.

    Args:
        codings: shape (n_coders, n_units); NaN where a coder did not code a unit.
    """
    table = np.atleast_2d(np.asarray(codings, dtype=np.float64))
    per_unit = (~np.isnan(table)).sum(axis=0)
    table, per_unit = table[:, per_unit >= 2], per_unit[per_unit >= 2]
    n_units = int(per_unit.size)
    if not n_units:
        return Coefficient(
            "krippendorff_alpha", None, 0, reason="no unit was coded by two or more coders"
        )
    values = np.unique(table[~np.isnan(table)])
    counts = np.stack([(table == value).sum(axis=0) for value in values]).astype(np.float64)
    totals = counts.sum(axis=1)
    n_pairable = float(totals.sum())
    observed = 1 - float((counts * (counts - 1) / (per_unit - 1)).sum()) / n_pairable
    expected = 1 - float((totals * (totals - 1)).sum()) / (n_pairable * (n_pairable - 1))
    if values.size == 1:
        return Coefficient(
            "krippendorff_alpha",
            None,
            n_units,
            observed,
            0.0,
            "only one value was ever used, so there is no variation to agree about",
        )
    return Coefficient("krippendorff_alpha", 1 - observed / expected, n_units, observed, expected)


def _pair(a: npt.ArrayLike, b: npt.ArrayLike) -> tuple[Floats, Floats]:
    first = np.asarray(a, dtype=np.float64).ravel()
    second = np.asarray(b, dtype=np.float64).ravel()
    both = ~(np.isnan(first) | np.isnan(second))
    return first[both], second[both]
