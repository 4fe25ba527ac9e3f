"""Standard errors and intervals from leaving out one transcript at a time (the jackknife).

Segments of one transcript are not independent, and studies double-code few transcripts. Percentile
intervals over so few are too narrow: of six transcripts they cover some 85 % in place of 95 %
(`eval/results/coverage.md`). Leaving out each transcript in turn gives a standard error that needs
no resampling, and Student's t with n - 1 degrees of freedom accounts for how few there are (Miller
1974; MacKinnon, Nielsen & Webb 2023, on clusters).

Intervals are symmetric on a scale on which the coefficient has no bound (Efron & Tibshirani 1993,
section 12.6): Fisher's z (atanh) where the bounds are -1 and 1, the logit where they are 0 and 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Floats
from ..coefficients.result import Interval
from .draws import Statistic, compute_on_weights

Scale = Literal["kappa", "percent", "difference"]
"""Where a value lies: kappa and kin between -1 and 1, percentages between 0 and 1, a difference of
two coefficients anywhere between."""

FEWEST_TRANSCRIPTS = 4
"""With fewer, t has so few degrees of freedom that an interval says next to nothing."""
FEWEST_WITH_CODE = 3
"""A code met in one or two transcripts gives intervals that cover 0 to 60 % in place of 95 %."""

NO_ERROR = 1e-12
"""A standard error below this is rounding: all transcripts give the same value."""
_AT_BOUND = 1e-12
_METHOD = "jackknife of transcripts, t"


class NoInterval(StrEnum):
    """Why a coefficient has no interval."""

    FEW_TRANSCRIPTS = "few_transcripts"
    CODE_IN_FEW_TRANSCRIPTS = "code_in_few_transcripts"
    AT_BOUND = "at_bound"
    UNDEFINED = "undefined_without_a_transcript"
    NO_SPREAD = "same_without_any_transcript"

    @property
    def explanation(self) -> str:
        """The reason as a reader sees it."""
        return _EXPLANATIONS[self]


_EXPLANATIONS = {
    NoInterval.FEW_TRANSCRIPTS: f"no interval from fewer than {FEWEST_TRANSCRIPTS} transcripts",
    NoInterval.CODE_IN_FEW_TRANSCRIPTS: (
        f"no interval for a code used in fewer than {FEWEST_WITH_CODE} transcripts"
    ),
    NoInterval.AT_BOUND: "no interval for a value at its bound",
    NoInterval.UNDEFINED: "no interval: without one of the transcripts there is no value",
    NoInterval.NO_SPREAD: "no interval: whichever transcript is left out, the value is the same",
}


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut:
    """A statistic of all transcripts, and without each of them; NaN where it is undefined.

    `estimate` is (n_values,), `left_out` (n_transcripts, n_values), a row for each transcript that
    is left out.
    """

    estimate: Floats
    left_out: Floats

    @property
    def n_transcripts(self) -> int:
        """How many transcripts there are."""
        return int(self.left_out.shape[0])

    @property
    def standard_error(self) -> Floats:
        """The jackknife standard error of each value, (n_values,); NaN where it is undefined."""
        n = self.n_transcripts
        deviation = self.left_out - self.left_out.mean(axis=0)
        # n - 1 of n transcripts differ from all by about 1/n of what a fresh sample would, hence
        # the factor (n - 1) in place of 1 / (n - 1) (Efron & Tibshirani 1993, equation 11.5).
        return np.asarray(np.sqrt((n - 1) / n * (deviation**2).sum(axis=0)))


def leave_out_each(counts: Floats, statistic: Statistic) -> LeftOut:
    """The statistic on all transcripts and without each, from counts (n_transcripts, ...)."""
    n = counts.shape[0]
    estimate = compute_on_weights(counts, statistic, weights=np.ones((1, n)))[0]
    return LeftOut(estimate, compute_on_weights(counts, statistic, weights=1 - np.eye(n)))


def compute_jackknife_intervals(
    values: LeftOut,
    *,
    scales: Sequence[Scale],
    level: float = 0.95,
    n_with_code: npt.ArrayLike | None = None,
) -> tuple[Interval | NoInterval, ...]:
    """An interval for each value, or the reason why there is none.

    Args:
        values: on all transcripts and without each.
        scales: of each value.
        level: what the interval is to cover, between 0 and 1.
        n_with_code: in how many transcripts anybody used the code that a value is about,
            (n_values,); None where values are about all codes.

    Raises:
        InputError: if the level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise InputError(f"An interval's level lies between 0 and 1, not {level}.")
    n = values.n_transcripts
    spread = values.standard_error
    used = np.full(len(values.estimate), n) if n_with_code is None else np.asarray(n_with_code)
    return tuple(
        build_bounded_interval(
            float(estimate), float(error), scale=scale, df=n - 1, level=level, method=_METHOD
        )
        if (reason := _reason(float(estimate), float(error), scale, n, int(n_used))) is None
        else reason
        for estimate, error, scale, n_used in zip(
            values.estimate, spread, scales, used, strict=True
        )
    )


def build_bounded_interval(
    estimate: float, error: float, *, scale: Scale, df: int, level: float, method: str
) -> Interval:
    """Symmetric by t on a scale without bounds, so that no limit passes those of the coefficient.

    The error is carried to that scale by its slope (delta method).
    """
    from scipy.special import expit, logit, stdtrit  # here: a server starts without it

    reach = np.array([-1.0, 1.0]) * float(stdtrit(df, (1 + level) / 2)) * error
    if scale == "kappa":
        limits = np.tanh(np.arctanh(estimate) + reach / (1 - estimate**2))
    elif scale == "percent":
        limits = expit(logit(estimate) + reach / (estimate * (1 - estimate)))
    else:
        limits = estimate + reach
    return Interval(
        low=float(limits[0]),
        high=float(limits[1]),
        level=level,
        method=method,
        standard_error=error,
        df=df,
    )


def compute_share_below(estimate: float, error: float, threshold: float, *, n: int) -> float:
    """How probably the value lies below a threshold, by t with n - 1 degrees of freedom.

    One minus this is the one-sided confidence that the value reaches the threshold. Both are on
    the coefficient's own scale, as differences are compared.
    """
    if error == 0:
        return float(estimate < threshold)
    from scipy.special import stdtr  # here: a server starts without it

    return float(stdtr(n - 1, (threshold - estimate) / error))


def _reason(
    estimate: float, error: float, scale: Scale, n: int, n_with_code: int
) -> NoInterval | None:
    if n < FEWEST_TRANSCRIPTS:
        return NoInterval.FEW_TRANSCRIPTS
    if n_with_code < FEWEST_WITH_CODE:
        return NoInterval.CODE_IN_FEW_TRANSCRIPTS
    if np.isnan(estimate) or np.isnan(error):
        return NoInterval.UNDEFINED
    if scale != "difference":
        lower = -1.0 if scale == "kappa" else 0.0
        if estimate >= 1 - _AT_BOUND or estimate <= lower + _AT_BOUND:
            return NoInterval.AT_BOUND
    # An interval of no width would say that the value is known for certain.
    return NoInterval.NO_SPREAD if error < NO_ERROR else None
