"""What a suggester is asked and what it answers; any object with `rank` can take part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from ..core.alignment import Aligned
from ..core.codebook import Code
from .corpus import Material
from .zero_shot import ColdScores

if TYPE_CHECKING:
    from .sequence import Voice

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

NEVER = -50.0
"""The logit of a code that is no candidate for a segment."""


@dataclass(frozen=True, slots=True)
class Work:
    """What people have coded, as a suggester may see it.

    `read` (n_segments,): somebody went through the segment; `applied` (n_segments, n_codes): the
    codes it was given. A row that is read and all false is "seen, nothing applied".
    """

    read: Flags
    applied: Flags

    def only(self, rows: Rows) -> Work:
        """The work on `rows`; everywhere else nothing is read and nothing applied."""
        read, applied = np.zeros_like(self.read), np.zeros_like(self.applied)
        read[rows] = self.read[rows]
        applied[rows] = self.applied[rows]
        return Work(read, applied)


@dataclass(frozen=True, slots=True)
class Aims:
    """What is promised: share of people's codes inside a prediction set, share of false accepts."""

    coverage: float = 0.9
    false_discovery: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Everything a suggester may look at; `targets` are the segments to rank codes for."""

    material: Material
    work: Work
    targets: Rows
    aims: Aims = field(default_factory=Aims)

    @property
    def read_rows(self) -> Rows:
        """The segments people have read."""
        return np.flatnonzero(self.work.read)

    def without(self, rows: Rows) -> Task:
        """The same task as if nobody had read `rows`, which become the targets."""
        kept = np.setdiff1d(self.read_rows, rows)
        return replace(self, work=self.work.only(kept), targets=np.asarray(rows, dtype=np.intp))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Scores for the targets and what follows from them; arrays are (n_targets, n_codes).

    `decided` is what the machine would apply; `in_set` the prediction set, which holds the asked
    share of people's codes; `accepted` what may be applied unseen under the false-discovery bound.
    Where the method has them, `cold` (rows: targets) is there for the codebook's phrases, `weights`
    (n_features, n_codes) on the material's features for the words that moved a score, and `voices`
    for the neighbours that did: of a segment's row and a code's column, (row, code, part) of each.
    """

    logits: Floats
    probabilities: Floats
    decided: Flags
    in_set: Flags
    accepted: Flags
    parameters: dict[str, Any]
    cold: ColdScores | None = None
    weights: Floats | None = None
    voices: Callable[[int, int], Sequence[Voice]] | None = None
    remarks: tuple[str, ...] = ()


class Scorer(Protocol):
    """Scores the candidate codes for each target; the least a method must do."""

    @property
    def name(self) -> str:
        """What the method is called in reports."""

    def logits(self, task: Task) -> Floats:
        """A score for every candidate code, shape (n_targets, n_codes); order is what counts."""


class Suggester(Protocol):
    """Ranks the candidate codes for each target segment of a task and says how sure it is."""

    @property
    def name(self) -> str:
        """What the method is called in reports."""

    def rank(self, task: Task) -> Ranking:
        """Score every candidate code for every target."""


def work_of(aligned: Aligned, codes: Sequence[Code], *, codable: Flags | None = None) -> Work:
    """Everybody's work on the segments as arrays; rows that are not `codable` stay unread."""
    n_segments = len(aligned.applied)
    read = np.array([aligned.is_read(row) for row in range(n_segments)], dtype=bool)
    if codable is not None:
        read &= codable
    column = {code.id: at for at, code in enumerate(codes)}
    applied = np.zeros((n_segments, len(codes)), dtype=bool)
    for row in np.flatnonzero(read):
        for code in aligned.codes(int(row)):
            if code in column:
                applied[row, column[code]] = True
    return Work(read, applied)
