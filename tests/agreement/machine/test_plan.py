"""A plan of a comparison: against simulated studies, and what it says where it cannot tell."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.agreement.machine.comparison import compare_with_humans, non_inferiority
from autocode.agreement.machine.plan import (
    compute_detectable,
    compute_power,
    plan_machine_comparison,
)
from autocode.agreement.study.decisions import Unit
from autocode.core.errors import InputError

CODES = ["x", "y", "z"]


def study(coders, *, n_transcripts=8, n_each=40, most=0.2, seed=0):
    """Units on which everybody marks the truth, with slips that differ between transcripts."""
    generator = np.random.default_rng(seed)
    units = []
    for t in range(n_transcripts):
        slip = generator.uniform(0.02, most)
        for _ in range(n_each):
            truth = generator.random(3) < 0.3
            applied = {}
            for coder in coders:
                seen = truth ^ (generator.random(3) < slip)
                applied[coder] = frozenset(c for c, yes in zip(CODES, seen, strict=True) if yes)
            units.append(Unit(transcript=f"t{t:02d}", excerpt="", applied=applied))
    return units


def difference(units, people, machine):
    table = np.array(
        [[float(c in u.applied[name]) for u in units for c in CODES] for name in [*people, machine]]
    )
    transcripts = np.repeat([int(u.transcript[1:]) for u in units], len(CODES))
    return compare_with_humans(
        table[:-1], table[-1], coefficient="cohen_kappa", transcripts=transcripts
    )


@pytest.mark.slow
@pytest.mark.parametrize(("people", "most"), [("ab", 0.02), ("ab", 0.08), ("abc", 0.2)])
def test_the_expected_error_is_near_that_of_a_machine_like_one_more_person(people, most):
    planned, came = [], []
    for seed in range(60):
        units = study([*people, "m"], most=most, seed=seed)
        planned.append(plan_machine_comparison(units, [*people], CODES).studies[0].standard_error)
        came.append(difference(units, people, "m").difference.value)
    # Of two people the figure is too large, not too small, where transcripts differ much.
    ratio = np.sqrt(np.mean(np.square(planned))) / np.std(came)
    assert 0.8 < ratio < 1.6


def test_power_is_the_share_called_non_inferior():
    generator = np.random.default_rng(0)
    n, error, margin = 8, 0.03, 0.05
    draws = generator.normal(0, error * np.sqrt(n), (20_000, n))
    estimated = draws.std(axis=1, ddof=1) / np.sqrt(n)
    lower = draws.mean(axis=1) - 1.8946 * estimated
    assert compute_power(error, margin, n=n) == pytest.approx((lower > -margin).mean(), abs=0.01)
    assert compute_power(error, compute_detectable(error, n=n), n=n) == pytest.approx(0.8)


def test_more_transcripts_show_more():
    plan = plan_machine_comparison(study("ab"), ["a", "b"], CODES)
    assert [s.n_transcripts for s in plan.studies] == [8, 16, 32]
    powers = [s.power for s in plan.studies]
    assert powers == sorted(powers)
    detectable = [s.detectable for s in plan.studies]
    assert detectable == sorted(detectable, reverse=True)
    assert plan.to_dict()["kind"] == "machine_plan"
    assert len(plan.to_frame()) == 3


def test_three_transcripts_make_no_plan():
    plan = plan_machine_comparison(study("ab", n_transcripts=3), ["a", "b"], CODES)
    assert not plan.studies
    assert "too few" in plan.reason


def test_a_margin_as_large_as_the_detectable_difference_has_the_power_asked_for():
    units = study("ab")
    plan = plan_machine_comparison(units, ["a", "b"], CODES)
    again = plan_machine_comparison(units, ["a", "b"], CODES, margin=plan.studies[0].detectable)
    assert again.studies[0].power == pytest.approx(0.8)
    assert non_inferiority(difference(study("abm"), "ab", "m"), 0.5).verdict == "non-inferior"


@pytest.mark.parametrize(("people", "match"), [(["a"], "two people"), (["a", "n"], "No unit")])
def test_one_person_makes_no_plan(people, match):
    with pytest.raises(InputError, match=match):
        plan_machine_comparison(study("ab"), people, CODES)


def test_three_people_who_never_read_the_same_are_told_to_plan_with_two():
    units = study(["a", "b", "c"])
    apart = [
        Unit(
            transcript=unit.transcript,
            excerpt="",
            applied={
                c: s for c, s in unit.applied.items() if c != "bc"[int(unit.transcript[1:]) % 2]
            },
        )
        for unit in units
    ]
    plan = plan_machine_comparison(apart, ["a", "b", "c"], CODES)
    assert "for which 0 transcripts were read by all whom it takes" in plan.reason
    assert "Plan with two people" in plan.reason
    assert len(plan_machine_comparison(apart, ["a", "b"], CODES).studies) == 3
