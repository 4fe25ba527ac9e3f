"""Alpha at four levels against the definition written out, and what must hold for any data."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.agreement.coefficients.alpha import (
    alpha_interval,
    coincidence_matrix,
    krippendorff_alpha,
)
from autocode.agreement.coefficients.observed import percent_agreement
from autocode.core.errors import InputError

NAN = float("nan")
LEVELS = ("nominal", "ordinal", "interval", "ratio")

codings = st.integers(2, 4).flatmap(
    lambda n_coders: st.lists(
        st.lists(st.sampled_from([0.0, 1.0, 2.0, 5.0, NAN]), min_size=n_coders, max_size=n_coders),
        min_size=1,
        max_size=20,
    ).map(lambda rows: np.array(rows).T)
)


def distance(a, b, level, counts):
    if level == "nominal":
        return float(a != b)
    if level == "interval":
        return (a - b) ** 2
    if level == "ratio":
        return ((a - b) / (a + b)) ** 2 if a + b else 0.0
    low, high = sorted((a, b))
    between = sum(n for value, n in counts.items() if low <= value <= high)
    return (between - (counts[low] + counts[high]) / 2) ** 2 if a != b else 0.0


def written_out(table, level):
    """Krippendorff (2011): all ordered pairs of values, within units and over all."""
    units = [[v for v in unit if not np.isnan(v)] for unit in table.T]
    units = [unit for unit in units if len(unit) > 1]
    values = [v for unit in units for v in unit]
    counts = {v: values.count(v) for v in values}
    within = sum(
        sum(distance(a, b, level, counts) for a, b in permutations(unit, 2)) / (len(unit) - 1)
        for unit in units
    )
    over_all = sum(distance(a, b, level, counts) for a, b in permutations(values, 2))
    if not over_all:
        return None
    return 1 - (within / len(values)) / (over_all / (len(values) * (len(values) - 1)))


@pytest.mark.slow
@given(codings, st.sampled_from(LEVELS))
def test_alpha_is_its_definition_written_out(table, level):
    expected = written_out(table, level)
    found = krippendorff_alpha(table, level=level)
    assert found.value == (None if expected is None else pytest.approx(expected))
    assert bool(found.reason) == (expected is None)


@given(codings, st.sampled_from(LEVELS))
def test_order_of_coders_and_units_does_not_matter(table, level):
    value = krippendorff_alpha(table, level=level).value
    for other in (table[::-1], table[:, ::-1]):
        found = krippendorff_alpha(other, level=level).value
        assert found == (None if value is None else pytest.approx(value))


@given(codings)
def test_each_level_keeps_alpha_under_the_changes_it_allows(table):
    changes = {
        "nominal": lambda t: 7 - t,
        "ordinal": lambda t: t**3 - 2,
        "interval": lambda t: 3 * t - 40,
        "ratio": lambda t: 3 * t,
    }
    for level, change in changes.items():
        value = krippendorff_alpha(table, level=level).value
        found = krippendorff_alpha(change(table), level=level).value
        assert found == (None if value is None else pytest.approx(value))


@given(codings, st.sampled_from(LEVELS))
def test_units_seen_once_and_coders_who_saw_nothing_change_nothing(table, level):
    alone = np.full((table.shape[0], 2), NAN)
    alone[0] = [1, 5]
    empty = np.full((1, table.shape[1]), NAN)
    value = krippendorff_alpha(table, level=level).value
    for other in (np.hstack([table, alone]), np.vstack([table, empty])):
        found = krippendorff_alpha(other, level=level).value
        assert found == (None if value is None else pytest.approx(value))


@given(codings)
def test_disagreement_of_two_values_is_the_same_at_every_level(table):
    two = np.where(np.isnan(table), NAN, (table > 0).astype(float))
    values = {
        None if v is None else round(v, 9)
        for v in (krippendorff_alpha(two, level=level).value for level in LEVELS)
    }
    assert len(values) == 1


@given(codings, st.sampled_from(LEVELS))
def test_coders_who_copy_each_other_score_one_or_nothing(table, level):
    found = krippendorff_alpha([table[0], table[0]], level=level).value
    assert found in (None, pytest.approx(1))


@pytest.mark.parametrize("level", LEVELS)
def test_coders_who_mark_at_random_score_near_zero(level):
    drawn = np.random.default_rng(0).integers(0, 4, size=(3, 50_000))
    assert abs(krippendorff_alpha(drawn, level=level).value) < 0.01


@given(codings)
def test_observed_disagreement_is_one_of_the_percentages(table):
    share = percent_agreement(table, missing="annotation_weighted").value
    if share is not None:
        assert krippendorff_alpha(table).observed == pytest.approx(1 - share)


@given(codings)
def test_coincidences_hold_what_nominal_alpha_is_made_of(table):
    found, alpha = coincidence_matrix(table), krippendorff_alpha(table)
    assert np.allclose(found.matrix, found.matrix.T)
    if alpha.n_units:
        assert found.total == pytest.approx(alpha.details["pairable_values"])
        assert 1 - np.trace(found.matrix) / found.total == pytest.approx(alpha.observed)
    else:
        assert found.total == 0
        assert found.marginals.size == 0


@pytest.mark.slow
def test_many_distinct_values_take_no_room_and_keep_their_digits():
    generator = np.random.default_rng(0)
    true = generator.random(4000)
    table = true + generator.normal(0, 0.01, size=(2, 4000))
    plain = krippendorff_alpha(table, level="interval").value
    assert plain > 0.99
    assert krippendorff_alpha(table + 1e6, level="interval").value == pytest.approx(plain, abs=1e-6)
    assert 0 < krippendorff_alpha(np.abs(table), level="ratio").value < 1


@pytest.mark.parametrize("level", LEVELS)
def test_the_error_without_resampling_is_what_resampling_shows(level):
    generator = np.random.default_rng(0)
    true = generator.integers(1, 5, size=300)
    table = np.where(generator.random((3, 300)) < 0.75, true, generator.integers(1, 5, (3, 300)))
    table = np.where(generator.random((3, 300)) < 0.1, NAN, table.astype(float))
    found = alpha_interval(table, level=level)
    drawn = [
        krippendorff_alpha(table[:, generator.integers(300, size=300)], level=level).value
        for _ in range(1000)
    ]
    assert found.details["se_gwet"] == pytest.approx(np.std(drawn), rel=0.1)
    assert found.interval.low < found.value < found.interval.high <= 1


def test_no_interval_where_there_is_no_alpha_or_one_unit():
    assert alpha_interval([[1, 1], [1, 1]]).interval is None
    assert alpha_interval([[1], [2]]).interval is None
    assert alpha_interval([[1], [2]]).value == 0


def test_unknown_levels_and_negative_ratios_are_refused():
    with pytest.raises(InputError, match="Known: nominal, ordinal, interval, ratio"):
        krippendorff_alpha([[1], [1]], level="cardinal")
    with pytest.raises(InputError, match="0 or more; -1"):
        krippendorff_alpha([[-1, 2], [1, 2]], level="ratio")
