"""What a method answered over all folds, row by row of the exam."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..suggest.protocol import Flags, Floats, Ranking
from .gold import Exam

DEPTH = 5
"""How many suggestions of a segment are looked at."""

NO_CODE = -1


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Answers:
    """One answer for each segment of the exam that was a target; other rows are empty.

    `order` (n_segments, 5) holds numbers of codes, best first, `NO_CODE` where a segment has fewer
    candidates; `first` (n_segments,) is the probability given to the first of them. `decided`,
    `in_set` and `accepted` are (n_segments, n_codes).
    """

    order: npt.NDArray[np.intp]
    first: Floats
    decided: Flags
    in_set: Flags
    accepted: Flags

    @classmethod
    def empty(cls, exam: Exam) -> Answers:
        """Room for the answers to an exam."""
        shape = (len(exam.segments), len(exam.codes))
        return cls(
            order=np.full((shape[0], DEPTH), NO_CODE, dtype=np.intp),
            first=np.zeros(shape[0]),
            decided=np.zeros(shape, dtype=bool),
            in_set=np.zeros(shape, dtype=bool),
            accepted=np.zeros(shape, dtype=bool),
        )

    def put(self, rows: npt.NDArray[np.intp], ranking: Ranking, allowed: Flags) -> None:
        """Enter a fold's answer for its targets; equal scores keep the codebook's order."""
        order = np.argsort(-ranking.logits, axis=1, kind="stable")[:, :DEPTH]
        is_candidate = np.take_along_axis(allowed, order, axis=1)
        self.order[rows, : order.shape[1]] = np.where(is_candidate, order, NO_CODE)
        if order.shape[1]:
            given = np.take_along_axis(ranking.probabilities, order[:, :1], axis=1)
            self.first[rows] = np.where(is_candidate[:, 0], given[:, 0], 0.0)
        self.decided[rows] = ranking.likely
        self.in_set[rows] = ranking.in_set
        self.accepted[rows] = ranking.auto_acceptable
