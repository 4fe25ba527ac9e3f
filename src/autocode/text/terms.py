"""Words and character n-grams of texts as numbers; the adapter of scikit-learn's text features."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ..linalg import unit_rows
from .stop_words import StopWords
from .words import lacks_blanks, letter_pairs

Floats = npt.NDArray[np.float64]
Floats32 = npt.NDArray[np.float32]

WORD = r"(?u)\b[^\W\d_][\w'’]+\b|[?!]"
_SEED = 0
_ENGLISH = StopWords()
_MOST_GRAMS, _FEW_TEXTS = 200_000, 50
FACTOR_GRAMS, QUERY_GRAMS = (2, 5), (3, 5)


def lexical_similarity(texts: Sequence[str], queries: Sequence[str]) -> Floats:
    """Cosines of character 3-5-gram TF-IDF, shape (len(texts), len(queries)).

    Grams stay within words, counts are sublinear (Salton & Buckley 1988). Texts without letters
    are at 0 from everything.
    """
    if not len(texts) or not len(queries):
        return np.zeros((len(texts), len(queries)))
    counts = count_grams([*texts, *queries], grams=QUERY_GRAMS)
    if counts is None:
        return np.zeros((len(texts), len(queries)))
    similarity = counts.matrix[: len(texts)] @ counts.matrix[len(texts) :].T
    return np.asarray(similarity.todense(), dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class WordSpace:
    """Latent factors of the words of texts, and the way back from factors to words.

    `factors` (n_texts, n_factors) has unit rows; `terms` names the columns of the sparse `counts`
    (n_texts, n_terms, TF-IDF); `axes` is (n_terms, n_factors).
    """

    factors: Floats
    terms: Sequence[str]
    counts: Any
    axes: Floats

    def moved(self, row: int, weights: Floats) -> Iterator[tuple[str, float]]:
        """The terms of a text with what each adds to factors · `weights`; largest first.

        The parts add up to the whole, as factors are a sum over terms divided by their length.
        """
        if not len(self.terms):
            return
        indices, counts, axes = self._look_up(row)
        parts = counts * (axes @ weights)
        length = max(self._lengths[row], 1e-12)
        order = np.argsort(-parts, kind="stable")
        for at, part in zip(indices[order].tolist(), parts[order].tolist(), strict=True):
            yield str(self.terms[at]), part / length

    @cached_property
    def _lengths(self) -> list[float]:
        """The length of each text's factors before they were brought to 1."""
        return [float(np.sqrt(row.dot(row))) for row in self.counts @ self.axes]

    @cached_property
    def _last(self) -> dict[int, tuple[npt.NDArray[np.integer], Floats, Floats]]:
        return {}

    def _look_up(self, row: int) -> tuple[npt.NDArray[np.integer], Floats, Floats]:
        """The terms of a text, their counts and axes; kept for the next code of the same text."""
        if row not in self._last:
            start, end = self.counts.indptr[row : row + 2].tolist()
            indices = self.counts.indices[start:end]
            self._last.clear()
            self._last[row] = (
                indices,
                self.counts.data[start:end],
                self.axes[indices],
            )
        return self._last[row]


