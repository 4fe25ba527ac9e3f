"""What a machine can reach beside coders who agree so well, against simulated coders."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.agreement import cohen_kappa
from autocode.agreement.machine.comparison import compare_with_humans
from autocode.agreement.machine.validity import (
    bound_agreement,
    bound_agreement_beta,
    correct_for_noise,
    estimate_validity,
)

PREVALENCE = 0.1
N = 200_000
TRANSCRIPTS = np.arange(N) // (N // 10)


def coders(kappa, seed=0):
    """Two coders, the chance of the code on each unit, and the best machine of its prevalence."""
    generator = np.random.default_rng(seed)
    size = 1 / kappa - 1
    chance = generator.beta(PREVALENCE * size, (1 - PREVALENCE) * size, N)
    people = (generator.random((2, N)) < chance).astype(float)
    best = (chance >= np.quantile(chance, 1 - PREVALENCE)).astype(float)
    return people, chance, best


@pytest.mark.parametrize("kappa", [0.3, 0.6, 0.85])
def test_the_best_machine_reaches_the_beta_bound_and_stays_under_the_root(kappa):
    people, _, best = coders(kappa)
    assert cohen_kappa(*people).value == pytest.approx(kappa, abs=0.02)
    reached = cohen_kappa(people[0], best).value
    assert reached == pytest.approx(bound_agreement_beta(kappa, PREVALENCE), abs=0.02)
    assert reached < bound_agreement(kappa)


@pytest.mark.parametrize(("kappa", "root"), [(0.945, 0.97), (0.623, 0.79), (0.336, 0.58)])
def test_bounds_of_measured_corpora(kappa, root):
    assert bound_agreement(kappa) == pytest.approx(root, abs=0.005)


def test_validity_is_the_correlation_with_what_people_agree_to_see():
    people, chance, best = coders(0.6)
    comparison = compare_with_humans(
        people, best, coefficient="cohen_kappa", transcripts=TRANSCRIPTS
    )
    validity = estimate_validity(comparison, prevalence=PREVALENCE)
    assert validity.machine.value == pytest.approx(np.corrcoef(best, chance)[0, 1], abs=0.02)
    assert validity.machine.interval.low < validity.machine.value < validity.machine.interval.high
    assert validity.machine.value == pytest.approx(
        correct_for_noise(comparison.machine_human.value, comparison.human_human.value)
    )
    # The ratio of a machine that no machine can beat runs past 1.
    assert validity.ratio.value > 1


def test_people_who_agree_by_chance_are_no_yardstick():
    generator = np.random.default_rng(1)
    people = np.array([[0, 1] * 50, [1, 0] * 50], dtype=float)
    machine = generator.integers(0, 2, 100)
    validity = estimate_validity(
        compare_with_humans(people, machine, coefficient="cohen_kappa"), prevalence=0.5
    )
    for coefficient in (validity.ratio, validity.machine, validity.bound):
        assert coefficient.value is None
        assert "no better than chance" in coefficient.reason
    assert np.isnan(bound_agreement(-0.2))
    assert np.isnan(bound_agreement_beta(0.0, 0.3))
