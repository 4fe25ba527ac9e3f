"""Names of people and places are told by how a study writes them."""

from __future__ import annotations

import pytest

from autocode.text.proper_names import find_proper_names

ENGLISH = [
    "I went there with Derek and the nurse, Angela, was kind. Angela rang twice.",
    "Derek waited in the car. The Harrowgate Lane clinic was shut, and the NHS letter was late.",
    "Hope is what you need. I hope they ring. We hope Dr. Osei comes back.",
    "Waiting is hard. She said, “You never rang”, and I kept waiting for the nurse.",
]


@pytest.mark.parametrize("name", ["derek", "angela", "harrowgate", "lane", "osei"])
def test_words_with_a_capital_within_a_sentence_are_names(name):
    assert name in find_proper_names(ENGLISH)


@pytest.mark.parametrize("word", ["nurse", "nhs", "hope", "waiting", "you", "letter"])
def test_other_words_are_none(word):
    assert word not in find_proper_names(ENGLISH)


def test_speakers_are_names_unless_the_word_is_used_otherwise():
    names = find_proper_names(ENGLISH, ["Hope Baker", "Interviewer", "06_grace"])
    assert {"baker", "grace"} <= names
    assert names.isdisjoint({"hope", "interviewer"})


def test_german_nouns_are_no_names_and_what_follows_a_title_is_one():
    said = [
        "Der Termin war am Morgen, und die Wartezeit im Flur war lang, sagte Frau Klemm.",
        "Frau Klemm hat den Termin verschoben, weil der Arzt in der Klinik war.",
    ]
    names = find_proper_names(said, ["Jana"])
    assert {"klemm", "jana"} <= names
    assert names.isdisjoint({"termin", "wartezeit", "flur", "arzt", "klinik"})


@pytest.mark.parametrize(
    "said", ["we saw derek and angela there", "我们等了好几个月。", "انتظرنا أشهر"]
)
def test_without_capitals_only_speakers_are_known(said):
    assert find_proper_names([said] * 3, ["Angela"]) == {"angela"}
