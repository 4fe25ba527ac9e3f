"""Ranking codes from the codebook alone: how near a segment is to what an entry says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .codetext import Phrase
from .neighbours import Neighbours

Floats = npt.NDArray[np.float64]

_LEXICAL_WEIGHT = 1.2
_NEIGHBOUR_WEIGHT = 0.3
_FLOOR, _CEILING = -3.0, 6.0


@dataclass(frozen=True, slots=True)
class ColdScores:
    """`z` has shape (n_segments, n_codes), spread 1 overall; so have the two below.

    `phrase` is the row of the phrase a segment resembles most, `similarity` its cosine.
    """

    z: Floats
    phrase: npt.NDArray[np.intp]
    similarity: Floats

    def rows(self, rows: npt.NDArray[np.intp]) -> ColdScores:
        """The scores of some segments."""
        return ColdScores(self.z[rows], self.phrase[rows], self.similarity[rows])


def cold_scores(
    segment_vectors: npt.NDArray[np.float32],
    phrase_vectors: npt.NDArray[np.float32],
    found: Sequence[Phrase],
    *,
    lexical: Floats,
    allowed: npt.NDArray[np.bool_],
    around: Neighbours,
) -> ColdScores:
    """Standardised closeness of each segment to each code.

    Three views are standardised over the codes allowed for a segment and added: the nearest
    phrase of the entry, the entry as a whole, and shared character n-grams (`lexical`, shape
    (n_segments, n_codes), weight 1.2). What is said just before and after counts a little as well.
    Weights from scouting on seven public corpora.
    """
    cosine = np.asarray(segment_vectors @ phrase_vectors.T, dtype=np.float64)
    n_segments, n_codes = lexical.shape
    nearest = np.full((n_segments, n_codes), -1.0)
    phrase = np.zeros((n_segments, n_codes), dtype=np.intp)
    whole = np.zeros((n_segments, n_codes))
    for row, entry in enumerate(found):
        column = cosine[:, row]
        nearer = column > nearest[:, entry.code]
        nearest[nearer, entry.code] = column[nearer]
        phrase[nearer, entry.code] = row
        if entry.whole:
            whole[:, entry.code] = column
    z = (
        _over_codes(nearest, allowed)
        + _over_codes(whole, allowed)
        + _LEXICAL_WEIGHT * _over_codes(lexical, allowed)
    )
    z = around.beside(z, _NEIGHBOUR_WEIGHT)
    spread = float(z[allowed].std()) if allowed.any() else 0.0
    z = np.clip(z / spread if spread > 0 else z, _FLOOR, _CEILING)
    return ColdScores(np.where(allowed, z, _FLOOR), phrase, nearest)


def _over_codes(scores: Floats, allowed: npt.NDArray[np.bool_]) -> Floats:
    """Mean 0 and spread 1 over the codes allowed in each row; rows without spread become 0."""
    counts = np.maximum(allowed.sum(axis=1, keepdims=True), 1)
    kept = np.where(allowed, scores, 0.0)
    mean = kept.sum(axis=1, keepdims=True) / counts
    variance = (np.where(allowed, scores - mean, 0.0) ** 2).sum(axis=1, keepdims=True) / counts
    deviation = np.sqrt(variance)
    return np.where(
        allowed & (deviation > 1e-9), (scores - mean) / np.maximum(deviation, 1e-9), 0.0
    )
