"""Other people's words for coefficients: each for what its author meant it for, edges included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.agreement.coefficients.result import Coefficient, Interval
from autocode.agreement.reporting import bands
from autocode.agreement.study.specs import SPECS
from autocode.core.errors import InputError


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
    banded = {spec.name for spec in SPECS if spec.bands}
    assert banded.isdisjoint({"percent", "positive_agreement", "negative_agreement"})
    assert {"krippendorff_alpha", "pooled_kappa", "gwet_ac1"} <= banded


def test_krippendorffs_limits_are_asked_of_alphas_only():
    limited = {spec.name for spec in SPECS if "krippendorff" in spec.bands}
    assert limited == {"krippendorff_alpha", "alpha_masi"}


@given(st.floats(-0.99, 0.99), st.floats(0.01, 0.5))
def test_probabilities_of_bands_rise_to_one_and_a_worse_error_claims_no_more(coefficient, se):
    claim = bands.benchmark(coefficient, se)
    running = [p for _, p in claim.cumulative]
    assert running == sorted(running)
    assert running[-1] == pytest.approx(1)
    names = [name for name, _ in claim.cumulative]
    looser = bands.benchmark(coefficient, 1.5 * se)
    assert names.index(looser.label) >= names.index(claim.label) - (coefficient < -0.5)


def test_krippendorffs_limits_need_a_lower_end_above_them():
    assert bands.benchmark(0.9, 0.02, bands=bands.KRIPPENDORFF).label == "rely on"
    assert bands.benchmark(0.82, 0.05, bands=bands.KRIPPENDORFF).label == "tentative conclusions"
    assert bands.benchmark(0.7, 0.05, bands=bands.KRIPPENDORFF).label == "discard"
    with pytest.raises(InputError, match="must exceed 0"):
        bands.benchmark(0.9, 0)


@pytest.mark.parametrize(
    "ask", [bands.landis_koch, bands.krippendorff_limit, lambda value: bands.benchmark(value, 0.1)]
)
def test_what_is_undefined_lies_in_no_band(ask):
    for nothing in (float("nan"), None):
        with pytest.raises(InputError, match="undefined lies in no band"):
            ask(nothing)
    with pytest.raises(InputError, match="above 1; 2 is"):
        ask(2)
