"""Scores of a ranking and of decisions against the reference coder."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...agreement.arrays import divide
from ..gold import GoldData
from ..predictions import NO_CODE, Predictions
from .scores import ScoreCounts, sum_by_transcript

Floats = npt.NDArray[np.float64]

FEWEST_USES = 5
"""Codes given fewer times by the reference are left out of the macro-averaged F1."""

DEPTHS = (1, 3, 5)


def count_ranking(gold: GoldData, predictions: Predictions) -> ScoreCounts:
    """Hits of the first suggestion and recall, over the segments the reference gave a code."""
    applied = gold.reference_codings.applied
    coded = gold.scored & applied.any(axis=1)
    right = is_right(gold, predictions)[coded]
    n_codes = applied[coded].sum(axis=1)
    columns = [np.ones(len(right)), right[:, 0]]
    columns += [right[:, :depth].sum(axis=1) / n_codes for depth in DEPTHS]
    counts = sum_by_transcript(
        np.column_stack(columns).astype(np.float64),
        gold.transcript_index[coded],
        len(gold.transcripts),
    )
    return ScoreCounts(
        names=("hit_at_1", *(f"recall_at_{depth}" for depth in DEPTHS)),
        counts=counts,
        statistic=lambda sums: divide(sums[:, 1:], sums[:, :1]),
        undefined="no segment with a code was tested",
    )


def is_right(gold: GoldData, predictions: Predictions) -> npt.NDArray[np.bool_]:
    """Whether the reference gave each suggested code, (n_segments, 5)."""
    is_code = predictions.top_codes != NO_CODE
    given = np.take_along_axis(
        gold.reference_codings.applied, np.maximum(predictions.top_codes, 0), axis=1
    )
    return np.asarray(given & is_code)


def count_f1(gold: GoldData, predictions: Predictions) -> ScoreCounts:
    """F1 of the likely codes, over all segments the reference has read.

    Micro: all (segment, code) decisions together; macro: the mean over codes the reference gave at
    least five times.
    """
    rows = gold.scored
    applied, likely = gold.reference_codings.applied[rows], predictions.likely[rows]
    cells = np.stack([applied & likely, likely & ~applied, applied & ~likely], axis=-1)
    counts = sum_by_transcript(
        cells.astype(np.float64), gold.transcript_index[rows], len(gold.transcripts)
    )
    frequent = applied.sum(axis=0) >= FEWEST_USES

    def statistic(sums: Floats) -> Floats:
        per_code = _compute_f1(sums)[:, frequent]
        defined = ~np.isnan(per_code)
        macro = divide(np.where(defined, per_code, 0.0).sum(axis=1), defined.sum(axis=1))
        return np.column_stack([_compute_f1(sums.sum(axis=1)), macro])

    return ScoreCounts(
        names=("micro_f1", "macro_f1"),
        counts=counts,
        statistic=statistic,
        undefined=f"no code was given {FEWEST_USES} times, or none was decided on",
    )


def _compute_f1(cells: Floats) -> Floats:
    """F1 from right, wrong and missed on the last axis; NaN where all three are nothing."""
    doubled = 2 * cells[..., 0]
    return divide(doubled, doubled + cells[..., 1] + cells[..., 2])
