"""Resampling and sample size: against listing, against simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocode.agreement.coefficients.alpha import krippendorff_alpha
from autocode.agreement.coefficients.kappa import cohen_kappa_of_table
from autocode.agreement.resampling.precision import (
    Resampled,
    alpha_bootstrap,
    bootstrap,
    enumerate_resamples,
    sample_size,
)
from autocode.core.errors import InputError

NAN = float("nan")
FIVE = np.array([[0, 0, 1, 1, 0], [0, 1, 1, 1, 0]], dtype=float)

codings = st.lists(
    st.lists(st.sampled_from([0.0, 1.0, 2.0, NAN]), min_size=3, max_size=3),
    min_size=1,
    max_size=12,
).map(lambda rows: np.array(rows).T)


def test_drawing_comes_near_to_listing_all():
    drawn, listed = alpha_bootstrap(FIVE, n_resamples=5000), alpha_bootstrap(FIVE, n_resamples=0)
    for name in ("mean", "sd", "p_below_667"):
        assert drawn.details[name] == pytest.approx(listed.details[name], abs=0.02)
    assert drawn.details["resamples_undefined"] == pytest.approx(64 / 3125 * 5000, abs=50)


@settings(max_examples=30)
@given(codings)
def test_the_short_way_to_nominal_alpha_is_the_long_way(table):
    short = alpha_bootstrap(table, n_resamples=30, seed=3)
    long = bootstrap(
        lambda drawn: krippendorff_alpha(table[:, drawn]).value,
        table.shape[1],
        n_resamples=30,
        seed=3,
    )
    assert short.details["resamples_undefined"] == long.moments.n_undefined
    assert short.details["mean"] == (
        None if long.moments.mean is None else pytest.approx(long.moments.mean)
    )
    assert (short.interval is None) == (long.interval() is None)


@given(st.integers(1, 5))
def test_all_resamples_are_listed(n):
    listed = enumerate_resamples(lambda drawn: float(drawn.sum()), n)
    assert listed.moments.n_total == listed.weight.sum() == n**n
    assert listed.moments.mean == pytest.approx(n * (n - 1) / 2)


def test_draws_repeat_by_their_seed():
    one = alpha_bootstrap(FIVE, seed=1, n_resamples=200)
    assert one == alpha_bootstrap(FIVE, seed=1, n_resamples=200)
    assert one.interval is not None
    assert one.interval.n_resamples == 200


def test_whole_transcripts_are_drawn_and_make_intervals_wider():
    generator = np.random.default_rng(0)
    transcript = np.repeat(np.arange(20), 15)
    hard = np.repeat(generator.random(20) < 0.4, 15)
    true = generator.integers(0, 2, size=300)
    noise = generator.integers(0, 2, size=(2, 300))
    table = np.where(hard, noise, true).astype(float)
    alone = alpha_bootstrap(table, n_resamples=400)
    together = alpha_bootstrap(table, n_resamples=400, groups=transcript)
    assert together.details["sd"] > 1.3 * alone.details["sd"]
    seen = []
    bootstrap(lambda drawn: seen.append(drawn), 300, n_resamples=3, groups=transcript)
    assert all(np.bincount(transcript[one], minlength=20).max() % 15 == 0 for one in seen)


@pytest.mark.parametrize("level", ["ordinal", "interval", "ratio"])
def test_other_levels_resample_too(level):
    found = alpha_bootstrap(FIVE, level=level, n_resamples=50)
    assert found.details["resamples_total"] == 50
    assert found.interval.low <= found.interval.high


def test_limits_leave_out_the_same_share_at_both_ends():
    interval = Resampled(np.arange(1.0, 201.0), np.ones(200)).interval()
    assert (interval.low, interval.high) == (5.0, 195.0)


@pytest.mark.parametrize("n_resamples", [0, 2000])
def test_nothing_to_resample_has_no_interval(n_resamples):
    found = alpha_bootstrap(np.zeros((2, 0)), n_resamples=n_resamples)
    assert found.value is None
    assert found.interval is None
    assert found.details["mean"] is None
    assert found.details["sd"] is None
    assert found.details["p_below_667"] is None


def test_too_many_units_to_list_and_groups_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="Draw some of them"):
        enumerate_resamples(lambda drawn: 0.0, 10)
    with pytest.raises(InputError, match="Give one per unit"):
        bootstrap(lambda drawn: 0.0, 3, groups=[1, 1])


def test_the_sample_size_gives_the_power_it_promises():
    n = sample_size((0.5, 0.5), (0.4, 0.7), power=0.9)
    generator = np.random.default_rng(0)

    def drawn(kappa):
        both = (kappa * 0.5 + 0.5) / 2
        tables = generator.multinomial(n, [both, 0.5 - both, 0.5 - both, both], size=2000)
        return np.array([cohen_kappa_of_table(t.reshape(2, 2)).value for t in tables])

    limit = np.quantile(drawn(0.4), 0.95)
    assert (drawn(0.7) > limit).mean() == pytest.approx(0.9, abs=0.04)


def test_larger_differences_need_fewer_units_and_two_sides_more():
    near, far = sample_size((0.3, 0.3), (0.4, 0.5)), sample_size((0.3, 0.3), (0.4, 0.7))
    assert far < near < sample_size((0.3, 0.3), (0.4, 0.5), sides=2)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: sample_size((0.5, 0.5), (0.7, 0.7)),
        lambda: sample_size((0.5, 0.5), (0.4, 0.7), sides=3),
        lambda: sample_size((0.5, 1.0), (0.4, 0.7)),
        lambda: sample_size((0.1, 0.9), (0.4, 0.7)),
    ],
)
def test_impossible_designs_are_refused(wrong):
    with pytest.raises(InputError):
        wrong()