def fit_word_space(texts: Sequence[str], *, n_factors: int) -> dict[str, npt.NDArray[Any]]:
    """Latent factors of word 1-2-gram TF-IDF (Deerwester et al. 1990), as arrays.

    Question and exclamation marks count as words; there are at most `n_factors` factors.
    `unpack_word_space` makes a word space of the arrays: `factors` (n_texts, n_factors) and `axes`
    (n_terms, n_factors) are in single precision, as they were computed; `data`, `indices` and
    `indptr` are the sparse counts, `terms` their columns' names as UTF-8, a line each.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2),
        token_pattern=WORD,
        sublinear_tf=True,
        min_df=2 if len(texts) > _FEW_TEXTS else 1,
    )
    counts = fit_counts(vectorizer, texts)
    factors, axes = find_factors(counts, n_factors, n_texts=len(texts))
    if axes is None:
        return {"factors": factors}
    # A term is words, numbers and single blanks.
    names = "\n".join(vectorizer.get_feature_names_out()).encode()
    return {
        "factors": factors,
        "axes": axes,
        "data": counts.data,
        "indices": counts.indices,
        "indptr": counts.indptr,
        "terms": np.frombuffer(names, dtype=np.uint8),
    }


def unpack_word_space(arrays: Mapping[str, npt.NDArray[Any]]) -> WordSpace:
    """The word space that `fit_word_space` made arrays of.

    Raises:
        ValueError: if the arrays do not belong together.
    """
    factors = _lengthen(arrays["factors"])
    if "axes" not in arrays:
        nothing = np.zeros((0, factors.shape[1]))
        return WordSpace(factors=factors, terms=(), counts=None, axes=nothing)
    from scipy.sparse import csr_matrix

    axes = arrays["axes"].astype(np.float64)
    terms = tuple(arrays["terms"].tobytes().decode().split("\n"))
    counts = csr_matrix(
        (arrays["data"], arrays["indices"], arrays["indptr"]), shape=(len(factors), len(terms))
    )
    counts.check_format(full_check=True)
    if len(axes) != len(terms):
        raise ValueError(f"{len(axes)} axes for {len(terms)} terms")
    return WordSpace(factors=factors, terms=terms, counts=counts, axes=axes)


def fit_char_factors(texts: Sequence[str], *, n_factors: int) -> dict[str, npt.NDArray[Any]]:
    """Latent factors of character 2-5-gram TF-IDF: `factors` (len(texts), ≤ n_factors).

    In single precision, as they were computed, of any length.
    """
    counts = count_grams(texts, grams=FACTOR_GRAMS)
    return {"factors": find_gram_factors(counts, n_factors, n_texts=len(texts))[0]}


def unpack_char_factors(arrays: Mapping[str, npt.NDArray[Any]]) -> Floats:
    """The unit rows of what `fit_char_factors` gave."""
    return _lengthen(arrays["factors"])


def find_gram_factors(
    counts: GramCounts | None, n_factors: int, *, n_texts: int
) -> tuple[Floats32, Floats32 | None]:
    """Factors of n-grams (n_texts, k), of any length, and their axes (n_grams, k), if any."""
    if counts is None:
        return find_factors(None, n_factors, n_texts=n_texts)
    held = np.bincount(counts.matrix.indices, minlength=counts.matrix.shape[1])
    kept = held >= (2 if n_texts > _FEW_TEXTS else 0)  # what one text holds likens it to no other
    factors, axes = find_factors(counts.matrix[:, kept], n_factors, n_texts=n_texts)
    if axes is None:
        return factors, None
    whole = np.zeros((len(kept), axes.shape[1]), dtype=np.float32)
    whole[kept] = axes  # of one that was left out there is nothing
    return factors, whole


def theme_terms(
    groups: Sequence[Sequence[str]], *, n_terms: int, stop_words: StopWords = _ENGLISH
) -> list[list[str]]:
    """The terms that set each group of texts apart, best first; see `terms_apart`."""
    return terms_apart(
        [[content_terms(text, stop_words) for text in texts] for texts in groups], n_terms=n_terms
    )


def terms_apart(groups: Sequence[Sequence[Sequence[str]]], *, n_terms: int) -> list[list[str]]:
    """The terms that set each group of texts apart, best first; of each text its content terms.

    Class-based TF-IDF (Grootendorst 2022) over the number of texts that hold a term, so that a word
    one person repeats counts once: share of the group's texts times log(1 + groups / groups
    holding it, weighted by share). Terms that two texts of a group share come before all others.
    Stop words and fillers of talk are left out. Of equals the one said first comes first, so give
    the texts of a group in order of how typical they are.
    """
    counts = [_texts_holding(texts) for texts in groups]
    overall: dict[str, float] = {}
    for texts, held in zip(groups, counts, strict=True):
        for term, n in held.items():
            overall[term] = overall.get(term, 0.0) + n / len(texts)
    terms = []
    for texts, held in zip(groups, counts, strict=True):
        many = 8 * n_terms
        shared = [term for term, n in held.items() if n >= 2]
        # One person's terms come last: where enough are shared they need not be weighed.
        weighed = shared if len(shared) >= many else list(held)
        order = _ranked(weighed, held, overall, n_texts=len(texts), n_groups=len(groups))
        terms.append(_without_echoes([weighed[at] for at in order[:many].tolist()])[:n_terms])
    return terms


def _ranked(
    terms: Sequence[str],
    held: Mapping[str, int],
    overall: Mapping[str, float],
    *,
    n_texts: int,
    n_groups: int,
) -> npt.NDArray[np.intp]:
    """The order of the terms of a group, best first.

    A shared pair says more than its words; one person's pair says less. Of equals the one said
    first.
    """
    n = np.array([held[term] for term in terms], dtype=np.float64)
    everywhere = np.array([overall[term] for term in terms], dtype=np.float64)
    weight = np.round(n / n_texts * np.log1p(n_groups / everywhere), 12)
    alone = n < 2
    pair = np.array([" " in term for term in terms], dtype=np.bool_)
    return np.lexsort((np.where(alone, pair, ~pair), -weight, alone))


def _texts_holding(texts: Sequence[Sequence[str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for said in texts:
        for term in dict.fromkeys(said):
            counts[term] = counts.get(term, 0) + 1
    return counts


def n_words(said: Sequence[str]) -> int:
    """How many of a text's content terms are single words."""
    return sum(" " not in term for term in said)


