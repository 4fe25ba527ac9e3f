"""How near a segment must be to a code's words before anything is calibrated.

The nearest code is always the nearest, however far away it is: with one code, every segment has it
for a best one. Until codings say what a score is worth, a likely code must also be nearer than
text about something else comes to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...linalg import one_thread
from ..corpus import EncodedCorpus
from ..protocol import Rows, Task
from .platt import Calibration

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorConfig:
    """The least cosine of a segment and a phrase of a code (eval/NOTES.md, Suggestions, Kept).

    Attributes:
        least_cosine: for every encoder; measured with the default one.
        share_below: the share of the study's segments whose nearest sentence about something else
            (`UNRELATED`) must lie below the floor too. It raises the floor for encoders that put
            any two texts near each other.
        few_codes: with so many candidates or fewer, calibration needs segments without a code.
    """

    least_cosine: float = 0.45
    share_below: float = 0.9
    few_codes: int = 2


DEFAULTS = FloorConfig()


def find_near_codes(task: Task, calibration: Calibration, config: FloorConfig = DEFAULTS) -> Flags:
    """Which codes are near enough to be likely, shape (n_targets, n_codes).

    All are where codings show what a score is worth. None are where they do not and the words are
    in a language that the encoder does not know.
    """
    floor = find_common_floor(task, calibration, config)
    if floor is None:
        return np.ones((len(task.targets), task.corpus.n_codes), dtype=bool)
    return np.asarray(task.corpus.zero_shot.similarity[task.targets] >= floor)


def find_common_floor(
    task: Task, calibration: Calibration, config: FloorConfig = DEFAULTS
) -> float | None:
    """The cosine from which a code may be likely; None: any, infinity: none is near enough."""
    if calibration.calibrated and not _lacks_none(task, config):
        return None
    return find_floor(task.corpus, config) if task.corpus.knows_language else float("inf")


def find_floor(corpus: EncodedCorpus, config: FloorConfig = DEFAULTS) -> float:
    """The cosine from which a segment is near a code's words."""
    unrelated = corpus.unrelated_vectors
    if unrelated is None or not len(unrelated) or not corpus.n_segments:
        return config.least_cosine
    with one_thread():
        nearest = (corpus.vectors @ unrelated.T).max(axis=1)
    return max(config.least_cosine, float(np.quantile(nearest, config.share_below)))


def _lacks_none(task: Task, config: FloorConfig) -> bool:
    """Whether there are few codes, and no segment was read to which none of them applies.

    Then calibration has seen the codes only where they apply, and finds them everywhere.
    """
    rows: Rows = task.read_rows
    is_allowed = task.corpus.allowed[rows]
    if task.corpus.n_codes > config.few_codes:
        return False
    return bool((task.known.applied[rows] & is_allowed).any(axis=1).all())
