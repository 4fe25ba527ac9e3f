"""Credit for near codes: ours, and never mixed with the standard numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.agreement.coefficients.tree_credit import (
    KIN,
    similarity,
    tree_distance,
    tree_distances,
)

PARENTS = {"a": "P", "b": "P", "c": "Q", "P": None, "Q": None, "z": None, "y": None}
sets = st.lists(st.frozensets(st.sampled_from(sorted(PARENTS))), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "credit"),
    [
        ("a", "a", 1),
        ("a", "b", KIN),
        ("a", "P", KIN),
        ("P", "a", KIN),
        ("a", "c", 0),
        ("z", "y", 0),
    ],
)
def test_likeness_of_kin_and_strangers(one, other, credit):
    assert similarity(one, other, PARENTS) == credit


def test_distance_of_sibling_is_half_of_a_stranger():
    assert tree_distance(frozenset("a"), frozenset("b"), PARENTS) == 0.5
    assert tree_distance(frozenset("a"), frozenset("c"), PARENTS) == 1.0
    assert tree_distance(frozenset(), frozenset("c"), PARENTS) == 1.0
    assert tree_distance(frozenset(), frozenset(), PARENTS) == 0.0


@given(sets)
def test_distances_of_all_are_the_distances_of_each(some):
    matrix = tree_distances(some, PARENTS)
    each = [[tree_distance(a, b, PARENTS) for b in some] for a in some]
    assert np.allclose(matrix, each)