def content_terms(text: str, stop_words: StopWords = _ENGLISH) -> tuple[str, ...]:
    """Content words of a text, and pairs of them that stand side by side, in order.

    Scripts without blanks between words (Han, kana, Thai, Lao, Khmer, Burmese) give pairs of
    letters in place of words, as is usual in searching them (Nie, Gao, Zhang & Zhou 2000).
    """
    plain = text.replace("’", "'").casefold()
    if "[" in plain or "(" in plain:
        plain = re.sub(r"\[[^\]]*\]|\([^)]*\)", " ", plain)
    terms: list[str] = []
    before: str | None = None
    for word in re.findall(r"[^\W\d_][\w'-]*[^\W_]|[.,;:?!]", plain):
        said = _content_of(word, stop_words)
        if before is not None and len(said) == 1:
            terms += (said[0], f"{before} {said[0]}")
        else:
            terms += said
        before = said[0] if len(said) == 1 else None
    return tuple(terms)


def has_content(text: str, stop_words: StopWords = _ENGLISH) -> bool:
    """Whether a text has any content term; stops at the first."""
    plain = text.replace("’", "'").casefold()
    if "[" in plain or "(" in plain:
        plain = re.sub(r"\[[^\]]*\]|\([^)]*\)", " ", plain)
    words = re.finditer(r"[^\W\d_][\w'-]*[^\W_]", plain)
    return any(_content_of(word.group(), stop_words) for word in words)


def is_content(term: str, stop_words: StopWords = _ENGLISH) -> bool:
    """Whether every word of a term says something of what is talked about."""
    words = term.replace("’", "'").casefold().split()
    return bool(words) and all(_content_of(word, stop_words) for word in words)


# "L'hôpital", "qu'il", "dell'ospedale": French and Italian articles and conjunctions.
_ELIDED = re.compile(
    r"(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu|(?:a|da|de|ne|su)ll|un|quest|quell)'(?=\w)"
)


