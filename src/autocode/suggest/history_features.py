"""What `history` describes a segment and a code by, and what that is given as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .protocol import Flags, Floats, Rows

Floats32 = npt.NDArray[np.float32]

CODE_FEATURES = (
    "base",
    "chain",
    "near",
    "far",
    "near2",
    "same speaker",
    "near, persistence",
    "near has others",
    "recent",
    "lately",
    "likeness",
    "votes",
    "adaptation",
    "follows own",
    "follows other",
)
"""Of a segment and a code: scores without this transcript's codings, then what its codings say."""
SEGMENT_FEATURES = (
    "constant",
    "near coded",
    "density",
    "nothing observed",
    "length",
    "base total",
    "near2 coded",
    "density around",
    "likeness to near",
    "near coded, other speaker",
    "question",
    "base largest",
    "adapted total",
)
"""Of a segment, whatever the code."""


@dataclass(frozen=True, slots=True)
class BaseScores:
    """What a model without the transcript's codings says of segments, each (n_rows, n_codes).

    `linear` are the logits of the linear model, `interpolated` those with the zero-shot score,
    `scores` those after the sequence model.
    """

    linear: Floats
    interpolated: Floats
    scores: Floats

    def rows(self, rows: Rows) -> BaseScores:
        """The scores of some rows."""
        return BaseScores(self.linear[rows], self.interpolated[rows], self.scores[rows])


@dataclass(frozen=True, slots=True)
class Described:
    """Evidence for some segments: `codes` (n, n_codes, n code features), `segments` (n, n others).

    `near` and `far` (n,) are rows of the corpus, -1 where nothing is observed on that side.
    """

    codes: Floats32
    segments: Floats32
    near: Rows
    far: Rows

    def select(self, chosen: Rows | Flags) -> Described:
        """The evidence for some of the segments."""
        return Described(
            self.codes[chosen], self.segments[chosen], self.near[chosen], self.far[chosen]
        )

    @classmethod
    def merge(cls, parts: Sequence[Described]) -> Described:
        """The evidence of several parts, one after the other."""
        return cls(
            np.concatenate([part.codes for part in parts]),
            np.concatenate([part.segments for part in parts]),
            np.concatenate([part.near for part in parts]),
            np.concatenate([part.far for part in parts]),
        )
