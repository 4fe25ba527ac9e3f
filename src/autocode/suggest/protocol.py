"""What a suggester is asked and what it answers; any object with `rank` can take part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..core.alignment import Aligned
from ..core.code_family import FamilyUse
from ..core.codebook import Code
from ..core.suggestion import GuideEvidence, SuggestionDiagnostics
from .corpus import EncodedCorpus

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

NEVER = -50.0
"""The logit of a code that is no candidate for a segment."""
_LEAST_PROBABILITY = 1e-6


@dataclass(frozen=True, slots=True)
class KnownCodings:
    """What people have coded, as a suggester may see it.

    `read` (n_segments,): somebody went through the segment; `applied` (n_segments, n_codes): the
    codes it was given. A row that is read and all false is "seen, nothing applied".
    """

    read: Flags
    applied: Flags

    def restrict_to(self, rows: Rows) -> KnownCodings:
        """The codings of `rows`; everywhere else nothing is read and nothing applied."""
        read, applied = np.zeros_like(self.read), np.zeros_like(self.applied)
        read[rows] = self.read[rows]
        applied[rows] = self.applied[rows]
        return KnownCodings(read, applied)


@dataclass(frozen=True, slots=True)
class Aims:
    """What is promised: share of people's codes inside a prediction set, share of false accepts."""

    coverage: float = 0.9
    false_discovery: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Everything a suggester may look at; `targets` are the segments to rank codes for.

    `families` says where families of codes are in use.
    `own` are the codings of the coder whose work is to be continued, where `known` holds others'
    as well.
    """

    corpus: EncodedCorpus
    known: KnownCodings
    targets: Rows
    aims: Aims = field(default_factory=Aims)
    families: FamilyUse = field(default_factory=FamilyUse)
    own: KnownCodings | None = None

    @property
    def history(self) -> KnownCodings:
        """The codings that stand before and after a segment as its coder's work."""
        return self.known if self.own is None else self.own

    @property
    def read_rows(self) -> Rows:
        """The segments people have read."""
        return np.flatnonzero(self.known.read)

    def hold_out(self, rows: Rows) -> Task:
        """The same task as if nobody had read `rows`, which become the targets."""
        kept = np.setdiff1d(self.read_rows, rows)
        known = self.known.restrict_to(kept)
        own = None if self.own is None else self.own.restrict_to(kept)
        return replace(self, known=known, own=own, targets=np.asarray(rows, dtype=np.intp))


@dataclass(frozen=True, slots=True)
class Contribution:
    """A segment (`row`) that raises the score of a code next to it.

    `code` is the one of its own that does most; `part` is what it adds to the logit.
    """

    row: int
    code: int
    part: float


class Explanation(Protocol):
    """Why codes are scored as they are, for a method that can say; asked for what is shown only."""

    def words(self, row: int, code: int) -> Iterable[tuple[str, float]]:
        """The words of a segment with what each adds to the logit of a code, most first."""

    def neighbours(self, row: int, code: int) -> Sequence[Contribution]:
        """The adjoining segments that raise the logit of a code, most first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Scores for the targets and what follows from them; arrays are (n_targets, n_codes).

    `likely` marks what the machine would apply; `in_set` the prediction set, which holds the asked
    share of people's codes; `auto_acceptable` what may be accepted without reading at the target
    false-discovery rate. A method that has only probabilities uses `from_probabilities`; one that
    has only scores is a `Scorer`. `guide` is what an interview guide speaks for, by segment and
    code (row, column).
    """

    logits: Floats
    probabilities: Floats
    likely: Flags
    in_set: Flags
    auto_acceptable: Flags
    diagnostics: SuggestionDiagnostics = field(default_factory=SuggestionDiagnostics)
    explanation: Explanation | None = None
    remarks: tuple[str, ...] = ()
    guide: Mapping[tuple[int, int], GuideEvidence] = field(default_factory=dict)

    @classmethod
    def from_probabilities(cls, probabilities: Floats, *, threshold: float = 0.5) -> Ranking:
        """A ranking by probability alone: likely from `threshold`, every code in the set.

        Nothing is auto-acceptable, as nothing was measured on held-out transcripts.
        """
        from scipy.special import logit  # here, so that a look at a study does not load it

        held = np.clip(probabilities, _LEAST_PROBABILITY, 1 - _LEAST_PROBABILITY)
        none = np.zeros(probabilities.shape, dtype=bool)
        return cls(
            logits=np.asarray(logit(held)),
            probabilities=probabilities,
            likely=probabilities >= threshold,
            in_set=~none,
            auto_acceptable=none,
        )


class Scorer(Protocol):
    """Scores the candidate codes for each target; the least a method must do."""

    @property
    def name(self) -> str:
        """What the method is called in reports."""

    def logits(self, task: Task) -> Floats:
        """A score for every candidate code, shape (n_targets, n_codes); order is what counts."""


class Suggester(Protocol):
    """Ranks the candidate codes for each target segment of a task and says how likely each is."""

    @property
    def name(self) -> str:
        """What the method is called in reports."""

    def rank(self, task: Task) -> Ranking:
        """Score every candidate code for every target."""


class SequentialRanking(Protocol):
    """The ranking of one transcript while a coder goes through it, usually in reading order."""

    def rank(self, rows: Rows) -> Ranking:
        """Score every candidate code for some segments, by everything observed so far."""

    def observe(self, row: int, applied: Flags) -> None:
        """The coder has read segment `row` and applied these codes, (n_codes,), perhaps none."""


class FittedSuggester(Protocol):
    """A suggester that has learned from a task's codings and can follow a coder from there."""

    def follow(self, rows: Rows) -> SequentialRanking:
        """Start on a transcript, whose segments are `rows`, with nothing of it observed.

        Each call starts from the fit: what is observed in one transcript does not reach another.
        """


class SequentialSuggester(Suggester, Protocol):
    """A suggester that also ranks while somebody codes: what stands before is known."""

    def fit(self, task: Task) -> FittedSuggester:
        """Learn from the codings of `task`; its targets are the segments of transcripts to come."""


def collect_known_codings(
    aligned: Aligned, codes: Sequence[Code], *, codable: Flags | None = None
) -> KnownCodings:
    """What everybody coded and read, as arrays; rows that are not `codable` stay unread."""
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
    return KnownCodings(read, applied)
