"""The main scores of some draws: ranking and decisions against the reference, kappa with people."""

from __future__ import annotations

from collections.abc import Sequence

from ...agreement.resampling.intervals import Resampling
from ..predictions import Draw
from .human import count_machine_agreement
from .ranking import count_f1, count_ranking
from .scores import Score, compute_scores


def score_draws(
    draws: Sequence[Draw], resampling: Resampling, *, of_reference: bool
) -> dict[str, Score]:
    """Every main score by name.

    Args:
        draws: with what was tested in each.
        resampling: of the intervals.
        of_reference: whether kappa and alpha are with the reference coder alone, because it is this
            coder whom the method followed; else they are with everybody.
    """
    scores: dict[str, Score] = {}
    for count in (count_ranking, count_f1):
        scores |= compute_scores([count(draw.gold, draw.predictions) for draw in draws], resampling)
    golds = [draw.gold.restrict_to_reference() if of_reference else draw.gold for draw in draws]
    transcripts = sorted(
        {
            segment.transcript
            for gold in golds
            for segment, given in zip(gold.segments, gold.codes_by_person, strict=True)
            if given
        }
        & set(golds[0].transcripts)
    )
    counts = [
        count_machine_agreement(gold, draw.predictions, transcripts=transcripts)
        for gold, draw in zip(golds, draws, strict=True)
    ]
    return scores | compute_scores(counts, resampling)
