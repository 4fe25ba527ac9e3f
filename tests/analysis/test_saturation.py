"""Saturation: the exact mean over orders, the band, and base, run and threshold by hand."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocode.analysis.saturation import measure_saturation


def named(*held):
    return [(f"t{at}", frozenset(things)) for at, things in enumerate(held)]


def test_mean_is_that_of_all_orders():
    seen = named("abc", "a", "bd", "", "ae")
    told = measure_saturation(seen)
    for at, step in enumerate(told.steps):
        counts = [
            len(set().union(*(s for _, s in order[: at + 1]))) for order in permutations(seen)
        ]
        assert step.mean == pytest.approx(np.mean(counts), abs=1e-4)


def test_order_imported_is_counted_by_hand():
    told = measure_saturation(named("ab", "bc", "c", "d"))
    assert [s.new for s in told.steps] == [2, 1, 0, 1]
    assert [s.as_imported for s in told.steps] == [2, 3, 3, 4]
    assert [s.transcript for s in told.steps] == ["t0", "t1", "t2", "t3"]


def test_base_run_and_threshold_by_hand():
    # Ten things in the base of four; then one, none, none and two new ones.
    told = measure_saturation(named("abcd", "efg", "hi", "j", "k", "a", "b", "lm"))
    assert told.n_base == 10
    assert [(r.upto, r.new, r.share) for r in told.runs] == [(6, 1, 0.1), (7, 0, 0.0), (8, 2, 0.2)]
    assert told.reached == 7


@pytest.mark.parametrize("n", [0, 1, 3, 5])
def test_few_transcripts_have_no_run(n):
    told = measure_saturation(named(*["ab"] * n))
    assert (len(told.steps), told.runs, told.reached) == (n, (), None)


def test_nothing_in_the_base_is_nothing_to_divide_by():
    told = measure_saturation(named("", "", "", "", "", "", "a"))
    assert (told.n_base, told.runs, told.reached) == (0, (), None)


@settings(max_examples=15)
@given(
    st.lists(st.frozensets(st.sampled_from("abcdef")), min_size=1, max_size=6).flatmap(
        lambda held: st.tuples(st.just(held), st.permutations(held))
    )
)
def test_mean_and_band_do_not_depend_on_the_order(pair):
    one, two = (measure_saturation(named(*held)).steps for held in pair)
    assert [(s.mean, s.low, s.high) for s in one] == [(s.mean, s.low, s.high) for s in two]
    assert all(s.low <= s.mean + 1e-3 <= s.high + 2e-3 or s.low == s.high for s in one)
    assert one[-1].mean == one[-1].low == one[-1].high == one[-1].as_imported
