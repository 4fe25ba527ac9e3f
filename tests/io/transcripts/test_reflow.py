from __future__ import annotations

import pytest

from autocode.io.transcripts.reflow import join_pages, reflow


def test_flowing_lines_drops_heads_and_page_numbers():
    words = [[f"{a}{b} and so on" for b in "abcdefgh"] for a in "wxyz"]
    pages = [["Interview 7 - Lee", *page, f"Page {n} of 4"] for n, page in enumerate(words, 1)]
    assert join_pages(pages) == [line for page in words for line in page]


def test_flowing_lines_keeps_a_speaker_who_opens_every_page():
    pages = [["Ann:", f"words {n}", "Ben:", "yes", "Ann:", "no", "Ben:", "so"] for n in range(5)]
    assert join_pages(pages).count("Ann:") == 10


def test_flowing_lines_keeps_words_that_only_one_page_has():
    pages = [["Title", "Ann: hi"], ["Ben: ho", "Ann: so"]]
    assert join_pages(pages) == ["Title", "Ann: hi", "Ben: ho", "Ann: so"]


@pytest.mark.parametrize("number", ["3", "- 3 -", "3/9", "Page 3 of 9", "Seite 3 von 9"])
def test_flowing_lines_drops_page_numbers_of_every_form(number):
    pages = [[f"Ann: {word} so", number.replace("3", str(n))] for n, word in enumerate("abc", 1)]
    assert join_pages(pages) == ["Ann: a so", "Ann: b so", "Ann: c so"]


def test_flowing_lines_drops_numbers_in_a_margin_but_no_answer():
    page = ["Ann: how many?", "12", "Ben: no", *map(str, range(1, 40))]
    assert join_pages([page]) == ["Ann: how many?", "12", "Ben: no"]


def test_flowing_lines_goes_on_over_a_page_break():
    pages = [["Ann: we went", "1/2"], ["on for hours", "Ben: so"]]
    assert join_pages(pages) == ["Ann: we went", "on for hours", "Ben: so"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["an inter-", "view of mine"], ["an interview", "of mine"]),
        (["a self-", "employed man"], ["a self-employed", "man"]),
        (["long-term care", "a long-", "term plan"], ["long-term care", "a long-term", "plan"]),
        (["an inter\u00ad", "view"], ["an interview"]),
        (["in Berlin-", "Mitte"], ["in Berlin-", "Mitte"]),
        (["and then -", "nothing"], ["and then -", "nothing"]),
    ],
    ids=["divided", "prefix", "as elsewhere", "soft", "a name", "a dash"],
)
def test_flowing_lines_makes_divided_words_whole(lines, expected):
    assert join_pages([lines]) == expected


def test_reflowed_ends_a_paragraph_after_a_short_full_stop():
    lines = ["This line runs to the end of the column", "and ends here.", "The next begins"]
    assert reflow(lines) == (
        "This line runs to the end of the column and ends here.\nThe next begins"
    )
