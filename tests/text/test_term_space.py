"""Later texts are described as those that a space was fitted to."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.text import terms
from autocode.text.term_space import fit_queries, fit_spelling, keep_words

TEXTS = [
    f"The {a} waits for the {b}, again?" for a in ("bus", "Train", "nurse") for b in "abcdefgh"
]
TEXTS += [f"Nobody {word} here." for word in ("spoke", "sang", "slept", "spoke up")] * 8


def make_word_space(texts):
    return terms.unpack_word_space(terms.fit_word_space(texts, n_factors=8))


def test_texts_of_the_fit_are_where_they_were():
    space = make_word_space(TEXTS)
    kept = keep_words(space)
    assert np.array_equal(kept.place(TEXTS), space.factors)
    assert np.array_equal(kept.place(TEXTS[5:7]), space.factors[5:7])
    spelling = fit_spelling(TEXTS, n_factors=8)
    fitted = terms.fit_char_factors(TEXTS, n_factors=8)
    assert np.array_equal(spelling.place(TEXTS), terms.unpack_char_factors(fitted))
    queries = ["the bus", "nobody slept"]
    grams = fit_queries(TEXTS, queries)
    cosines = (grams.weigh(TEXTS) @ grams.weigh(queries).T).todense()
    assert np.allclose(cosines, terms.lexical_similarity(TEXTS, queries), atol=1e-12)


@pytest.mark.parametrize("texts", [["", "  "], ["", "!!", "a"], ["one word"]])
def test_texts_without_known_words_are_at_zero(texts):
    kept = keep_words(make_word_space(TEXTS))
    assert not kept.place(["", "zzz"]).any()
    for space in (
        keep_words(make_word_space(texts)),
        fit_spelling(texts, n_factors=8),
    ):
        assert space.place(["bus", ""]).shape == (2, space.axes.shape[1])
        assert not space.place([""]).any()
    grams = fit_queries(texts, ["bus"])
    assert grams.weigh(["", "zzz"]).shape[0] == 2


def test_a_single_block_of_words_only_says_the_same_as_all():
    space = fit_spelling(TEXTS, n_factors=8)
    together = space.place(["nobody waits", "the nurse sang"])
    assert np.array_equal(space.place(["the nurse sang"])[0], together[1])
