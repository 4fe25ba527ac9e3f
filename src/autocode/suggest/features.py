"""A segment as numbers a learner can weigh: its own words, and what stands around it.

Each block has rows of about unit length, times a weight that says how much it may move the score.
The weights were set once from scouting on seven public corpora, not searched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.transcript import Segment
from ..linalg import main_directions, unit_rows
from ..text import terms
from ..text.words import n_words
from .context import Neighbours, taken

Floats = npt.NDArray[np.float64]

_WORD_FACTORS, _WORD_WEIGHT = 150, 0.7
_CHAR_FACTORS, _CHAR_WEIGHT = 100, 0.5
_ROLE_WEIGHT, _DOMAIN_WEIGHT, _SHAPE_WEIGHT = 0.3, 0.3, 0.15
_PREVIOUS, _FOLLOWING, _BEFORE, _OTHER = (128, 0.4), (96, 0.3), (96, 0.25), (96, 0.3)
_QUESTION = (96, 0.3)
_PREVIOUS_ROLE_WEIGHT = 0.2
_EDGE_WEIGHT, _DEPTH_WEIGHT, _DEEPEST = 0.2, 0.15, 7
_POSITIONS, _POSITION_SPREAD, _POSITION_WEIGHT = 8, 0.1, 0.25
_MOST_VOICES, _MOST_DOMAINS = 12, 60
_PAIRED, _PAIRS_WEIGHT = 30, 0.6


@dataclass(frozen=True, slots=True)
class Features:
    """`matrix` (n_segments, n_features); its columns `words` are `word_space`'s, weighed."""

    matrix: npt.NDArray[np.float32]
    words: slice
    word_space: terms.WordSpace

    def moved(self, row: int, weights: Floats) -> list[tuple[str, float]]:
        """The words of a segment, and what each adds to a logit with `weights` (n_features,)."""
        return self.word_space.moved(row, _WORD_WEIGHT * weights[self.words])


def segment_features(
    segments: Sequence[Segment], vectors: npt.NDArray[np.float32], around: Neighbours
) -> Features:
    """Features of every segment.

    Own: meaning (the vector), words and spelling (latent factors of TF-IDF), role, domain, length,
    whether it asks. Around it: the vectors of the previous, next and last-but-one segment, of the
    last one by somebody else and of the question it answers, the previous role, the place in the
    speaker's turn and in the transcript. Then products of the main directions of all that, so that
    one thing may count differently beside another (a word by who says it, a reply by what was said
    before). Vocabularies and directions are fitted on all segments given, coded or not; codings
    play no part.
    """
    excerpts = [segment.excerpt for segment in segments]
    meaning = vectors.astype(np.float64)
    voices = _voices(segments)
    space = terms.word_space(excerpts, n_factors=_WORD_FACTORS)
    words = slice(meaning.shape[1], meaning.shape[1] + space.factors.shape[1])
    own = [
        meaning,
        _WORD_WEIGHT * space.factors,
        _CHAR_WEIGHT * terms.char_factors(excerpts, n_factors=_CHAR_FACTORS),
        _ROLE_WEIGHT * voices,
        _DOMAIN_WEIGHT * _one_hot([segment.domain or "" for segment in segments], _MOST_DOMAINS),
        _SHAPE_WEIGHT * _shape(excerpts),
    ]
    beside = [] if (around.previous < 0).all() else _context(meaning, voices, around)
    alone = np.hstack([*own, *beside])
    every = np.hstack([alone, _PAIRS_WEIGHT * _pairs(alone)], dtype=np.float32)
    return Features(every, words, space)


def _context(meaning: Floats, voices: Floats, around: Neighbours) -> list[Floats]:
    main = _along_main_directions(meaning, _PREVIOUS[0])
    blocks = [
        weight * unit_rows(taken(main[:, :width], rows))
        for rows, (width, weight) in (
            (around.previous, _PREVIOUS),
            (around.following, _FOLLOWING),
            (around.before_previous, _BEFORE),
            (around.other, _OTHER),
            (around.question, _QUESTION),
        )
    ]
    centres = np.linspace(0, 1, _POSITIONS)
    place = np.exp(-0.5 * ((around.position[:, None] - centres) / _POSITION_SPREAD) ** 2)
    return [
        *blocks,
        _PREVIOUS_ROLE_WEIGHT * taken(voices, around.previous),
        _in_turn(around),
        _POSITION_WEIGHT * place,
    ]


def _in_turn(around: Neighbours) -> Floats:
    """Whether the same speaker goes on before and after, and for how many segments."""
    counts = np.column_stack([around.into_turn, around.left_of_turn])
    ends = np.column_stack([around.previous, around.following]) < 0
    depth = np.log1p(np.minimum(counts, _DEEPEST))
    return np.hstack([_EDGE_WEIGHT * (counts > 0), _EDGE_WEIGHT * ends, _DEPTH_WEIGHT * depth])


def _pairs(alone: Floats) -> Floats:
    """Products of each two of the 30 main directions, unit rows: a second-degree kernel in brief.

    Turning the directions among themselves turns the products, so their signs do not matter.
    """
    main = _along_main_directions(unit_rows(alone), _PAIRED)
    one, other = np.triu_indices(main.shape[1])
    return unit_rows(main[:, one] * main[:, other] * np.where(one == other, 1.0, np.sqrt(2)))


def _voices(segments: Sequence[Segment]) -> Floats:
    """Roles, and speaker names that recur over transcripts ("therapist"), one column each."""
    roles = _one_hot([segment.role for segment in segments], _MOST_VOICES)
    transcripts = {segment.transcript for segment in segments}
    spoken = Counter(name for _, name in {(s.transcript, s.speaker) for s in segments} if name)
    often = {name for name, n in spoken.items() if n >= max(2, len(transcripts) / 10)}
    names = [s.speaker if s.speaker in often and s.speaker else "" for s in segments]
    return np.hstack([roles, _one_hot(names, _MOST_VOICES)])


def _one_hot(values: Sequence[str], most: int) -> Floats:
    """One column per value; none at all where there are too many values to say anything."""
    names, at = np.unique(np.array(values, dtype=str), return_inverse=True)
    if len(names) > most:
        return np.zeros((len(values), 0))
    return np.eye(len(names))[at]


def _shape(excerpts: Sequence[str]) -> Floats:
    lengths = np.log1p([n_words(excerpt) for excerpt in excerpts])
    asks = ["?" in excerpt for excerpt in excerpts]
    return np.column_stack([lengths - lengths.mean(), asks]).astype(np.float64)


def _along_main_directions(vectors: Floats, n_directions: int) -> Floats:
    """The vectors turned into their main directions (PCA); columns in order of spread."""
    return np.asarray((vectors - vectors.mean(axis=0)) @ main_directions(vectors, n_directions))
