"""Words for coefficients: other people's bands, each only for what its author meant it for.

A band is never part of a coefficient; whoever shows one says whose it is.
"""

from __future__ import annotations

from statistics import NormalDist

from ..coefficients.result import Coefficient, Interval
from ..resampling.precision import KRIPPENDORFF, LANDIS_KOCH, Benchmark, benchmark

CHANCE_CORRECTED = (
    "krippendorff_alpha",
    "alpha_masi",
    "pooled_kappa",
    "kappa_per_code_mean",
    "cohen_kappa_mean",
    "gwet_ac1",
    "brennan_prediger",
)
"""Overall coefficients that bands may be asked of; percentages have none."""

ALPHAS = frozenset({"krippendorff_alpha", "alpha_masi"})
"""Overall coefficients that Krippendorff's limits are about."""


def landis_koch(value: float) -> str:
    """The word of Landis & Koch (1977) for a value: .61 to .80 is Substantial, below 0 Poor."""
    return next(
        (name for name, low, _ in LANDIS_KOCH if value > low or value == low == 0),
        LANDIS_KOCH[-1][0],
    )


def krippendorff_limit(lower: float) -> str:
    """What the lower limit of an interval of alpha allows (Krippendorff 2018): .800, .667."""
    return next((name for name, low, _ in KRIPPENDORFF if lower >= low), KRIPPENDORFF[-1][0])


def standard_error(interval: Interval) -> float:
    """The standard error that an interval would have if it were normal: width / 3.92 at 95%."""
    widths = 2 * NormalDist().inv_cdf((1 + interval.level) / 2)
    return (interval.high - interval.low) / widths


def gwet_benchmark(c: Coefficient) -> Benchmark | None:
    """How probably a coefficient lies in each band or above (Gwet 2014).

    None without a value, or without an interval that has a width.
    """
    if c.value is None or c.interval is None:
        return None
    se = standard_error(c.interval)
    return benchmark(c.value, se) if se > 0 else None
