"""Transcripts are dealt by length, and drawn from each stratum in proportion."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from autocode.core.dealing import deal_again, deal_evenly, draw_share

lengths = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.integers(1, 99), max_size=20
)


@given(lengths=lengths, seed=st.integers(0, 9))
def test_every_transcript_is_dealt_once_and_no_coder_has_much_more_than_another(lengths, seed):
    loads = {"Ana": 0, "Ben": 0, "Cleo": 0}
    dealt = deal_evenly(lengths, loads, Random(seed))
    assert sorted(name for name, _ in dealt) == sorted(lengths)
    assert sum(loads.values()) == sum(lengths.values())
    assert max(loads.values()) - min(loads.values()) <= max(lengths.values(), default=0)


def test_what_a_coder_has_already_counts():
    loads = {"Ana": 100, "Ben": 0}
    dealt = deal_evenly({"a": 40, "b": 40, "c": 40}, loads, Random(0))
    assert Counter(coder for _, coder in dealt) == {"Ben": 3}


def test_the_same_seed_draws_the_same_and_another_seed_others():
    strata = {f"t{n}": "" for n in range(20)}
    draws = [draw_share(strata, (), 0.3, Random(seed)) for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]
    assert len(set(draws[0])) == 6


def test_each_stratum_gives_its_share_and_what_was_drawn_before_counts():
    strata = {f"n{n}": "north" for n in range(10)} | {f"s{n}": "south" for n in range(5)}
    drawn = draw_share(strata, (), 0.2, Random(0))
    assert Counter(strata[name] for name in drawn) == {"north": 2, "south": 1}
    again = draw_share(strata, drawn, 0.4, Random(0))
    assert not set(again) & set(drawn)
    assert Counter(strata[name] for name in [*drawn, *again]) == {"north": 4, "south": 2}
    assert draw_share(strata, drawn, 0.2, Random(5)) == []


def test_a_small_share_is_at_least_one_transcript():
    assert len(draw_share({"a": "", "b": ""}, (), 0.01, Random(0))) == 1
    assert draw_share({}, (), 0.5, Random(0)) == []


def test_nobody_gets_a_transcript_twice():
    readers = {"a": ["Ana"], "b": ["Ben"], "c": ["Ana", "Ben"]}
    dealt = deal_again(
        ["a", "b", "c"], dict.fromkeys("abc", 10), readers, {"Ana": 0, "Ben": 0}, Random(0)
    )
    assert dealt == [("a", "Ben"), ("b", "Ana")]
