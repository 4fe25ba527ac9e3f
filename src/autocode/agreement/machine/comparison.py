"""A machine as one more coder: does it agree with people as well as people agree with each other?

The machine is compared with each person on the units that it and two or more people coded, so that
human-human and machine-human agreement rest on the same units. People are never merged into one
gold standard.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations
from math import comb
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from ...core.errors import InputError
from ..arrays import Floats
from ..coefficients.alpha import pair_alpha_from_tables
from ..coefficients.kappa import kappa_from_tables
from ..coefficients.observed import percent_from_tables
from ..coefficients.result import Coefficient, Detail, Interval
from ..resampling.by_transcript import count_contingencies
from ..resampling.draws import (
    Draws,
    Statistic,
    compute_on_draws,
    share_below,
    summarise_draws,
    weighted_quantiles,
)
from ..resampling.intervals import build_limited, percentile_intervals
from ..resampling.jackknife import (
    FEWEST_TRANSCRIPTS,
    NO_ERROR,
    LeftOut,
    NoInterval,
    Scale,
    compute_jackknife_intervals,
    compute_share_below,
    leave_out_each,
)
from ..study.decisions import Decisions
from .shared_units import (
    SharedUnits,
    build_coefficient,
    count_values,
    select_shared_units,
)

PairCoefficient = Literal["krippendorff_alpha", "cohen_kappa", "percent"]
Verdict = Literal["superior", "non-inferior", "inferior", "inconclusive", "undefined"]

OF_PAIRS: dict[str, Statistic] = {
    "krippendorff_alpha": pair_alpha_from_tables,
    "cohen_kappa": kappa_from_tables,
    "percent": percent_from_tables,
}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Comparison:
    """Means of a coefficient over pairs of people, over machine and each person; their difference.

    `difference` is machine-human less human-human. The three are paired: `left_out` holds them on
    all transcripts and without each, or, where draws were asked for, `values` (n_draws, 3) on each
    draw; NaN where undefined.
    """

    human_human: Coefficient
    machine_human: Coefficient
    difference: Coefficient
    by_human: tuple[Coefficient, ...]
    n_transcripts: int
    left_out: LeftOut | None = field(default=None, repr=False)
    draws: Draws | None = field(default=None, repr=False)
    values: Floats | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NonInferiority:
    """Whether the machine's agreement is not worse than people's by more than a margin.

    `lower` and `upper` are one-sided limits of the difference, each at `level`; `share_below` is
    the probability, by t or over draws, that the difference is below minus the margin.
    """

    verdict: Verdict
    margin: float
    level: float
    n_transcripts: int
    lower: float | None = None
    upper: float | None = None
    share_below: float | None = None
    reason: str = ""


def compare_with_humans(
    humans: npt.ArrayLike,
    machine: npt.ArrayLike,
    *,
    coefficient: PairCoefficient = "krippendorff_alpha",
    transcripts: npt.ArrayLike | None = None,
    draws: Draws | None = None,
    level: float = 0.95,
) -> Comparison:
    """Human-human agreement, machine-human agreement and their difference.

    A mean over pairs is undefined as soon as one pair is: leaving the pair out would change what
    is compared from draw to draw.

    Args:
        humans: values, shape (n_humans, n_units); NaN where not coded.
        machine: values, shape (n_units,); NaN where not coded.
        coefficient: the coefficient of a pair.
        transcripts: of each unit, any numbers, shape (n_units,); without it there are no intervals.
        draws: of transcripts, from `draw_transcripts`, for percentile intervals; give the same
            draws to pair comparisons. Without draws each transcript is left out in turn.
        level: of the intervals.
    """
    if coefficient not in OF_PAIRS:
        raise InputError(f"No coefficient '{coefficient}' of a pair; use {', '.join(OF_PAIRS)}.")
    shared = select_shared_units(humans, machine, transcripts)
    coders, tables = shared.coders, _count_pairs(shared)
    has_units = tables.any(axis=(1, 2, 3))
    if transcripts is None or not has_units.any():
        return _compare(tables, coefficient, coders, n_transcripts=int(has_units.sum()))
    comparison = _compare(tables, coefficient, coders, n_transcripts=int(has_units.sum()))
    if draws is None:
        left_out = leave_out_each(tables[has_units], _build_statistic(coefficient, coders))
        return _add_jackknife(comparison, left_out, level=level, coefficient=coefficient)
    return _add_intervals(
        comparison,
        compute_on_draws(tables, _build_statistic(coefficient, coders), draws=draws),
        draws,
        level,
    )


def non_inferiority(
    comparison: Comparison, margin: float, *, level: float = 0.95
) -> NonInferiority:
    """Is the machine's agreement with people not worse than their own by more than the margin?

    Superior where the one-sided lower limit of the difference lies above 0, non-inferior where it
    lies above minus the margin, inferior where the upper limit lies below that; otherwise
    inconclusive, which is not "as good". Fix the margin before looking. The limits rest on
    leaving out each transcript and Student's t, or on the draws that the comparison was made with,
    which are too narrow with fewer than about twenty transcripts.
    """
    if margin < 0:
        raise InputError(f"The margin is {margin}; it is a loss of agreement, 0 or more.")
    if not 0.5 < level < 1:
        raise InputError(f"A one-sided level lies between 0.5 and 1, not {level}.")
    n_transcripts = comparison.n_transcripts
    reason = _explain_untestable(comparison)
    if reason:
        return NonInferiority(
            verdict="undefined",
            margin=margin,
            level=level,
            n_transcripts=n_transcripts,
            reason=reason,
        )
    limits = _one_sided(comparison, margin, level)
    return NonInferiority(
        verdict=_judge(limits.lower, limits.upper, margin),
        margin=margin,
        level=level,
        n_transcripts=n_transcripts,
        lower=limits.lower,
        upper=limits.upper,
        share_below=limits.share_below,
    )


def build_decision_table(made: Decisions) -> Floats:
    """Yes/no decisions with NaN where not read, shape (n_coders, n_units, n_codes)."""
    return np.where(made.read[:, :, None], made.given.astype(np.float64), np.nan)


# --- Comparison


def _count_pairs(shared: SharedUnits) -> Floats:
    """Contingencies, people first: shape (n_transcripts, n_pairs, n_values, n_values)."""
    coders = shared.coders
    machine = coders.shape[0] - 1
    pairs = [*combinations(range(machine), 2), *((j, machine) for j in range(machine))]
    first, second = np.array(pairs).T
    return count_contingencies(
        coders[first],
        coders[second],
        transcripts=shared.transcript_of,
        n_values=count_values(coders),
        n_transcripts=shared.n_transcripts,
    )


def _count_human_pairs(coders: Floats) -> int:
    return comb(coders.shape[0] - 1, 2)


def _build_statistic(coefficient: PairCoefficient, coders: Floats) -> Statistic:
    """Human-human, machine-human and difference from the tables of pairs: (n_draws, 3)."""
    n_human_pairs = _count_human_pairs(coders)

    def three(tables: Floats) -> Floats:
        # A plain mean: undefined as soon as one pair is, or what is compared would change from
        # draw to draw.
        values = OF_PAIRS[coefficient](tables)
        machine = values[:, n_human_pairs:].mean(axis=1)
        none = np.full(values.shape[0], np.nan)
        people = values[:, :n_human_pairs].mean(axis=1) if n_human_pairs else none
        return np.stack([people, machine, machine - people], axis=1)

    return three


def _compare(
    tables: Floats, coefficient: PairCoefficient, coders: Floats, *, n_transcripts: int
) -> Comparison:
    """The comparison on all units, without intervals."""
    n_units = int(coders.shape[1])
    whole = tables.sum(axis=0, keepdims=True)
    values = _build_statistic(coefficient, coders)(whole)[0]
    per_pair = OF_PAIRS[coefficient](whole)[0]
    n_human_pairs = _count_human_pairs(coders)
    people, machine = per_pair[:n_human_pairs], per_pair[n_human_pairs:]
    reasons = [
        _explain_undefined(people, whole[0, :n_human_pairs], "two people"),
        _explain_undefined(machine, whole[0, n_human_pairs:], "machine and person"),
    ]
    reasons.append("; ".join(reason for reason in reasons if reason))
    names = ("human_human", "machine_human", "difference")
    means = [
        build_coefficient(name, value, n_units, reason)
        for name, value, reason in zip(names, values, reasons, strict=True)
    ]
    n_shared = whole[0, n_human_pairs:].sum(axis=(-1, -2))
    by_human = [
        build_coefficient(
            coefficient, value, int(n), _explain_undefined(value[None], own, "machine and person")
        )
        for value, n, own in zip(machine, n_shared, whole[0, n_human_pairs:, None], strict=True)
    ]
    return Comparison(
        human_human=means[0],
        machine_human=means[1],
        difference=means[2],
        by_human=tuple(by_human),
        n_transcripts=n_transcripts,
    )


def _add_intervals(
    comparison: Comparison, values: Floats, draws: Draws, level: float
) -> Comparison:
    limits = percentile_intervals(values, draws=draws, level=level)
    spread = summarise_draws(values, weight=draws.weight)[2]
    details: dict[str, Detail] = {
        "bootstrap_total": spread.n_total,
        "bootstrap_undefined": spread.n_undefined,
        "bootstrap_mean_delta": spread.mean,
        "bootstrap_sd_delta": spread.sd,
    }
    return replace(
        comparison,
        human_human=_set_interval(comparison.human_human, limits[0]),
        machine_human=_set_interval(comparison.machine_human, limits[1]),
        difference=replace(_set_interval(comparison.difference, limits[2]), details=details),
        draws=draws,
        values=values,
    )


def _add_jackknife(
    comparison: Comparison, left_out: LeftOut, *, level: float, coefficient: PairCoefficient
) -> Comparison:
    scale: Scale = "percent" if coefficient == "percent" else "kappa"
    limits = compute_jackknife_intervals(left_out, scales=[scale, scale, "difference"], level=level)
    return replace(
        comparison,
        human_human=_set_interval(comparison.human_human, limits[0]),
        machine_human=_set_interval(comparison.machine_human, limits[1]),
        difference=_set_interval(comparison.difference, limits[2]),
        left_out=left_out,
    )


@dataclass(frozen=True, slots=True)
class _OneSided:
    """One-sided limits of the difference, and how probably it lies below minus the margin."""

    lower: float
    upper: float
    share_below: float | None


def _one_sided(comparison: Comparison, margin: float, level: float) -> _OneSided:
    if comparison.left_out is not None:
        estimate = float(comparison.left_out.estimate[2])
        error = float(comparison.left_out.standard_error[2])
        n = comparison.left_out.n_transcripts
        reach = float(stdtrit(n - 1, level)) * error
        below = compute_share_below(estimate, error, -margin, n=n)
        return _OneSided(estimate - reach, estimate + reach, below)
    if comparison.values is None or comparison.draws is None:
        raise TypeError("A comparison that can be tested has draws or left-out values.")
    # Two one-sided limits at `level` make the interval inclusion that non-inferiority rests on.
    gap, weight = comparison.values[:, [2]], comparison.draws.weight
    lower, upper = (
        float(weighted_quantiles(gap, share, weight=weight)[0]) for share in (1 - level, level)
    )
    return _OneSided(lower, upper, share_below(gap[:, 0], -margin, weight=weight))


def _set_interval(coefficient: Coefficient, limit: Interval | NoInterval | None) -> Coefficient:
    return coefficient if coefficient.value is None else build_limited(coefficient, limit)


def _explain_undefined(per_pair: Floats, tables: Floats, who: str) -> str:
    """Why a mean over pairs has no value, from the value and the table of each; else empty."""
    if not per_pair.size:
        return f"there is no pair of {who}"
    apart = ~tables.any(axis=(-1, -2))
    n_apart, n_alike = int(apart.sum()), int((np.isnan(per_pair) & ~apart).sum())
    of = f"of {per_pair.size} pairs of {who}"
    reasons = [
        f"{n_apart} {of} share no unit (compare people who read the same ones)" if n_apart else "",
        f"{n_alike} {of} used one and the same value throughout" if n_alike else "",
    ]
    return "; ".join(reason for reason in reasons if reason)


def _explain_untestable(comparison: Comparison) -> str:
    if comparison.difference.value is None:
        return comparison.difference.reason
    if comparison.values is None and comparison.left_out is None:
        return "the comparison was made without transcripts to leave out"
    if comparison.left_out is None:
        return "one transcript cannot be resampled" if comparison.n_transcripts < 2 else ""
    if comparison.n_transcripts < FEWEST_TRANSCRIPTS:
        return f"fewer than {FEWEST_TRANSCRIPTS} transcripts say too little"
    if np.isnan(comparison.left_out.standard_error[2]):
        return NoInterval.UNDEFINED.explanation
    if comparison.left_out.standard_error[2] < NO_ERROR:
        return NoInterval.NO_SPREAD.explanation
    return ""


def _judge(lower: float, upper: float, margin: float) -> Verdict:
    if lower > 0:
        return "superior"
    if lower > -margin:
        return "non-inferior"
    return "inferior" if upper < -margin else "inconclusive"
