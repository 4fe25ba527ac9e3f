"""A machine beside people: the same units, the same coefficient, and the human ceiling first.

The machine is one more named coder. It must not have seen the people's codings of these units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...core.arguments import checked
from ...core.errors import InputError
from ...serialise.plain import to_payload
from ...serialise.result import Result
from ..arrays import Floats
from ..coefficients.result import Coefficient
from ..resampling.draws import Draws, draw_transcripts
from ..resampling.intervals import Resampling
from ..study.config import AGREEMENT_CONFIG
from ..study.decisions import Decisions, Unit, build_decisions
from ..study.reading import ReadingAccount
from .alt_test import AlternativeTest, alternative_test_of_sets
from .comparison import (
    Comparison,
    NonInferiority,
    PairCoefficient,
    build_decision_table,
    compare_with_humans,
    non_inferiority,
)
from .leave_one_out import LeaveOneOut, leave_one_out
from .validity import Validity, estimate_validity


@checked
@dataclass(frozen=True, slots=True)
class ComparisonOptions:
    """How to set a machine beside people: coefficient, margin fixed beforehand, draws."""

    coefficient: PairCoefficient = "cohen_kappa"
    margin: float = 0.05
    resampling: Resampling = field(default_factory=Resampling)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDifference:
    """Machine less people on one code; the interval is widened for the number of codes compared.

    `machine_only` and `human_only` count (unit, person) decisions in which one of them alone gave
    the code.
    """

    code: str
    comparison: Comparison
    machine_only: int
    human_only: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineReport(Result):
    """Everything about one machine beside people.

    `alternative_test` is on whole sets of codes by MASI similarity; `validity` is None where the
    coefficient is a percentage.
    """

    machine: str
    humans: tuple[str, ...]
    n_units: int
    n_transcripts: int
    options: ComparisonOptions
    comparison: Comparison
    verdict: NonInferiority
    validity: Validity | None
    leave_one_out: LeaveOneOut
    alternative_test: AlternativeTest
    per_code: tuple[CodeDifference, ...]
    reading: ReadingAccount = field(default_factory=ReadingAccount)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        verdict, test = self.verdict, self.alternative_test
        replaced = zip(self.humans, self.leave_one_out.machine_for, strict=True)
        return to_payload(
            "machine_agreement",
            {
                "machine": self.machine,
                "humans": self.humans,
                "coefficient": self.options.coefficient,
                "n_units": self.n_units,
                "n_transcripts": self.n_transcripts,
                "reading": self.reading.to_plain(),
                **_summarise(self.comparison),
                "non_inferiority": {
                    "verdict": verdict.verdict,
                    "margin": verdict.margin,
                    "lower": verdict.lower,
                    "upper": verdict.upper,
                    "reason": verdict.reason,
                },
                "validity": _summarise_validity(self.validity),
                "leave_one_out": {
                    "humans": self.leave_one_out.humans.summarise(),
                    "everyone": self.leave_one_out.everyone.summarise(),
                    "machine_for": {human: c.summarise() for human, c in replaced},
                },
                "alternative_test": {
                    "similarity": "masi",
                    "epsilon": test.epsilon,
                    "q": test.q,
                    "winning_rate": test.winning_rate.summarise(),
                    "advantage_probability": test.advantage_probability,
                    "passed": test.passed,
                    "humans": {
                        human: {"p_value": p_value, "advantage": advantage, "n_units": n_units}
                        for human, p_value, advantage, n_units in zip(
                            self.humans, test.p_values, test.advantages, test.n_units, strict=True
                        )
                    },
                },
                "per_code": [
                    {
                        "code": code.code,
                        **_summarise(code.comparison),
                        "machine_only": code.machine_only,
                        "human_only": code.human_only,
                    }
                    for code in self.per_code
                ],
                "intervals": self.options.resampling.to_plain(self.n_transcripts),
            },
        )

    def list_coefficients(self) -> list[tuple[str, Coefficient]]:
        """What is compared, as it is shown: labels and coefficients."""
        compared, validity = self.comparison, self.validity
        rows = [
            ("people with each other", compared.human_human),
            ("machine with people", compared.machine_human),
            ("difference", compared.difference),
        ]
        if validity is not None:
            rows += [
                ("ratio", validity.ratio),
                ("most a machine can reach", validity.bound),
                ("noise-corrected validity", validity.machine),
            ]
        return rows

    def to_rows(self) -> list[dict[str, Any]]:
        """A row for each comparison, first over all codes, then code by code."""
        named = [(None, self.comparison), *((code.code, code.comparison) for code in self.per_code)]
        return [
            {"code": code, "compared": compared, **summary}
            for code, comparison in named
            for compared, summary in _summarise(comparison).items()
        ]


def measure_machine_agreement(
    units: Sequence[Unit],
    humans: Sequence[str],
    machine: str,
    codes: Sequence[str],
    *,
    options: ComparisonOptions | None = None,
) -> MachineReport:
    """Compare a machine with people on all (unit, code) yes/no decisions, pooled and per code.

    Compared are the units that the machine and two people or more have read: on others people's
    agreement, or the machine's, would rest on other words.

    Per code only codes with at least 10 uses; their intervals are at 1 - .05 / (codes compared),
    after Bonferroni.

    Raises:
        InputError: if there are fewer than two people, the machine is one of them, or there is no
            unit that it and two people have read.
    """
    options = options or ComparisonOptions()
    if len(humans) < 2 or machine in humans:
        raise InputError(
            f"Setting '{machine}' beside people needs two of them; got "
            f"{', '.join(humans) or 'none'}."
        )
    shared = [unit for unit in units if is_shared(unit, humans, machine)]
    made = build_decisions(shared, [*humans, machine], codes)
    if not made.units:
        raise InputError(
            f"No unit was read by '{machine}' and two of {', '.join(humans)}. Compare people who"
            " read the same transcripts as it."
        )
    if not made.codes:
        raise InputError(
            f"Neither '{machine}' nor {', '.join(humans)} gave a code to what they all read."
            " Nothing can be compared."
        )
    table = build_decision_table(made)
    people, model = table[:-1].reshape(len(humans), -1), table[-1].ravel()
    transcript_of = np.repeat(made.transcript_of, len(made.codes))
    draws = None
    if options.resampling.method != "jackknife":
        draws = draw_transcripts(
            len(made.transcripts),
            n_resamples=max(options.resampling.n_resamples, 1),
            seed=options.resampling.seed,
        )
    comparison = compare_with_humans(
        people,
        model,
        coefficient=options.coefficient,
        transcripts=transcript_of,
        draws=draws,
        level=options.resampling.level,
    )
    return MachineReport(
        machine=machine,
        humans=tuple(humans),
        n_units=len(made.units),
        n_transcripts=len(made.transcripts),
        options=options,
        comparison=comparison,
        verdict=non_inferiority(comparison, options.margin),
        leave_one_out=leave_one_out(people, model),
        validity=_estimate_validity(comparison, people, options),
        alternative_test=_test_by_sets(made),
        per_code=_compare_per_code(made, table, options, draws),
    )


def is_shared(unit: Unit, humans: Sequence[str], machine: str) -> bool:
    """Whether a unit can be compared: the machine and two people or more have read it."""
    return machine in unit.applied and len(set(humans) & set(unit.applied)) >= 2


def _summarise(comparison: Comparison) -> dict[str, dict[str, Any]]:
    return {
        "human_human": comparison.human_human.summarise(),
        "machine_human": comparison.machine_human.summarise(),
        "difference": comparison.difference.summarise(),
    }


def _summarise_validity(validity: Validity | None) -> dict[str, Any] | None:
    if validity is None:
        return None
    return {
        "ratio": validity.ratio.summarise(),
        "machine": validity.machine.summarise(),
        "bound": validity.bound.summarise(),
        "beta_bound": validity.beta_bound,
    }


def _estimate_validity(
    comparison: Comparison, people: Floats, options: ComparisonOptions
) -> Validity | None:
    if options.coefficient == "percent":
        return None
    return estimate_validity(
        comparison, prevalence=float(np.nanmean(people)), level=options.resampling.level
    )


def _test_by_sets(made: Decisions) -> AlternativeTest:
    """The alternative annotator test on each unit's whole set of codes, the machine last."""
    codes = np.array(made.codes, dtype=object)
    sets = [
        [
            frozenset(codes[given]) if is_read else None
            for given, is_read in zip(of_units, read, strict=True)
        ]
        for of_units, read in zip(made.given, made.read, strict=True)
    ]
    return alternative_test_of_sets(sets[:-1], sets[-1], transcripts=made.transcript_of)


def _compare_per_code(
    made: Decisions, table: Floats, options: ComparisonOptions, draws: Draws | None
) -> tuple[CodeDifference, ...]:
    frequent = np.flatnonzero(made.given.any(axis=0).sum(axis=0) >= AGREEMENT_CONFIG.min_uses)
    level = 1 - 0.05 / max(frequent.size, 1)
    differences = []
    for at in frequent:
        people, model = table[:-1, :, at], table[-1, :, at]
        comparison = compare_with_humans(
            people,
            model,
            coefficient=options.coefficient,
            transcripts=made.transcript_of,
            draws=draws,
            level=level,
        )
        differences.append(
            CodeDifference(
                code=made.codes[at],
                comparison=comparison,
                machine_only=int(((model == 1) & (people == 0)).sum()),
                human_only=int(((model == 0) & (people == 1)).sum()),
            )
        )
    return tuple(differences)
