"""Names of draft themes: shared words that few others use, no people's names, else a quote."""

from __future__ import annotations

import re

import numpy as np
import pytest

from autocode.core.transcript import Segment, Span
from autocode.linalg import unit_rows
from autocode.themes.draft import ThemeOptions, draft_themes
from autocode.themes.partition import PartitionOptions

from .support import NO_CODES

BUS = [
    "The bus to the clinic was late again and Derek had to walk.",
    "I took the bus, but the driver would not wait for Derek.",
    "There is no bus after six, so you pay for a taxi home.",
    "A taxi costs too much, and the driver wants cash from you.",
    "My bus pass had run out and the driver was rude to me.",
    "Without the taxi I would never have got to the clinic at all.",
]
SLEEP = [
    "I lie awake most nights and my husband Derek snores.",
    "Since then I cannot sleep, and I am tired all day long.",
    "The tablets help me sleep, but I am tired in the morning.",
    "I was awake at three and again at five, as always.",
    "When I sleep badly I shout at the children, and then I cry.",
    "Being tired is the worst of it, with Derek awake as well.",
]
SOUP = [
    "It was a funny old business, that.",
    "Nothing of the kind ever happened.",
    "They painted all those walls green.",
    "Somebody should have brought biscuits.",
    "Perhaps a violin would have helped.",
    "Eleven chairs stood round the fountain.",
]
GERMAN = [
    "Der Bus war wieder zu spät, und ich habe den Termin verpasst.",
    "Ich warte immer auf den Bus, und der Fahrer ist nicht freundlich.",
    "Es gibt abends keinen Bus, also muss ich ein Taxi nehmen.",
    "Das Taxi ist zu teuer für mich, und der Fahrer will Bargeld.",
    "Ohne den Bus komme ich nicht in die Klinik zu meinem Termin.",
    "Der Fahrer hat die Tür zugemacht, als wir noch nicht drin waren.",
]
CHINESE = [
    "公共汽车又晚点了，我们在雨里等了一个小时。",
    "我等公共汽车的时候，司机不让我上车。",
    "晚上六点以后没有公共汽车，只好坐出租车回家。",
    "出租车太贵了，司机还只收现金。",
    "没有公共汽车我就去不了医院看医生。",
    "司机关上了门，我们还没有下车呢。",
]


def draft(*groups, speakers=("P0", "P1", "P2")):
    generator = np.random.default_rng(0)
    segments, rows = [], []
    for number, said in enumerate(groups):
        centre = generator.normal(size=16)
        for at, text in enumerate(said):
            who = speakers[at % len(speakers)]
            span = Span(at * 100, at * 100 + len(text))
            segments.append(
                Segment(
                    transcript=f"t{number}",
                    span=span,
                    excerpt=text,
                    speaker=who,
                    role="participant",
                    case=who,
                )
            )
            rows.append(centre + 0.1 * generator.normal(size=16))
    options = ThemeOptions(partition=PartitionOptions(n_groups=len(groups)), n_draws=0)
    vectors = unit_rows(np.array(rows)).astype(np.float32)
    themes = draft_themes(segments, vectors, NO_CODES, options=options).themes
    return {theme.members[0].segment.transcript: theme for theme in themes}


def words_of(text):
    return set(re.findall(r"\w+", text.casefold()))


def share(name, texts):
    return sum(bool(words_of(name) & words_of(text)) for text in texts) / len(texts)


def test_a_name_is_held_by_most_segments_of_its_theme_and_by_few_others():
    themes = draft(BUS, SLEEP)
    for key, own, other in (("t0", BUS, SLEEP), ("t1", SLEEP, BUS)):
        name = themes[key].name
        assert len(words_of(name)) <= 4
        assert share(name, own) >= 0.8
        assert share(name, other) <= share(name, own) / 2
    assert "bus" in words_of(themes["t0"].name)
    assert {"sleep", "awake", "tired"} & words_of(themes["t1"].name)


def test_no_person_and_no_function_word_is_in_a_name_or_among_the_terms():
    for theme in draft(BUS, SLEEP).values():
        said = words_of(" ".join((theme.name, *theme.terms, *(p.name for p in theme.parts))))
        assert said.isdisjoint({"derek", "the", "and", "for", "had", "was", "would"})


def test_where_segments_share_no_words_a_short_quote_stands_for_the_name():
    name = draft(BUS, SOUP)["t1"].name
    assert name.startswith("“")
    assert name.endswith("”")
    assert name[1:-1] in SOUP


def test_a_long_quote_is_cut():
    long = [f"{text[:-1]} and so on and on until nobody in the room cared." for text in SOUP]
    long = [re.sub("on and on|room|nobody|cared", f"word{at}", t) for at, t in enumerate(long)]
    name = draft(BUS, long)["t1"].name
    assert name.startswith("“")
    assert len(name.split()) <= 13


def test_words_that_are_written_with_a_capital_keep_it_and_german_articles_name_nothing():
    themes = draft(GERMAN, SLEEP)
    name = themes["t0"].name
    assert {"Bus", "Fahrer"} & set(re.findall(r"\w+", name))
    assert words_of(name).isdisjoint({"der", "und", "den", "nicht", "ich", "die"})


def test_pairs_of_chinese_characters_are_no_names():
    other = [text.replace("公共汽车", "花园").replace("司机", "邻居") for text in CHINESE]
    for theme in draft(CHINESE, other).values():
        assert theme.name.startswith("“")
        assert len(theme.name) <= 30


def test_one_persons_word_names_no_theme_that_several_speak_in():
    said = [
        "My parrot bit the postman, and the parrot laughed.",
        "The queue was long and the room was cold.",
        "We stood in the queue until the room was shut.",
        "That parrot sings, and the room is full of it.",
        "They let us queue outside in the rain for hours.",
        "I went home, since the queue was round the block.",
    ]
    theme = draft(said, SLEEP)["t0"]
    assert "parrot" not in theme.name
    assert "queue" in theme.name


def test_forms_of_one_word_are_one_word_of_a_name():
    said = [
        "The test was late.",
        "The tests were lost.",
        "Testing took hours.",
        "They tested me for the clinic.",
        "A test at the clinic took long.",
        "Tests, tests, nothing but tests.",
    ]
    name = draft(said, SLEEP)["t0"].name
    assert sum(word.startswith("test") for word in words_of(name)) == 1


@pytest.mark.parametrize("speakers", [("P0",), ("P0", "P1", "P2")], ids=["one", "three"])
def test_exemplars_are_whole_sentences_of_different_participants(speakers):
    said = ["Getting here", "Routine.", "the bus and then he just", *BUS]
    for theme in draft(said, SLEEP, speakers=speakers).values():
        shown = [member.segment for member in theme.exemplars]
        assert {segment.excerpt for segment in shown} <= {*BUS, *SLEEP}
        assert len({segment.participant for segment in shown}) == len(shown) == len(speakers)


def test_talk_without_marks_has_exemplars_of_eight_words():
    said = [text.lower().replace(",", "").rstrip(".") for text in BUS]
    theme = draft(["getting here", *said], [s.lower().rstrip(".") for s in SLEEP])["t0"]
    assert len(theme.exemplars) == 3
    assert all(len(member.segment.excerpt.split()) >= 8 for member in theme.exemplars)
