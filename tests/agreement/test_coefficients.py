"""Coefficients against published worked examples, and what must hold for any data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from autocode.agreement import cohen_kappa, cohen_kappa_of_table, krippendorff_alpha, percent

NAN = float("nan")

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", example C: 4 coders, 12 units,
# missing codings; nominal alpha .743.
KRIPPENDORFF_C = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]

codes = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60)


def test_alpha_equals_krippendorff_2011_example_c():
    found = krippendorff_alpha(KRIPPENDORFF_C)
    assert found.value == pytest.approx(0.743, abs=5e-4)
    assert found.n_units == 11


def test_alpha_of_two_coders_equals_krippendorff_2011_example_b():
    # Example B: two coders, ten units, binary: alpha .095.
    a = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    b = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert krippendorff_alpha([a, b]).value == pytest.approx(0.095, abs=5e-4)


def test_kappa_equals_cohen_1960_worked_table():
    # Cohen (1960), table 1: proportions of 200 by three categories, kappa .492.
    table = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    a = np.repeat([0, 0, 0, 1, 1, 1, 2, 2, 2], table.ravel())
    b = np.repeat([0, 1, 2] * 3, table.ravel())
    found = cohen_kappa(a, b)
    assert found.observed == pytest.approx(0.70)
    assert found.expected == pytest.approx(0.41)
    assert found.value == pytest.approx(0.492, abs=5e-4)
    # As it was published, in shares of the units.
    assert cohen_kappa_of_table(table / 200).value == pytest.approx(found.value)


def test_kappa_of_random_marking_at_80_percent_is_near_zero():
    # The case in which a widely used program's "kappa" reads .66.
    generator = np.random.default_rng(0)
    a, b = generator.random((2, 200_000)) < 0.8
    assert abs(cohen_kappa(a, b).value) < 0.01


def test_kappa_is_zero_when_only_one_coder_is_constant():
    assert cohen_kappa([1, 1, 1, 1], [1, 0, 1, 0]).value == 0


@pytest.mark.parametrize("coefficient", [cohen_kappa, lambda a, b: krippendorff_alpha([a, b])])
def test_one_value_throughout_is_undefined_with_a_reason(coefficient):
    found = coefficient([1, 1, 1], [1, 1, 1])
    assert found.value is None
    assert found.status == "undefined"
    assert found.reason


def test_units_that_only_one_coder_saw_do_not_count():
    assert percent([1, 0, NAN], [1, NAN, 0]).n_units == 1
    assert percent([1, NAN], [NAN, 1]).reason == "no unit was coded by both"
    assert krippendorff_alpha([[1, NAN], [NAN, 1]]).value is None


@given(codes)
def test_kappa_equals_scikit_learn_where_that_is_defined(pairs):
    a, b = zip(*pairs, strict=True)
    ours = cohen_kappa(a, b).value
    if ours is None:
        # scikit-learn answers NaN here; undefined needs a reason instead.
        assert len(set(a) | set(b)) == 1
    else:
        assert ours == pytest.approx(cohen_kappa_score(a, b))


@given(codes)
def test_order_of_coders_and_names_of_values_do_not_matter(pairs):
    a, b = (np.array(column) for column in zip(*pairs, strict=True))
    for coefficient in (percent, cohen_kappa, lambda x, y: krippendorff_alpha([x, y])):
        value = coefficient(a, b).value
        assert coefficient(b, a).value == pytest.approx(value)
        assert coefficient(7 - a, 7 - b).value == pytest.approx(value)


@given(codes)
def test_perfect_agreement_is_one_or_undefined(pairs):
    a = [pair[0] for pair in pairs]
    for coefficient in (cohen_kappa, lambda x, y: krippendorff_alpha([x, y])):
        assert coefficient(a, a).value in (None, pytest.approx(1))
