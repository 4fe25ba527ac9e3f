"""Shaffer's rho: repeatable, and small only where weak coders could not do as well."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.agreement.coefficients.kappa import cohen_kappa_of_table
from autocode.agreement.coefficients.rho import NullCoders, shaffer_rho, solve_recall
from autocode.core.errors import InputError

SMALL = [[3, 1], [2, 34]]


def test_rho_repeats_by_its_seed_and_not_otherwise():
    one = shaffer_rho(SMALL, seed=1)
    assert one == shaffer_rho(SMALL, seed=1)
    assert one.details["null_mean"] != shaffer_rho(SMALL, seed=2).details["null_mean"]


def test_the_same_kappa_on_more_units_is_less_likely_chance():
    null = NullCoders(threshold=0.65)
    table = np.array([[6, 1], [2, 31]])
    assert shaffer_rho(10 * table, null=null).value < shaffer_rho(table, null=null).value


def test_a_kappa_below_the_weak_coders_mean_is_one():
    assert shaffer_rho([[2, 5], [5, 28]]).value == 1


def test_test_sets_with_more_uses_keep_them():
    null = NullCoders(threshold=0.65, inflation=0.2)
    plain, inflated = (
        shaffer_rho(SMALL, null=NullCoders(threshold=0.65)),
        shaffer_rho(SMALL, null=null),
    )
    assert inflated.details["n_replicates"] == 800
    assert plain.details["n_replicates"] <= 800


@pytest.mark.parametrize("table", [np.zeros((2, 2)), [[0, 0], [0, 9]], [[5, 4], [0, 0]]])
def test_no_kappa_no_rho(table):
    assert shaffer_rho(table).value is None
    assert shaffer_rho(table).reason


@pytest.mark.parametrize(
    ("table", "null"),
    [
        (np.eye(3), NullCoders()),
        (SMALL, NullCoders(length=20)),
        ([[30, 1], [1, 3]], NullCoders(threshold=0.99, kappa_min=0.98, precision_max=0.61)),
    ],
)
def test_what_cannot_be_simulated_is_refused(table, null):
    with pytest.raises(InputError):
        shaffer_rho(table, null=null)


@given(st.floats(0.1, 0.9), st.floats(0.05, 0.5), st.floats(0.6, 1))
def test_recall_gives_back_the_kappa_it_came_from(kappa, base_rate, precision):
    try:
        recall = solve_recall(kappa, base_rate=base_rate, precision=precision)
    except InputError:
        return
    both = base_rate * recall
    only_second = both * (1 - precision) / precision
    neither = 1 - base_rate - only_second
    if recall <= 1 and neither >= 0:
        table = [[both, base_rate - both], [only_second, neither]]
        assert cohen_kappa_of_table(table).value == pytest.approx(kappa)


def test_recall_that_no_precision_allows_is_refused():
    with pytest.raises(InputError, match="Precision must be higher"):
        solve_recall(0.9, base_rate=0.5, precision=0.4)
