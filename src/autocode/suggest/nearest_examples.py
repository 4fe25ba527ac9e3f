"""How near a segment is to what people gave a code: codes as targets that grow with the codings.

Where a code has been given a few times, its nearest examples say more than weights fitted to them
(prototypes, after Snell, Swersky & Zemel 2017, but the nearest few in place of the mean, as a code
is seldom one thing). How much they say is learned.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .corpus import EncodedCorpus

Floats32 = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

_N_NEAREST = 3
_MOST_EXAMPLES = 100
_ROWS_AT_ONCE = 1024


def precedent_scores(corpus: EncodedCorpus, applied: Flags, *, of: Rows) -> Floats32:
    """How near the segments `of` are to the codings of each code, shape (n_of, n_codes).

    The mean cosine with the three nearest segments that were given the code, in other transcripts
    only: a segment does not vouch for itself, and one that is learned from is scored as a new one
    will be. Standardised over the candidates of a segment that have such examples; 0 for the
    others. Of a code given more than 100 times, 100 evenly spread examples stand for all.

    `applied` has shape (n_segments, n_codes), false where nothing may be known.
    """
    examples = [_spread(np.flatnonzero(column)) for column in (applied & corpus.allowed).T]
    rows = np.unique(np.concatenate([np.zeros(0, dtype=np.intp), *examples]))
    found = np.zeros((len(of), corpus.n_codes), dtype=np.float32)
    if not len(rows):
        return found
    columns = [np.searchsorted(rows, own) for own in examples]
    transcript = np.unique(corpus.transcripts, return_inverse=True)[1]
    for begin in range(0, len(of), _ROWS_AT_ONCE):
        some = of[begin : begin + _ROWS_AT_ONCE]
        nearness = corpus.vectors[some] @ corpus.vectors[rows].T
        nearness[transcript[some][:, None] == transcript[rows]] = -np.inf
        near = np.column_stack([_nearest(nearness[:, own]) for own in columns])
        found[begin : begin + len(some)] = _over_known(near, corpus.allowed[some])
    return found


def _spread(rows: Rows) -> Rows:
    if len(rows) <= _MOST_EXAMPLES:
        return rows
    return rows[np.linspace(0, len(rows) - 1, _MOST_EXAMPLES).astype(np.intp)]


def _nearest(nearness: Floats32) -> Floats32:
    """Mean of the largest three of each row, -inf where a row has none."""
    n, n_examples = nearness.shape
    if not n_examples:
        return np.full(n, -np.inf, dtype=np.float32)
    if n_examples > _N_NEAREST:
        nearness = -np.partition(-nearness, _N_NEAREST - 1, axis=1)[:, :_N_NEAREST]
    known = nearness > -np.inf
    count = known.sum(axis=1)
    total = np.where(known, nearness, 0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), -np.inf).astype(np.float32)


def _over_known(near: Floats32, allowed: Flags) -> Floats32:
    """Mean 0 and spread 1 over the candidates of each row that have examples; 0 elsewhere."""
    known = allowed & (near > -np.inf)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    mean = np.where(known, near, 0).sum(axis=1, keepdims=True) / count
    off = np.where(known, near - mean, 0)
    spread = np.sqrt((off**2).sum(axis=1, keepdims=True) / count)
    return np.asarray(np.where(spread > 1e-6, off / np.maximum(spread, 1e-6), 0), dtype=np.float32)
