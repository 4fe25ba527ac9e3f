"""The page about how well a method suggests codes: one HTML file without network access."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .._version import __version__
from ..agreement.reporting.methods_text import format_value
from ..agreement.study.config import AGREEMENT_CONFIG
from ..agreement.study.confusion import count_confused_pairs, select_most_confused
from ..agreement.study.table import NOTHING
from ..core.arguments import checked
from ..evaluate.error_analysis import PEOPLE, ErrorAnalysis, Mismatch
from ..evaluate.metrics.passages import PASSAGE_SCORES
from ..evaluate.metrics.scores import Score
from ..evaluate.protocol import NEW_TRANSCRIPT, PART_CODED, WHILE_CODING
from ..evaluate.results import DEFINITIONS, MAIN_SCORES, Evaluation, LearningCurvePoint
from . import templating
from .agreement_view import name_codes
from .charts.evaluation import (
    CurveLine,
    assign_line_colours,
    draw_learning_curve,
    draw_reliability_diagram,
)
from .charts.forest import ForestRow, draw_forest
from .charts.heat_map import draw_heat_map
from .codes_agreement import make_code_row
from .confusion_view import PairRow, name_pairs
from .palette import SOFT, assign_code_colours

_TEMPLATE = "evaluation.html"
_MOST_PAIRS = 15
_MOST_MISMATCHES = 60
_MOST_ROWS = 80
_MOST_GROUPS = 20
_FEW_TRANSCRIPTS = 10
_HEADLINE = ("hit_at_1", "recall_at_3", "micro_f1", "pooled_kappa")
_FACETS = ("codable", "which_code", "start")
_COMPARED = ("pooled_kappa", "kappa_per_code_mean", "alpha_masi")

_REGIMES: Mapping[str, str] = {
    NEW_TRANSCRIPT: "Held-out codings are never available to the method: each transcript is new to"
    " it.",
    WHILE_CODING: "While coding: what the coder did before a segment of the same transcript is"
    " known, and nothing after it.",
    PART_CODED: "Part-coded: some segments of every transcript are known, and the others are"
    " tested.",
}

LABELS = {
    "hit_at_1": "First suggestion right",
    "recall_at_1": "Recall in the first",
    "recall_at_3": "Recall in the first 3",
    "recall_at_5": "Recall in the first 5",
    "micro_f1": "F1, all decisions",
    "macro_f1": "F1, mean of codes",
    "kappa_per_code_mean": "Kappa, mean of codes",
    "pooled_kappa": "Kappa, pooled",
    "alpha_masi": "Alpha over sets",
    "codable": "Anything coded",
    "which_code": "Which code",
    "start": "Start of a passage",
}
"""Names of the scores on the page."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A plot as SVG with the colours of its lines by name."""

    svg: str
    colours: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ScoreFact:
    """A score at the head of the page."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationView:
    """The whole page; charts are SVG, `names` and `colours` of codes are by id."""

    evaluation: Evaluation
    last: LearningCurvePoint
    is_small: bool
    facts: tuple[ScoreFact, ...]
    has_ceiling: bool
    suggestions_chart: Chart
    kappa_chart: Chart
    scores: Mapping[str, str]
    compared: Mapping[str, str]
    regime: str
    has_passages: bool
    at_passages: Mapping[str, str]
    facets: Mapping[str, str]
    reliability: str
    forest: str
    min_uses: int
    pairs: tuple[PairRow, ...]
    heat_map: str
    mismatches: tuple[Mismatch, ...]
    n_mismatches: int
    n_differ: int
    duplicates: str
    names: Mapping[str, str]
    colours: Mapping[str, str]
    other_colour: str
    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    versions: str
    version: str


@checked
def write_evaluation(evaluation: Evaluation, out: str | Path) -> int:
    """Write a page about an evaluation to `out`; returns its size in bytes.

    Raises:
        FileRefused: if the file cannot be written.
    """
    return templating.save(render_evaluation(evaluation), out)


def render_evaluation(evaluation: Evaluation) -> str:
    """The page as HTML text."""
    return templating.fill(_TEMPLATE, page=view_evaluation(evaluation))


def view_evaluation(evaluation: Evaluation) -> EvaluationView:
    """An evaluation ready to show."""
    names, errors = name_codes(evaluation.codebook), evaluation.errors
    points, last = evaluation.points, evaluation.points[-1]
    has_ceiling = last.human_comparison.human_human["pooled_kappa"].value is not None
    confusion = errors.agreement.confusion
    codes = select_most_confused(confusion, [code.id for _, code in evaluation.codebook.walk()])
    pairs = [pair for pair in count_confused_pairs(confusion) if pair.other != NOTHING]
    return EvaluationView(
        evaluation=evaluation,
        last=last,
        is_small=evaluation.corpus.n_coded_transcripts < _FEW_TRANSCRIPTS,
        facts=tuple(_list_facts(last, has_ceiling=has_ceiling)),
        has_ceiling=has_ceiling,
        suggestions_chart=_chart_suggestions(points),
        kappa_chart=_chart_kappa(points),
        scores={name: LABELS[name] for name in MAIN_SCORES},
        compared={name: LABELS[name] for name in _COMPARED},
        regime=_REGIMES[evaluation.protocol.regime],
        has_passages=any(apart.n_segments for apart in last.passages.values()),
        at_passages={name: LABELS[name] for name in PASSAGE_SCORES},
        facets={name: LABELS[name] for name in _FACETS},
        reliability=draw_reliability_diagram(last.calibration.bins),
        forest=_draw_codes(errors, names),
        min_uses=AGREEMENT_CONFIG.min_uses,
        pairs=name_pairs(pairs[:_MOST_PAIRS], names),
        heat_map=draw_heat_map(confusion, codes, names),
        mismatches=errors.mismatches[:_MOST_MISMATCHES],
        n_mismatches=len(errors.mismatches),
        n_differ=len(errors.agreement.disagreements),
        duplicates=_describe_duplicates(evaluation.corpus.near_duplicates),
        names=names,
        colours=assign_code_colours(evaluation.codebook),
        other_colour=SOFT,
        labels=LABELS,
        definitions=DEFINITIONS,
        versions=", ".join(f"{name} {n}" for name, n in evaluation.run.versions.items()),
        version=__version__,
    )


def _list_facts(point: LearningCurvePoint, *, has_ceiling: bool) -> list[ScoreFact]:
    coded = f"{100 * point.share:g}\N{NO-BREAK SPACE}% coded"
    facts = [_make_fact(point.scores[name], f"{LABELS[name]}, {coded}") for name in _HEADLINE]
    if has_ceiling:
        ratio = point.human_comparison.ratio["pooled_kappa"]
        facts.append(_make_fact(ratio, "of the pooled kappa of two people"))
        bound = point.human_comparison.bound["pooled_kappa"].value
        label = "noise-corrected validity (pooled kappa over the most a machine can reach"
        label += f", {format_value(bound)})" if bound is not None else ")"
        facts.append(_make_fact(point.human_comparison.validity["pooled_kappa"], label))
    return facts


def _make_fact(score: Score, label: str) -> ScoreFact:
    if score.low is not None and score.high is not None:
        label += f": {format_value(score.low)} to {format_value(score.high)}"
    return ScoreFact(format_value(score.value), label)


def _chart_suggestions(points: Sequence[LearningCurvePoint]) -> Chart:
    lines = [
        CurveLine(name=LABELS[name], scores=[point.scores[name] for point in points])
        for name in ("hit_at_1", "recall_at_3", "micro_f1")
    ]
    return _make_chart(points, lines, "Suggestions by the share that is coded")


def _chart_kappa(points: Sequence[LearningCurvePoint]) -> Chart:
    """Pooled kappa of method and people, and of people with each other where two coded."""
    key = "pooled_kappa"
    machine = [point.human_comparison.machine_human[key] for point in points]
    if all(score.value is None for score in machine):
        lines = [CurveLine(name="Method with coders", scores=[p.scores[key] for p in points])]
    else:
        people = [point.human_comparison.human_human[key] for point in points]
        lines = [
            CurveLine(name="Method with people", scores=machine),
            CurveLine(name="People with each other", scores=people, is_ceiling=True),
        ]
    return _make_chart(points, lines, "Pooled kappa by the share that is coded")


def _make_chart(
    points: Sequence[LearningCurvePoint], lines: Sequence[CurveLine], label: str
) -> Chart:
    shares = [point.share for point in points]
    return Chart(draw_learning_curve(shares, lines, label=label), assign_line_colours(lines))


def _draw_codes(errors: ErrorAnalysis, names: Mapping[str, str]) -> str:
    rare = f"Too rare to interpret: people gave it fewer than {AGREEMENT_CONFIG.min_uses} times"
    rows = [
        make_code_row(
            names.get(code.code, code.code),
            code.coefficients["cohen_kappa"],
            code.uses[PEOPLE],
            rare if code.uses[PEOPLE] < AGREEMENT_CONFIG.min_uses else "",
        )
        for code in errors.agreement.per_code
    ]
    rows.sort(key=lambda row: (row.note, -(row.coefficient.value or 0.0), row.name))
    overall = ForestRow(
        name="All decisions together",
        coefficient=errors.agreement.overall["pooled_kappa"],
        is_overall=True,
    )
    label = "Kappa of method and reference by code"
    return draw_forest([overall, *rows[:_MOST_ROWS]], label=label)


def _describe_duplicates(groups: Sequence[Sequence[str]]) -> str:
    """Transcripts that were kept in one fold, in words; empty for none."""
    words = "; ".join(" + ".join(group) for group in groups[:_MOST_GROUPS])
    n_more = len(groups) - _MOST_GROUPS
    return f"{words}; and {n_more} more" if n_more > 0 else words
