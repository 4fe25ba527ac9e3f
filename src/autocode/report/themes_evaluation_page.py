"""The page about how draft themes compare with people's codes: one HTML file without network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.arguments import checked
from ..core.theme_diagnostics import MeanInterval
from ..evaluate.novel_codes import NovelCodes
from ..evaluate.themes import ThemesEvaluation
from . import templating

_TEMPLATE = "themes_evaluation.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class NovelRow:
    """Agreement with codes never seen at one number of themes; intervals are in words."""

    name: str
    plain: str
    learned: str
    gain: str
    n_gains: int


@dataclass(frozen=True, slots=True)
class ThemesEvaluationView:
    """The whole page."""

    evaluation: ThemesEvaluation
    novel_rows: Sequence[NovelRow]


@checked
def write_themes_evaluation(evaluation: ThemesEvaluation, out: str | Path) -> int:
    """Write a page about an evaluation of themes to `out`; returns its size in bytes.

    Raises:
        FileRefused: if the file cannot be written.
    """
    return templating.save(render_themes_evaluation(evaluation), out)


def render_themes_evaluation(evaluation: ThemesEvaluation) -> str:
    """The page as HTML text."""
    rows = list_novel_rows(evaluation.novel) if evaluation.novel else []
    return templating.fill(_TEMPLATE, page=ThemesEvaluationView(evaluation, rows))


def list_novel_rows(novel: NovelCodes) -> list[NovelRow]:
    """Agreement with codes never seen, ready to show."""
    return [
        NovelRow(
            name=name,
            plain=_format_interval(at.plain),
            learned=_format_interval(at.learned),
            gain=_format_interval(at.gain),
            n_gains=at.n_gains,
        )
        for name, at in (
            ("as many themes as codes", novel.at_true_number),
            ("as many as the method makes", novel.by_rule),
        )
    ]


def _format_interval(drawn: MeanInterval) -> str:
    return f"{drawn.mean:.3f} [{drawn.low:.3f}, {drawn.high:.3f}]"
