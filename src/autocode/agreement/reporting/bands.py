"""Words for coefficients: other people's bands, each only for what its author meant it for.

A band is never part of a coefficient; whoever shows one says whose it is. `study.specs` says which
coefficients may be asked for which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from ...core.errors import InputError
from ..coefficients.result import Coefficient, Interval


class Band(NamedTuple):
    """A word for values between two limits."""

    name: str
    low: float
    high: float


LANDIS_KOCH = (
    Band("Almost Perfect", 0.8, 1.0),
    Band("Substantial", 0.6, 0.8),
    Band("Moderate", 0.4, 0.6),
    Band("Fair", 0.2, 0.4),
    Band("Slight", 0.0, 0.2),
    Band("Poor", -1.0, 0.0),
)
"""Landis & Koch (1977), arbitrary by their own words."""

KRIPPENDORFF = (
    Band("rely on", 0.8, 1.0),
    Band("tentative conclusions", 0.667, 0.8),
    Band("discard", -1.0, 0.667),
)
"""Krippendorff (2018): the smallest acceptable values of alpha."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """How probably a coefficient lies in each band or a better one, and the band one may claim."""

    cumulative: tuple[tuple[str, float], ...]
    label: str


def benchmark(
    coefficient: float,
    se: float,
    *,
    bands: Sequence[Band] = LANDIS_KOCH,
    needed: float = 0.95,
    df: int | None = None,
) -> Benchmark:
    """The best band one may claim, given the standard error (Gwet 2014, ch. 6).

    A coefficient is taken as normal, or as Student's t with `df` degrees of freedom, within
    [-1, 1]; the label is the best band that it reaches, or
    surpasses, with the needed probability: .67 with error .15 is Moderate, not Substantial.

    Args:
        coefficient: the estimate.
        se: its standard error, above 0.
        bands: from best to worst.
        needed: the probability that allows the claim.
        df: degrees of freedom of the standard error; None for many.
    """
    from scipy.special import ndtr, stdtr  # here: a server starts without it

    _check_value(coefficient)
    if not se > 0 or not np.isfinite(se):
        raise InputError(f"A standard error of {se:g} says nothing about bands; it must exceed 0.")

    def at_most(distance: float) -> float:
        return float(ndtr(distance / se) if df is None else stdtr(df, distance / se))

    def within(low: float, high: float) -> float:
        return at_most(coefficient - low) - at_most(coefficient - high)

    whole = within(-1.0, 1.0)
    running = np.cumsum([within(band.low, band.high) / whole for band in bands])
    cumulative = tuple(
        (band.name, min(float(p), 1.0)) for band, p in zip(bands, running, strict=True)
    )
    label = next((name for name, p in cumulative if p >= needed), bands[-1].name)
    return Benchmark(cumulative, label)


def landis_koch(value: float) -> str:
    """The word of Landis & Koch (1977) for a value: .61 to .80 is Substantial, below 0 Poor.

    Raises:
        InputError: if there is no value, or it is above 1.
    """
    _check_value(value)
    return next(
        (band.name for band in LANDIS_KOCH if value > band.low or value == band.low == 0),
        LANDIS_KOCH[-1].name,
    )


def krippendorff_limit(lower: float) -> str:
    """What the lower limit of an interval of alpha allows (Krippendorff 2018): .800, .667.

    Raises:
        InputError: if there is no limit, or it is above 1.
    """
    _check_value(lower)
    return next((band.name for band in KRIPPENDORFF if lower >= band.low), KRIPPENDORFF[-1].name)


def _check_value(value: float | None) -> None:
    if value is None or np.isnan(value):
        raise InputError("What is undefined lies in no band. Ask for coefficients with a value.")
    if round(value, 9) > 1:
        raise InputError(f"No coefficient of agreement is above 1; {value:g} is.")


def standard_error(interval: Interval) -> float:
    """The standard error that an interval rests on, else the one it would have if it were normal.

    That is its width / 3.92 at 95%.
    """
    if interval.standard_error is not None:
        return interval.standard_error
    widths = 2 * NormalDist().inv_cdf((1 + interval.level) / 2)
    return (interval.high - interval.low) / widths


def gwet_benchmark(c: Coefficient) -> Benchmark | None:
    """How probably a coefficient lies in each band or above (Gwet 2014).

    None without a value, or without an interval that has a width.
    """
    if c.value is None or c.interval is None:
        return None
    se = standard_error(c.interval)
    return benchmark(c.value, se, df=c.interval.df) if se > 0 else None
