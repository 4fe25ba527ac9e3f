"""A codebook entry in phrases, whatever script it is written in."""

from __future__ import annotations

from autocode.core.codebook import Code
from autocode.suggest.code_text import clean_name, list_phrases


def test_each_sentence_of_a_definition_is_a_phrase():
    code = Code(
        id="q", name="Queues", definition="Waiting on the phone all day. Ringing at eight! Yes."
    )
    found = [p.text for p in list_phrases([code]) if p.part == "definition" and not p.whole]
    assert found == ["Waiting on the phone all day.", "Ringing at eight!"]


def test_sentences_without_blanks_are_phrases_too():
    code = Code(id="q", name="提问", definition="教师向学生提出问题。学生回答教师的问题！好。")
    found = [p.text for p in list_phrases([code]) if p.part == "definition" and not p.whole]
    assert found == ["教师向学生提出问题。", "学生回答教师的问题！"]


def test_joints_of_a_name_are_opened():
    assert clean_name("help-seeking_byPhone") == "help seeking by Phone"
    assert clean_name("Data-missing_values:rawInput") == "Data missing values raw Input"
    assert clean_name("--") == "--"
