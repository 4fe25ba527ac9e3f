"""Families of codes in words."""

from __future__ import annotations

import pytest

from autocode.core.code_family import CodeFamily, guide_number
from autocode.core.codebook import Code, Codebook
from autocode.core.errors import InputError


@pytest.mark.parametrize(
    ("words", "family"),
    [
        ("structural", CodeFamily("structural")),
        (" Retired ", CodeFamily("retired")),
        ("wave: 2", CodeFamily("wave", "2")),
        ("Wave 2", CodeFamily("wave", "2")),
        ("structural:  guide   B", CodeFamily("structural", "guide B")),
    ],
)
def test_what_is_written_is_read_back(words, family):
    assert CodeFamily.parse(words) == family
    assert CodeFamily.parse(str(family)) == family


@pytest.mark.parametrize("words", ["", "waves", "Barriers", "structurally sound", ": 2"])
def test_other_words_are_refused_with_what_to_write(words):
    with pytest.raises(InputError, match="structural, retired, wave"):
        CodeFamily.parse(words)


def test_a_codebook_lists_the_codes_of_each_family_in_its_order():
    guide = CodeFamily("structural")
    book = Codebook(
        (Code(id="a", name="A", family=guide),
         Code(id="b", name="B"), Code(id="c", name="C", family=guide))
    )  # fmt: skip
    assert [code.id for code in book.families[guide]] == ["a", "c"]


@pytest.mark.parametrize(
    ("name", "number"),
    [("Q4.2", (4, 2)), ("Question 10", (10,)), ("q3: Costs", (3,)), ("3", (3,)), ("Costs", None),
     ("Covid-19 fears", None)],
)  # fmt: skip
def test_numbers_in_names(name, number):
    assert guide_number(name) == number
