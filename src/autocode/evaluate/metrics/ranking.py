"""Scores of a ranking and of decisions against the reference coder."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...agreement.study.from_counts import ratio
from ..answers import NO_CODE, Answers
from ..gold import Exam
from .figures import Tally, by_transcript

Floats = npt.NDArray[np.float64]

FEWEST_USES = 5
"""Codes given fewer times by the reference are left out of the macro-averaged F1."""

DEPTHS = (1, 3, 5)


def ranking_tally(exam: Exam, answers: Answers) -> Tally:
    """First right and recall, over the segments to which the reference gave a code."""
    coded = exam.scored & exam.work.applied.any(axis=1)
    right = right_at(exam, answers)[coded]
    n_codes = exam.work.applied[coded].sum(axis=1)
    columns = [np.ones(len(right)), right[:, 0]]
    columns += [right[:, :depth].sum(axis=1) / n_codes for depth in DEPTHS]
    counts = by_transcript(
        np.column_stack(columns).astype(np.float64), exam.place[coded], len(exam.transcripts)
    )
    names = ("hit_at_1", *(f"recall_at_{depth}" for depth in DEPTHS))
    return Tally(
        names=names,
        counts=counts,
        statistic=lambda summed: ratio(summed[:, 1:], summed[:, :1]),
        undefined="no segment with a code was tested",
    )


def right_at(exam: Exam, answers: Answers) -> npt.NDArray[np.bool_]:
    """Whether the reference gave each suggested code, (n_segments, 5)."""
    is_code = answers.order != NO_CODE
    given = np.take_along_axis(exam.work.applied, np.maximum(answers.order, 0), axis=1)
    return np.asarray(given & is_code)


def f1_tally(exam: Exam, answers: Answers) -> Tally:
    """F1 of the codes decided on, over all segments the reference has read.

    Micro: all (segment, code) decisions together; macro: the mean over codes the reference gave at
    least five times.
    """
    rows = exam.scored
    theirs, ours = exam.work.applied[rows], answers.decided[rows]
    cells = np.stack([theirs & ours, ours & ~theirs, theirs & ~ours], axis=-1).astype(np.float64)
    counts = by_transcript(cells, exam.place[rows], len(exam.transcripts))
    frequent = theirs.sum(axis=0) >= FEWEST_USES

    def statistic(summed: Floats) -> Floats:
        per_code = _f1(summed)[:, frequent]
        defined = ~np.isnan(per_code)
        macro = ratio(np.where(defined, per_code, 0.0).sum(axis=1), defined.sum(axis=1))
        return np.column_stack([_f1(summed.sum(axis=1)), macro])

    return Tally(
        names=("micro_f1", "macro_f1"),
        counts=counts,
        statistic=statistic,
        undefined=f"no code was given {FEWEST_USES} times, or none was decided on",
    )


def _f1(cells: Floats) -> Floats:
    """F1 from right, wrong and missed on the last axis; NaN where all three are nothing."""
    doubled = 2 * cells[..., 0]
    return ratio(doubled, doubled + cells[..., 1] + cells[..., 2])
