"""Confused codes: counts of pairs, and their order."""

from __future__ import annotations

from autocode.agreement.study.confusion import (
    ConfusedPair,
    count_confused_pairs,
    select_most_confused,
)
from autocode.agreement.study.table import NOTHING

COUNTS = {
    ("x", "x"): 8.0, ("x", "y"): 2.0, ("y", "x"): 2.0, ("y", "y"): 1.0,
    ("x", NOTHING): 4.0, ("z", NOTHING): 5.0, ("z", "y"): 0.5, ("y", "z"): 1.5,
}  # fmt: skip


def test_pairs_count_both_ways_round_once_and_the_most_confused_come_first():
    assert count_confused_pairs(COUNTS) == [
        ConfusedPair("z", NOTHING, 5.0),
        ConfusedPair("x", NOTHING, 4.0),
        ConfusedPair("x", "y", 2.0),
        ConfusedPair("y", "z", 1.0),
    ]
    assert count_confused_pairs({("x", "x"): 3.0}) == []
    assert count_confused_pairs({}) == []


def test_the_most_confused_codes_are_kept_and_shown_in_the_codebooks_order():
    assert select_most_confused(COUNTS, ["z", "y", "x"]) == ["z", "y", "x"]
    # Confused with another: y 6, x 4, z 2.
    assert select_most_confused(COUNTS, ["z", "y", "x"], 2) == ["y", "x"]
    assert select_most_confused(COUNTS, [], 1) == ["y"]
    assert select_most_confused({}, ["x"]) == []
