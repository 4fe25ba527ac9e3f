"""Other people's words for coefficients: each for what its author meant it for, edges included."""

from __future__ import annotations

import pytest

from autocode.agreement.coefficients.result import Coefficient, Interval
from autocode.agreement.reporting import bands


@pytest.mark.parametrize(
    ("value", "word"),
    [
        # Landis & Koch (1977), table on p. 165: .81-1.00, .61-.80, .41-.60, .21-.40, .00-.20, < 0.
        (1.0, "Almost Perfect"),
        (0.81, "Almost Perfect"),
        (0.80, "Substantial"),
        (0.61, "Substantial"),
        (0.60, "Moderate"),
        (0.40, "Fair"),
        (0.20, "Slight"),
        (0.0, "Slight"),
        (-0.001, "Poor"),
        (-1.0, "Poor"),
    ],
)
def test_landis_koch_gives_the_word_of_their_table(value, word):
    assert bands.landis_koch(value) == word


@pytest.mark.parametrize(
    ("lower", "word"),
    [
        (0.8, "rely on"),
        (0.7999, "tentative conclusions"),
        (0.667, "tentative conclusions"),
        (0.6669, "discard"),
        (-0.5, "discard"),
    ],
)
def test_krippendorffs_limits_include_their_edge(lower, word):
    assert bands.krippendorff_limit(lower) == word


def interval(low, high, level=0.95):
    return Interval(low=low, high=high, level=level, method="percentile")


def test_standard_error_is_the_width_over_twice_the_normal_quantile():
    assert bands.standard_error(interval(0.2, 0.592)) == pytest.approx(0.1, abs=1e-5)
    assert bands.standard_error(interval(0.0, 0.328971, 0.90)) == pytest.approx(0.1, abs=1e-5)


def test_gwets_benchmark_claims_less_than_the_value_where_the_error_is_large():
    # Gwet (2014, ch. 6): .67 with standard error .15 is Moderate, though .67 itself is Substantial.
    c = Coefficient(
        name="alpha", value=0.67, n_units=10, interval=interval(0.67 - 0.294, 0.67 + 0.294)
    )
    assert bands.gwet_benchmark(c).label == "Moderate"
    assert bands.landis_koch(0.67) == "Substantial"


@pytest.mark.parametrize(
    "c",
    [
        Coefficient(name="alpha", value=None, n_units=0, reason="none"),
        Coefficient(name="alpha", value=0.5, n_units=10),
        Coefficient(name="alpha", value=1.0, n_units=10, interval=interval(1.0, 1.0)),
    ],
)
def test_gwets_benchmark_needs_an_interval_with_a_width(c):
    assert bands.gwet_benchmark(c) is None


def test_bands_are_not_asked_of_percentages():
    named = {*bands.CHANCE_CORRECTED, *bands.ALPHAS}
    assert named.isdisjoint({"percent", "positive_agreement", "negative_agreement"})
    assert set(bands.CHANCE_CORRECTED) >= bands.ALPHAS
