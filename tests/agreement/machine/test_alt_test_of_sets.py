"""The alternative annotator test on sets of codes: coders who ignore the text must not pass it."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.agreement.coefficients.sets import masi_distance
from autocode.agreement.machine.alt_test import alternative_test, alternative_test_of_sets
from autocode.core.errors import InputError

CODES = "abcdefgh"
NOTHING = frozenset()


def study(n_people=3, *, n_transcripts=10, n_each=40, slip=0.15, prevalence=0.05, seed=0):
    """Sets of people who mark the same truth, each with slips, and the transcript of each unit."""
    generator = np.random.default_rng(seed)
    n_units = n_transcripts * n_each
    truth = generator.random((n_units, len(CODES))) < prevalence
    people = []
    for _ in range(n_people):
        missed = generator.random(truth.shape) < slip
        added = generator.random(truth.shape) < slip * prevalence
        people.append(sets_of((truth & ~missed) | added))
    return people, np.repeat(np.arange(n_transcripts), n_each)


def sets_of(table):
    return [frozenset(c for c, yes in zip(CODES, row, strict=True) if yes) for row in table]


@pytest.mark.parametrize("prevalence", [0.02, 0.05, 0.1, 0.3])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("slip", [0.15, 0.4])
def test_a_coder_who_never_codes_does_not_pass(prevalence, seed, slip):
    people, transcripts = study(prevalence=prevalence, seed=seed, slip=slip)
    never = [NOTHING] * len(transcripts)
    assert not alternative_test_of_sets(people, never, transcripts=transcripts).passed


@pytest.mark.parametrize("prevalence", [0.02, 0.05, 0.1, 0.3])
@pytest.mark.parametrize("seed", range(3))
def test_a_random_coder_does_not_pass(prevalence, seed):
    people, transcripts = study(prevalence=prevalence, seed=seed)
    generator = np.random.default_rng(seed + 100)
    # Codes as often as a person, anywhere; and a person's sets, dealt out anew.
    anywhere = sets_of(generator.random((len(transcripts), len(CODES))) < prevalence)
    dealt = [people[0][at] for at in generator.permutation(len(transcripts))]
    for machine in (anywhere, dealt):
        assert not alternative_test_of_sets(people, machine, transcripts=transcripts).passed


def test_pooled_decisions_would_have_passed_the_coder_who_never_codes():
    people, transcripts = study()
    decisions = np.array(
        [[code in given for given in person for code in CODES] for person in people], dtype=float
    )
    pooled = alternative_test(
        decisions, np.zeros(decisions.shape[1]), transcripts=np.repeat(transcripts, len(CODES))
    )
    assert pooled.passed


def test_one_more_person_passes():
    (*people, machine), transcripts = study(n_people=4)
    tested = alternative_test_of_sets(people, machine, transcripts=transcripts)
    assert tested.passed
    assert tested.winning_rate.value == 1
    assert tested.epsilon == 0.2
    assert all(p < 0.05 for p in tested.p_values)


def test_people_who_do_not_agree_leave_the_test_undefined():
    people = [study(1, seed=seed)[0][0] for seed in range(3)]
    transcripts = study(1)[1]
    tested = alternative_test_of_sets(people, [NOTHING] * 400, transcripts=transcripts)
    assert tested.passed is None
    assert "ignores the text would pass too" in tested.winning_rate.reason


def test_units_and_scores_are_those_of_the_definition():
    (*people, machine), transcripts = study(n_people=4, n_transcripts=30)
    people[1][::7] = [None] * len(people[1][::7])
    tested = alternative_test_of_sets(people, machine, transcripts=transcripts)
    for person in range(3):
        as_good = []
        for at, given in enumerate(machine):
            others = [p[at] for j, p in enumerate(people) if j != person and p[at] is not None]
            own = people[person][at]
            if own is None or not others or not any([given, own, *others]):
                continue
            similar = [
                np.mean([1 - masi_distance(coder, other) for other in others])
                for coder in (given, own)
            ]
            as_good.append(similar[0] >= similar[1] - 1e-9)
        assert tested.n_units[person] == len(as_good)
        assert tested.advantages[person] == pytest.approx(np.mean(as_good))


def test_transcripts_are_asked_for_in_one_line():
    people, _ = study()
    with pytest.raises(InputError, match="needs the transcript of each unit") as refused:
        alternative_test_of_sets(people, people[0], transcripts=None)
    assert "\n" not in str(refused.value)
    with pytest.raises(InputError, match="needs the transcript of each unit"):
        alternative_test(np.ones((3, 40)), np.ones(40), transcripts=None)
    with pytest.raises(InputError, match="transcripts of 3"):
        alternative_test_of_sets(people, people[0], transcripts=[1, 2, 3])
