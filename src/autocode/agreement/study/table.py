"""The agreement of a study's coders: per code and overall, with intervals over transcripts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import Any, Literal

import numpy as np

from ...core.coding import Resolution
from ...serialise.plain import to_payload
from ...serialise.result import Result
from ..arrays import Floats
from ..coefficients.kappa import kappa_from_tables
from ..coefficients.observed import percent_from_tables
from ..coefficients.result import Coefficient
from ..resampling.intervals import Resampling
from .assistance import CoderAssistance
from .config import AGREEMENT_CONFIG
from .decisions import Decisions, Unit, build_decisions
from .from_counts import StudyCounts
from .pass_account import PassAccount
from .reading import ReadingAccount
from .specs import NO_VARIATION, SPECS, CoefficientSpec, build_definitions

ORDERS = {
    "coded": "in the order in which they were coded; transcripts whose time is unknown come last",
    "name": "in order of name, as the times of coding are not known: a trend is drift only if this"
    " is the order of coding",
}
"""What `Agreement.drift_order` means."""

NOTHING = "(nothing)"
"""In the confusion of codes: the other coder gave no code that is left to compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAgreement:
    """How coders agree on one code; `uses` counts units by coder, `n_uses` units of any of them."""

    code: str
    uses: Mapping[str, float]
    n_uses: float
    prevalence: float
    coefficients: Mapping[str, Coefficient]

    @property
    def is_rare(self) -> bool:
        """Whether the code has too few uses for its coefficients to mean much."""
        return self.n_uses < AGREEMENT_CONFIG.min_uses


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A unit on which coders differ: the codes each gave it, what they noted, what was settled."""

    transcript: str
    excerpt: str
    applied: Mapping[str, tuple[str, ...]]
    unit: Unit
    memos: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    resolutions: tuple[Resolution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptAgreement:
    """One transcript on the way through the study: how coders agreed there, and how much they gave.

    `codes_per_unit` is by coder; `coded_at` is ISO 8601, UTC, or empty where unknown.
    """

    transcript: str
    n_units: int
    percent: Coefficient
    pooled_kappa: Coefficient
    codes_per_unit: Mapping[str, float]
    coded_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Result):
    """Everything about the agreement of some coders; `specs` says what its numbers are.

    `confusion` counts, over all pairs of coders, a code of one (row) met by a code of the other
    (column) on the same unit, codes both gave set aside on the diagonal. `unused_codes` are those
    that no coder gave to any unit compared, without those that only head others.
    """

    unit: str
    coders: tuple[str, ...]
    n_units: int
    n_transcripts: int
    overall: Mapping[str, Coefficient]
    per_code: tuple[CodeAgreement, ...]
    confusion: Mapping[tuple[str, str], float]
    disagreements: tuple[Disagreement, ...]
    drift: tuple[TranscriptAgreement, ...]
    resampling: Resampling
    drift_order: Literal["name", "coded"] = "name"
    specs: tuple[CoefficientSpec, ...] = SPECS
    reading: ReadingAccount = field(default_factory=ReadingAccount)
    passes: PassAccount = field(default_factory=PassAccount)
    assistance: tuple[CoderAssistance, ...] = ()
    unused_codes: tuple[str, ...] = ()

    @property
    def silent_coders(self) -> tuple[str, ...]:
        """Who applied no code to any unit compared, where others did."""
        return tuple(
            coder
            for coder in self.coders
            if self.per_code and not any(code.uses.get(coder) for code in self.per_code)
        )

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, with the definition of every number."""
        return to_payload(
            "agreement",
            {
                "unit": self.unit,
                "n_units": self.n_units,
                "n_transcripts": self.n_transcripts,
                "coders": self.coders,
                "reading": self.reading.to_plain(),
                "passes": self.passes.to_plain(),
                "assistance": [one.to_plain() for one in self.assistance],
                "silent_coders": self.silent_coders,
                "unused_codes": self.unused_codes,
                "overall": _summarise(self.overall),
                "per_code": [
                    {
                        "code": code.code,
                        "uses": code.uses,
                        "n_uses": code.n_uses,
                        "prevalence": code.prevalence,
                        "too_rare_to_say": code.is_rare,
                        "coefficients": _summarise(code.coefficients),
                    }
                    for code in self.per_code
                ],
                "confusion": [
                    {"code": code, "met_by": met, "n": n}
                    for (code, met), n in sorted(self.confusion.items())
                ],
                "drift": [
                    {
                        "transcript": step.transcript,
                        "coded_at": step.coded_at or None,
                        "n_units": step.n_units,
                        "percent": step.percent.value,
                        "pooled_kappa": step.pooled_kappa.value,
                        "codes_per_unit": step.codes_per_unit,
                    }
                    for step in self.drift
                ],
                "drift_order": {"by": self.drift_order, "meaning": ORDERS[self.drift_order]},
                "disagreements": [
                    {
                        "transcript": d.transcript,
                        "span": d.unit.span,
                        "excerpt": d.excerpt,
                        "codes": d.applied,
                        "memos": d.memos,
                        "resolutions": [r.summarise() for r in d.resolutions],
                    }
                    for d in self.disagreements
                ],
                "intervals": {
                    **self.resampling.to_plain(self.n_transcripts),
                    "unreliable": self.resampling.method != "jackknife"
                    and self.n_transcripts < AGREEMENT_CONFIG.few_transcripts,
                },
                "definitions": build_definitions(self.specs),
            },
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row for each coefficient, first over all codes, then code by code."""
        rows = _label(self.overall, None)
        return rows + [
            row for code in self.per_code for row in _label(code.coefficients, code.code)
        ]

    def summarise(self) -> dict[str, Any]:
        """The numbers over all codes in brief, to be set beside those on other units."""
        return {"n_units": self.n_units, "overall": _summarise(self.overall)}


def measure_agreement(
    units: Sequence[Unit],
    coders: Sequence[str],
    codes: Sequence[str],
    *,
    unit_name: str,
    parents: Mapping[str, str | None] | None = None,
    resampling: Resampling | None = None,
    specs: Sequence[CoefficientSpec] = SPECS,
) -> Agreement:
    """Compare coders on the units that at least two of them have read.

    Args:
        units: with the codes that each coder gave them.
        coders: those to compare.
        codes: in the order of the tables; those that nobody gave to any of these units play no
            part.
        unit_name: what a unit is, for the reader.
        parents: the code tree, from a code to its parent.
        resampling: how intervals are made.
        specs: the coefficients to compute.
    """
    resampling = resampling or Resampling()
    made = build_decisions(units, coders, codes)
    counts = StudyCounts.of_decisions(made, parents or {})
    estimates = _estimate(counts, resampling, specs)
    return Agreement(
        unit=unit_name,
        coders=tuple(coders),
        n_units=len(made.units),
        n_transcripts=len(made.transcripts),
        overall=_select_overall(counts, estimates, specs),
        per_code=_select_per_code(counts, estimates, specs),
        confusion=_count_confusion(made),
        disagreements=tuple(
            d for u in made.units if (d := _build_disagreement(u, made.coders)) is not None
        ),
        drift=_follow_transcripts(counts, specs),
        resampling=resampling,
        specs=tuple(specs),
        unused_codes=_list_unused(codes, made.codes, parents or {}),
    )


def _list_unused(
    codes: Sequence[str], used: Sequence[str], parents: Mapping[str, str | None]
) -> tuple[str, ...]:
    heads = set(parents.values())
    return tuple(code for code in codes if code not in used and code not in heads)


def _summarise(coefficients: Mapping[str, Coefficient]) -> dict[str, dict[str, Any]]:
    return {name: coefficient.summarise() for name, coefficient in coefficients.items()}


def _label(coefficients: Mapping[str, Coefficient], code: str | None) -> list[dict[str, Any]]:
    return [{"code": code, "coefficient": n, **c.summarise()} for n, c in coefficients.items()]


# --- From counts to results


def _estimate(
    counts: StudyCounts, resampling: Resampling, specs: Sequence[CoefficientSpec]
) -> dict[tuple[str, str], Coefficient]:
    """Every coefficient on the same draws, by its name and code, "" for all codes."""
    codes = counts.decisions.codes
    if not codes:
        return {}
    overall = {spec.name: spec.bind(counts) for spec in specs if spec.is_overall}
    per_code = {spec.name: spec.per_code for spec in specs if spec.per_code is not None}
    reasons = {spec.name: spec.undefined for spec in specs}

    def statistic(summed: Floats) -> Floats:
        drawn = counts.unpack(summed)
        columns = [compute(drawn)[:, None] for compute in overall.values()]
        return np.concatenate(
            [*columns, *(compute(drawn) for compute in per_code.values())], axis=1
        )

    def explain(key: tuple[str, str]) -> str:
        return reasons[key[0]]

    keys = [(name, "") for name in overall] + [(n, code) for n in per_code for code in codes]
    scales = {spec.name: spec.scale for spec in specs}
    n_transcripts = len(counts.decisions.transcripts)
    used = dict(zip(codes, counts.n_transcripts_with_code.tolist(), strict=True))
    estimator = resampling.build_estimator(n_transcripts, explain)
    return estimator.estimate(
        keys,
        counts.flatten(),
        statistic,
        scales=[scales[name] for name, _ in keys],
        n_with_code=[used.get(code, n_transcripts) for _, code in keys],
    )


def _select_overall(
    counts: StudyCounts,
    estimates: Mapping[tuple[str, str], Coefficient],
    specs: Sequence[CoefficientSpec],
) -> dict[str, Coefficient]:
    asked = [spec for spec in specs if spec.is_overall]
    made = counts.decisions
    if not made.codes:
        reason = (
            "no unit was read by two coders"
            if not made.units
            else "no code was applied to a unit that two coders have read"
        )
        return {
            spec.name: Coefficient(name=spec.name, value=None, n_units=0, reason=reason)
            for spec in asked
        }
    n_decisions = round(float(counts.tables.sum()))
    return {
        spec.name: replace(
            estimates[spec.name, ""],
            name=spec.name,
            n_units=n_decisions if spec.set_distances is None else len(made.units),
        )
        for spec in asked
    }


def _select_per_code(
    counts: StudyCounts,
    estimates: Mapping[tuple[str, str], Coefficient],
    specs: Sequence[CoefficientSpec],
) -> tuple[CodeAgreement, ...]:
    made = counts.decisions
    asked = [spec.name for spec in specs if spec.per_code is not None]
    uses = counts.uses
    n_decisions = counts.tables.sum(axis=(0, 1, 3, 4))
    read = made.read[:, :, None] & made.given
    return tuple(
        CodeAgreement(
            code=code,
            uses={c: float(made.weight @ read[row, :, at]) for row, c in enumerate(made.coders)},
            n_uses=float(uses[at]),
            prevalence=float(counts.votes[:, at, 5].sum() / counts.votes[:, at, 3].sum()),
            coefficients={
                name: replace(
                    estimates[name, code], name=name, n_units=round(float(n_decisions[at]))
                )
                for name in asked
            },
        )
        for at, code in enumerate(made.codes)
    )


def _count_confusion(made: Decisions) -> dict[tuple[str, str], float]:
    """Codes of one coder against codes of the other on the same unit, over ordered pairs."""
    counts: defaultdict[tuple[str, str], float] = defaultdict(float)
    for unit in made.units:
        readers = [unit.applied[c] for c in made.coders if c in unit.applied]
        for own, other in permutations(readers, 2):
            for code in own & other:
                counts[code, code] += unit.weight
            for code in own - other:
                # What is left over shares the unit: a code may have been taken for any of them.
                rest = (other - own) or {NOTHING}
                for met in rest:
                    counts[code, met] += unit.weight / len(rest)
    return dict(counts)


def _build_disagreement(unit: Unit, coders: Sequence[str]) -> Disagreement | None:
    given = {coder: tuple(sorted(unit.applied[coder])) for coder in coders if coder in unit.applied}
    if len(set(given.values())) < 2:
        return None
    return Disagreement(transcript=unit.transcript, excerpt=unit.excerpt, applied=given, unit=unit)


def _follow_transcripts(
    counts: StudyCounts, specs: Sequence[CoefficientSpec]
) -> tuple[TranscriptAgreement, ...]:
    """Agreement transcript by transcript, in order of name."""
    made = counts.decisions
    if not made.codes:
        return ()
    reasons = {spec.name: spec.undefined for spec in specs}
    tables = counts.tables.sum(axis=(1, 2))
    percent, kappa = percent_from_tables(tables), kappa_from_tables(tables)
    steps = []
    for at, name in enumerate(made.transcripts):
        here = made.transcript_of == at
        n_units = int(here.sum())
        steps.append(
            TranscriptAgreement(
                transcript=name,
                n_units=n_units,
                percent=_build_plain("percent", float(percent[at]), n_units, reasons),
                pooled_kappa=_build_plain("pooled_kappa", float(kappa[at]), n_units, reasons),
                codes_per_unit={
                    coder: float(made.given[row][here].sum() / max(made.read[row][here].sum(), 1))
                    for row, coder in enumerate(made.coders)
                },
            )
        )
    return tuple(steps)


def _build_plain(name: str, value: float, n_units: int, reasons: Mapping[str, str]) -> Coefficient:
    if np.isnan(value):
        reason = reasons.get(name, NO_VARIATION)
        return Coefficient(name=name, value=None, n_units=n_units, reason=reason)
    return Coefficient(name=name, value=value, n_units=n_units)
