"""Words are found whatever their case and form, and where they stand is where they stand."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autocode.text.word_search import compile_words, make_searchable

LETTERS = st.text(
    st.sampled_from(
        "abßSsİıﬁéE\u0301\u0327\u00adñΣςΩ’' \n-.😀👩\u200d字かก\u0e34क\u093f\u1100\u1161"
    ),
    max_size=24,
)


def find(words, text, **options):
    pattern = compile_words(words, **options)
    assert pattern is not None
    return [text[start:end] for start, end in pattern.find(make_searchable(text))]


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("wait", "Wait, I await; waits WAIT.", ["Wait", "WAIT"]),
        ("don't", "I don’t, DON'T, donʼt", ["don’t", "DON'T", "donʼt"]),
        ("STRASSE", "Straße und Strasse", ["Straße", "Strasse"]),
        ("café", "cafe cafe\u0301 CAFÉ", ["cafe\u0301", "CAFÉ"]),
        ("softly", "soft\u00adly", ["soft\u00adly"]),
        ("ΟΔΟΣ", "οδος οδός οδοσ", ["οδος", "οδοσ"]),
        ("so so", "so\n so, so-so; so a so", ["so\n so", "so-so"]),
        ("e-mail", "e-mail, e mail, email", ["e-mail", "e mail"]),
        ("mother", "my mother's", ["mother"]),
        ("學校", "我在學校裡", ["學校"]),
        ("क", "कि क", ["क"]),
        ("😀", "yes😀!", ["😀"]),
        ("aa aa", "xaa aa aa", ["aa aa"]),
        ("3.5", "3.5 and 35", ["3.5"]),
    ],
)  # fmt: skip
def test_words_are_found_as_people_mean_them(words, text, found):
    assert find(words, text) == found


def test_a_beginning_finds_the_whole_word():
    assert find("wait", "Waiting, awaits, wait", beginning=True) == ["Waiting", "wait"]
    assert find("a wai", "a waiter", beginning=True) == ["a waiter"]


@pytest.mark.parametrize("words", ["", " ", "\u200b", "\u00ad\n"])
def test_nothing_is_no_pattern(words):
    assert compile_words(words) is None


@given(LETTERS, LETTERS)
@example("ßß", "ss")
@example("a\u00ad", "a")
def test_places_are_code_points_of_the_text(text, words):
    pattern = compile_words(words)
    if pattern is None:
        return
    last = 0
    for start, end in pattern.find(make_searchable(text)):
        assert last <= start < end <= len(text)
        folded = make_searchable(text[start:end]).text
        assert compile_words(words).pattern.search(folded) is not None
        last = start


@given(LETTERS, LETTERS)
def test_a_word_between_blanks_is_found_in_any_case_and_composition(before, after):
    word = "Größenwahn"
    for form in (word, word.upper(), unicodedata.normalize("NFD", word)):
        text = f"{before} {form} {after}"
        assert form in [found.strip() for found in find("größenwahn", text)]
