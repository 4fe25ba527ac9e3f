"""Scores at the starts of passages and at their continuations, apart.

Someone who repeats the codes of the segment before is right wherever a passage goes on and never
else: a single figure over both says more of how long passages are than of a method.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...agreement.coefficients.kappa import kappa_from_tables
from ...agreement.resampling.intervals import Resampling
from ...agreement.study.config import AGREEMENT_CONFIG
from ...agreement.study.from_counts import average_kappa
from ..gold import GoldData
from ..predictions import Draw, Predictions
from .pairs import UNDEFINED
from .ranking import count_f1, count_ranking
from .scores import Score, ScoreCounts, compute_scores, sum_by_transcript

Floats = npt.NDArray[np.float64]

STARTS, CONTINUATIONS = "starts", "continuations"
PASSAGE_SCORES = (
    "hit_at_1",
    "recall_at_3",
    "micro_f1",
    "macro_f1",
    "kappa_per_code_mean",
    "pooled_kappa",
)
"""What is measured at starts and at continuations, each against the reference."""

_NO_ORDER = "the transcripts are no running text"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageScores:
    """Scores of `PASSAGE_SCORES` on coded segments of one kind; how many, as a mean over draws."""

    n_segments: int
    scores: Mapping[str, Score]


def score_passages(draws: Sequence[Draw], resampling: Resampling) -> dict[str, PassageScores]:
    """The scores at starts and at continuations, by "starts" and "continuations"."""
    return {
        kind: _score_kind([_select(draw, kind) for draw in draws], resampling)
        for kind in (STARTS, CONTINUATIONS)
    }


def count_kappa(gold: GoldData, predictions: Predictions) -> ScoreCounts:
    """Cohen's kappa of method and reference: pooled, and its mean over codes used ten times."""
    rows = gold.scored
    applied, likely = gold.reference_codings.applied[rows], predictions.likely[rows]
    cells = np.stack(
        [~applied & ~likely, ~applied & likely, applied & ~likely, applied & likely], axis=-1
    )
    counts = sum_by_transcript(
        cells.astype(np.float64), gold.transcript_index[rows], len(gold.transcripts)
    )
    used = (applied | likely).any(axis=0)
    frequent = applied.sum(axis=0) >= AGREEMENT_CONFIG.min_uses

    def statistic(sums: Floats) -> Floats:
        tables = sums.reshape(len(sums), 1, -1, 2, 2)
        return np.column_stack(
            [
                average_kappa(tables, frequent),
                kappa_from_tables(tables[:, :, used].sum(axis=(1, 2))),
            ]
        )

    return ScoreCounts(
        names=("kappa_per_code_mean", "pooled_kappa"),
        counts=counts,
        statistic=statistic,
        undefined=UNDEFINED,
    )


def _select(draw: Draw, kind: str) -> Draw:
    """The draw on the reference's coded segments of running text that are of one kind."""
    gold = draw.gold
    coded = gold.scored & gold.running & gold.reference_codings.applied.any(axis=1)
    starts = gold.reference_starts
    return replace(draw, gold=gold.restrict_to(coded & (starts if kind == STARTS else ~starts)))


def _score_kind(draws: Sequence[Draw], resampling: Resampling) -> PassageScores:
    n_segments = round(float(np.mean([draw.gold.scored.sum() for draw in draws])))
    if not draws[0].gold.running.any():
        nothing = Score(value=None, reason=_NO_ORDER)
        return PassageScores(n_segments=0, scores=dict.fromkeys(PASSAGE_SCORES, nothing))
    scores: dict[str, Score] = {}
    for count in (count_ranking, count_f1, count_kappa):
        scores |= compute_scores([count(draw.gold, draw.predictions) for draw in draws], resampling)
    return PassageScores(
        n_segments=n_segments, scores={name: scores[name] for name in PASSAGE_SCORES}
    )
