"""Saturation: the exact mean over orders, the band, the rule by hand, and what is unseen."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocode.analysis.saturation import (
    describe_unseen,
    estimate_unseen,
    measure_saturation,
    trace_saturation,
)
from autocode.core.coding import Coding
from autocode.core.transcript import Span


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
    assert all(s.low <= s.mean + 1e-3 <= s.high + 2e-3 or s.low == s.high for s in one[:-1])
    assert one[-1].mean == one[-1].as_imported


def test_the_band_ends_before_the_last_transcript():
    steps = measure_saturation(named("ab", "bc", "cd")).steps
    assert [(s.low is None, s.high is None) for s in steps] == [(False,) * 2] * 2 + [(True,) * 2]
    assert measure_saturation(named("ab")).steps[0].low is None


def test_chao2_is_that_of_a_published_example():
    # vegan, specpool(BCI): 225 species on 50 plots, 21 on one and 19 on two of them.
    estimate = estimate_unseen({1: 21, 2: 19, 9: 185}, 50)
    assert estimate.total == pytest.approx(236.3732, abs=1e-4)
    # Its standard error, 6.54361, and the interval of Chao (1987) around what is unseen.
    spread = np.exp(1.959964 * np.sqrt(np.log(1 + (6.54361 / 11.3732) ** 2)))
    assert estimate.low == pytest.approx(225 + 11.3732 / spread, abs=1e-3)
    assert estimate.high == pytest.approx(225 + 11.3732 * spread, abs=1e-3)
    assert (estimate.n_seen, estimate.n_once, estimate.n_twice) == (225, 21, 19)


def test_chao2_without_anything_in_two_transcripts_by_hand():
    # 10 seen, 4 of them once, in 5 transcripts: 0.8 * 4 * 3 / 2 = 4.8 unseen; the variance is
    # 4.8 + 0.64 * 4 * 49 / 4 - 0.64 * 256 / (4 * 14.8).
    estimate = estimate_unseen({1: 4, 3: 6}, 5)
    variance = 4.8 + 0.64 * 49 - 0.64 * 64 / 14.8
    spread = np.exp(1.959964 * np.sqrt(np.log(1 + variance / 4.8**2)))
    assert (estimate.total, estimate.low) == (14.8, pytest.approx(10 + 4.8 / spread, abs=1e-3))


@pytest.mark.parametrize(
    ("held", "n", "total"),
    [({3: 5}, 6, 5.0), ({1: 1, 4: 3}, 6, 4.0), ({1: 7}, 1, None), ({}, 4, 0.0)],
)
def test_where_nothing_can_be_estimated_the_reason_is_said(held, n, total):
    estimate = estimate_unseen(held, n)
    assert (estimate.total, estimate.low, estimate.high) == (total, None, None)
    assert estimate.reason in describe_unseen(estimate) != ""


def _simulate(truth, n, *, spread, n_runs=400):
    """Estimates from n transcripts that hold each of `truth` things with its own probability."""
    generator = np.random.default_rng(4)
    shares = np.clip(0.04 * np.exp(spread * generator.standard_normal(truth)), 0, 1)
    held = generator.binomial(n, shares, size=(n_runs, truth))
    return [estimate_unseen(Counter(row[row > 0].tolist()), n) for row in held]


@pytest.mark.parametrize(("spread", "n"), [(0.0, 60), (0.5, 400)])
def test_chao2_is_near_the_truth_with_many_samples(spread, n):
    estimates = _simulate(300, n, spread=spread)
    assert np.mean([e.total for e in estimates]) == pytest.approx(300, abs=1.5)


def test_chao2_interval_covers_the_truth_where_all_are_equally_rare():
    covered = [e.low <= 300 <= e.high for e in _simulate(300, 60, spread=0.0)]
    assert 0.92 < np.mean(covered) < 0.98


def test_chao2_is_a_lower_bound_where_some_are_much_rarer():
    estimates = _simulate(300, 60, spread=1.0)
    assert np.mean([e.n_seen for e in estimates]) < np.mean([e.total for e in estimates]) < 300


def test_only_codes_have_an_estimate_of_what_is_unseen():
    codings = [
        Coding(transcript=name, span=Span(0, 1), code=code, coder="Kim")
        for name, codes in (("a", "xyz"), ("b", "xy"), ("c", "xw"))
        for code in codes
    ]
    # A second coder of the same code in the same transcript counts once.
    again = replace(codings[0], coder="Lee")
    curves = trace_saturation("abc", codings=[*codings, again], readings=())
    unseen = curves.codes.unseen
    assert (unseen.n_seen, unseen.n_once, unseen.n_twice) == (4, 2, 1)
    assert curves.to_dict()["codes"]["unseen"]["total"] == pytest.approx(
        4 + 2 / 3 * 4 / 2, abs=1e-4
    )
