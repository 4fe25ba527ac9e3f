"""Content words are found in scripts with and without blanks."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from autocode.text import terms
from autocode.text.stop_words import StopWords
from autocode.text.terms import content_terms, n_words, theme_terms


def test_elided_articles_are_no_part_of_a_word():
    said = "C'est l'hôpital qu'il fallait, all'ospedale o'clock"
    assert content_terms(said, StopWords(("fr",)))[-3:] == (
        "ospedale",
        "o'clock",
        "ospedale o'clock",
    )
    assert "hôpital" in content_terms(said, StopWords(("fr",)))


def test_content_words_leave_out_function_words_and_fillers():
    said = content_terms("Um, the night bus was late")
    assert said == ("night", "bus", "night bus", "late")
    assert n_words(content_terms("Yeah, I know.")) == 0


def test_scripts_without_blanks_give_pairs_of_letters():
    assert content_terms("老师说得对。") == ("老师", "师说", "说得", "得对")
    assert n_words(content_terms("ขอบคุณ")) > 0


@pytest.mark.parametrize("words", ["Mm-hm.", "Uh-huh, mhm.", "It's a-and that's-that's it."])
def test_broken_off_and_listening_words_are_no_content(words):
    assert content_terms(words) == ()


def test_joined_words_are_content_as_a_whole():
    assert content_terms("A follow-up at the walk-in.") == ("follow-up", "walk-in")


def test_group_without_content_words_has_no_terms():
    assert theme_terms([["Mm-hm.", "Yeah, I know."]], n_terms=3) == [[]]
    beside = theme_terms([["Yeah."], ["the night bus", "a night bus"]], n_terms=3)
    assert beside[0] == []
    assert beside[1]


@pytest.mark.parametrize("grams", [(2, 5), (3, 5)])
def test_spelling_counts_as_scikit_learn_counts_it(grams):
    texts = ["It's a re-do: the  bus,\nTHE bus!", "", "ÉCOLE école", "a", "老师说得对 ok"]
    theirs = TfidfVectorizer(analyzer="char_wb", ngram_range=grams, sublinear_tf=True)
    ours = terms.count_grams(texts, grams=grams)
    assert np.allclose(ours.matrix.toarray(), theirs.fit_transform(texts).toarray())
    assert terms.count_grams([" ", ""], grams=grams) is None
