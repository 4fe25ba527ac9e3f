"""The sequence model: which codes adjoin each other, from segment to segment.

A pairwise chain (Markov random field) over segments, read by mean-field inference: each segment is
linked with what the same speaker says just before and after, and with what others say right next to
it. The pairwise potential of two codes is how much oftener than by chance they adjoined in what
people coded, counted in order and for the two kinds of link apart: smoothed pointwise mutual
information (Church & Hanks 1990).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from .context import Neighbours, take_rows
from .corpus import EncodedCorpus
from .protocol import Contribution, KnownCodings

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]
Floats32 = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]
_Message: TypeAlias = "tuple[int, Floats32 | csr_array, Floats32]"
"""A neighbour, the potentials from it, and what it adds to each code, (n_codes,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceConfig:
    """The constants of the chain (eval/NOTES.md, Suggestions, Kept: "Which codes stand beside").

    Attributes:
        weight: what a potential counts as a logit.
        n_passes: mean-field updates.
        pseudo_pairs: pairs by chance, per code, that what was counted must outweigh.
        least_pseudo_share: the same as a share of the pairs seen, at least ("costs at most a factor
            of seven").
        pseudo_uses: added to the uses of each code in reckoning chance.
        max_dense_codes: up to so many codes a table is kept and multiplied whole; beyond, sparse.
    """

    weight: float = 0.4
    n_passes: int = 2
    pseudo_pairs: float = 5.0
    least_pseudo_share: float = 1 / 6
    pseudo_uses: float = 0.5
    max_dense_codes: int = 500


DEFAULTS = SequenceConfig()


@dataclass(frozen=True, slots=True, kw_only=True)
class PairwiseChain:
    """Pairwise potentials of codes, a pair of tables for each group of segments.

    `group` (n_segments,) numbers the tables a segment goes by; `known` are the segments whose codes
    are known, with `shares` (n_segments, n_codes) the part each of their codes has. A table holds,
    at (code before, code after), the log of one plus how often the pair came over chance.
    """

    corpus: EncodedCorpus
    tables: tuple[tuple[Floats32 | csr_array, ...], ...]
    group: Rows
    known: Rows
    shares: Floats32
    config: SequenceConfig = DEFAULTS

    @property
    def is_empty(self) -> bool:
        """Whether all potentials are 0, so that no segment moves another."""
        return not any(_n_potentials(table) for tables in self.tables for table in tables)

    def apply(self, scores: Floats) -> Floats:
        """`scores` (n_segments, n_codes) plus what the codes of the neighbours add.

        Only how codes stand to each other within a segment changes, not the segment's mean.
        """
        return self.infer(scores).scores

    def infer(self, scores: Floats) -> ContextScores:
        """The same, with the marginals it takes to say which neighbour added what."""
        updated, marginals = scores, self.shares
        for _ in range(0 if self.is_empty else self.config.n_passes):
            marginals = self._marginals(updated)
            # Mean field: each segment sees the expected potential under its neighbours' marginals.
            updated = scores + self._messages(marginals)
        return ContextScores(self, updated, marginals)

    def update_around(self, row: int, before: Floats, given: Flags) -> list[tuple[int, Floats32]]:
        """What it changes around segment `row` to learn its codes: rows, and what to add to each.

        `before` and `given` (n_codes,) are its scores so far and the codes a person gave it. One
        pass, to the direct neighbours only.
        """
        allowed = self.corpus.allowed
        change = _code_shares(given[None]) - _code_marginals(before[None], allowed[row][None])
        updates = []
        for (previous, following), table in self.links_with_tables(row):
            for rows, message in ((following, change @ table), (previous, change @ table.T)):
                neighbour = int(rows[row])
                if neighbour >= 0:
                    weighted = np.float32(self.config.weight) * message
                    updates.append((neighbour, _centre(weighted, allowed[neighbour][None])[0]))
        return updates

    def links_with_tables(self, row: int) -> zip[tuple[tuple[Rows, Rows], Floats32 | csr_array]]:
        """Both kinds of link, each with the table that segment `row` goes by."""
        return zip(_links(self.corpus.around), self.tables[self.group[row]], strict=True)

    def _marginals(self, scores: Floats) -> Floats32:
        """How likely each code is for each segment: for certain where it is known."""
        marginals = _code_marginals(scores, self.corpus.allowed)
        # Evidence is clamped, as in any graphical model: what people coded is not guessed at.
        marginals[self.known] = self.shares[self.known]
        return marginals

    def _messages(self, marginals: Floats32) -> Floats32:
        """What the neighbours' marginals add to each score, (n_segments, n_codes)."""
        messages = np.zeros_like(marginals)
        for number, tables in enumerate(self.tables):
            rows = np.flatnonzero(self.group == number)
            for (previous, following), table in zip(
                _links(self.corpus.around), tables, strict=True
            ):
                # The table reads (before, after): from behind as it is, from ahead transposed.
                messages[rows] += take_rows(marginals, previous[rows]) @ table
                messages[rows] += take_rows(marginals, following[rows]) @ table.T
        return _centre(self.config.weight * messages, self.corpus.allowed)


@dataclass(frozen=True)
class ContextScores:
    """`scores` that neighbours have moved, and the `marginals` they moved them by."""

    chain: PairwiseChain
    scores: Floats
    marginals: Floats32

    def contributions(self, row: int, code: int) -> list[Contribution]:
        """The neighbours that raise the score of a code of a segment, most first."""
        contributions = []
        for neighbour, oriented, centred in self._receive(row):
            part = self.chain.config.weight * float(centred[code])
            if part > 0:
                by_code = self.marginals[neighbour] * _column(oriented, code)
                if by_code.any():
                    contributions.append(Contribution(neighbour, int(by_code.argmax()), part))
        return sorted(contributions, key=lambda contribution: -contribution.part)

    @cached_property
    def _is_empty(self) -> bool:
        return self.chain.is_empty

    @cached_property
    def _last(self) -> dict[int, list[_Message]]:
        return {}

    def _receive(self, row: int) -> list[_Message]:
        """What each neighbour of a segment adds; kept for the next code of the same segment."""
        if row not in self._last:
            self._last.clear()
            received = [] if self._is_empty else list(self._compute_messages(row))
            if received:
                # Centred as in inference, so that the parts add up to what was added.
                messages = np.stack([message for _, _, message in received])
                centred = _centre(messages, self.chain.corpus.allowed[[row]])
                received = [
                    (neighbour, oriented, message)
                    for (neighbour, oriented, _), message in zip(received, centred, strict=True)
                ]
            self._last[row] = received
        return self._last[row]

    def _compute_messages(self, row: int) -> Iterator[_Message]:
        """What each neighbour would add, not centred yet."""
        for (previous, following), table in self.chain.links_with_tables(row):
            for rows, oriented in ((previous, table), (following, table.T)):
                neighbour = int(rows[row])
                if neighbour < 0 or not self.marginals[neighbour].any():
                    continue
                yield neighbour, oriented, self.marginals[neighbour] @ oriented


def fit_chain(
    corpus: EncodedCorpus, known: KnownCodings, config: SequenceConfig = DEFAULTS
) -> PairwiseChain:
    """The potentials that the codings give, and which codes are known."""
    shares = _code_shares(known.applied & corpus.allowed)
    return PairwiseChain(
        corpus=corpus,
        tables=(_tables(corpus, shares, config),),
        group=np.zeros(corpus.n_segments, dtype=np.intp),
        known=np.flatnonzero(known.read),
        shares=shares,
        config=config,
    )


def fit_held_out_chain(
    corpus: EncodedCorpus, known: KnownCodings, fold: Rows, config: SequenceConfig = DEFAULTS
) -> PairwiseChain:
    """The same for held-out segments: each goes by what was coded outside its fold, none is known.

    `fold` (n_segments,) numbers the folds of the coded transcripts; -1 is elsewhere.
    """
    # Tables of each fold are counted without it; nothing is clamped, as nothing would be known.
    whole = fit_chain(corpus, known, config)
    tables = tuple(
        _tables(corpus, np.where((fold == number)[:, None], np.float32(0), whole.shares), config)
        for number in range(int(fold.max(initial=0)) + 1)
    )
    return replace(whole, tables=tables, group=np.maximum(fold, 0), known=np.zeros(0, np.intp))


def measure_share_kept(corpus: EncodedCorpus, known: KnownCodings) -> float:
    """How often the nearest coded segments of one speaker share a code; near .6 if few are."""
    applied = known.applied & corpus.allowed
    before = corpus.around.own_previous
    rows = np.flatnonzero((before >= 0) & applied.any(axis=1))
    rows = rows[applied[before[rows]].any(axis=1)]
    kept = (applied[rows] & applied[before[rows]]).any(axis=1).sum()
    # Five pairs at .6, where smoothing is in full: a handful of codings changes little.
    return float((kept + 3) / (len(rows) + 5))


def compute_row_means(values: Floats, allowed: Flags) -> Floats:
    """Mean over the candidates of each row, shape (n_segments, 1)."""
    counts = np.maximum(allowed.sum(axis=1, keepdims=True), 1)
    return np.asarray(np.where(allowed, values, 0.0).sum(axis=1, keepdims=True) / counts)


def _links(around: Neighbours) -> tuple[tuple[Rows, Rows], ...]:
    """Before and after: of the same speaker, and right next to it by somebody else."""
    return (
        (around.own_previous, around.own_following),
        (around.other_previous, around.other_following),
    )


def _tables(
    corpus: EncodedCorpus, shares: Floats32, config: SequenceConfig
) -> tuple[Floats32 | csr_array, ...]:
    return tuple(_table(shares, previous, config) for previous, _ in _links(corpus.around))


def _table(shares: Floats32, previous: Rows, config: SequenceConfig) -> Floats32 | csr_array:
    """Log of 1 + n / (m e) for each two codes: n times adjoining, a share e of m pairs by chance.

    A table must outweigh m pairs spread as by chance: five for each code, and a sixth of what was
    seen at least, so that a pair never seen speaks against a code, but not without end.
    """
    from scipy.sparse import csr_array

    coded: Flags = np.asarray(shares.any(axis=1))
    rows = np.flatnonzero((previous >= 0) & coded)
    rows = rows[coded[previous[rows]]]
    n_codes = shares.shape[1]
    # Sparse products: a segment has a few of what may be thousands of codes.
    pairs = (csr_array(shares[previous[rows]]).T @ csr_array(shares[rows])).tocoo()
    before, after = (
        np.asarray(pairs.sum(axis=axis), dtype=np.float64) + config.pseudo_uses for axis in (1, 0)
    )
    # Pseudo-uses keep a code that was seen once from looking exclusive to its neighbour.
    chance = before[pairs.row] * after[pairs.col] / (before.sum() * after.sum())
    pseudo_pairs = max(config.pseudo_pairs * n_codes, config.least_pseudo_share * len(rows))
    pairs.data = np.log1p(pairs.data / (pseudo_pairs * chance))
    pairs.data = pairs.data.astype(np.float32)
    is_dense = n_codes <= config.max_dense_codes
    return np.asarray(pairs.toarray()) if is_dense else csr_array(pairs)


def _column(table: Floats32 | csr_array, code: int) -> Floats32:
    if isinstance(table, np.ndarray):
        return table[:, code]
    return np.asarray(table[:, [code]].toarray())[:, 0]


def _n_potentials(table: Floats32 | csr_array) -> int:
    return int(np.count_nonzero(table) if isinstance(table, np.ndarray) else table.nnz)


def _code_shares(applied: Flags) -> Floats32:
    """The part of a segment each of its codes has: 1 in all, 0 where it has none."""
    shares = applied / np.maximum(applied.sum(axis=1, keepdims=True), 1)
    return np.asarray(shares, dtype=np.float32)


def _code_marginals(scores: Floats, allowed: Flags) -> Floats32:
    """Softmax over the candidates and "no code", whose score is 0."""
    held = np.where(allowed, scores, -np.inf).astype(np.float32)
    # By hand: scipy's softmax would need a column more for "no code", a copy of the whole table.
    largest = np.maximum(held.max(axis=1, keepdims=True, initial=-np.inf), 0)
    grown = np.exp(held - largest)
    return np.asarray(grown / (grown.sum(axis=1, keepdims=True) + np.exp(-largest)))


def _centre(values: Floats32, allowed: Flags) -> Floats32:
    """Less each row's mean over its candidates, 0 where a code is none."""
    mean = compute_row_means(values.astype(np.float64), allowed).astype(np.float32)
    return np.where(allowed, values - mean, np.float32(0))
