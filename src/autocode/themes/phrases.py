"""How far a guided theme depends on each of its phrases: its kind of stability.

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
from .seeded import GuidedSegments, GuidingVectors, match_guiding_phrases

_Rows = npt.NDArray[np.bool_]


def measure_phrase_stability(
    vectors: Vectors, points: GuidingVectors, matched: GuidedSegments
) -> dict[int, PhraseStability]:
    """By number, for guided themes of two phrases or more, given what rows (n, d) match.

    The threshold is set anew, and the other guided themes keep all their phrases: what one loses
    another may take. A guided theme that too few rows match without a phrase is empty then.
    """
    matched_guides = sorted(set(matched.guide.tolist()) - {UNASSIGNED})
    return {
        number: _of_guide(vectors, points, number, matched.guide == number)
        for number in matched_guides
        if len(points.guiding[number].phrases) > 1
    }


def _of_guide(vectors: Vectors, points: GuidingVectors, number: int, own: _Rows) -> PhraseStability:
    phrases = points.guiding[number].phrases
    values = [
        _jaccard(own, match_guiding_phrases(vectors, points.without(number, at)).guide == number)
        for at in range(len(phrases))
    ]
    worst = int(np.argmin(values))
    return PhraseStability(round(sum(values) / len(values), 4), values[worst], phrases[worst])


def _jaccard(one: _Rows, two: _Rows) -> float:
    return round(float((one & two).sum() / (one | two).sum()), 4)