@lru_cache(maxsize=1 << 16)
def _content_of(word: str, stop_words: StopWords) -> tuple[str, ...]:
    """What a word or mark brings to the content terms: its stem, pairs of its letters, nothing."""
    listed = stop_words.words
    elided = _ELIDED.match(word)
    word = word[elided.end() :] if elided else word
    # English verbs negated by n't are all auxiliaries.
    if word in listed or word.endswith("n't"):
        return ()
    if not word.isascii() and lacks_blanks(word):
        return tuple(letter_pairs(word))
    parts = [re.sub(r"'(s|d|ll|re|ve|m|t)$", "", part) for part in word.split("-")]
    # Somebody who says "a-and" says "and".
    broken_off = all(parts[-1].startswith(part) for part in parts[:-1])
    stem = parts[-1] if broken_off else "-".join(parts)
    if len(stem) < 3 or stop_words.sounds.issuperset(parts):
        return ()
    return () if stem in listed else (stem,)


def _without_echoes(terms: list[str]) -> list[str]:
    """Drop a term whose words an earlier (stronger) term already holds, plurals included."""
    kept: list[str] = []
    seen: set[str] = set()
    for term in terms:
        stems = {word.removesuffix("s") for word in term.split()}
        if not stems & seen:
            kept.append(term)
            seen |= stems
    return kept


@dataclass(frozen=True, slots=True)
class GramCounts:
    """TF-IDF, sparse (n_texts, n_grams), and the n-grams."""

    matrix: Any
    grams: npt.NDArray[np.str_]


def count_grams(texts: Sequence[str], *, grams: tuple[int, int]) -> GramCounts | None:
    """Sublinear TF-IDF of character n-grams within words, or None where no text holds a word.

    Grams are cut once per distinct word: texts by words, times words by grams.
    """
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

    words = CountVectorizer(analyzer=list_lowered_words)
    said = fit_counts(words, texts)
    if said is None:
        return None
    cut = CountVectorizer(analyzer="char_wb", ngram_range=grams, lowercase=False, dtype=np.float64)
    counts = said @ cut.fit_transform(words.get_feature_names_out())
    counts.sort_indices()
    names = cut.get_feature_names_out()
    if counts.shape[1] > _MOST_GRAMS:
        often = np.argsort(-np.asarray(counts.sum(axis=0)).ravel(), kind="stable")[:_MOST_GRAMS]
        counts, names = counts[:, np.sort(often)], names[np.sort(often)]
    return GramCounts(TfidfTransformer(sublinear_tf=True).fit_transform(counts), names)


def list_lowered_words(text: str) -> list[str]:
    """Words in lower case."""
    return text.lower().split()


def fit_counts(vectorizer: Any, texts: Sequence[str]) -> Any:  # noqa: ANN401 - scikit-learn is untyped
    """The matrix of a vectorizer, or None where no text holds a word."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return vectorizer.fit_transform(texts)
    except ValueError:
        # "empty vocabulary": no text has a word the vectorizer counts.
        return None


def find_factors(
    matrix: Any,  # noqa: ANN401 - sparse
    n_factors: int,
    *,
    n_texts: int,
) -> tuple[Floats32, Floats32 | None]:
    """Factors (n_texts, n_factors), and the axes (n_columns, n_factors) they lie on, if any."""
    if matrix is None or min(matrix.shape) < 3:
        return np.zeros((n_texts, 1), dtype=np.float32), None
    from sklearn.decomposition import TruncatedSVD

    width = min(n_factors, min(matrix.shape) - 1)
    svd = TruncatedSVD(width, n_iter=2, random_state=_SEED)
    # Single precision halves the time, and the rounding is far below what any factor says. Where
    # all texts are equal there is no variance, of which scikit-learn takes shares we do not use.
    with np.errstate(invalid="ignore", divide="ignore"):
        factors = np.asarray(svd.fit_transform(matrix.astype(np.float32)))
    return factors, svd.components_.T


def _lengthen(factors: Floats32) -> Floats:
    """Factors in double precision, brought to length 1."""
    return unit_rows(factors.astype(np.float64), smallest=1e-12)
