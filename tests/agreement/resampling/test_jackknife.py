"""The jackknife: against its textbook formula, and what must hold of its intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from autocode.agreement.coefficients.result import Interval
from autocode.agreement.resampling.jackknife import (
    LeftOut,
    NoInterval,
    compute_jackknife_intervals,
    compute_share_below,
)
from autocode.core.errors import InputError


def of_means(values):
    """A mean and the means without each value, whose jackknife error is that of the mean."""
    x = np.asarray(values, dtype=float)
    left_out = (x.sum() - x) / (len(x) - 1)
    return LeftOut(np.array([x.mean()]), left_out[:, None])


SHARES = st.lists(st.floats(0.05, 0.95), min_size=4, max_size=30)


@pytest.mark.slow
@given(SHARES)
def test_the_error_of_a_mean_is_its_standard_error(values):
    assert of_means(values).standard_error[0] == pytest.approx(
        np.std(values, ddof=1) / np.sqrt(len(values)), abs=1e-12
    )


@given(SHARES, st.sampled_from(["kappa", "percent"]))
def test_an_interval_holds_its_value_and_stays_inside_the_bounds(values, scale):
    (interval,) = compute_jackknife_intervals(of_means(values), scales=[scale])
    if of_means(values).standard_error[0] < 1e-12:
        assert interval is NoInterval.NO_SPREAD
        return
    assert isinstance(interval, Interval)
    lower = -1 if scale == "kappa" else 0
    tiny = 1e-9
    assert lower <= interval.low <= np.mean(values) + tiny
    assert np.mean(values) - tiny <= interval.high <= 1


@given(SHARES)
def test_a_higher_level_is_wider(values):
    assume(np.std(values) > 1e-3)
    narrow, wide = (
        compute_jackknife_intervals(of_means(values), scales=["kappa"], level=level)[0]
        for level in (0.8, 0.99)
    )
    assert wide.low < narrow.low < narrow.high < wide.high


def test_the_interval_of_a_kappa_is_symmetric_in_fishers_z_with_students_t():
    values = [0.5, 0.6, 0.7, 0.8, 0.9]
    (interval,) = compute_jackknife_intervals(of_means(values), scales=["kappa"])
    error = np.std(values, ddof=1) / np.sqrt(5) / (1 - 0.7**2)
    reach = stats.t.ppf(0.975, 4) * error
    assert interval.low == pytest.approx(np.tanh(np.arctanh(0.7) - reach))
    assert interval.high == pytest.approx(np.tanh(np.arctanh(0.7) + reach))


@pytest.mark.parametrize(
    ("values", "n_with_code", "reason"),
    [
        ([0.5, 0.6, 0.7], 3, NoInterval.FEW_TRANSCRIPTS),
        ([0.5, 0.6, 0.7, 0.8], 2, NoInterval.CODE_IN_FEW_TRANSCRIPTS),
        ([1.0, 1.0, 1.0, 1.0], 4, NoInterval.AT_BOUND),
        ([0.5, 0.6, np.nan, 0.8], 4, NoInterval.UNDEFINED),
    ],
)
def test_where_there_is_no_interval_there_is_a_reason(values, n_with_code, reason):
    found = compute_jackknife_intervals(
        of_means(values), scales=["kappa"], n_with_code=[n_with_code]
    )
    assert found == (reason,)
    assert found[0].explanation.startswith("no interval")


def test_the_share_below_is_that_of_students_t():
    assert compute_share_below(0.1, 0.05, 0.0, n=6) == pytest.approx(stats.t.cdf(-2, 5))
    assert compute_share_below(0.1, 0.0, 0.0, n=6) == 0


def test_a_level_outside_0_and_1_is_refused():
    with pytest.raises(InputError, match="between 0 and 1"):
        compute_jackknife_intervals(of_means([0.5] * 4), scales=["kappa"], level=95)
