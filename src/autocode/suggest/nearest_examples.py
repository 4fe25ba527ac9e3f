"""How near a segment is to what people gave a code: codes as targets that grow with the codings.

Where a code has been given a few times, its nearest examples say more than weights fitted to them
(prototypes, after Snell, Swersky & Zemel 2017, but the nearest few in place of the mean, as a code
is seldom one thing). How much they say is learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from . import zero_shot
from .codebook_slope import DEFAULTS as SLOPE_DEFAULTS
from .codebook_slope import CodebookSlopeConfig, measure_codebook_slope
from .corpus import EncodedCorpus
from .linear import FeatureViews

Floats32 = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

_ROWS_AT_ONCE = 1024
_NO_SPREAD = 1e-6

VIEWS = (*zero_shot.VIEWS, "nearest codings")
"""What the linear model weighs, by name: the views of the zero-shot score, and nearness to what
people gave a code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestExamplesConfig:
    """How many of a code's examples count (eval/NOTES.md, Suggestions, Kept: "three nearest").

    `n_nearest` are averaged; of more than `max_examples` some, evenly spread, stand for
    all.
    """

    n_nearest: int = 3
    max_examples: int = 100


DEFAULTS = NearestExamplesConfig()


def build_feature_views(
    corpus: EncodedCorpus,
    applied: Flags,
    *,
    of: Rows,
    config: NearestExamplesConfig = DEFAULTS,
    slope_config: CodebookSlopeConfig = SLOPE_DEFAULTS,
) -> FeatureViews:
    """All views of the segments `of`, given what may be known to be `applied` to all.

    Before anything is learned, the slope of nearness is 0 and that of the zero-shot views what the
    codings alone give the codebook.
    """
    codebook = tuple(view[of] for view in corpus.zero_shot.views)
    nearest = score_nearest_examples(corpus, applied, of=of, config=config)
    slope = measure_codebook_slope(corpus, applied, slope_config)
    return FeatureViews((*codebook, nearest), (*(slope for _ in codebook), 0.0))


def score_nearest_examples(
    corpus: EncodedCorpus,
    applied: Flags,
    *,
    of: Rows,
    config: NearestExamplesConfig = DEFAULTS,
) -> Floats32:
    """How near the segments `of` are to the codings of each code, shape (n_of, n_codes).

    The mean cosine with the three nearest segments that were given the code, in other transcripts
    only: a segment does not vouch for itself, and one that is learned from is scored as a new one
    will be. Standardised over the candidates of a segment that have such examples; 0 for the
    others. Of a code given more than 100 times, 100 evenly spread examples stand for all.

    `applied` has shape (n_segments, n_codes), false where nothing may be known.
    """
    rows, columns = list_examples(corpus, applied, config)
    scores = np.zeros((len(of), corpus.n_codes), dtype=np.float32)
    if not len(rows):
        return scores
    transcript = np.unique(corpus.transcripts, return_inverse=True)[1]
    for begin in range(0, len(of), _ROWS_AT_ONCE):
        some = of[begin : begin + _ROWS_AT_ONCE]
        nearness = corpus.vectors[some] @ corpus.vectors[rows].T
        # Other transcripts only, so that read segments are scored as new ones will be.
        nearness[transcript[some][:, None] == transcript[rows]] = -np.inf
        scores[begin : begin + len(some)] = score_nearness(
            nearness, columns, corpus.allowed[some], config
        )
    return scores


def list_examples(
    corpus: EncodedCorpus, applied: Flags, config: NearestExamplesConfig = DEFAULTS
) -> tuple[Rows, list[Rows]]:
    """The segments that are examples of any code, and for each code the numbers of its own."""
    examples = [
        spread_evenly(np.flatnonzero(column), config.max_examples)
        for column in (applied & corpus.allowed).T
    ]
    rows = np.unique(np.concatenate([np.zeros(0, dtype=np.intp), *examples]))
    return rows, [np.searchsorted(rows, own) for own in examples]


def score_nearness(
    nearness: npt.NDArray[np.floating],
    columns: Sequence[Rows],
    allowed: Flags,
    config: NearestExamplesConfig = DEFAULTS,
) -> Floats32:
    """The score of some segments by their cosines with the examples, (n, n_examples).

    Minus infinity stands for an example that does not count; `columns` are those of each code.
    """
    near = np.column_stack([_nearest(nearness[:, own], config.n_nearest) for own in columns])
    return _standardise_known(near, allowed)


def spread_evenly(rows: Rows, most: int) -> Rows:
    """At most so many of `rows`, evenly spread, first and last among them."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.intp)]


def _nearest(nearness: npt.NDArray[np.floating], n_nearest: int) -> Floats32:
    """Mean of the largest few of each row, -inf where a row has none."""
    n, n_examples = nearness.shape
    if not n_examples:
        return np.full(n, -np.inf, dtype=np.float32)
    if n_examples > n_nearest:
        nearness = -np.partition(-nearness, n_nearest - 1, axis=1)[:, :n_nearest]
    known = nearness > -np.inf
    count = known.sum(axis=1)
    total = np.where(known, nearness, 0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), -np.inf).astype(np.float32)


def _standardise_known(near: Floats32, allowed: Flags) -> Floats32:
    """Mean 0 and spread 1 over the candidates of each row that have examples; 0 elsewhere."""
    known = allowed & (near > -np.inf)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    mean = np.where(known, near, 0).sum(axis=1, keepdims=True) / count
    off = np.where(known, near - mean, 0)
    spread = np.sqrt((off**2).sum(axis=1, keepdims=True) / count)
    return np.asarray(
        np.where(spread > _NO_SPREAD, off / np.maximum(spread, _NO_SPREAD), 0), dtype=np.float32
    )
