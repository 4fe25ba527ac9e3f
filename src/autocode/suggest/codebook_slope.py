"""What the codings say of the codebook: how far its own ranking may be followed in this study.

Codes that name what is talked about are recognised by their entries; codes that name what is done
in talk (a question, a reflection) often are not, and their zero-shot ranking is chance. A handful
of codings shows which it is: the ranking knows nothing of them and one number is fitted, so that
none need be held out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from .corpus import EncodedCorpus
from .linear import ZERO_SHOT_SLOPE

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookSlopeConfig:
    """The constants (eval/NOTES.md, Suggestions, Kept: "What the codings say of the codebook").

    Attributes:
        precision, least_precision: of the normal prior of the slope, around 1: so much for each
            candidate code that was never given, over those that were; at least the second.
        full: the slope from which on the codebook is followed in full.
        most_steps, tolerance: of the fit.
    """

    precision: float = 2.0
    least_precision: float = 0.5
    full: float = 0.5
    most_steps: int = 20
    tolerance: float = 1e-4


DEFAULTS = CodebookSlopeConfig()


def measure_codebook_slope(
    corpus: EncodedCorpus, applied: Flags, config: CodebookSlopeConfig = DEFAULTS
) -> float:
    """The slope that codings give the zero-shot score, as a share of that of a useful codebook.

    The slope is that of a multinomial model of the codings with no other term. Each code counts
    once in each transcript, so that a run of one code says no more than one coding of it. Codings
    say nothing of entries that were never used: the more there are, the stronger the prior.

    Args:
        corpus: with the zero-shot score.
        applied: the codes people gave, shape (n_segments, n_codes), false where nothing may be
            known.
        config: prior and scale.

    Returns:
        0 (the ranking is no better than chance) to 1; 1 where nothing is coded.
    """
    applied = applied & corpus.allowed
    rows = np.flatnonzero(applied.any(axis=1))
    if not len(rows):
        return 1.0
    weight = _share_in_transcript(applied[rows], corpus.transcripts[rows])
    allowed = corpus.allowed[rows]
    scores = np.where(allowed, ZERO_SHOT_SLOPE * corpus.zero_shot.z[rows], 0.0)
    n_given = int(applied.any(axis=0).sum())
    precision = config.precision * (corpus.n_codes - n_given) / n_given
    slope = _fit_slope(scores, weight, allowed, max(precision, config.least_precision), config)
    return float(np.clip(slope / config.full, 0.0, 1.0))


def _share_in_transcript(applied: Flags, transcripts: npt.NDArray[np.str_]) -> Floats:
    """One over how often a code was given in its transcript, where it was; same shape."""
    number = np.unique(transcripts, return_inverse=True)[1]
    n_given = np.zeros((int(number.max()) + 1, applied.shape[1]))
    np.add.at(n_given, number, applied)
    return np.asarray(applied / np.maximum(n_given[number], 1))


def _fit_slope(
    scores: Floats, weight: Floats, allowed: Flags, precision: float, config: CodebookSlopeConfig
) -> float:
    """The slope of `scores` in a softmax over the allowed codes, by Newton's method."""
    slope, of_row = 1.0, weight.sum(axis=1)
    for _ in range(config.most_steps):
        share = softmax(np.where(allowed, slope * scores, -np.inf), axis=1)
        mean = (share * scores).sum(axis=1)
        variance = (share * scores**2).sum(axis=1) - mean**2
        gradient = (weight * scores).sum() - of_row @ mean - precision * (slope - 1)
        # Held short: far from the optimum the curvature can be near 0.
        step = float(np.clip(gradient / (of_row @ variance + precision), -1, 1))
        slope += step
        if abs(step) < config.tolerance:
            break
    return slope
