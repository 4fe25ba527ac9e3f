"""Where a coding stands when its positions and its words do not agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.exchange import anchoring
from autocode.exchange.anchoring import Anchor, anchor, anchor_noted, find_words
from autocode.exchange.losses import LossLedger
from autocode.exchange.stored_text import StoredText

TEXT = "We waited. Then we\nwaited again, and again."


@pytest.mark.parametrize(
    ("start", "end", "words", "expected", "change"),
    [
        (3, 9, "waited", (3, 9), ""),
        (16, 25, "we waited", (16, 25), ""),
        (3, 9, "", (3, 9), ""),
        (0, 4, "Then", (11, 15), "moved there"),
        (0, 9, "we  waited again", (16, 31), "moved there"),
        (0, 2, "waited", (0, 2), "stand in several places"),
        (0, 2, "nothing", (0, 2), "are not in the text"),
        (38, 99, "", (38, 43), "cut off"),
        (99, 120, "Then", (11, 15), "moved there"),
    ],
)
def test_positions_and_words(start, end, words, expected, change):
    found = anchor(TEXT, start, end, words)
    assert found is not None
    assert (found.start, found.end) == expected
    assert change in found.change
    assert bool(change) == bool(found.change)


@pytest.mark.parametrize(("start", "end", "words"), [(99, 120, ""), (5, 5, ""), (-3, 0, "gone")])
def test_without_a_place_there_is_none(start, end, words):
    assert anchor(TEXT, start, end, words) is None


def test_words_are_found_exactly_before_they_are_found_with_blanks_folded():
    assert find_words("a b, a\nb", "a b") == [(0, 3)]
    assert find_words("a\nb, a\nb", "a b") == [(0, 3), (5, 8)]
    assert find_words("a.b", "a+b") == []
    assert find_words("a b", "  ") == []


@given(st.text("a\r\n\ufeff🌱", max_size=12), st.data())
def test_a_stored_place_holds_the_same_words_in_the_text_that_is_kept(stored, data):
    kept = StoredText.of(stored)
    start = data.draw(st.integers(0, len(stored)))
    end = data.draw(st.integers(start, len(stored)))
    words = stored[start:end]
    cut = stored[start - 1 : start + 1] == "\r\n" or stored[end - 1 : end + 1] == "\r\n"
    if cut or (stored.startswith("\ufeff") and start == 0):
        return
    assert kept.text[kept.find(start) : kept.find(end)] == StoredText.of(f" {words}").text[1:]


def test_an_anchor_that_is_as_the_tool_says_has_no_change():
    assert anchor(TEXT, 3, 9, "waited") == Anchor(3, 9)


def test_two_places_are_enough_to_know_that_there_are_several():
    assert find_words("a" * 1000, "a") == [(0, 1), (1, 2)]
    assert find_words("a\nb " * 1000, "a b") == [(0, 3), (4, 7)]


def test_a_file_that_asks_for_too_much_searching_keeps_its_positions(monkeypatch):
    monkeypatch.setattr(anchoring, "MOST_SEARCHED", 3 * len(TEXT))
    ledger = LossLedger()
    for _ in range(9):
        assert anchor_noted(ledger, "codings", "P01", TEXT, 0, 2, "nothing") is not None
    counts = {item.reason: item.count for item in ledger.close().items}
    assert sum(counts.values()) == 9
    assert next(n for reason, n in counts.items() if "were not looked for" in reason) > 5
