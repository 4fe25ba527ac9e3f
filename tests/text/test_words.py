"""Words counted by script, and long stretches without blanks parted."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.segment.meaning_units import LONGEST
from autocode.text.words import clauses, content_words, n_words

THAI = "เขาบอกว่าเมื่อวานฝนตกหนักมากแล้วเราก็กลับบ้านกัน"
JAPANESE = "きのうはとても雨が降っていたのでみんなで家に帰りました"


@pytest.mark.parametrize(
    "text", ["", "It rained - so", "شو رأيك؟ تمام", "비가 왔어요", "я é 👩‍🌾 ok"]
)
def test_n_words_counts_blanks_where_they_part_words(text):
    assert n_words(text) == len(text.split())


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("今天天气很好，我们去公园。", 6, 8), (JAPANESE, 10, 18), (THAI, 9, 14)],
)
def test_n_words_counts_characters_where_there_are_no_blanks(text, low, high):
    assert low <= n_words(text) <= high


def test_n_words_counts_both_in_a_mixed_text():
    assert n_words("ABC 的 565米，OK") == pytest.approx(3 + 2 * 0.6)


def test_marks_beside_characters_are_no_words():
    assert n_words("“好”，—— 好。") == n_words("好好")


@pytest.mark.parametrize("text", ["今" * 1000, THAI * 30, JAPANESE * 30, "好a" * 400])
def test_clauses_of_a_text_without_blanks_are_within_the_longest(text):
    parts = clauses(text, LONGEST)
    assert "".join(text[begin:end] for begin, end in parts) == text
    assert all(n_words(text[begin:end]) <= LONGEST for begin, end in parts)
    assert len(parts) <= n_words(text) / LONGEST * 1.5 + 1


def test_clauses_end_after_commas():
    text = "今天天气很好，我们去公园、河边：都好"
    assert [text[b:e] for b, e in clauses(text, LONGEST)] == [
        "今天天气很好，",
        "我们去公园、",
        "河边：",
        "都好",
    ]


def test_clauses_part_no_thai_letter_from_its_signs():
    text = THAI * 30
    starts = [begin for begin, _ in clauses(text, LONGEST)][1:]
    assert starts
    assert all(text[at] not in "\u0e31\u0e34\u0e35\u0e37\u0e48\u0e49" for at in starts)
    assert all(text[at - 1] not in "เแโใไ" for at in starts)


@given(st.text(st.sampled_from("今ーกเ้a ，,。“.👩‍🌾שe\u0301"), max_size=200))
def test_clauses_tile_and_never_count_less_than_the_whole(text):
    parts = clauses(text, 3)
    assert [p for part in parts for p in part] == sorted(p for part in parts for p in part)
    assert all(a[1] == b[0] for a, b in pairwise(parts))
    assert "".join(text[begin:end] for begin, end in parts) == text
    assert n_words(text) <= sum(n_words(text[begin:end]) for begin, end in parts) + 0.01


def test_content_words_are_pairs_where_there_are_no_blanks():
    assert content_words("The Garden 今天好, 明", 4) == ["garden", "今天", "天好"]
