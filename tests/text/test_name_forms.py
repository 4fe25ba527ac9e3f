"""A name is found without its title, by a part of it, in capitals and as a possessive."""

from __future__ import annotations

import pytest

from autocode.text.name_forms import NameCounter, drop_titles, find_name_forms


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Dr. Jing Wang", "Jing Wang"),
        ("Prof. Dr. Müller", "Müller"),
        ("Prof.Dr.Müller", "Müller"),
        ("Frau Anna Lang", "Anna Lang"),
        ("Mr", "Mr"),
        ("Señora Ruiz", "Ruiz"),
        ("Ana Ruiz, PhD", "Ana Ruiz"),
        ("Ana Ruiz (she/her)", "Ana Ruiz"),
        ("P07", "P07"),
    ],
)
def test_titles_are_dropped(name, bare):
    assert drop_titles(name) == bare


def test_parts_that_others_bear_or_that_are_words_are_not_looked_for_alone():
    names = ["Dr. Will Jing Wang", "interview_07"]
    forms = find_name_forms(names, names, others=["Mei Wang"])
    assert forms.whole == ("Dr. Will Jing Wang", "Will Jing Wang", "interview_07")
    assert forms.parts == ("Jing",)
    assert forms.left_out == ("Wang", "Will")


@pytest.mark.parametrize(
    ("name", "text", "n"),
    [
        ("Dr. Jing Wang", "I asked Jing Wang and JING WANG.", 2),
        ("Dr. Jing Wang", "Jing said so; Dr. Wang's idea, WANG’S too.", 3),
        ("Dr. Jing Wang", "Jing\nWang and jing-wang, and Wang, Jing.", 4),
        ("Dr. Jing Wang", "jing is no name here; Wangari is somebody else.", 0),
        ("Frau Dr. Strauß", "Bei Straußs, bei STRAUSS.", 2),
        ("Herr Lang", "Das ist lang her, Lang.", 1),
        ("Jo", "Jo came, and jo is a word.", 1),
        ("Will", "I will ask Will.", 1),
        ("王静", "我和王静去了。", 1),
        ("An Li", "An hour later Li came.", 1),
    ],
)
def test_forms_of_a_name_are_counted(name, text, n):
    forms = find_name_forms([name], [name])
    assert NameCounter(forms.whole, forms.untitled + forms.parts).count(text) == n
