"""How well a machine reads what coders agree to see, and how well any machine could.

The ratio of machine-human to human-human agreement is no share of what can be reached: it runs past
1. Let p be the chance that a coder like these gives a unit the code, coders being independent given
p. Two coders then agree with kappa = Var p / (pi (1 - pi)), pi being the code's prevalence, and a
machine m of the same prevalence agrees with each of them with Cov(m, p) / (pi (1 - pi)). By the
inequality of Cauchy and Schwarz that is at most sqrt(kappa): the correction for attenuation
(Spearman 1904). Dividing by it gives the correlation of the machine with what coders agree to see.

All of it rests on coders who were independent. Where they coded together, or revised until they
agreed, human-human agreement is too high and the validity too low.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincc, betainccinv

from ..arrays import Floats
from ..coefficients.result import Coefficient, build_undefined
from ..resampling.intervals import build_limited
from ..resampling.jackknife import LeftOut, compute_jackknife_intervals
from .comparison import Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """Machine-human agreement beside what human-human agreement allows, and corrected for it.

    `bound` is the most that a machine could agree with the people, the square root of their own
    agreement; `beta_bound` what it could where the chances of the code follow a beta distribution.
    `machine` is the noise-corrected validity, machine-human agreement over `bound`; that of one
    more person is `bound` itself. `ratio` is machine-human over human-human agreement.
    """

    ratio: Coefficient
    machine: Coefficient
    bound: Coefficient
    beta_bound: float | None

    @property
    def caveat(self) -> str:
        """What the bound and the validity rest on, for a reader."""
        return (
            "If the people coded independently, a machine can agree with them up to the square root"
            " of their own agreement; validity is its agreement divided by that. If they coded"
            " together, people's agreement is an upper bound and validity too low."
        )


def bound_agreement(human_human: float) -> float:
    """The most that a machine can agree with coders who agree with each other by kappa.

    NaN where people agree no better than chance: nothing can be said of a machine then.
    """
    return float(np.sqrt(human_human)) if human_human > 0 else float("nan")


def bound_agreement_beta(human_human: float, prevalence: float) -> float:
    """The same where the chances of the code follow a beta distribution: a little lower.

    The best machine gives the code to the share `prevalence` of units on which it is likeliest.

    Args:
        human_human: kappa of two coders.
        prevalence: share of units that a coder gives the code.
    """
    if not 0 < prevalence < 1 or not 0 < human_human < 1:
        return bound_agreement(human_human) if human_human >= 1 else float("nan")
    size = 1 / human_human - 1
    a, b = prevalence * size, (1 - prevalence) * size
    threshold = float(betainccinv(a, b, prevalence))
    # E[p; p > t] = pi P(Beta(a + 1, b) > t).
    joint = prevalence * float(betaincc(a + 1, b, threshold))
    return (joint - prevalence**2) / (prevalence * (1 - prevalence))


def correct_for_noise(machine_human: float, human_human: float) -> float:
    """Noise-corrected validity: machine-human agreement over its bound."""
    return machine_human / bound_agreement(human_human)


def estimate_validity(
    comparison: Comparison, *, prevalence: float | None = None, level: float = 0.95
) -> Validity:
    """Ratio, validity and bounds of a comparison, with intervals from leaving out transcripts.

    Args:
        comparison: by kappa or alpha, over people who coded independently.
        prevalence: share of decisions that are "yes", for the beta bound; None for none.
        level: of the intervals.
    """
    people, machine = comparison.human_human, comparison.machine_human
    if people.value is None or machine.value is None or people.value <= 0:
        reason = people.reason or machine.reason or "people agree no better than chance"
        names = ("ratio", "validity", "bound")
        ratio, validity, bound = (
            build_undefined(name, reason, n_units=people.n_units) for name in names
        )
        return Validity(ratio=ratio, machine=validity, bound=bound, beta_bound=None)
    values = _derive(np.array([[people.value, machine.value]]))[0]
    ratio, validity, bound = (
        Coefficient(name=name, value=float(value), n_units=people.n_units)
        for name, value in zip(("ratio", "validity", "bound"), values, strict=True)
    )
    if comparison.left_out is not None:
        left_out = LeftOut(values, _derive(comparison.left_out.left_out[:, :2]))
        limits = compute_jackknife_intervals(
            left_out, scales=["difference", "kappa", "kappa"], level=level
        )
        ratio, validity, bound = (
            build_limited(c, limit)
            for c, limit in zip((ratio, validity, bound), limits, strict=True)
        )
    beta = None if prevalence is None else bound_agreement_beta(people.value, prevalence)
    return Validity(
        ratio=ratio,
        machine=validity,
        bound=bound,
        beta_bound=None if beta is None or np.isnan(beta) else beta,
    )


def _derive(both: Floats) -> Floats:
    """Ratio, validity and bound from (n, 2) of people and machine; NaN where undefined."""
    people = np.where(both[:, 0] > 0, both[:, 0], np.nan)
    bound = np.sqrt(people)
    return np.stack([both[:, 1] / people, both[:, 1] / bound, bound], axis=1)
