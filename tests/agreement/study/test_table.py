"""Who is compared on what, and what the table says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.agreement.coefficients.sets import krippendorff_alpha_sets
from autocode.agreement.resampling.draws import draw_transcripts
from autocode.agreement.resampling.intervals import Resampling, percentile_intervals
from autocode.agreement.study.decisions import Unit
from autocode.agreement.study.table import NOTHING, measure_agreement


def unit(**applied: str) -> Unit:
    return Unit(
        transcript="t1",
        excerpt="words",
        applied={coder: frozenset(codes.split()) for coder, codes in applied.items()},
    )


def test_units_read_by_one_coder_are_left_out():
    found = measure_agreement(
        [unit(a="x", b="x"), unit(a="x")], ["a", "b"], ["x"], unit_name="turn"
    )
    assert found.n_units == 1


def test_reading_without_a_code_is_a_no_not_a_gap():
    units = [unit(a="x", b=""), unit(a="", b=""), unit(a="x", b="x"), unit(a="", b="")]
    (code,) = measure_agreement(units, ["a", "b"], ["x"], unit_name="turn").per_code
    assert code.coefficients["percent"].value == 0.75
    assert code.prevalence == pytest.approx(3 / 8)
    assert code.coefficients["cohen_kappa"].value == pytest.approx(0.5)


def test_codes_nobody_used_play_no_part():
    found = measure_agreement(
        [unit(a="x", b="x"), unit(a="", b="")], ["a", "b"], ["x", "y"], unit_name=""
    )
    assert [code.code for code in found.per_code] == ["x"]
    assert found.overall["percent"].n_units == 2


def test_three_coders_are_compared_pair_by_pair():
    units = [unit(a="x", b="x", c=""), unit(a="", b="", c="x"), unit(a="x", b="x")]
    found = measure_agreement(units, ["a", "b", "c"], ["x"], unit_name="")
    assert found.overall["percent"].n_units == 7
    assert found.overall["percent"].value == pytest.approx(3 / 7)


def test_disagreements_show_what_each_coder_gave():
    found = measure_agreement([unit(a="x", b="y x")], ["a", "b"], ["x", "y"], unit_name="")
    assert found.disagreements[0].applied == {"a": ("x",), "b": ("x", "y")}


def test_no_common_unit_is_undefined_not_zero():
    found = measure_agreement([unit(a="x")], ["a", "b"], ["x"], unit_name="")
    assert found.n_units == 0
    assert all(c.value is None and c.reason for c in found.overall.values())


def study(n_transcripts, *, n_each=30, error=0.1, seed=0):
    """Two coders who mark one of two codes with errors, in transcripts that differ."""
    generator = np.random.default_rng(seed)
    made = []
    for t in range(n_transcripts):
        rate = generator.uniform(0.1, 0.6)
        for _ in range(n_each):
            truth = generator.random(2) < rate
            seen = [truth ^ (generator.random(2) < error) for _ in "ab"]
            codes = [frozenset(np.array(["x", "y"])[s]) for s in seen]
            made.append(
                Unit(
                    transcript=f"t{t:02d}", excerpt="", applied=dict(zip("ab", codes, strict=True))
                )
            )
    return made


def test_intervals_hold_the_value_and_narrow_with_transcripts():
    widths = []
    for n_transcripts in (10, 40):
        found = measure_agreement(study(n_transcripts), ["a", "b"], ["x", "y"], unit_name="")
        for coefficient in found.overall.values():
            assert coefficient.interval.low <= coefficient.value <= coefficient.interval.high
        interval = found.overall["pooled_kappa"].interval
        widths.append(interval.high - interval.low)
    assert widths[1] < 0.8 * widths[0]


def test_intervals_respect_transcripts_not_segments():
    # The same units in six transcripts or in sixty: the fewer there are, the wider.
    units = study(60, n_each=10)
    merged = [
        Unit(transcript=f"t{int(u.transcript[1:]) % 6}", excerpt="", applied=u.applied)
        for u in units
    ]
    many, few = (
        measure_agreement(x, ["a", "b"], ["x", "y"], unit_name="") for x in (units, merged)
    )
    assert many.overall["pooled_kappa"].value == few.overall["pooled_kappa"].value
    wide, narrow = (x.overall["pooled_kappa"].interval for x in (few, many))
    assert (wide.df, narrow.df) == (5, 59)
    assert wide.high - wide.low > narrow.high - narrow.low


def test_the_number_of_draws_in_json_is_the_number_drawn():
    units = study(6, n_each=10)
    for n, method, drawn in [(6, "percentile", 6**6), (6, "bca", 6**6), (6, "jackknife", 0)]:
        agreement = measure_agreement(
            units, ["a", "b"], ["x", "y"], unit_name="", resampling=Resampling(method=method)
        )
        assert agreement.n_transcripts == n
        assert agreement.to_dict()["intervals"]["n_resamples"] == drawn


def test_a_code_in_two_transcripts_has_no_interval_and_says_so():
    units = [
        Unit(
            transcript=f"t{i % 6}",
            excerpt="",
            applied={
                "a": frozenset("x") if i % 6 < 2 and i % 3 else frozenset(),
                "b": frozenset("x") if i % 6 < 2 and i % 4 else frozenset(),
            },
        )
        for i in range(60)
    ]
    (code,) = measure_agreement(units, ["a", "b"], ["x"], unit_name="").per_code
    alpha = code.coefficients["krippendorff_alpha"]
    assert alpha.value is not None
    assert alpha.interval is None
    assert "fewer than 3 transcripts" in alpha.no_interval


def test_three_transcripts_give_no_interval_and_the_reason():
    agreement = measure_agreement(study(3, n_each=10), ["a", "b"], ["x", "y"], unit_name="")
    kappa = agreement.overall["pooled_kappa"]
    assert kappa.value is not None
    assert kappa.interval is None
    assert "fewer than 4 transcripts" in kappa.no_interval


def test_same_seed_same_intervals():
    one, two = (
        measure_agreement(study(12), ["a", "b"], ["x", "y"], unit_name="") for _ in range(2)
    )
    assert one.overall == two.overall


def test_weights_count_like_copies():
    units = study(4, n_each=10)
    heavy = [replace(u, weight=3.0) for u in units]
    copies = [u for u in units for _ in range(3)]
    by_weight, by_copy = (
        measure_agreement(x, ["a", "b"], ["x", "y"], unit_name="") for x in (heavy, copies)
    )
    for name, coefficient in by_copy.overall.items():
        if name not in ("krippendorff_alpha", "alpha_masi", "tree_credit_alpha"):
            assert by_weight.overall[name].value == pytest.approx(coefficient.value)
    # Alpha corrects for small samples; weight and copies agree in what was observed.
    alpha = by_weight.overall["krippendorff_alpha"].value
    assert alpha == pytest.approx(by_copy.overall["krippendorff_alpha"].value, abs=1e-9)


def test_confusion_counts_what_met_what():
    units = [unit(a="x", b="x"), unit(a="x", b="y"), unit(a="x", b="")]
    found = measure_agreement(units, ["a", "b"], ["x", "y"], unit_name="")
    assert found.confusion == {
        ("x", "x"): 2, ("x", "y"): 1, ("y", "x"): 1, ("x", NOTHING): 1
    }  # fmt: skip


def test_tree_credit_is_above_plain_sets_only_where_siblings_meet():
    parents = {"x": "P", "y": "P", "z": None}
    siblings = [unit(a="x", b="y"), unit(a="z", b="z"), unit(a="", b="")]
    with_tree = measure_agreement(siblings, ["a", "b"], [*"xyz"], unit_name="", parents=parents)
    without = measure_agreement(siblings, ["a", "b"], [*"xyz"], unit_name="")
    name = "tree_credit_alpha"
    assert with_tree.overall[name].value > without.overall[name].value
    assert with_tree.overall["pooled_kappa"] == without.overall["pooled_kappa"]


@pytest.mark.slow
def test_drift_goes_transcript_by_transcript():
    found = measure_agreement(study(5), ["a", "b"], ["x", "y"], unit_name="")
    assert [step.transcript for step in found.drift] == [f"t{i:02d}" for i in range(5)]
    assert all(step.n_units == 30 for step in found.drift)


def test_ten_thousand_codes_are_no_trouble():
    codes = [f"c{i}" for i in range(10_000)]
    units = [
        Unit(
            transcript=f"t{i % 12}",
            excerpt="",
            applied={"a": frozenset([codes[i]]), "b": frozenset([codes[i // 2]])},
        )
        for i in range(300)
    ]
    found = measure_agreement(
        units, ["a", "b"], codes, unit_name="", resampling=Resampling(n_resamples=50)
    )
    assert found.n_units == 300
    assert found.overall["pooled_kappa"].value is not None


def test_intervals_of_set_alpha_are_those_of_transcripts_drawn_one_by_one():
    units = study(12, n_each=8)
    found = measure_agreement(
        units,
        ["a", "b"],
        ["x", "y"],
        unit_name="",
        resampling=Resampling(n_resamples=100, method="percentile"),
    ).overall["alpha_masi"]
    draws = draw_transcripts(12, n_resamples=100)
    names = sorted({u.transcript for u in units})

    def alpha_of_draw(counts) -> float:
        times = dict(zip(names, counts.astype(int), strict=True))
        drawn = [u for u in units for _ in range(times[u.transcript])]
        rows = [[u.applied[coder] for u in drawn] for coder in "ab"]
        return krippendorff_alpha_sets(rows).value

    values = np.array([[alpha_of_draw(counts)] for counts in draws.counts])
    (interval,) = percentile_intervals(values, draws=draws)
    assert found.value == pytest.approx(alpha_of_draw(np.ones(12)))
    assert (found.interval.low, found.interval.high) == pytest.approx((interval.low, interval.high))


def test_many_different_sets_of_codes_have_an_alpha_at_chance():
    generator = np.random.default_rng(0)
    codes = [f"c{i}" for i in range(40)]
    units = [
        Unit(
            transcript=f"t{i % 30}",
            excerpt="",
            applied={coder: frozenset(generator.choice(codes, 4, replace=False)) for coder in "ab"},
        )
        for i in range(600)
    ]
    found = measure_agreement(units, ["a", "b"], codes, unit_name="")
    assert abs(found.overall["alpha_masi"].value) < 0.1
