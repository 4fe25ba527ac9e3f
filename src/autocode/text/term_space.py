"""Words and character n-grams of later texts, counted as those that a space was fitted to.

What is counted and how much each term weighs is fixed once, so that a text is described the same
whatever texts come with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..linalg import unit_rows
from .terms import (
    FACTOR_GRAMS,
    QUERY_GRAMS,
    WORD,
    WordSpace,
    count_grams,
    find_gram_factors,
    fit_counts,
    list_lowered_words,
)

Floats = npt.NDArray[np.float64]
Floats32 = npt.NDArray[np.float32]

_KINDS = {"words": (1, 2), "factor grams": FACTOR_GRAMS, "query grams": QUERY_GRAMS}
Kind = Literal["words", "factor grams", "query grams"]


@dataclass(frozen=True, kw_only=True)
class TermSpace:
    """Terms with their inverse document frequencies (n_terms,), and axes (n_terms, n) of factors.

    The axes are as wide as the factors of the texts it was fitted to; where these had none but
    zeros, there are axes of zeros. Single precision, as the factors were found in.
    """

    kind: Kind
    terms: tuple[str, ...]
    idf: Floats
    axes: Floats32

    def weigh(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - sparse
        """TF-IDF of texts with sublinear counts, sparse (n_texts, n_terms), unit rows."""
        from scipy.sparse import csr_array
        from sklearn.preprocessing import normalize

        if not self.terms:
            return csr_array((len(texts), 0))
        counts = self._count(texts)
        if counts is None:
            return csr_array((len(texts), len(self.terms)))
        counts.sort_indices()
        counts.data = (np.log(counts.data) + 1) * self.idf[counts.indices]
        return normalize(counts)

    def place(self, texts: Sequence[str]) -> Floats:
        """Factors of texts, (n_texts, n), unit rows; 0 for a text without any of the terms."""
        if not self.terms:
            return np.zeros((len(texts), self.axes.shape[1]))
        factors = self.weigh(texts).astype(np.float32) @ self.axes
        return unit_rows(np.asarray(factors, dtype=np.float64), smallest=1e-12)

    def _count(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - sparse
        """How often each text holds each term; None where no text holds a word."""
        from sklearn.feature_extraction.text import CountVectorizer

        if self.kind == "words":
            return self._counter.transform(texts)
        words = CountVectorizer(analyzer=list_lowered_words)
        said = fit_counts(words, texts)
        return (
            None if said is None else said @ self._counter.transform(words.get_feature_names_out())
        )

    @cached_property
    def _counter(self) -> Any:  # noqa: ANN401 - scikit-learn is untyped
        from sklearn.feature_extraction.text import CountVectorizer

        grams = _KINDS[self.kind]
        known: dict[str, Any] = {"vocabulary": self.terms, "dtype": np.float64}
        if self.kind == "words":
            return CountVectorizer(ngram_range=grams, token_pattern=WORD, **known)
        return CountVectorizer(analyzer="char_wb", ngram_range=grams, lowercase=False, **known)


def keep_words(space: WordSpace) -> TermSpace:
    """The words of a space that was fitted, for later texts."""
    return TermSpace(
        kind="words",
        terms=tuple(space.terms),
        idf=_find_idf(space.counts) if space.terms else np.zeros(0),
        axes=space.axes.astype(np.float32),
    )


def fit_spelling(texts: Sequence[str], *, n_factors: int) -> TermSpace:
    """The character n-grams of texts with the axes of `terms.fit_char_factors`."""
    counts = count_grams(texts, grams=FACTOR_GRAMS)
    factors, axes = find_gram_factors(counts, n_factors, n_texts=len(texts))
    if counts is None or axes is None:
        none = np.zeros((0, factors.shape[1]), dtype=np.float32)
        return TermSpace(kind="factor grams", terms=(), idf=np.zeros(0), axes=none)
    return TermSpace(
        kind="factor grams",
        terms=tuple(counts.grams.tolist()),
        idf=_find_idf(counts.matrix),
        axes=axes.astype(np.float32),
    )


def fit_queries(texts: Sequence[str], queries: Sequence[str]) -> TermSpace:
    """The character n-grams by which texts are held against queries (`lexical_similarity`)."""
    counts = count_grams([*texts, *queries], grams=QUERY_GRAMS)
    return TermSpace(
        kind="query grams",
        terms=tuple(counts.grams.tolist()) if counts else (),
        idf=_find_idf(counts.matrix) if counts else np.zeros(0),
        axes=np.zeros((len(counts.grams) if counts else 0, 0), dtype=np.float32),
    )


def _find_idf(matrix: Any) -> Floats:  # noqa: ANN401 - sparse
    """Smoothed inverse document frequencies of the columns (scikit-learn's default)."""
    held = np.bincount(matrix.indices, minlength=matrix.shape[1]).astype(np.float64)
    return np.asarray(np.log((matrix.shape[0] + 1) / (held + 1)) + 1)
