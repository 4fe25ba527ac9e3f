"""Stop words are data with a source; what people say of their lives is not among them."""

from __future__ import annotations

from importlib.resources import files

import pytest

from autocode.core.errors import InputError
from autocode.text.stop_words import LANGUAGES, StopWords
from autocode.text.terms import content_terms

FOLDER = files("autocode.text").joinpath("stopwords")
CONTENT = """
    feel feeling felt work working live lived leave people love stop need want talk alone empty
    serious call move together day year person good bad new old help hour morning
"""


@pytest.mark.parametrize("word", CONTENT.split())
def test_words_of_a_study_of_lives_are_content(word):
    assert content_terms(word) == (word,)


@pytest.mark.parametrize(
    "word",
    ["sixteen", "seventy", "yeah", "gonna", "don't", "couldn't", "isn't", "I'm", "that's", "stuff"],
)
def test_numerals_fillers_and_contractions_are_none(word):
    assert content_terms(word) == ()


@pytest.mark.parametrize(
    ("language", "said", "terms"),
    [
        ("de", "Ich war nicht allein", ("allein",)),
        ("fr", "Je suis toujours seule", ("seule",)),
        ("es", "Ella no está en la casa", ("casa",)),
    ],
)
def test_other_languages_have_lists_of_their_own(language, said, terms):
    assert content_terms(said, StopWords((language,))) == terms
    assert len(content_terms(said)) > len(terms)


def test_a_study_adds_words():
    ours = StopWords(added=("Clinic", "  bus’s "))
    assert content_terms("The clinic was closed", ours) == ("closed",)
    assert ours == StopWords(added=("bus's", "clinic"))


def test_a_language_without_a_list_is_refused():
    with pytest.raises(
        InputError, match=r"No stop words for the language 'xx'\. Choose from: ar, da, de"
    ):
        StopWords(("xx",))


@pytest.mark.parametrize("name", ["sounds", "talk_en", *LANGUAGES])
def test_every_list_names_its_source_and_licence_and_holds_each_word_once(name):
    lines = FOLDER.joinpath(f"{name}.txt").read_text("utf-8").splitlines()
    notes = "\n".join(line for line in lines if line.startswith("#"))
    assert "Source:" in notes
    assert "MIT" in notes
    words = [line for line in lines if not line.startswith("#")]
    assert words
    assert len(set(words)) == len(words)
    assert all(word == word.strip().casefold() for word in words)


def test_the_lists_are_those_of_the_languages():
    known = {path.name.removesuffix(".txt") for path in FOLDER.iterdir()}
    assert known == {*LANGUAGES, "sounds", "talk_en"}
