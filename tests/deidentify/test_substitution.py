"""Stand-ins for names: whole words, possessives, capitals, and what is left uncertain."""

from __future__ import annotations

import pytest

from autocode.core.errors import InputError
from autocode.deidentify.substitution import (
    Substitution,
    find_uncertain,
    names_in_small_letters,
)

STAND_INS = {"Hannah Lowe": "Person 1", "Hannah": "Person 1", "Will": "Person 2", "Leeds": "Town"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Hannah Lowe rang.", "Person 1 rang."),
        ("Hannah\nLowe rang; HANNAH LOWE rang.", "Person 1 rang; Person 1 rang."),
        ("Hannah's and Hannah’s car", "Person 1's and Person 1’s car"),
        ("I will ask Will. WILL!", "I will ask Person 2. Person 2!"),
        ("Hannahs, Hannahville, hannah", "Hannahs, Hannahville, hannah"),
        ("hannah_lowe.txt, Hannah_2", "hannah_lowe.txt, Person 1_2"),
        ("in Leeds-Bradford (Leeds)", "in Town-Bradford (Town)"),
    ],
)
def test_names_are_replaced_as_whole_words(text, wanted):
    assert Substitution(STAND_INS).apply(text) == wanted


def test_small_letters_are_replaced_where_the_name_is_no_word_as_well():
    texts = ["Hannah and hannah and Hannah. I will, you will, Will."]
    lower = names_in_small_letters(STAND_INS, texts)
    assert "Hannah" in lower
    assert "Will" not in lower
    assert Substitution(STAND_INS, lower).apply("hannah will") == "Person 1 will"


def test_what_looks_like_a_name_is_listed():
    left = ["I will go. Hanah rang, Hannahs car. Hannha! The Lowe family. A hannah."]
    uncertain = {one.words: one.reason for one in find_uncertain(STAND_INS, left)}
    assert uncertain == {
        "will": "'Will' in small letters",
        "Hanah": "one letter from 'Hannah'",
        "Hannha": "one letter from 'Hannah'",
        "Hannahs": "begins like 'Hannah'",
        "Lowe": "part of 'Hannah Lowe'",
        "hannah": "'Hannah' in small letters",
    }


@pytest.mark.parametrize(
    ("stand_ins", "word"),
    [
        ({"Ann": "Ann B"}, "itself replaced"),
        ({"Ann": " "}, "is empty"),
        ({"Ann": 'the "one"'}, "quote"),
        ({"Ann": "A", "ANN": "B"}, "two stand-ins"),
    ],
)
def test_stand_ins_that_cannot_work_are_refused(stand_ins, word):
    with pytest.raises(InputError, match=word):
        Substitution(stand_ins)


def test_in_a_script_without_blanks_a_name_is_replaced_wherever_it_stands():
    substitution = Substitution({"王静": "李雷", "王": "张", "田中": "佐藤"})
    assert (
        substitution.apply("我和王静去了。王说王国。田中さんは")
        == "我和李雷去了。王说王国。佐藤さんは"
    )
    assert names_in_small_letters(["王静"], ["我和王静去了。"]) == set()
