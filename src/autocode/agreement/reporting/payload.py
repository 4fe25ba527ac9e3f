"""The agreement of coders as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...core.coding import Coding
    from ..coefficients.result import Coefficient
    from ..machine.report import MachineReport
    from ..study.span_table import SpanAgreement
    from ..study.table import Agreement, Disagreement


def as_dict(found: Agreement, codings: Sequence[Coding] = ()) -> dict[str, Any]:
    """An agreement for JSON, with the definition of every number and the memos of `codings`."""
    from ..study.coding_order import ORDERS
    from ..study.specs import DEFINITIONS

    return {
        "unit": found.unit,
        "n_units": found.n_units,
        "n_transcripts": found.n_transcripts,
        "coders": list(found.coders),
        "overall": {name: _coefficient(c) for name, c in found.overall.items()},
        "per_code": [
            {
                "code": code.code,
                "uses": dict(code.uses),
                "prevalence": code.prevalence,
                "too_rare_to_say": code.is_rare,
            }
            | {name: _coefficient(c) for name, c in code.coefficients.items()}
            for code in found.per_code
        ],
        "confusion": [
            {"code": one, "met_by": other, "n": n}
            for (one, other), n in sorted(found.confusion.items())
        ],
        "drift": [
            {
                "transcript": step.transcript,
                "coded_at": step.coded_at or None,
                "n_units": step.n_units,
                "percent": step.percent.value,
                "pooled_kappa": step.pooled_kappa.value,
                "codes_per_unit": dict(step.codes_per_unit),
            }
            for step in found.drift
        ],
        "drift_order": {"by": found.drift_order, "meaning": ORDERS[found.drift_order]},
        "disagreements": [
            {
                "transcript": d.transcript,
                "start": d.unit.span.start if d.unit.span else None,
                "end": d.unit.span.end if d.unit.span else None,
                "excerpt": d.excerpt,
                "codes": {coder: list(codes) for coder, codes in d.applied.items()},
                "memos": _memos(d, codings),
            }
            for d in found.disagreements
        ],
        "intervals": {
            "n_resamples": found.resampling.n_resamples,
            "seed": found.resampling.seed,
            "level": found.resampling.level,
            "method": found.resampling.method,
            "resampled": "transcripts",
            "unreliable": found.n_transcripts < 10,
        },
        "definitions": DEFINITIONS,
    }


def spans_as_dict(found: SpanAgreement) -> dict[str, Any]:
    """The agreement on coders' own spans, with the definition of every number."""
    from ..study.span_specs import SPAN_CODE_DEFINITIONS, SPAN_DEFINITIONS

    return {
        "n_characters": found.n_characters,
        "n_transcripts": found.n_transcripts,
        "coders": list(found.coders),
        "coders_with_overlapping_codes": list(found.overlapping),
        "overall": {name: _coefficient(c) for name, c in found.overall.items()},
        "per_code": [
            {"code": code.code, "n_spans": dict(code.n_spans)}
            | {name: _coefficient(c) for name, c in code.coefficients.items()}
            for code in found.per_code
        ],
        "definitions": SPAN_DEFINITIONS,
        "definitions_per_code": SPAN_CODE_DEFINITIONS,
    }


def machine_as_dict(beside: MachineReport) -> dict[str, Any]:
    """A machine beside people for JSON."""
    verdict, test = beside.verdict, beside.alternative_test
    return {
        "machine": beside.machine,
        "humans": list(beside.humans),
        "coefficient": beside.options.coefficient,
        "n_units": beside.n_units,
        "n_transcripts": beside.n_transcripts,
        "human_human": _coefficient(beside.comparison.human_human),
        "machine_human": _coefficient(beside.comparison.machine_human),
        "difference": _coefficient(beside.comparison.difference),
        "non_inferiority": {
            "verdict": verdict.verdict,
            "margin": verdict.margin,
            "lower": verdict.lower,
            "upper": verdict.upper,
            "reason": verdict.reason,
        },
        "leave_one_out": {
            "humans": _coefficient(beside.leave_one_out.humans),
            "everyone": _coefficient(beside.leave_one_out.everyone),
            "machine_for": {
                human: _coefficient(c)
                for human, c in zip(beside.humans, beside.leave_one_out.machine_for, strict=True)
            },
        },
        "alternative_test": {
            "winning_rate": _coefficient(test.winning_rate),
            "advantage_probability": test.advantage_probability,
            "passed": test.passed,
        },
        "per_code": [
            {
                "code": code.code,
                "human_human": _coefficient(code.comparison.human_human),
                "machine_human": _coefficient(code.comparison.machine_human),
                "difference": _coefficient(code.comparison.difference),
                "machine_only": code.machine_only,
                "human_only": code.human_only,
            }
            for code in beside.per_code
        ],
    }


def sensitivity(every: dict[str, Agreement]) -> dict[str, Any]:
    """The same coders on other units."""
    return {
        unit: {
            "n_units": found.n_units,
            "overall": {name: _coefficient(c) for name, c in found.overall.items()},
        }
        for unit, found in every.items()
    }


def _memos(disagreement: Disagreement, codings: Sequence[Coding]) -> dict[str, list[str]]:
    """What coders noted on their codings of a unit."""
    span = disagreement.unit.span
    found: dict[str, list[str]] = {}
    for coding in codings:
        here = coding.memo and coding.transcript == disagreement.transcript
        if here and span is not None and coding.span.overlap(span):
            found.setdefault(coding.coder, []).append(coding.memo)
    return found


def _coefficient(c: Coefficient) -> dict[str, Any]:
    return {
        "value": c.value,
        "low": c.interval.low if c.interval else None,
        "high": c.interval.high if c.interval else None,
        "status": c.status,
        "reason": c.reason,
        "n_units": c.n_units,
        "n_undefined_resamples": c.interval.n_undefined if c.interval else None,
    }
