"""How far a guided theme hangs on each of its phrases: what stability means where an analyst asks.

A guided theme is made by its phrases, not by a grouping, so nothing is learnt from drawing segments
anew. What can be asked is whether the phrases say the same: each is left out in turn and the
segments are found again, compared by the Jaccard similarity that stands for other themes as well
(Hennig 2007).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..core.theme import PhraseStability
from .groups import UNASSIGNED
from .preprocess import Vectors
from .seeded import Guided, GuidingVectors, guided

_Rows = npt.NDArray[np.bool_]


def measure_phrase_stability(
    vectors: Vectors, points: GuidingVectors, found: Guided
) -> dict[int, PhraseStability]:
    """By a seed's number, for seeds of two phrases or more, given what rows (n, d) speak of.

    The bar is set anew, and the other seeds keep all their phrases: what one seed loses another may
    take. A seed that too few rows speak of without a phrase finds nothing then.
    """
    met = sorted(set(found.seed.tolist()) - {UNASSIGNED})
    return {
        number: _of_seed(vectors, points, number, found.seed == number)
        for number in met
        if len(points.guiding[number].phrases) > 1
    }


def _of_seed(vectors: Vectors, points: GuidingVectors, number: int, own: _Rows) -> PhraseStability:
    phrases = points.guiding[number].phrases
    values = [
        _jaccard(own, guided(vectors, points.without(number, at)).seed == number)
        for at in range(len(phrases))
    ]
    worst = int(np.argmin(values))
    return PhraseStability(round(sum(values) / len(values), 4), values[worst], phrases[worst])


def _jaccard(one: _Rows, two: _Rows) -> float:
    return round(float((one & two).sum() / (one | two).sum()), 4)
