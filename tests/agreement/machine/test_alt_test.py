"""The alternative annotator test: against the paper's own words, and what must hold of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, ttest_1samp

from autocode.agreement.machine.alt_test import alternative_test

from .support import NAN, TRANSCRIPTS, people


def by_definition(humans, machine, j, epsilon):
    """p-value of one person straight from the paper: mean agreement with the others."""
    lead, wins = [], []
    for i in range(machine.size):
        others = [humans[k, i] for k in range(len(humans)) if k != j and not np.isnan(humans[k, i])]
        if not others or np.isnan(humans[j, i]) or np.isnan(machine[i]):
            continue
        of_machine = np.mean([machine[i] == other for other in others])
        of_person = np.mean([humans[j, i] == other for other in others])
        lead.append(float(of_person >= of_machine) - float(of_machine >= of_person))
        wins.append(of_machine >= of_person)
    return ttest_1samp(lead, epsilon, alternative="less").pvalue, np.mean(wins)


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.floats(0.05, 0.4), st.floats(0, 0.3))
def test_the_alternative_test_is_the_papers(seed, slip, missing):
    humans = people(4, n_units=90, slip=slip, seed=seed)
    machine = people(1, n_units=90, slip=0.3, seed=seed + 1)[0]
    humans[np.random.default_rng(seed).random(humans.shape) < missing] = NAN
    found = alternative_test(humans, machine, epsilon=0.1, transcripts=np.arange(90))
    p_values, wins = zip(*(by_definition(humans, machine, j, 0.1) for j in range(4)), strict=True)
    assert found.p_values == pytest.approx(p_values)
    assert found.advantages == pytest.approx(wins)
    rejected = false_discovery_control(p_values, method="by") <= 0.05
    assert found.winning_rate.value == pytest.approx(rejected.mean())
    assert found.passed == (rejected.mean() >= 0.5)


def test_means_of_transcripts_make_clustered_leads_less_certain():
    humans, machine = people(3, slip=0.3), people(1, slip=0.0)[0]
    # Whole transcripts in which the machine fails: a few facts that look like many.
    machine[TRANSCRIPTS < 2] = 9
    units = alternative_test(humans, machine, epsilon=0.2, transcripts=np.arange(300))
    clusters = alternative_test(humans, machine, epsilon=0.2, transcripts=TRANSCRIPTS)
    assert all(c > u for c, u in zip(clusters.p_values, units.p_values, strict=True))


def test_a_machine_that_always_agrees_wins_and_one_that_never_does_loses():
    humans = people(1).repeat(3, axis=0)
    won = alternative_test(humans, humans[0], transcripts=TRANSCRIPTS)
    assert won.winning_rate.value == 1
    lost = alternative_test(humans, humans[0] + 10, transcripts=TRANSCRIPTS)
    assert lost.winning_rate.value == 0
    assert lost.passed is False
    assert lost.advantage_probability == 0


def test_too_few_people_or_units_cannot_be_tested():
    humans, machine = people(3), people(1)[0]
    for some in (humans[:2], humans[:, :20]):
        n = some.shape[1]
        found = alternative_test(some, machine[:n], transcripts=TRANSCRIPTS[:n])
        assert found.winning_rate.value is None
        assert "the test needs 3" in found.winning_rate.reason
        assert found.passed is None
