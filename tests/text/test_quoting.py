"""What quotes somebody, and what only uses words that everybody uses."""

from __future__ import annotations

from autocode.text.quoting import SpokenWords

SPOKEN = SpokenWords(
    ["My sister drove me there every week.", "I waited quixotically long."],
    ["My brother drove there every week, and I waited long."],
)


def test_runs_of_five_words_and_short_quotes_that_stand_alone_are_counted():
    assert SPOKEN.count_quotes("As she said, my sister drove me there, every week.") == 1
    assert SPOKEN.count_quotes('examples: ["My sister drove me"]') == 1
    assert SPOKEN.count_quotes("My sister drove me home in the rain.") == 0
    assert SPOKEN.count_quotes("Talk of waiting and of a sister.") == 0


def test_a_word_that_nobody_else_has_said_is_theirs():
    assert SPOKEN.is_quote("quixotically / bus")
    assert SPOKEN.is_quote("My sister drove")
    assert not SPOKEN.is_quote("brother / week / long")
