"""What a method predicted over all folds, row by row of the gold data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..suggest.protocol import Flags, Floats, Ranking
from .gold import GoldData

DEPTH = 5
"""How many suggestions of a segment are looked at."""

NO_CODE = -1


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Predictions:
    """One prediction for each segment that was a target; the rows of other segments are empty.

    `top_codes` (n_segments, 5) holds numbers of codes, best first, `NO_CODE` where a segment has
    fewer candidates; `top_probability` (n_segments,) is the probability of the first of them.
    `likely` (the method would apply the code), `in_set` (the code is in the prediction set) and
    `auto_acceptable` (it may be accepted without reading) are (n_segments, n_codes). `starts`
    (n_segments,): a likely code that the segment before does not have, as far as the method knows.
    """

    top_codes: npt.NDArray[np.intp]
    top_probability: Floats
    likely: Flags
    in_set: Flags
    auto_acceptable: Flags
    starts: Flags

    @classmethod
    def empty(cls, gold: GoldData) -> Predictions:
        """Arrays for the predictions on all segments of the gold data, filled fold by fold."""
        shape = (len(gold.segments), len(gold.codes))
        return cls(
            top_codes=np.full((shape[0], DEPTH), NO_CODE, dtype=np.intp),
            top_probability=np.zeros(shape[0]),
            likely=np.zeros(shape, dtype=bool),
            in_set=np.zeros(shape, dtype=bool),
            auto_acceptable=np.zeros(shape, dtype=bool),
            starts=np.zeros(shape[0], dtype=bool),
        )

    def enter(self, rows: npt.NDArray[np.intp], ranking: Ranking, allowed: Flags) -> None:
        """Write a fold's ranking into `rows`; equal scores keep the codebook's order.

        Args:
            rows: the segments ranked, (n_targets,).
            ranking: the answer for them.
            allowed: which codes are candidates for each of them, (n_targets, n_codes).
        """
        order = np.argsort(-ranking.logits, axis=1, kind="stable")[:, :DEPTH]
        is_candidate = np.take_along_axis(allowed, order, axis=1)
        self.top_codes[rows, : order.shape[1]] = np.where(is_candidate, order, NO_CODE)
        if order.shape[1]:
            first = np.take_along_axis(ranking.probabilities, order[:, :1], axis=1)
            self.top_probability[rows] = np.where(is_candidate[:, 0], first[:, 0], 0.0)
        self.likely[rows] = ranking.likely
        self.in_set[rows] = ranking.in_set
        self.auto_acceptable[rows] = ranking.auto_acceptable


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Draw:
    """What a method answered in one draw of what it learns from.

    Attributes:
        gold: the codings of the segments tested, and no others.
        predictions: what is scored against the reference.
        following: while coding, the predictions made for each coder, by name, who was followed
            through a transcript that a second person coded.
    """

    gold: GoldData
    predictions: Predictions
    following: Mapping[str, Predictions] = field(default_factory=dict)
