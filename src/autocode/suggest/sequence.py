"""Which codes stand beside which: in talk, the code of one segment tells of those around it.

A mean-field reading of a chain (Markov random field) over segments: each segment hears from what
the same speaker says just before and after, and from what others say right beside it. What a code
says of another is how much oftener than by chance the two were beside each other in what people
coded, counted in order and for the two kinds of neighbour apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .context import Neighbours, taken
from .corpus import EncodedCorpus
from .protocol import KnownCodings

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]
Floats32 = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

_WEIGHT, _N_PASSES = 0.4, 2
_PSEUDO_PAIRS, _LEAST_PSEUDO = 5.0, 1 / 6
_PSEUDO_USES = 0.5
_MOST_DENSE = 500
"""Up to so many codes a table is multiplied whole; beyond, only where pairs were seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far each code speaks for each other: a pair of tables for each group of segments.

    `group` (n_segments,) numbers the tables a segment goes by; `known` are the segments whose codes
    are known, with `shares` (n_segments, n_codes) the part each of their codes has. A table holds,
    at (code before, code after), the log of one plus how often the pair came over chance.
    """

    corpus: EncodedCorpus
    tables: tuple[tuple[Floats32 | csr_array, ...], ...]
    group: Rows
    known: Rows
    shares: Floats32

    @property
    def is_silent(self) -> bool:
        """Whether no segment hears anything from another."""
        return not any(_count(table) for tables in self.tables for table in tables)

    def along(self, scores: Floats) -> Floats:
        """`scores` (n_segments, n_codes) with what the neighbours' codes say added.

        Only how codes stand to each other within a segment changes, not the segment's mean.
        """
        return self.hear(scores).scores

    def hear(self, scores: Floats) -> Heard:
        """The same, with what it takes to tell who said what."""
        found, shares = scores, self.shares
        for _ in range(0 if self.is_silent else _N_PASSES):
            shares = self._shares(found)
            found = scores + self._heard(shares)
        return Heard(self, found, shares)

    def moved(self, row: int, before: Floats, given: Flags) -> list[tuple[int, Floats32]]:
        """What it changes around segment `row` to learn its codes: rows, and what to add to each.

        `before` and `given` (n_codes,) are its scores so far and the codes a person gave it.
        """
        allowed = self.corpus.allowed
        change = _parts(given[None]) - _likely(before[None], allowed[row][None])
        tables, found = self.tables[self.group[row]], []
        for (previous, following), table in zip(_links(self.corpus.around), tables, strict=True):
            for rows, told in ((following, change @ table), (previous, change @ table.T)):
                if rows[row] >= 0:
                    beside = int(rows[row])
                    found.append((beside, _centred(_WEIGHT * told, allowed[beside][None])[0]))
        return found

    def _shares(self, scores: Floats) -> Floats32:
        """How likely each code is for each segment: for certain where it is known."""
        found = _likely(scores, self.corpus.allowed)
        found[self.known] = self.shares[self.known]
        return found

    def _heard(self, shares: Floats32) -> Floats32:
        heard = np.zeros_like(shares)
        for number, tables in enumerate(self.tables):
            rows = np.flatnonzero(self.group == number)
            for (previous, following), table in zip(
                _links(self.corpus.around), tables, strict=True
            ):
                heard[rows] += taken(shares, previous[rows]) @ table
                heard[rows] += taken(shares, following[rows]) @ table.T
        return _centred(_WEIGHT * heard, self.corpus.allowed)


@dataclass(frozen=True, slots=True)
class Heard:
    """Scores that neighbours have moved, and the `shares` of codes they spoke with."""

    course: Course
    scores: Floats
    shares: Floats32

    def beside(self, row: int, code: int) -> list[Contribution]:
        """The neighbours that raise the score of a code of a segment, most first."""
        if self.course.is_silent:
            return []
        corpus = self.course.corpus
        tables, found = self.course.tables[self.course.group[row]], []
        for (previous, following), table in zip(_links(corpus.around), tables, strict=True):
            for rows, told_by in ((previous, table), (following, table.T)):
                beside = int(rows[row])
                if beside < 0 or not self.shares[beside].any():
                    continue
                told = _centred((self.shares[beside] @ told_by)[None], corpus.allowed[[row]])
                part = _WEIGHT * float(told[0, code])
                by_code = self.shares[beside] * _column(told_by, code)
                if part > 0 and by_code.any():
                    found.append(Contribution(beside, int(by_code.argmax()), part))
        return sorted(found, key=lambda voice: -voice.part)


@dataclass(frozen=True, slots=True)
class Contribution:
    """A neighbour (`row`) that speaks for a code: by its own `code` most; `part` of the score."""

    row: int
    code: int
    part: float


def course_of(corpus: EncodedCorpus, known: KnownCodings) -> Course:
    """What the codings say of neighbours, and which codes are known."""
    applied = known.applied & corpus.allowed
    shares = _parts(applied)
    everywhere = np.zeros(corpus.n_segments, dtype=np.intp)
    known_rows = np.flatnonzero(known.read)
    return Course(
        corpus=corpus,
        tables=(_tables(corpus, shares),),
        group=everywhere,
        known=known_rows,
        shares=shares,
    )


def course_unseen(corpus: EncodedCorpus, known: KnownCodings, fold: Rows) -> Course:
    """The same for held-out segments: each goes by what was coded outside its fold, none is known.

    `fold` (n_segments,) numbers the folds of the coded transcripts; -1 is elsewhere.
    """
    whole = course_of(corpus, known)
    tables = tuple(
        _tables(corpus, np.where((fold == number)[:, None], np.float32(0), whole.shares))
        for number in range(int(fold.max(initial=0)) + 1)
    )
    return replace(whole, tables=tables, group=np.maximum(fold, 0), known=np.zeros(0, np.intp))


def share_kept(corpus: EncodedCorpus, known: KnownCodings) -> float:
    """How often the nearest coded segments of one speaker share a code; near .6 if few are."""
    applied = known.applied & corpus.allowed
    before = corpus.around.own_previous
    rows = np.flatnonzero((before >= 0) & applied.any(axis=1))
    rows = rows[applied[before[rows]].any(axis=1)]
    kept = (applied[rows] & applied[before[rows]]).any(axis=1).sum()
    return float((kept + 3) / (len(rows) + 5))


def row_means(values: Floats, allowed: Flags) -> Floats:
    """Mean over the candidates of each row, shape (n_segments, 1)."""
    counts = np.maximum(allowed.sum(axis=1, keepdims=True), 1)
    return np.asarray(np.where(allowed, values, 0.0).sum(axis=1, keepdims=True) / counts)


def _links(around: Neighbours) -> tuple[tuple[Rows, Rows], ...]:
    """Before and after: of the same speaker, and right beside by somebody else."""
    return (around.own_previous, around.own_following), (around.heard, around.reply)


def _tables(corpus: EncodedCorpus, shares: Floats32) -> tuple[Floats32 | csr_array, ...]:
    return tuple(_table(shares, previous) for previous, _ in _links(corpus.around))


def _table(shares: Floats32, previous: Rows) -> Floats32 | csr_array:
    """Log of 1 + n / (m e) for each two codes: n times beside, a share e of m pairs by chance.

    A table must outweigh m pairs spread as by chance: five for each code, and a sixth of what was
    seen at least, so that what never was beside speaks against a code, but not without end.
    """
    from scipy.sparse import csr_array

    coded: Flags = np.asarray(shares.any(axis=1))
    rows = np.flatnonzero((previous >= 0) & coded)
    rows = rows[coded[previous[rows]]]
    n_codes = shares.shape[1]
    pairs = (csr_array(shares[previous[rows]]).T @ csr_array(shares[rows])).tocoo()
    before, after = (
        np.asarray(pairs.sum(axis=axis), dtype=np.float64) + _PSEUDO_USES for axis in (1, 0)
    )
    chance = before[pairs.row] * after[pairs.col] / (before.sum() * after.sum())
    outweighed = max(_PSEUDO_PAIRS * n_codes, _LEAST_PSEUDO * len(rows))
    pairs.data = np.log1p(pairs.data / (outweighed * chance))
    pairs.data = pairs.data.astype(np.float32)
    return np.asarray(pairs.toarray()) if n_codes <= _MOST_DENSE else csr_array(pairs)


def _column(table: Floats32 | csr_array, code: int) -> Floats32:
    found = table[:, [code]]
    return np.asarray(found if isinstance(found, np.ndarray) else found.toarray())[:, 0]


def _count(table: Floats32 | csr_array) -> int:
    return int(np.count_nonzero(table) if isinstance(table, np.ndarray) else table.nnz)


def _parts(applied: Flags) -> Floats32:
    """The part of a segment each of its codes has: 1 in all, 0 where it has none."""
    parts = applied / np.maximum(applied.sum(axis=1, keepdims=True), 1)
    return np.asarray(parts, dtype=np.float32)


def _likely(scores: Floats, allowed: Flags) -> Floats32:
    """Softmax over the candidates and "no code", whose score is 0."""
    held = np.where(allowed, scores, -np.inf).astype(np.float32)
    most = np.maximum(held.max(axis=1, keepdims=True, initial=-np.inf), 0)
    grown = np.exp(held - most)
    return np.asarray(grown / (grown.sum(axis=1, keepdims=True) + np.exp(-most)))


def _centred(values: Floats32, allowed: Flags) -> Floats32:
    """Less each row's mean over its candidates, 0 where a code is none."""
    mean = row_means(values.astype(np.float64), allowed).astype(np.float32)
    return np.where(allowed, values - mean, np.float32(0))
