"""Resampling transcripts: against plain enumeration and drawing, and what must hold for any."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocode.agreement.coefficients.alpha import alpha_from_coincidences, pair_alpha_from_tables
from autocode.agreement.coefficients.kappa import kappa_from_tables
from autocode.agreement.coefficients.observed import percent_from_tables
from autocode.agreement.resampling.by_transcript import count_coincidences, count_contingencies
from autocode.agreement.resampling.draws import (
    compute_on_draws,
    draw_transcripts,
    share_below,
    summarise_draws,
    weighted_quantiles,
)
from autocode.agreement.resampling.intervals import compute_intervals, percentile_intervals
from autocode.core.errors import InputError

NAN = float("nan")
OF_PAIRS = [percent_from_tables, kappa_from_tables, pair_alpha_from_tables]
pairs = st.lists(
    st.tuples(st.sampled_from([0, 1, 2, NAN]), st.sampled_from([0, 1, 2, NAN]), st.integers(0, 3)),
    min_size=1,
    max_size=30,
)


def columns(rows):
    a, b, place = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return a, b, place.astype(int)


def tables_of(rows, n_transcripts=4):
    a, b, place = columns(rows)
    return count_contingencies(a, b, transcripts=place, n_values=3, n_transcripts=n_transcripts)


@given(pairs)
def test_tables_count_units_by_transcript(rows):
    expected = np.zeros((4, 3, 3))
    for a, b, place in rows:
        if a == a and b == b:
            expected[place, a, b] += 1
    assert np.array_equal(tables_of(rows), expected)


@given(pairs)
def test_coincidences_of_two_coders_are_their_table_both_ways(rows):
    a, b, place = columns(rows)
    found = count_coincidences([a, b], transcripts=place, n_values=3, n_transcripts=4)
    table = tables_of(rows)
    assert found == pytest.approx(table + np.swapaxes(table, -1, -2))


@given(pairs, st.permutations(range(3)))
def test_coefficients_do_not_depend_on_coders_or_names_of_values(rows, names):
    whole = tables_of(rows).sum(axis=0)
    for coefficient in OF_PAIRS:
        value = coefficient(whole)
        assert coefficient(whole.T) == pytest.approx(value, nan_ok=True)
        assert coefficient(whole[np.ix_(names, names)]) == pytest.approx(value, nan_ok=True)


@given(pairs, st.integers(2, 5))
def test_repeating_every_unit_keeps_percent_and_kappa(rows, times):
    whole = tables_of(rows).sum(axis=0)
    for coefficient in (percent_from_tables, kappa_from_tables):
        assert coefficient(times * whole) == pytest.approx(coefficient(whole), nan_ok=True)


def test_perfect_agreement_is_one_and_one_value_throughout_is_undefined():
    perfect, flat = np.diag([3.0, 4.0]), np.diag([7.0, 0.0])
    assert [coefficient(perfect) for coefficient in OF_PAIRS] == [1, 1, 1]
    assert percent_from_tables(flat) == 1
    assert np.isnan(
        [kappa_from_tables(flat), pair_alpha_from_tables(flat), alpha_from_coincidences(2 * flat)]
    ).all()
    assert np.isnan([coefficient(0 * flat) for coefficient in OF_PAIRS]).all()


def test_chance_gives_values_near_zero():
    generator = np.random.default_rng(0)
    a, b, c = (generator.random((3, 100_000)) < 0.8).astype(float)
    place = np.zeros(a.size, dtype=int)
    table = count_contingencies(a, b, transcripts=place, n_values=2)
    three = count_coincidences([a, b, c], transcripts=place, n_values=2)
    assert abs(kappa_from_tables(table)[0]) < 0.01
    assert abs(alpha_from_coincidences(three)[0]) < 0.01


@settings(max_examples=40)
@given(pairs)
def test_enumeration_equals_trying_every_draw(rows):
    tables = tables_of(rows)
    draws = draw_transcripts(4)
    assert draws.is_exact
    assert draws.n_total == 256
    plain = np.array(
        [kappa_from_tables(tables[list(draw)].sum(axis=0)) for draw in product(range(4), repeat=4)]
    )
    defined = plain[~np.isnan(plain)]
    values = compute_on_draws(tables, kappa_from_tables, draws=draws)
    (found,) = summarise_draws(values, weight=draws.weight)
    assert found.n_undefined == np.isnan(plain).sum()
    if not defined.size:
        assert found.mean is None
        assert compute_intervals(tables, kappa_from_tables, draws=draws) == (None,)
        return
    assert found.mean == pytest.approx(defined.mean())
    assert found.sd == pytest.approx(defined.std())
    # Rounding splits what are ties on paper, so thresholds stand apart from the values.
    assert share_below(values[:, 0], 0.1234567, weight=draws.weight) == pytest.approx(
        (defined < 0.1234567).mean()
    )
    expected = np.quantile(defined, [0.025, 0.975], method="inverted_cdf")
    (interval,) = compute_intervals(tables, kappa_from_tables, draws=draws)
    assert (interval.low, interval.high) == pytest.approx(tuple(expected))
    assert interval.n_undefined == found.n_undefined


def study(n_transcripts=30, n_units=2000, seed=0, n_codes=1):
    """Two coders who agree more in some transcripts than in others."""
    generator = np.random.default_rng(seed)
    place = np.sort(generator.integers(0, n_transcripts, n_units))
    a = generator.random((n_codes, n_units)) < 0.3
    honest = generator.random(n_transcripts)[place] * 0.5 + 0.5
    b = np.where(generator.random(a.shape) < honest, a, generator.random(a.shape) < 0.3)
    return a.astype(float), b.astype(float), place


def test_random_draws_approach_every_draw():
    a, b, place = study(n_transcripts=7)
    tables = count_contingencies(a, b, transcripts=place, n_values=2)
    draws = draw_transcripts(7)
    exact = summarise_draws(
        compute_on_draws(tables, kappa_from_tables, draws=draws), weight=draws.weight
    )
    picked = np.random.default_rng(1).integers(0, 7, (20_000, 7))
    plain = kappa_from_tables(tables[picked].sum(axis=1))[:, 0]
    assert exact[0].mean == pytest.approx(plain.mean(), abs=0.003)
    assert exact[0].sd == pytest.approx(plain.std(), abs=0.003)


def test_transcripts_are_resampled_not_units():
    # All units of a transcript agree or none does: 1,000 units, but 10 independent facts.
    agrees = np.repeat([1, 1, 1, 1, 1, 1, 0, 0, 0, 0], 100)
    a = np.tile([0.0, 1.0], 500)
    b = np.where(agrees == 1, a, 1 - a)
    place = np.repeat(np.arange(10), 100)
    tables = count_contingencies(a, b, transcripts=place, n_values=2)
    (interval,) = compute_intervals(tables, percent_from_tables, draws=draw_transcripts(10))
    assert interval.high - interval.low == pytest.approx(0.6, abs=0.101)


def test_bca_equals_scipy_on_a_mean():
    from scipy.stats import bootstrap

    data = np.random.default_rng(2).exponential(size=15)
    reference = bootstrap(
        (data,), np.mean, n_resamples=200_000, method="BCa", rng=np.random.default_rng(3)
    ).confidence_interval
    counts = np.stack([data, np.ones(15)], axis=1)
    draws = draw_transcripts(15, n_resamples=200_000)

    def mean(sums):
        return sums[:, 0] / sums[:, 1]

    (found,) = compute_intervals(counts, mean, draws=draws, method="bca")
    assert (found.low, found.high) == pytest.approx(tuple(reference), abs=0.01)
    (plain,) = compute_intervals(counts, mean, draws=draws)
    assert found.low > plain.low
    assert found.high > plain.high


@settings(max_examples=40)
@given(pairs, st.sampled_from(["percentile", "bca"]))
def test_limits_are_numbers_in_order_or_missing(rows, method):
    for interval in compute_intervals(
        tables_of(rows), kappa_from_tables, draws=draw_transcripts(4), method=method
    ):
        if interval is not None:
            assert -1 - 1e-9 <= interval.low <= interval.high <= 1 + 1e-9


def test_coefficients_on_the_same_draws_are_paired():
    a, b, place = study()
    both = count_contingencies(
        np.concatenate([a, a]), np.concatenate([b, b]), transcripts=place, n_values=2
    )
    draws = draw_transcripts(30)
    values = compute_on_draws(both, kappa_from_tables, draws=draws)
    assert np.array_equal(values[:, 0], values[:, 1])
    (difference,) = percentile_intervals(values[:, [0]] - values[:, [1]], draws=draws)
    assert (difference.low, difference.high) == (0, 0)


def test_quantiles_take_the_weights():
    draws = draw_transcripts(2)
    values = np.array([[1.0], [2.0], [3.0]])
    assert draws.weight.tolist() == [1, 2, 1]
    found = [
        weighted_quantiles(values, share, weight=draws.weight)[0]
        for share in (0.25, 0.26, 0.75, 0.76)
    ]
    assert found == [1, 2, 2, 3]


def test_the_seed_decides():
    first, again, other = (draw_transcripts(20, seed=seed).counts for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert (first.sum(axis=1) == 20).all()


def test_one_transcript_has_no_interval_and_wrong_settings_are_refused():
    table = np.array([[[5.0, 1], [2, 7]]])
    assert compute_intervals(table, kappa_from_tables, draws=draw_transcripts(1)) == (None,)
    with pytest.raises(InputError, match="of 3 transcripts, the counts of 1"):
        compute_on_draws(table, kappa_from_tables, draws=draw_transcripts(3))
    with pytest.raises(InputError, match="percentile or bca"):
        compute_intervals(table, kappa_from_tables, draws=draw_transcripts(1), method="magic")
    with pytest.raises(InputError, match="between 0 and 1"):
        compute_intervals(table, kappa_from_tables, draws=draw_transcripts(1), level=95)
    with pytest.raises(InputError, match="needs transcripts"):
        draw_transcripts(0)


def test_a_large_study_has_an_interval_around_every_value():
    a, b, place = study(n_units=20_000, n_codes=40)
    draws = draw_transcripts(30, n_resamples=2000)
    tables = count_contingencies(a, b, transcripts=place, n_values=2)
    three = count_coincidences(np.stack([a, b, a]), transcripts=place, n_values=2)
    for counts, coefficient, method in (
        (tables, kappa_from_tables, "bca"),
        (three, alpha_from_coincidences, "percentile"),
    ):
        values = coefficient(counts.sum(axis=0))
        limits = compute_intervals(counts, coefficient, draws=draws, method=method)
        assert values.shape == (40,)
        assert len(limits) == 40
        for value, interval in zip(values, limits, strict=True):
            assert interval.low < value < interval.high
            assert interval.high - interval.low < 0.2
