"""Whether probabilities hold what they promise: calibration, prediction sets, auto-acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...suggest.protocol import Aims
from ..predictions import Draw
from .ranking import is_right
from .scores import sum_by_transcript

Floats = npt.NDArray[np.float64]

N_BINS = 15
"""As many as Guo et al. (2017), "On calibration of modern neural networks", report with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    """Suggestions of about equal probability: their mean, the share right, how many they are."""

    probability: float
    share_right: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationError:
    """Of the first suggestion for each segment the reference has read, coded or not.

    `ece` is the mean gap between probability and share right over 15 bins of equal size (Naeini,
    Cooper & Hauskrecht 2015); `brier` the mean squared one (Brier 1950).
    """

    ece: float
    brier: float
    bins: tuple[CalibrationBin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionSetCoverage:
    """The share of the reference's codes inside the sets, and the sets' mean size.

    `coverage` counts codings; `coverage_by_transcript` is the mean over transcripts, which is what
    conformal risk control (Angelopoulos et al. 2024) with a transcript as the unit promises.
    """

    target: float
    coverage: float | None
    mean_size: float
    coverage_by_transcript: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoAcceptance:
    """What could be accepted without reading: the share wrong, and the share of codings it saves.

    `n_accepted` is a mean over the repeats.
    """

    target_fdr: float
    observed_fdr: float | None
    share_of_codings: float | None
    n_accepted: float
    reason: str = ""


def compute_calibration(draws: Sequence[Draw]) -> CalibrationError:
    """Calibration of all draws' first suggestions together."""
    probability, right = [], []
    for draw in draws:
        rows = draw.gold.scored
        probability.append(draw.predictions.top_probability[rows])
        right.append(is_right(draw.gold, draw.predictions)[rows, 0])
    return compute_calibration_error(
        np.concatenate(probability), np.concatenate(right).astype(np.float64)
    )


def compute_calibration_error(probability: Floats, right: Floats) -> CalibrationError:
    """Calibration of probabilities (n,) of things that were right (1) or not (0)."""
    order = np.argsort(probability, kind="stable")
    bins = tuple(
        CalibrationBin(
            probability=float(probability[rows].mean()),
            share_right=float(right[rows].mean()),
            n=len(rows),
        )
        for rows in np.array_split(order, N_BINS)
        if len(rows)
    )
    n = max(len(order), 1)
    ece = sum(b.n * abs(b.probability - b.share_right) for b in bins) / n
    brier = float(((probability - right) ** 2).sum() / n)
    return CalibrationError(ece=float(ece), brier=brier, bins=bins)


def compute_set_coverage(draws: Sequence[Draw], aims: Aims) -> PredictionSetCoverage:
    """Coverage and size over all segments the reference has read, all draws together."""
    n_transcripts = len(draws[0].gold.transcripts)
    inside, given = np.zeros(n_transcripts), np.zeros(n_transcripts)
    n_segments = size = 0
    for draw in draws:
        rows = draw.gold.scored
        index = draw.gold.transcript_index[rows]
        applied = draw.gold.reference_codings.applied[rows]
        in_set = draw.predictions.in_set[rows]
        n_inside = (applied & in_set).sum(axis=1).astype(np.float64)
        inside += sum_by_transcript(n_inside, index, n_transcripts)
        given += sum_by_transcript(applied.sum(axis=1).astype(np.float64), index, n_transcripts)
        n_segments += len(index)
        size += int(in_set.sum())
    mean_size = float(size / max(n_segments, 1))
    if not given.any():
        return PredictionSetCoverage(
            target=aims.coverage, coverage=None, mean_size=mean_size, reason="no code was applied"
        )
    # A transcript without a coding has no coverage, and takes no part in the mean.
    by_transcript = inside[given > 0] / given[given > 0]
    return PredictionSetCoverage(
        target=aims.coverage,
        coverage=float(inside.sum() / given.sum()),
        mean_size=mean_size,
        coverage_by_transcript=float(by_transcript.mean()),
    )


def compute_auto_acceptance(draws: Sequence[Draw], aims: Aims) -> AutoAcceptance:
    """False discoveries and savings over all segments the reference has read."""
    n_accepted = n_right = n_codings = 0
    for draw in draws:
        rows = draw.gold.scored
        applied = draw.gold.reference_codings.applied[rows]
        accepted = draw.predictions.auto_acceptable[rows]
        n_accepted += int(accepted.sum())
        n_right += int((applied & accepted).sum())
        n_codings += int(applied.sum())
    return AutoAcceptance(
        target_fdr=aims.false_discovery,
        observed_fdr=1 - n_right / n_accepted if n_accepted else None,
        share_of_codings=n_right / n_codings if n_codings else None,
        n_accepted=n_accepted / len(draws),
        reason=""
        if n_accepted
        else "the codings do not show that few enough accepts would be wrong",
    )
