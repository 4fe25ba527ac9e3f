"""A segment as numbers a model can weigh: its own words, and what stands around it.

Each block has rows of about unit length, times a weight that says how much it may move the score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.transcript import Segment
from ..linalg import main_directions, unit_rows
from ..text import terms
from ..text.words import n_words
from .context import Neighbours, take_rows
from .kept_fits import FitCache, NoFitCache, take_or_make

Floats = npt.NDArray[np.float64]
_NO_FITS = NoFitCache()
Names = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureConfig:
    """How much each block of features may move a score, and how wide it is.

    The weights were set once from scouting on seven public corpora, not searched; what single
    blocks gain stands in eval/NOTES.md, Suggestions, Kept.

    Attributes:
        n_word_factors, word_weight: latent factors of words.
        n_char_factors, char_weight: latent factors of spelling.
        role_weight, domain_weight, shape_weight: who speaks, what is asked about, length and "?".
        previous, following, before_previous, other, question: (directions, weight) of the vectors
            of what stands around ("Features of the turns around a segment", "The vector of the
            question a segment answers").
        previous_role_weight: who spoke just before.
        edge_weight, depth_weight, max_depth: the position in the speaker's turn ("the place in the
            speaker's turn").
        n_positions, position_spread, position_weight: bumps along the transcript.
        max_speakers, max_domains: with more values than so the block is left out.
        n_paired, pair_weight: main directions whose products are features ("Products of each two
            of the thirty main directions").
    """

    n_word_factors: int = 150
    word_weight: float = 0.7
    n_char_factors: int = 100
    char_weight: float = 0.5
    role_weight: float = 0.3
    domain_weight: float = 0.3
    shape_weight: float = 0.15
    previous: tuple[int, float] = (128, 0.4)
    following: tuple[int, float] = (96, 0.3)
    before_previous: tuple[int, float] = (96, 0.25)
    other: tuple[int, float] = (96, 0.3)
    question: tuple[int, float] = (96, 0.3)
    previous_role_weight: float = 0.2
    edge_weight: float = 0.2
    depth_weight: float = 0.15
    max_depth: int = 7
    n_positions: int = 8
    position_spread: float = 0.1
    position_weight: float = 0.25
    max_speakers: int = 12
    max_domains: int = 60
    n_paired: int = 30
    pair_weight: float = 0.6


DEFAULTS = FeatureConfig()


@dataclass(frozen=True, slots=True, kw_only=True)
class WordFeatures:
    """The words of segments: `weight` · `space` stands in the columns `columns` of the features."""

    columns: slice
    space: terms.WordSpace
    weight: float = DEFAULTS.word_weight

    def word_parts(self, row: int, weights: Floats) -> Iterator[tuple[str, float]]:
        """The words of a segment, and what each adds to a logit with `weights` (n_features,)."""
        return self.space.moved(row, self.weight * weights[self.columns])


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """`matrix` (n_segments, n_features), and the words that some of its columns stand for."""

    matrix: npt.NDArray[np.float32]
    words: WordFeatures


def build_features(
    segments: Sequence[Segment],
    vectors: npt.NDArray[np.float32],
    around: Neighbours,
    config: FeatureConfig = DEFAULTS,
    *,
    words: WordFeatures | None = None,
    fits: FitCache = _NO_FITS,
) -> Features:
    """Features of every segment.

    Own: meaning (the vector), words and spelling (latent factors of TF-IDF), role, domain, length,
    whether it asks. Around it: the vectors of the previous, next and last-but-one segment, of the
    last one by somebody else and of the question it answers, the previous role, the position in the
    speaker's turn and in the transcript. Then products of the main directions of all that, so that
    one thing may count differently beside another (a word by who says it, a reply by what was said
    before). Vocabularies and directions are fitted on all segments given, coded or not; codings
    play no part.

    `words` spares fitting those anew, and what `fits` keeps of the rest is taken from there.
    """
    alone, words = build_alone(segments, vectors, around, config, words, fits)
    pairs = pair_products(alone, config.n_paired, fits)
    every = np.hstack([alone, config.pair_weight * pairs], dtype=np.float32)
    return Features(matrix=every, words=words)


def build_alone(
    segments: Sequence[Segment],
    vectors: npt.NDArray[np.float32],
    around: Neighbours,
    config: FeatureConfig = DEFAULTS,
    words: WordFeatures | None = None,
    fits: FitCache = _NO_FITS,
) -> tuple[Floats, WordFeatures]:
    """All features but the products, (n_segments, n), and the words that some of them stand for."""
    excerpts = [segment.excerpt for segment in segments]
    meaning = vectors.astype(np.float64)
    speakers = _speakers(segments, config.max_speakers)
    words = words or build_word_features(excerpts, vectors.shape[1], config, fits)
    own = [
        meaning,
        config.word_weight * words.space.factors,
        config.char_weight * _char_factors(excerpts, config, fits),
        config.role_weight * speakers,
        config.domain_weight
        * _one_hot([segment.domain or "" for segment in segments], config.max_domains),
        config.shape_weight * shape_of(excerpts, mean_length(excerpts)),
    ]
    is_alone = bool((around.previous < 0).all())
    context = [] if is_alone else _context(meaning, speakers, around, config, fits)
    return np.hstack([*own, *context]), words


def describe_nobody(
    segments: Sequence[Segment], *, role: str, config: FeatureConfig = DEFAULTS
) -> Floats:
    """Who speaks, (n,), for an excerpt of nobody that has this role.

    The columns are those of role and speaker that `segments` have.
    """
    roles, names = _list_speakers(segments, config.max_speakers)
    speakers = np.concatenate([_one_hot_in([role], roles)[0], _one_hot_in([""], names)[0]])
    return config.role_weight * speakers


def list_domains(segments: Sequence[Segment], config: FeatureConfig = DEFAULTS) -> tuple[str, ...]:
    """The domains that have a column each, the empty name for none; see `describe_domains`."""
    values = _list_values([segment.domain or "" for segment in segments], config.max_domains)
    return tuple(values.tolist())


def describe_domains(
    domains: Sequence[str], columns: Sequence[str], config: FeatureConfig = DEFAULTS
) -> Floats:
    """What excerpts are asked about, (n_excerpts, n_columns), in the columns of `list_domains`."""
    return config.domain_weight * _one_hot_in(domains, np.array(columns, dtype=str))


def build_word_features(
    excerpts: Sequence[str],
    n_before: int,
    config: FeatureConfig = DEFAULTS,
    fits: FitCache = _NO_FITS,
) -> WordFeatures:
    """The words of all segments; `n_before` columns stand before them in the features."""
    n_factors = config.n_word_factors
    arrays = take_or_make(
        fits,
        "words",
        (n_factors, *excerpts),
        lambda: terms.fit_word_space(excerpts, n_factors=n_factors),
    )
    space = terms.unpack_word_space(arrays)
    # Columns are remembered, so that a score can be traced back to words.
    columns = slice(n_before, n_before + space.factors.shape[1])
    return WordFeatures(columns=columns, space=space, weight=config.word_weight)


def _char_factors(excerpts: Sequence[str], config: FeatureConfig, fits: FitCache) -> Floats:
    n_factors = config.n_char_factors
    arrays = take_or_make(
        fits,
        "spelling",
        (n_factors, *excerpts),
        lambda: terms.fit_char_factors(excerpts, n_factors=n_factors),
    )
    return terms.unpack_char_factors(arrays)


def _context(
    meaning: Floats,
    speakers: Floats,
    around: Neighbours,
    config: FeatureConfig,
    fits: FitCache,
) -> list[Floats]:
    main = _along_main_directions(meaning, config.previous[0], fits)
    blocks = [
        weight * unit_rows(take_rows(main[:, :width], rows))
        for rows, (width, weight) in (
            (around.previous, config.previous),
            (around.following, config.following),
            (around.before_previous, config.before_previous),
            (around.other, config.other),
            (around.question, config.question),
        )
    ]
    # Overlapping bumps rather than one number: an opening and a closing may share a code.
    peaks = np.linspace(0, 1, config.n_positions)
    bumps = np.exp(-0.5 * ((around.position[:, None] - peaks) / config.position_spread) ** 2)
    return [
        *blocks,
        config.previous_role_weight * take_rows(speakers, around.previous),
        _in_turn(around, config),
        config.position_weight * bumps,
    ]


def _in_turn(around: Neighbours, config: FeatureConfig) -> Floats:
    """Whether the same speaker goes on before and after, and for how many segments."""
    counts = np.column_stack([around.into_turn, around.left_of_turn])
    ends = np.column_stack([around.previous, around.following]) < 0
    depth = np.log1p(np.minimum(counts, config.max_depth))
    edge = config.edge_weight
    return np.hstack([edge * (counts > 0), edge * ends, config.depth_weight * depth])


def pair_products(alone: Floats, n_paired: int, fits: FitCache = _NO_FITS) -> Floats:
    """Products of each two of the main directions, unit rows: a second-degree kernel in brief.

    Turning the directions among themselves turns the products, so their signs do not matter.
    """
    return multiply_pairs(_along_main_directions(unit_rows(alone), n_paired, fits))


def multiply_pairs(main: Floats) -> Floats:
    """The products of each two columns, unit rows."""
    # The square root of two counts each pair as often as the full square would.
    left, right = np.triu_indices(main.shape[1])
    return unit_rows(main[:, left] * main[:, right] * np.where(left == right, 1.0, np.sqrt(2)))


def _speakers(segments: Sequence[Segment], most: int) -> Floats:
    """Roles, and speaker names that recur over transcripts ("therapist"), one column each."""
    roles, names = _list_speakers(segments, most)
    columns = set(names.tolist())
    named = [s.speaker if s.speaker in columns and s.speaker else "" for s in segments]
    return np.hstack(
        [_one_hot_in([segment.role for segment in segments], roles), _one_hot_in(named, names)]
    )


def _list_speakers(segments: Sequence[Segment], most: int) -> tuple[Names, Names]:
    """The roles and the names of speakers that have a column each."""
    transcripts = {segment.transcript for segment in segments}
    spoken = Counter(name for _, name in {(s.transcript, s.speaker) for s in segments} if name)
    often = {name for name, n in spoken.items() if n >= max(2, len(transcripts) / 10)}
    names = [s.speaker if s.speaker in often and s.speaker else "" for s in segments]
    return _list_values([segment.role for segment in segments], most), _list_values(names, most)


def _one_hot(values: Sequence[str], most: int) -> Floats:
    return _one_hot_in(values, _list_values(values, most))


def _list_values(values: Sequence[str], most: int) -> Names:
    """The values, one column each; none where there are too many to say anything."""
    names = np.unique(np.array(values, dtype=str))
    return names if len(names) <= most else names[:0]


def _one_hot_in(values: Sequence[str], names: Names) -> Floats:
    """One column for each of `names`; a value that is none of them is 0 everywhere."""
    return np.asarray(np.array(values, dtype=str)[:, None] == names, dtype=np.float64)


def mean_length(excerpts: Sequence[str]) -> float:
    """The mean over excerpts of the log of one plus the number of words."""
    return float(np.log1p([n_words(excerpt) for excerpt in excerpts]).mean())


def shape_of(excerpts: Sequence[str], usual_length: float) -> Floats:
    """How long each excerpt is, over `usual_length`, and whether it asks, (n, 2)."""
    lengths = np.log1p([n_words(excerpt) for excerpt in excerpts])
    asks = ["?" in excerpt for excerpt in excerpts]
    return np.column_stack([lengths - usual_length, asks]).astype(np.float64)


def _along_main_directions(vectors: Floats, n_directions: int, fits: FitCache) -> Floats:
    """The vectors turned into their main directions (PCA); columns in order of spread."""
    arrays = take_or_make(
        fits,
        "directions",
        (n_directions, vectors),
        lambda: {"directions": main_directions(vectors, n_directions)},
    )
    return np.asarray((vectors - vectors.mean(axis=0)) @ arrays["directions"])
