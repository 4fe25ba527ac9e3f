"""Ranking codes from the codebook alone: how near a segment is to what an entry says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .code_text import Phrase
from .context import Neighbours, take_rows

Floats = npt.NDArray[np.float64]

VIEWS = ("nearest phrase", "whole entry", "spelling", "adjoining", "other speaker", "question")
"""What of a codebook's entry a segment is held against; then the closeness of what is said just
before and after it, of what somebody else said last, and of the question it answers."""

_NO_SPREAD = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroShotConfig:
    """Weights of the views, set once from scouting on seven public corpora, and bounds of the sum.

    The nearest phrase and the whole entry weigh 1. `adjoining`, `other` and `question` are those of
    what is said around a segment (eval/NOTES.md, Suggestions, Kept: "The zero-shot score of
    neighbouring turns", "The zero-shot score of what somebody else said last").
    """

    lexical: float = 1.2
    adjoining: float = 0.3
    other: float = 0.3
    question: float = 0.1
    lowest: float = -3.0
    highest: float = 6.0


DEFAULTS = ZeroShotConfig()


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroShotScores:
    """`z` has shape (n_segments, n_codes), spread 1 overall; so have the two below.

    `phrase` is the row of the phrase a segment resembles most, `similarity` its cosine. `views`
    (n_views, n_segments, n_codes), in the order of `VIEWS`, are what `z` is the sum of, but that it
    is held within bounds. `scale` is what the views' sum was multiplied with for that spread.
    """

    z: Floats
    phrase: npt.NDArray[np.intp]
    similarity: Floats
    views: npt.NDArray[np.float32]
    scale: float = 1.0

    def rows(self, rows: npt.NDArray[np.intp]) -> ZeroShotScores:
        """The scores of some segments."""
        return ZeroShotScores(
            z=self.z[rows],
            phrase=self.phrase[rows],
            similarity=self.similarity[rows],
            views=self.views[:, rows],
            scale=self.scale,
        )


def score_zero_shot(
    segment_vectors: npt.NDArray[np.floating],
    phrase_vectors: npt.NDArray[np.floating],
    phrases: Sequence[Phrase],
    *,
    lexical: Floats,
    allowed: npt.NDArray[np.bool_],
    around: Neighbours,
    config: ZeroShotConfig = DEFAULTS,
    scale: float | None = None,
) -> ZeroShotScores:
    """Standardised closeness of each segment to each code.

    Three views are standardised over the codes allowed for a segment and added: the nearest
    phrase of the entry, the entry as a whole, and shared character n-grams (`lexical`, shape
    (n_segments, n_codes), weight 1.2). What is said just before and after, what somebody else said
    last and the question count a little as well. Weights from scouting on seven public corpora.
    `scale` is that of other segments beside which these are scored; by default spread 1 here.
    """
    cosine = np.asarray(segment_vectors @ phrase_vectors.T, dtype=np.float64)
    n_segments, n_codes = lexical.shape
    nearest = np.full((n_segments, n_codes), -1.0)
    phrase = np.zeros((n_segments, n_codes), dtype=np.intp)
    whole = np.zeros((n_segments, n_codes))
    for row, entry in enumerate(phrases):
        column = cosine[:, row]
        nearer = column > nearest[:, entry.code]
        nearest[nearer, entry.code] = column[nearer]
        phrase[nearer, entry.code] = row
        if entry.whole:
            whole[:, entry.code] = column
    z = np.zeros((n_segments, n_codes))
    for view in _views(nearest, whole, lexical, allowed=allowed, around=around, config=config):
        z += view
    # Spread 1 over all candidates, so that one unit means as much in every study.
    if scale is None:
        spread = float(z[allowed].std()) if allowed.any() else 0.0
        scale = 1 / spread if spread > 0 else 1.0
    views = np.empty((len(VIEWS), n_segments, n_codes), dtype=np.float32)
    # Made twice rather than held: with thousands of codes each is large.
    for at, view in enumerate(
        _views(nearest, whole, lexical, allowed=allowed, around=around, config=config)
    ):
        views[at] = scale * view
    z = np.where(allowed, np.clip(scale * z, config.lowest, config.highest), config.lowest)
    return ZeroShotScores(z=z, phrase=phrase, similarity=nearest, views=views, scale=scale)


def _views(
    nearest: Floats,
    whole: Floats,
    lexical: Floats,
    *,
    allowed: npt.NDArray[np.bool_],
    around: Neighbours,
    config: ZeroShotConfig,
) -> Iterator[Floats]:
    """The views in the order of `VIEWS`, each weighted."""
    own = np.zeros(nearest.shape)
    for weight, scores in ((1.0, nearest), (1.0, whole), (config.lexical, lexical)):
        view = weight * _standardise(scores, allowed)
        own += view
        yield view
    for weight, rows in (
        (config.adjoining, (around.previous, around.following)),
        (config.other, (around.other,)),
        (config.question, (around.question,)),
    ):
        near = sum(take_rows(own, each) for each in rows)
        yield weight * np.where(allowed, near, 0.0)


def _standardise(scores: Floats, allowed: npt.NDArray[np.bool_]) -> Floats:
    """Mean 0 and spread 1 over the codes allowed in each row; rows without spread become 0."""
    counts = np.maximum(allowed.sum(axis=1, keepdims=True), 1)
    kept = np.where(allowed, scores, 0.0)
    mean = kept.sum(axis=1, keepdims=True) / counts
    variance = (np.where(allowed, scores - mean, 0.0) ** 2).sum(axis=1, keepdims=True) / counts
    deviation = np.sqrt(variance)
    has_spread = allowed & (deviation > _NO_SPREAD)
    return np.where(has_spread, (scores - mean) / np.maximum(deviation, _NO_SPREAD), 0.0)
