"""Set packing: exact beside trying everything and beside one programme in whole numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from autocode.agreement.spans.set_packing import NONE, find_components, pack_groups


def random_groups(generator, *, n_coders, n_units, n_groups):
    """Distinct groups of two or more units of different coders; unit u is of coder u % n_coders."""
    found = set()
    while len(found) < n_groups:
        there = generator.random(n_coders) < 0.7
        if there.sum() > 1:
            unit = generator.integers(0, n_units, n_coders) * n_coders + np.arange(n_coders)
            found.add(tuple(np.where(there, unit, NONE).tolist()))
    return np.array(sorted(found)), generator.random(n_groups)


def blocks_of(members):
    number = find_components(members)
    return [np.flatnonzero(number == n) for n in np.unique(number)]


def most_saved(members, saving):
    holds = (members[:, :, None] == np.unique(members[members != NONE])).any(axis=1).T
    answer = milp(
        -saving,
        integrality=np.ones(saving.size),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(holds.astype(float), -np.inf, 1),
        options={"mip_rel_gap": 0.0},
    )
    return -answer.fun


@pytest.mark.slow
@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(3, 5), st.integers(4, 12))
def test_the_packing_saves_the_most_and_takes_no_unit_twice(seed, n_coders, n_units):
    generator = np.random.default_rng(seed)
    members, saving = random_groups(
        generator, n_coders=n_coders, n_units=n_units, n_groups=int(generator.integers(2, 40))
    )
    chosen = pack_groups(members, saving, blocks_of(members))
    units = members[chosen][members[chosen] != NONE]
    assert np.unique(units).size == units.size
    assert saving[chosen].sum() == pytest.approx(most_saved(members, saving))


def test_three_pairs_in_a_ring_need_whole_numbers_and_get_them():
    # In part, half of each pair saves 1.5; in whole numbers one pair saves 1.
    ring = np.array([[0, 1, NONE], [NONE, 1, 2], [0, NONE, 2]])
    chosen = pack_groups(ring, np.array([1.0, 1.0, 1.1]), [np.arange(3)])
    assert chosen.tolist() == [False, False, True]


def test_groups_outside_the_blocks_are_left_alone():
    members = np.array([[0, 1, NONE], [3, 4, NONE]])
    assert pack_groups(members, np.ones(2), [np.array([1])]).tolist() == [False, True]


def test_components_part_groups_that_share_no_unit_even_by_way_of_others():
    members = np.array([[0, 1, NONE], [6, NONE, 8], [NONE, 1, 2], [9, 7, NONE]])
    number = find_components(members)
    assert number[0] == number[2]
    assert len({number[0], number[1], number[3]}) == 3
