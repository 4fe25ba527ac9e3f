"""A machine beside people: the same units, the same coefficient, and the human ceiling first.

The machine is one more named coder. It must not have seen the people's codings of these units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...core.errors import InputError
from ...serialise.plain import to_payload
from ...serialise.result import Result
from ..arrays import Floats
from ..resampling.draws import Draws, draw_transcripts
from ..resampling.intervals import Resampling
from ..study.config import AGREEMENT_CONFIG
from ..study.decisions import Decisions, Unit, build_decisions
from ..study.reading import ReadingAccount
from .alt_test import AlternativeTest, alternative_test
from .comparison import (
    Comparison,
    LeaveOneOut,
    NonInferiority,
    PairCoefficient,
    compare_with_humans,
    leave_one_out,
    non_inferiority,
)


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
    """Everything about one machine beside people."""

    machine: str
    humans: tuple[str, ...]
    n_units: int
    n_transcripts: int
    options: ComparisonOptions
    comparison: Comparison
    verdict: NonInferiority
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
                "leave_one_out": {
                    "humans": self.leave_one_out.humans.summarise(),
                    "everyone": self.leave_one_out.everyone.summarise(),
                    "machine_for": {human: c.summarise() for human, c in replaced},
                },
                "alternative_test": {
                    "winning_rate": test.winning_rate.summarise(),
                    "advantage_probability": test.advantage_probability,
                    "passed": test.passed,
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

    Per code only codes with at least 10 uses; their intervals are at 1 - .05 / (codes compared),
    after Bonferroni.

    Raises:
        InputError: if there are fewer than two people or the machine is one of them.
    """
    options = options or ComparisonOptions()
    if len(humans) < 2 or machine in humans:
        raise InputError(
            f"Setting '{machine}' beside people needs two of them; got "
            f"{', '.join(humans) or 'none'}."
        )
    made = build_decisions(units, [*humans, machine], codes)
    if not made.units or not made.codes:
        raise InputError(f"No unit was coded by '{machine}' and a person. Nothing can be compared.")
    table = _build_table(made)
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
        alternative_test=alternative_test(people, model, transcripts=transcript_of),
        per_code=_compare_per_code(made, table, options, draws),
    )


def _summarise(comparison: Comparison) -> dict[str, dict[str, Any]]:
    return {
        "human_human": comparison.human_human.summarise(),
        "machine_human": comparison.machine_human.summarise(),
        "difference": comparison.difference.summarise(),
    }


def _build_table(made: Decisions) -> Floats:
    """Yes/no decisions with NaN where not read, shape (n_coders, n_units, n_codes)."""
    return np.where(made.read[:, :, None], made.given.astype(np.float64), np.nan)


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
