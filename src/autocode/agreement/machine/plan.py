"""Before a machine is compared: what the people's own codings allow such a study to show.

The error of the paired difference (machine-human less human-human agreement) is what decides. It is
estimated before there is a machine by taking the machine for one more person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.special import nctdtr, nctdtrinc, stdtrit

from ...core.errors import InputError
from ...serialise.plain import to_payload
from ...serialise.result import Result
from ..coefficients.result import Coefficient
from ..resampling.jackknife import FEWEST_TRANSCRIPTS, NO_ERROR
from ..study.decisions import Decisions, Unit, build_decisions
from ..study.reading import ReadingAccount
from .comparison import PairCoefficient, build_decision_table, compare_with_humans


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanConfig:
    """Of a plan: the sizes it is made for, times today's, and the power asked for."""

    times: tuple[int, ...] = (1, 2, 4)
    power: float = 0.8
    level: float = 0.95


PLAN_CONFIG = PlanConfig()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStudy:
    """What a study of so many double-coded transcripts can show.

    `power` is the probability that a machine as good as one more person is called non-inferior at
    the margin. `detectable` is the smallest difference found in four studies of five: the smallest
    margin at which such a machine would be non-inferior, and the smallest loss that would show.
    """

    n_transcripts: int
    standard_error: float
    power: float
    detectable: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinePlan(Result):
    """What comparing a machine with these people would show, today and with more transcripts.

    `studies` is empty, and `reason` says why, where the people's codings cannot tell.
    """

    humans: tuple[str, ...]
    coefficient: PairCoefficient
    margin: float
    n_units: int
    n_transcripts: int
    human_human: Coefficient
    assumption: str
    studies: tuple[PlannedStudy, ...]
    reason: str = ""
    reading: ReadingAccount = field(default_factory=ReadingAccount)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return to_payload(
            "machine_plan",
            {
                "humans": self.humans,
                "coefficient": self.coefficient,
                "margin": self.margin,
                "n_units": self.n_units,
                "n_transcripts": self.n_transcripts,
                "reading": self.reading.to_plain(),
                "human_human": self.human_human.summarise(),
                "assumption": self.assumption,
                "reason": self.reason,
                "studies": self.to_rows(),
            },
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row for each number of transcripts."""
        return [
            {
                "n_transcripts": study.n_transcripts,
                "standard_error": study.standard_error,
                "power": study.power,
                "detectable": study.detectable,
            }
            for study in self.studies
        ]


def plan_machine_comparison(
    units: Sequence[Unit],
    humans: Sequence[str],
    codes: Sequence[str],
    *,
    margin: float = 0.05,
    coefficient: PairCoefficient = "cohen_kappa",
) -> MachinePlan:
    """Power and smallest detectable difference of a comparison, from people's codings alone.

    With three people or more, each in turn is taken for the machine (leave one person out), and the
    jackknife errors of the paired difference are averaged. With two there is nobody to leave out:
    the error is then sqrt(3/4) times that of their own agreement, which holds if coders err
    independently and seldom, and is too large where whole transcripts are hard for everybody.

    Raises:
        InputError: if there are fewer than two people, no unit that two read, or a margin below 0.
    """
    if margin < 0:
        raise InputError(f"The margin is {margin}; it is a loss of agreement, 0 or more.")
    if len(humans) < 2:
        raise InputError(
            f"A plan needs the codings of two people; got {', '.join(humans) or 'none'}."
        )
    made = build_decisions(units, humans, codes)
    if not made.units or not made.codes:
        raise InputError(
            f"No unit was read by two of {', '.join(humans)}. A plan rests on what two coded."
        )
    spread = _measure_spread(made, coefficient)
    n = spread.n_transcripts
    reason = ""
    if n < FEWEST_TRANSCRIPTS and len(humans) > 2:
        reason = (
            f"each of {len(humans)} people is taken for the machine in turn, for which {n}"
            f" transcripts were read by all whom it takes ({FEWEST_TRANSCRIPTS} or more are"
            " needed: by that person and two others). Plan with two people who read the same ones"
        )
    elif n < FEWEST_TRANSCRIPTS:
        reason = (
            f"{n} double-coded transcripts are too few to tell how much they vary; code"
            f" {FEWEST_TRANSCRIPTS} or more twice"
        )
    elif np.isnan(spread.error):
        reason = spread.human_human.reason or (
            "without one of the transcripts people's agreement is undefined"
        )
    elif spread.error < NO_ERROR:
        reason = (
            f"people agree alike in all {n} transcripts, so nothing shows how much these vary; code"
            " more of them twice"
        )
    studies = [] if reason else [_plan(spread, k * n, margin) for k in PLAN_CONFIG.times]
    return MachinePlan(
        humans=tuple(humans),
        coefficient=coefficient,
        margin=margin,
        n_units=len(made.units),
        n_transcripts=n,
        human_human=spread.human_human,
        assumption=spread.assumption,
        studies=tuple(studies),
        reason=reason,
    )


def compute_power(
    error: float, margin: float, *, n: int, level: float = PLAN_CONFIG.level
) -> float:
    """Probability that a machine whose true difference is 0 is called non-inferior.

    Args:
        error: standard error of the difference over `n` transcripts.
        margin: the margin.
        n: transcripts; the test has Student's t with n - 1 degrees of freedom.
        level: of the one-sided limit.
    """
    if error == 0:
        return float(margin > 0)
    return float(1 - nctdtr(n - 1, margin / error, stdtrit(n - 1, level)))


def compute_detectable(error: float, *, n: int, power: float = PLAN_CONFIG.power) -> float:
    """The smallest difference that such a study finds with this power, one-sided.

    Args:
        error: standard error of the difference over `n` transcripts.
        n: transcripts.
        power: how often it is to be found.
    """
    level = PLAN_CONFIG.level
    return error * float(nctdtrinc(n - 1, 1 - power, stdtrit(n - 1, level)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spread:
    """Standard error of the expected difference over `n_transcripts`, and what it rests on."""

    error: float
    n_transcripts: int
    human_human: Coefficient
    assumption: str


def _measure_spread(made: Decisions, coefficient: PairCoefficient) -> _Spread:
    people = build_decision_table(made).reshape(len(made.coders), -1)
    transcript_of = np.repeat(made.transcript_of, len(made.codes))
    comparisons = [
        compare_with_humans(
            np.delete(people, person, axis=0),
            people[person],
            coefficient=coefficient,
            transcripts=transcript_of,
        )
        for person in range(len(made.coders))
    ]
    if len(made.coders) > 2:
        errors = [
            float(c.left_out.standard_error[2])
            for c in comparisons
            if c.left_out is not None and c.n_transcripts >= FEWEST_TRANSCRIPTS
        ]
        defined = [error for error in errors if not np.isnan(error)]
        return _Spread(
            error=float(np.sqrt(np.mean(np.square(defined)))) if defined else float("nan"),
            n_transcripts=min(c.n_transcripts for c in comparisons),
            human_human=comparisons[0].human_human,
            assumption=(
                "Assumes that the machine varies over transcripts as these people do (each was"
                " taken for the machine in turn) and that further transcripts are like these."
            ),
        )
    # Of two people, the agreement of one with the other is "machine-human" of the comparison.
    pair = comparisons[0]
    error = float("nan") if pair.left_out is None else float(pair.left_out.standard_error[1])
    return _Spread(
        # Few errors add up: a pair varies by e_A + e_B, of variance 2 v, and the mean of A and B
        # with the machine, less A with B, by (e_A + e_B) / 2 - e_M: 3/2 v.
        error=float(np.sqrt(0.75)) * error,
        n_transcripts=pair.n_transcripts,
        human_human=pair.machine_human,
        assumption=(
            "Assumes that the machine errs as often as these two people and independently of them"
            " (where whole transcripts are hard for everybody the error is smaller than this), and"
            " that further transcripts are like these."
        ),
    )


def _plan(spread: _Spread, n: int, margin: float) -> PlannedStudy:
    error = spread.error * float(np.sqrt(spread.n_transcripts / n))
    return PlannedStudy(
        n_transcripts=n,
        standard_error=error,
        power=compute_power(error, margin, n=n),
        detectable=compute_detectable(error, n=n),
    )
