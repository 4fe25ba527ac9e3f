"""Intervals and p-values on plain arrays: inside their bounds, right by simulation and by hand."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autocode import agreement as a
from autocode.core.errors import InputError

WEIGHTS = a.agreement_weights(range(3), "linear")


def table_of(codings):
    return a.confusion_table(codings[0], codings[1], categories=range(3))


def counts_of(codings):
    return a.unit_counts(codings, categories=range(3))


def sets_of(codings):
    """Each value as a set of codes, so that some nest and some overlap."""
    known = [frozenset(), frozenset("a"), frozenset("ab")]
    return [[known[int(value)] for value in row] for row in codings]


KAPPA_LIKE = {
    "cohen_kappa": lambda x, **by: a.cohen_kappa(x[0], x[1], **by),
    "fleiss_kappa": lambda x, **by: a.fleiss_kappa(counts_of(x), **by),
    "brennan_prediger": lambda x, **by: a.brennan_prediger(counts_of(x), **by),
    "gwet_ac1": lambda x, **by: a.gwet_ac1(counts_of(x), **by),
    "gwet_ac2": lambda x, **by: a.gwet_ac2(counts_of(x), WEIGHTS, **by),
    "alpha": lambda x, **by: a.krippendorff_alpha(a.arrange_codings(x, rows="coders"), **by),
    "alpha, ordinal": lambda x, **by: a.krippendorff_alpha(
        a.arrange_codings(x, rows="coders"), level="ordinal", **by
    ),
    "alpha of sets": lambda x, **by: a.krippendorff_alpha_sets(sets_of(x), **by),
    "multi-valued alpha": lambda x, **by: a.multi_valued_alpha(sets_of(x), **by),
}
OF_TABLES = {
    "weighted_kappa": lambda x: a.weighted_kappa(table_of(x), WEIGHTS),
    "scott_pi": lambda x: a.scott_pi(table_of(x)),
    "gwet_ac1_of_table": lambda x: a.gwet_ac1_of_table(table_of(x)),
    "pabak": lambda x: a.pabak(table_of(x)[:2, :2]),
    "bias_index": lambda x: a.bias_index(table_of(x)[:2, :2]),
    "prevalence_index": lambda x: a.prevalence_index(table_of(x)[:2, :2]),
}
PERCENT_LIKE = {
    "percent": lambda x, **by: a.percent(x[0], x[1], **by),
    "percent_agreement": lambda x, **by: a.percent_agreement(
        a.arrange_codings(x, rows="coders"), **by
    ),
    "holsti_of_sets": lambda x, **by: a.holsti_of_sets(*sets_of(x[:2]), **by),
}
BY_CLUSTERS = KAPPA_LIKE | PERCENT_LIKE
EVERY = BY_CLUSTERS | OF_TABLES | {"specific": lambda x: a.specific_agreement(table_of(x))[1]}

few_units = st.integers(1, 25).flatmap(lambda n: arrays(float, (2, n), elements=st.integers(0, 2)))


def draw_codings(generator, n, *, agreeing=0.7):
    true = generator.choice(3, n, p=[0.5, 0.3, 0.2])
    guesses = generator.choice(3, (2, n), p=[0.5, 0.3, 0.2])
    return np.where(generator.random((2, n)) < agreeing, true, guesses).astype(float)


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
@given(codings=few_units)
def test_an_interval_lies_inside_its_bounds_and_holds_its_value_or_there_is_a_reason(name, codings):
    found = EVERY[name](codings)
    if found.value is None:
        assert found.reason
        assert found.interval is None
        return
    assert (found.interval is None) == bool(found.no_interval)
    assert found.p_value is None or 0 <= found.p_value <= 1
    if found.interval is not None:
        low = 0 if name in PERCENT_LIKE or name == "specific" else -1
        assert low <= found.interval.low <= found.value + 1e-12
        assert found.value - 1e-12 <= found.interval.high <= 1


@pytest.mark.parametrize("name", EVERY)
def test_intervals_of_independent_units_cover_what_they_say(name):
    truth = EVERY[name](draw_codings(np.random.default_rng(0), 20_000)).value
    generator = np.random.default_rng(1)
    inside = 0
    for _ in range(120):
        interval = EVERY[name](draw_codings(generator, 120)).interval
        inside += interval.low <= truth <= interval.high
    # 114 are expected; one in a thousand runs would lie outside this by chance.
    assert 106 <= inside <= 120


@pytest.mark.parametrize("name", BY_CLUSTERS)
def test_units_repeated_tell_no_more_when_clusters_say_so(name):
    codings = draw_codings(np.random.default_rng(2), 60)
    often = np.repeat(codings, 9, axis=1)
    plain, repeated = BY_CLUSTERS[name](codings), BY_CLUSTERS[name](often)
    grouped = BY_CLUSTERS[name](often, clusters=np.repeat(np.arange(60), 9))
    width = plain.interval.high - plain.interval.low
    assert repeated.interval.high - repeated.interval.low < 0.4 * width
    assert grouped.interval.high - grouped.interval.low == pytest.approx(width, rel=0.12)
    assert grouped.value == pytest.approx(repeated.value)
    assert grouped.interval.df == 59


def test_a_cluster_error_is_the_jackknife_by_hand():
    codings = draw_codings(np.random.default_rng(3), 40)
    names = np.array(list("abcde") * 8)
    left = [
        a.cohen_kappa(codings[0, names != name], codings[1, names != name]).value
        for name in "abcde"
    ]
    by_hand = np.sqrt(4 / 5 * ((left - np.mean(left)) ** 2).sum())
    found = a.cohen_kappa(codings[0], codings[1], clusters=names)
    assert found.interval.standard_error == pytest.approx(by_hand)
    assert found.interval.method == "jackknife of clusters, t"
    # On Fisher's z: the p-value and the interval say the same of no agreement.
    wide = a.leave_out_clusters(
        lambda kept: a.cohen_kappa(codings[0, kept], codings[1, kept]),
        names,
        level=1 - found.p_value,
    )
    assert wide.interval.low == pytest.approx(0, abs=1e-9)


def test_a_weighted_kappa_of_dependent_units_goes_through_leave_out_clusters():
    codings = draw_codings(np.random.default_rng(4), 80)
    found = a.leave_out_clusters(
        lambda kept: a.weighted_kappa(table_of(codings[:, kept]), WEIGHTS), np.arange(80) // 8
    )
    assert found.name == "weighted_kappa"
    assert found.interval.df == 9


def test_too_few_clusters_leave_the_value_and_say_why_there_is_no_interval():
    codings = draw_codings(np.random.default_rng(5), 30)
    found = a.cohen_kappa(codings[0], codings[1], clusters=["A"] * 15 + ["B"] * 15)
    assert found.value == a.cohen_kappa(codings[0], codings[1]).value
    assert found.interval is None
    assert found.p_value is None
    assert found.no_interval == "no interval from fewer than 4 clusters"
    one = a.cohen_kappa(codings[0], codings[1], clusters=["A"] * 30)
    assert one.no_interval == "no interval from fewer than 4 clusters"


def test_clusters_must_be_one_for_each_unit():
    with pytest.raises(InputError, match="3 clusters do not fit 4 units"):
        a.cohen_kappa([1, 1, 2, 2], [1, 2, 2, 2], clusters=["A", "A", "B"])
    with pytest.raises(InputError, match="Unit 3 has no cluster"):
        a.cohen_kappa([1, 1, 2, 2], [1, 2, 2, 2], clusters=["A", "A", None, "B"])
    with pytest.raises(InputError, match="3 clusters do not fit 2 units"):
        a.multi_valued_alpha([[{"x"}, set()], [{"x"}, {"y"}]], clusters=[1, 2, 3])


def test_coders_who_agree_by_chance_only_are_found_to_differ_from_it_one_time_in_twenty():
    generator = np.random.default_rng(6)
    names = ("cohen_kappa", "fleiss_kappa", "alpha", "alpha of sets")
    found = {name: 0 for name in names}
    for _ in range(200):
        codings = draw_codings(generator, 80, agreeing=0.0)
        for name in names:
            found[name] += KAPPA_LIKE[name](codings).p_value < 0.05
    # Ten are expected of two hundred.
    assert all(1 <= n <= 22 for n in found.values()), found


def test_a_value_at_its_bound_has_no_interval():
    codings = np.array([[0.0, 1, 2, 1], [0.0, 1, 2, 1]])
    for name, measure in KAPPA_LIKE.items():
        found = measure(codings)
        assert (found.value, found.interval) == (1, None), name
        assert found.no_interval == "no interval for a value at its bound"
    # Wilson's has one: ten of ten are not a promise of the eleventh.
    assert a.percent([1] * 10, [1] * 10).interval.low == pytest.approx(0.7225, abs=1e-4)


def test_sums_alone_give_no_interval():
    assert "give the units" in a.holsti(8, decisions_a=10, decisions_b=9).no_interval
    assert "adjoin" in a.nvivo_comparison([[50, 3], [4, 900]]).no_interval


def test_fleiss_1971_has_the_z_that_r_irr_prints():
    # kappam.fleiss(diagnoses) of R irr prints: Kappa = 0.43, z = 17.7, p-value = 0.
    file = Path(__file__).parents[2] / "data" / "published" / "fleiss_1971.json"
    counts = json.loads(file.read_text(encoding="utf-8"))["examples"][0]["input"]["counts"]
    found = a.fleiss_kappa(counts)
    z = found.value / found.details["se_null_fleiss_nee_landis_1979"]
    assert z == pytest.approx(17.7, abs=0.05)
    assert found.p_value == pytest.approx(2 * NormalDist().cdf(-z))
