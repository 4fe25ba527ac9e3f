from __future__ import annotations

import re

import pytest
import spacy

from autocode.segment import spacy_component
from autocode.segment.sentences import find_sentence_ends, split_sentences


def cut(line):
    ends = find_sentence_ends(line)
    parts = zip([0, *ends], [*ends, len(line)], strict=True)
    return [line[begin:end].strip() for begin, end in parts]


@pytest.mark.parametrize(
    "marked",
    [
        "We met Dr. Lee at St. Mary's.|He was late.",
        "It is 5 p.m. on Sunday.|We left.",
        "It is 5 p.m.|We left.",
        "She got a C.|I'm so mad.",
        "J. F. Costello came.|It rained.",
        "See room No. 8 there.|No.|Never.",
        "1. The nature of it.|More.",
        "I was gonna —|Well they had three — or four.",
        "the the reason ... I forgot.|So.",
        '"Why?" she asked.|"No idea."',
        "He died in 1971. [1] [2]|She lived.",
        "I like it. :)|It works.",
        "He came (the U.S. team, too) by car.|Good.",
        "It was late.|(I know that now.)|Yes.",
        "It was late.|[laughs] Then we left.",
        'I\'m like "Oh no. That is bad" rather often.|Yes.',
        "yes.|i think so.|and you?",
        "今天很好。|明天呢？|好。",
        "好！！|真的？！|是｡|对。",
        "「今天很好。」|他走了。|『再见！』|没人。",
        "“今天很好。”他说。|“明天呢？”|没人回答。",
        "「行く。」と言った。|帰った。",
        '他说："好。"|然后走了。',
        "我……我不知道……|他们今天都没有来……|明天再说。",
        "好吗?|好!|走吧。",
        "كيف حالك؟|أنا بخير.",
        "आप कैसे हैं?|मैं ठीक हूँ।|हाँ।",
    ],
)
def test_sentence_ends_as_a_reader_puts_them(marked):
    wide = re.search(r"[。？｡好]", marked)
    assert cut(marked.replace("|", "" if wide else " ")) == marked.split("|")


def test_sentence_ends_of_a_cut_sentence_are_none():
    line = 'Yes. (a b. C d) and "more. Still" so. it. goes. [x] ok. —  So what? (1) No.'
    for part in cut(line):
        assert find_sentence_ends(part) == []


@pytest.mark.slow
def test_sentence_ends_take_time_in_proportion_to_the_line():
    line = 'and (so on. "Then — ' * 20_000
    assert find_sentence_ends(line)


def test_component_marks_the_same_sentences_in_anybodys_pipeline():
    pipeline = spacy.blank("en")
    pipeline.add_pipe(spacy_component.NAME)
    found = [s.text for s in pipeline("Dr. Lee came. It rained. So what?").sents]
    assert found == ["Dr. Lee came.", "It rained.", "So what?"]


def test_sentences_of_a_very_long_line_do_not_depend_on_stretches():
    line = "It rained all day. " * 12_000
    found = [line[begin:end].strip() for begin, end in split_sentences(line)]
    assert found == ["It rained all day."] * 12_000
