"""Two ways to sort the same units."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.agreement.coefficients.clusterings import NAMES, clustering_agreement
from autocode.core.errors import InputError

pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=20)


@pytest.mark.slow
@given(pairs)
def test_names_of_groups_do_not_matter_and_order_swaps_two_scores(drawn):
    a, b = np.array(drawn).T
    found, turned = clustering_agreement(a, b), clustering_agreement(b, a)
    renamed = clustering_agreement(9 - a, b)
    for name in NAMES:
        assert renamed[name].value == pytest.approx(found[name].value, abs=1e-9)
    assert turned["homogeneity"].value == pytest.approx(found["completeness"].value, abs=1e-9)
    for name in ("adjusted_rand_index", "adjusted_mutual_information", "v_measure"):
        assert turned[name].value == pytest.approx(found[name].value, abs=1e-9)


@given(pairs)
def test_the_same_groups_score_one(drawn):
    a = [one for one, _ in drawn]
    assert all(c.value == pytest.approx(1) for c in clustering_agreement(a, a).values())


def test_groups_at_random_score_near_zero_once_chance_is_taken_off():
    a, b = np.random.default_rng(0).integers(0, 5, size=(2, 5000))
    found = clustering_agreement(a, b)
    assert abs(found["adjusted_rand_index"].value) < 0.01
    assert abs(found["adjusted_mutual_information"].value) < 0.01


def test_nothing_sorted_is_undefined_and_unequal_lengths_refused():
    assert all(c.value is None and c.reason for c in clustering_agreement([], []).values())
    with pytest.raises(InputError):
        clustering_agreement([1], [1, 2])


@pytest.mark.parametrize("gap", [float("nan"), None])
def test_a_unit_in_no_group_is_named(gap):
    for pair in (([1, 1, gap], [1, 2, 2]), ([1, 2, 2], [1, 1, gap])):
        with pytest.raises(InputError, match="Unit 3 is in no group"):
            clustering_agreement(*pair)
