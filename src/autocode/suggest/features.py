"""A segment as numbers a learner can weigh: meaning, words, spelling, length and questions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .. import terms
from ..transcript import Segment

Floats = npt.NDArray[np.float64]

_WORD_FACTORS, _WORD_WEIGHT = 150, 0.7
_CHAR_FACTORS, _CHAR_WEIGHT = 100, 0.5
_SHAPE_WEIGHT = 0.15


def segment_features(segments: Sequence[Segment], vectors: npt.NDArray[np.float32]) -> Floats:
    """Features of every segment, shape (n_segments, n_features).

    Vocabularies are fitted on all segments given, coded or not; codings play no part.
    """
    excerpts = [segment.excerpt for segment in segments]
    lengths = np.log1p([len(excerpt.split()) for excerpt in excerpts])
    shape = np.column_stack([(lengths - lengths.mean()), ["?" in e for e in excerpts]])
    return np.hstack(
        [
            vectors.astype(np.float64),
            _WORD_WEIGHT * terms.word_factors(excerpts, n_factors=_WORD_FACTORS),
            _CHAR_WEIGHT * terms.char_factors(excerpts, n_factors=_CHAR_FACTORS),
            _SHAPE_WEIGHT * shape.astype(np.float64),
        ]
    )
