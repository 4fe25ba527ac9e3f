"""What evidence of history was worth in other studies: the prior of `history_model`.

Fitted to seven public corpora of running text at once, each counted the same, with a fifth of the
transcripts known: book-club, ml-quality, Chinese lessons, women in STEM, think-aloud, poets, gay
rodeo (`eval/NOTES.md`, Suggestions, While coding).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPrior:
    """Means of the weights' priors by the names of the features; see `HistoryModel`.

    `codes` are of the first question's evidence about a code, `own` of its evidence about the
    segment, `coded` of the second question, `answer` of the third in its order.
    """

    codes: Mapping[str, float]
    own: Mapping[str, float]
    coded: Mapping[str, float]
    answer: tuple[float, ...]


PRIOR = HistoryPrior(
    codes={
        "base": 0.85,
        "chain": -0.91,
        "near": 0.62,
        "far": 0.33,
        "near2": 0.42,
        "same speaker": 0.31,
        "near, persistence": 0.21,
        "near has others": -0.37,
        "recent": 0.52,
        "lately": 0.57,
        "likeness": 0.14,
        "votes": 0.03,
        "adaptation": 1.16,
        "follows own": 0.16,
        "follows other": 0.19,
    },
    own={
        "constant": -1.3,
        "near coded": 0.39,
        "density": 0.11,
        "nothing observed": -0.03,
        "length": 0.15,
        "base total": -0.14,
    },
    coded={
        "constant": 0.08,
        "near coded": 0.54,
        "density": 0.71,
        "nothing observed": -0.02,
        "length": 0.25,
        "base total": 0.42,
        "near2 coded": 0.25,
        "density around": 0.18,
        "likeness to near": 0.1,
        "near coded, other speaker": 0.17,
        "question": -0.3,
        "base largest": 0.25,
        "adapted total": 0.39,
    },
    answer=(1.0, -0.3, 0.1, 0.0),
)
