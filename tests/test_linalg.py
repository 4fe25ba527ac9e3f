"""Rows of numbers: unit length, main directions with signs that stay, the largest of each row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autocode.linalg import fix_signs, main_directions, top_k, unit_rows


def cloud(n=40, d=6, seed=0):
    """Rows that spread less and less from one direction to the next."""
    generator = np.random.default_rng(seed)
    turned, _ = np.linalg.qr(generator.normal(size=(d, d)))
    return generator.normal(size=(n, d)) * np.arange(d, 0, -1) @ turned


def test_unit_rows_have_length_one_and_short_ones_become_zero():
    rows = np.array([[3.0, 4.0], [1e-12, 0.0], [0.0, 0.0]])
    assert unit_rows(rows).tolist() == [[0.6, 0.8], [0, 0], [0, 0]]


def test_main_directions_are_those_of_the_singular_values():
    rows = cloud()
    expected = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)[2][:3].T
    found = main_directions(rows, 3)
    assert np.abs(np.sum(found * expected, axis=0)) == pytest.approx(np.ones(3))


def test_main_directions_of_few_rows_are_the_same_by_the_smaller_product():
    rows = cloud(n=4, d=6)
    plain, smaller = main_directions(rows, 3), main_directions(rows, 3, by_smaller=True)
    assert fix_signs(smaller) == pytest.approx(fix_signs(plain))


def test_fixed_signs_do_not_depend_on_the_signs_they_came_with():
    axes = main_directions(cloud(), 4)
    turned = axes * np.array([1, -1, 1, -1])
    assert (fix_signs(turned) == fix_signs(axes)).all()
    points = cloud()
    assert (fix_signs(turned, by=points @ turned) == fix_signs(axes, by=points @ axes)).all()


@given(arrays(np.float64, (4, 7), elements=st.sampled_from([0.0, 0.1, 0.25, 0.2500000001, 0.9])))
def test_top_k_sorts_rounded_values_and_keeps_the_earlier_of_equals(values):
    largest = top_k(values, 3)
    rounded = np.round(values, 6)
    for row in range(4):
        expected = sorted(range(7), key=lambda column: (-rounded[row, column], column))[:3]
        assert largest.columns[row].tolist() == expected
        assert largest.values[row].tolist() == rounded[row][expected].tolist()
