"""One self-contained HTML page about how well a method suggests codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._version import __version__
from ..agreement.study.config import AGREEMENT_CONFIG
from ..agreement.study.table import NOTHING, CodeAgreement
from ..evaluate.error_analysis import METHOD, PEOPLE, ErrorAnalysis
from ..evaluate.results import DEFINITIONS, Evaluation, LearningCurvePoint
from . import templating
from .agreement_page import code_names
from .charts import confusion
from .charts.curve import Line, curve, inks, told
from .charts.forest import ForestRow, forest
from .charts.reliability import reliability
from .excerpts import colours

_TEMPLATE = "evaluation.html"
_MOST_PAIRS = 15
_MOST_SURPRISES = 60
_MOST_ROWS = 80

NAMES = {
    "hit_at_1": "First suggestion right",
    "recall_at_1": "Recall in the first",
    "recall_at_3": "Recall in the first 3",
    "recall_at_5": "Recall in the first 5",
    "micro_f1": "F1, all decisions",
    "macro_f1": "F1, mean of codes",
    "kappa_per_code_mean": "Kappa, mean of codes",
    "pooled_kappa": "Kappa, pooled",
    "alpha_masi": "Alpha over sets",
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn plot with the colours of its lines."""

    svg: str
    legend: Mapping[str, str]


def write_evaluation(found: Evaluation, out: Path) -> int:
    """Write a page about an evaluation to `out`; returns its size in bytes.

    Raises:
        FileRefused: if the place cannot be written.
    """
    return templating.save(render_evaluation(found), out)


def render_evaluation(found: Evaluation) -> str:
    """The page as HTML text."""
    names = code_names(found.codebook)
    return templating.fill(
        _TEMPLATE,
        {
            "found": found,
            "names": names,
            "palette": colours(found.codebook),
            "figure_names": NAMES,
            "told": told,
            "suggesting": _suggesting(found.points),
            "beside": _beside(found.points),
            "has_ceiling": found.points[-1].human_comparison.human_human["pooled_kappa"].value
            is not None,
            "last": found.points[-1],
            "reliability": reliability(found.points[-1].calibration.bins),
            "forest": _forest(found.errors, names),
            "rare": AGREEMENT_CONFIG.min_uses,
            "definitions": DEFINITIONS,
            "version": __version__,
            **_confused(found, names),
            **_surprises(found.errors),
        },
    )


def _suggesting(points: Sequence[LearningCurvePoint]) -> Chart:
    lines = [
        Line(NAMES[name], [point.scores[name] for point in points])
        for name in ("hit_at_1", "recall_at_3", "micro_f1")
    ]
    return _chart(points, lines, "Suggestions by the share that is coded")


def _beside(points: Sequence[LearningCurvePoint]) -> Chart:
    """Pooled kappa of method and people, with that of people with each other where there is one."""
    machine = [point.human_comparison.machine_human["pooled_kappa"] for point in points]
    if all(score.value is None for score in machine):
        lines = [Line("Method with coders", [point.scores["pooled_kappa"] for point in points])]
    else:
        lines = [
            Line("Method with people", machine),
            Line(
                "People with each other",
                [point.human_comparison.human_human["pooled_kappa"] for point in points],
                True,
            ),
        ]
    return _chart(points, lines, "Pooled kappa by the share that is coded")


def _chart(points: Sequence[LearningCurvePoint], lines: Sequence[Line], label: str) -> Chart:
    shares = [point.share for point in points]
    return Chart(curve(shares, lines, label=label), inks(lines))


def _forest(found: ErrorAnalysis, names: Mapping[str, str]) -> str:
    rows = [_row(code, names) for code in found.agreement.per_code]
    rows.sort(key=lambda r: (r.note, -(r.coefficient.value or 0.0), r.name))
    overall = found.agreement.overall["pooled_kappa"]
    first = ForestRow(
        name="All decisions together", coefficient=overall, n="", note="", is_overall=True
    )
    return forest([first, *rows[:_MOST_ROWS]], label="Kappa of method and reference by code")


def _row(code: CodeAgreement, names: Mapping[str, str]) -> ForestRow:
    kappa = code.coefficients["cohen_kappa"]
    note = ""
    if code.uses[PEOPLE] < AGREEMENT_CONFIG.min_uses:
        note = f"Too rare to say: people gave it fewer than {AGREEMENT_CONFIG.min_uses} times"
    elif kappa.value is None:
        note = "Undefined"
    return ForestRow(
        name=names.get(code.code, code.code),
        coefficient=kappa,
        n=f"{code.uses[PEOPLE]:,.0f}",
        note=note,
    )


def _confused(found: Evaluation, names: Mapping[str, str]) -> dict[str, Any]:
    mixed = found.errors.agreement.confusion
    codes = confusion.most_confused(mixed, [code.id for _, code in found.codebook.walk()])
    pairs = [p for p in confusion.confused_pairs(mixed) if p.other != NOTHING]
    return {
        "heat_map": confusion.heat_map(mixed, codes, names),
        "pairs": pairs[:_MOST_PAIRS],
        "told_count": confusion.told_count,
    }


def _surprises(found: ErrorAnalysis) -> dict[str, Any]:
    return {
        "surprises": found.mismatches[:_MOST_SURPRISES],
        "n_surprises": len(found.mismatches),
        "n_differ": len(found.agreement.disagreements),
        "method_name": METHOD,
    }
