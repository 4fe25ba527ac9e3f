"""Segmentations: window measures against a plain loop, and what boundary similarity must keep."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.agreement.coefficients.boundaries import (
    boundary_similarity,
    masses_from_starts,
    pk,
    window_diff,
    window_size,
)
from autocode.core.errors import InputError

N_ITEMS = 24
cuts = st.sets(st.integers(1, N_ITEMS - 1)).map(
    lambda starts: masses_from_starts(sorted(starts), N_ITEMS)
)


def by_loop(first, second, window, is_pk):
    wrong = 0
    ends = [np.cumsum(masses)[:-1] for masses in (first, second)]
    for begin in range(N_ITEMS - window):
        inside = [sum(begin < end <= begin + window for end in each) for each in ends]
        if is_pk:
            inside = [min(n, 1) for n in inside]
        wrong += inside[0] != inside[1]
    return wrong / (N_ITEMS - window)


@given(cuts, cuts, st.integers(1, N_ITEMS - 1))
def test_windows_equal_a_plain_loop(first, second, window):
    assert pk(first, second, window=window).value == pytest.approx(
        by_loop(first, second, window, is_pk=True)
    )
    assert window_diff(first, second, window=window).value == pytest.approx(
        by_loop(first, second, window, is_pk=False)
    )


@given(cuts, cuts, st.integers(1, 6))
def test_order_and_direction_do_not_matter_and_b_lies_between_0_and_1(first, second, n_t):
    found = boundary_similarity(first, second, n_t=n_t)
    assert 0 <= found.value <= 1
    if n_t <= 2:
        assert boundary_similarity(second, first, n_t=n_t) == found
        assert boundary_similarity(first[::-1], second[::-1], n_t=n_t) == found
    assert window_diff(first, second, window=3) == window_diff(second, first, window=3)


@given(cuts)
def test_equal_segmentations_are_perfect(masses):
    assert boundary_similarity(masses, masses).value == 1
    assert window_diff(masses, masses, window=4).value == 0


@given(cuts, cuts)
def test_every_boundary_is_matched_moved_or_added(first, second):
    details = boundary_similarity(first, second, n_t=4).details
    pairs = details["matches"] + details["transpositions"]
    assert 2 * pairs + details["additions"] == first.size + second.size - 2


@given(cuts, cuts)
def test_a_near_miss_is_worth_more_the_further_it_may_lie(first, second):
    strict = boundary_similarity(first, second, n_t=1).details
    near = boundary_similarity(first, second, n_t=3).details
    assert strict["transpositions"] == 0
    assert near["additions"] <= strict["additions"]


def test_nearest_boundaries_are_paired_first_and_each_once():
    # 10 lies 1 from 11 and 2 from 8; 8 stays alone.
    found = boundary_similarity([8, 3, 9], [10, 10], n_t=3)
    assert found.details["transpositions"] == 1
    assert found.value == pytest.approx(1 - (1 + 1 / 3) / 2)


def test_the_window_is_half_a_mean_segment_rounded_half_up():
    assert window_size([5, 5, 5]) == 3
    assert window_size([1, 1, 1]) == 2
    assert pk([10, 10], [10, 10]).details["window_size"] == 5


def test_a_text_shorter_than_the_window_is_undefined():
    found = window_diff([1, 1], [2], window=5)
    assert found.value is None
    assert "do not fill a window of 5" in found.reason


@pytest.mark.parametrize("masses", [[], [0, 3], [3, -1]])
def test_segments_need_items(masses):
    with pytest.raises(InputError, match="each of one or more items"):
        pk(masses, [3])


def test_two_texts_cannot_be_compared():
    with pytest.raises(InputError, match="hold 5 and 6 items"):
        boundary_similarity([2, 3], [3, 3])
    with pytest.raises(InputError, match="n_t is 0"):
        boundary_similarity([2, 3], [3, 2], n_t=0)
    with pytest.raises(InputError, match="A window of 0"):
        pk([2, 3], [3, 2], window=0)
