"""Whether a method knows how sure to be: calibration, prediction sets, what it would accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...suggest.protocol import Aims
from ..answers import Answers
from ..gold import Exam
from .figures import by_transcript
from .ranking import right_at

Floats = npt.NDArray[np.float64]

N_BINS = 15


@dataclass(frozen=True, slots=True)
class Bin:
    """First suggestions of about equal probability: their mean, the share right, their number."""

    probability: float
    right: float
    n: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Of the first suggestion for each segment the reference has read, coded or not.

    `ece` is the mean gap between probability and share right over 15 bins of equal size (Naeini,
    Cooper & Hauskrecht 2015); `brier` the mean squared one (Brier 1950).
    """

    ece: float
    brier: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionSets:
    """The share of the reference's codes inside the sets, and the sets' mean size.

    `coverage` counts codings; `by_transcript` is the mean over transcripts, which is what conformal
    risk control with a transcript as the unit promises.
    """

    target: float
    coverage: float | None
    mean_size: float
    by_transcript: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoAccept:
    """What would be applied unseen: the share that is wrong, and the share of codings it saves."""

    target_fdr: float
    observed_fdr: float | None
    share_of_codings: float | None
    n_accepted: float
    reason: str = ""


def calibration(exam: Exam, many: Sequence[Answers]) -> Calibration:
    """Calibration of all repeats' first suggestions together."""
    rows = exam.scored
    sure = np.concatenate([answers.first[rows] for answers in many])
    right = np.concatenate([right_at(exam, answers)[rows, 0] for answers in many])
    return calibration_of(sure, right.astype(np.float64))


def calibration_of(probability: Floats, right: Floats) -> Calibration:
    """Calibration of probabilities (n,) of things that were right (1) or not (0)."""
    order = np.argsort(probability, kind="stable")
    bins = tuple(
        Bin(float(probability[some].mean()), float(right[some].mean()), len(some))
        for some in np.array_split(order, N_BINS)
        if len(some)
    )
    n = max(len(order), 1)
    ece = sum(b.n * abs(b.probability - b.right) for b in bins) / n
    brier = float(((probability - right) ** 2).sum() / n)
    return Calibration(float(ece), brier, bins)


def prediction_sets(exam: Exam, many: Sequence[Answers], aims: Aims) -> PredictionSets:
    """Coverage and size over all segments the reference has read."""
    rows = exam.scored
    theirs = exam.work.applied[rows]
    size = float(np.mean([answers.in_set[rows].sum() for answers in many]) / max(rows.sum(), 1))
    if not theirs.any():
        return PredictionSets(
            target=aims.coverage, coverage=None, mean_size=size, reason="no code was applied"
        )
    held = [(theirs & answers.in_set[rows]).sum(axis=1) for answers in many]
    n_transcripts = len(exam.transcripts)
    inside = by_transcript(np.mean(held, axis=0), exam.place[rows], n_transcripts)
    given = by_transcript(theirs.sum(axis=1), exam.place[rows], n_transcripts)
    each = inside[given > 0] / given[given > 0]
    return PredictionSets(
        target=aims.coverage,
        coverage=float(inside.sum() / given.sum()),
        mean_size=size,
        by_transcript=float(each.mean()),
    )


def auto_accept(exam: Exam, many: Sequence[Answers], aims: Aims) -> AutoAccept:
    """False discoveries and savings over all segments the reference has read."""
    rows = exam.scored
    theirs = exam.work.applied[rows]
    n_accepted = sum(int(answers.accepted[rows].sum()) for answers in many)
    right = sum(int((theirs & answers.accepted[rows]).sum()) for answers in many)
    n_codings = int(theirs.sum()) * len(many)
    return AutoAccept(
        target_fdr=aims.false_discovery,
        observed_fdr=1 - right / n_accepted if n_accepted else None,
        share_of_codings=right / n_codings if n_codings else None,
        n_accepted=n_accepted / len(many),
        reason="" if n_accepted else "not enough coded yet to accept anything unseen",
    )
