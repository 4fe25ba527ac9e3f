"""What is seen of an excerpt by itself, as a study's segments are seen in `features`.

Vocabularies, directions and scales are those that were fitted to the segments of a study, kept
apart from them: an excerpt that comes later has the features it would have had among them, and
they do not hang on what else comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..linalg import main_directions, unit_rows
from ..text.term_space import TermSpace, fit_queries, fit_spelling, keep_words
from .code_text import Phrase, collect_words
from .context import stand_alone
from .corpus import EncodedCorpus
from .features import (
    FeatureConfig,
    build_alone,
    describe_domains,
    describe_nobody,
    list_domains,
    mean_length,
    multiply_pairs,
    shape_of,
)
from .protocol import Flags, Floats
from .zero_shot import ZeroShotConfig, ZeroShotScores, score_zero_shot


@dataclass(frozen=True, kw_only=True)
class ExcerptSpace:
    """Fitted parts of the features and of the zero-shot score.

    `of_nobody` (n,) are the columns of role and speaker that an excerpt of nobody has, `domains`
    the domains with a column each, `usual_length` the mean that lengths are taken from; `pair_mean`
    (n,) and `pair_directions` (n, k) the main directions whose products are features. `queries`
    hold the codes' words, one text a code; `phrase_vectors` (n_phrases, d) are in double precision;
    `scale` is that of the zero-shot score.
    """

    words: TermSpace
    spelling: TermSpace
    grams: TermSpace
    queries: tuple[str, ...]
    of_nobody: Floats
    domains: tuple[str, ...]
    usual_length: float
    pair_mean: Floats
    pair_directions: Floats
    phrases: tuple[Phrase, ...]
    phrase_vectors: Floats
    scale: float
    feature_config: FeatureConfig
    zero_shot_config: ZeroShotConfig

    def describe(self, texts: Sequence[str], vectors: Floats, domains: Sequence[str]) -> Floats:
        """Features of excerpts, (n_texts, n_features), from texts and unit vectors (n_texts, d).

        An excerpt of no domain has the empty name for one.
        """
        config, n = self.feature_config, len(texts)
        alone = np.hstack(
            [
                vectors,
                config.word_weight * self.words.place(texts),
                config.char_weight * self.spelling.place(texts),
                np.broadcast_to(self.of_nobody, (n, len(self.of_nobody))),
                describe_domains(domains, self.domains, config),
                config.shape_weight * shape_of(texts, self.usual_length),
            ]
        )
        main = (unit_rows(alone) - self.pair_mean) @ self.pair_directions
        pairs = config.pair_weight * multiply_pairs(main)
        # As precise as what the weights were fitted to.
        single = np.hstack([alone, pairs], dtype=np.float32)
        return single.astype(np.float64)

    def score(self, texts: Sequence[str], vectors: Floats, allowed: Flags) -> ZeroShotScores:
        """The zero-shot score of excerpts; `allowed` is (n_texts, n_codes)."""
        lexical = self.grams.weigh(texts) @ self._query_matrix.T
        return score_zero_shot(
            vectors,
            self.phrase_vectors,
            self.phrases,
            lexical=np.asarray(lexical.todense(), dtype=np.float64),
            allowed=allowed,
            around=stand_alone(len(texts)),
            config=self.zero_shot_config,
            scale=self.scale,
        )

    @cached_property
    def _query_matrix(self) -> Any:  # noqa: ANN401 - sparse
        return self.grams.weigh(self.queries)


def fit_excerpt_space(corpus: EncodedCorpus, *, role: str) -> ExcerptSpace:
    """The parts that `corpus` computes for its own segments, for excerpts said in `role`.

    Its segments must stand alone.
    """
    segments, config = corpus.segments, corpus.feature_config
    excerpts = [segment.excerpt for segment in segments]
    alone, words = build_alone(
        segments, corpus.vectors, corpus.around, config, corpus.word_features, corpus.fits
    )
    rows = unit_rows(alone)
    queries = tuple(collect_words(code, corpus.codebook) for code in corpus.codes)
    return ExcerptSpace(
        words=keep_words(words.space),
        spelling=fit_spelling(excerpts, n_factors=config.n_char_factors),
        grams=fit_queries(excerpts, queries),
        queries=queries,
        of_nobody=describe_nobody(segments, role=role, config=config),
        domains=list_domains(segments, config),
        usual_length=mean_length(excerpts),
        pair_mean=rows.mean(axis=0),
        pair_directions=main_directions(rows, config.n_paired),
        phrases=tuple(corpus.phrases),
        phrase_vectors=corpus.phrase_vectors.astype(np.float64),
        scale=corpus.zero_shot.scale,
        feature_config=config,
        zero_shot_config=corpus.zero_shot_config,
    )


def find_nearness(
    vectors: Floats,
    transcripts: Sequence[str],
    examples: Floats,
    of_examples: npt.NDArray[np.str_],
) -> Floats:
    """Cosines of excerpts with examples (n, n_examples), minus infinity within a transcript."""
    nearness = np.asarray(vectors @ examples.T)
    if len(of_examples):
        known = set(of_examples.tolist())
        for row, name in enumerate(transcripts):
            if name in known:
                nearness[row, of_examples == name] = -np.inf
    return nearness
