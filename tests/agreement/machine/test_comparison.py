"""A machine among coders: what must hold whoever they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.agreement.coefficients.alpha import krippendorff_alpha
from autocode.agreement.machine.comparison import compare_with_humans, non_inferiority
from autocode.agreement.machine.leave_one_out import leave_one_out
from autocode.agreement.resampling.draws import draw_transcripts
from autocode.core.errors import InputError

from .support import NAN, TRANSCRIPTS, people

KINDS = ["krippendorff_alpha", "cohen_kappa", "percent"]


@st.composite
def codings(draw, n_humans=3):
    n_units = draw(st.integers(1, 12))
    value = st.sampled_from([0.0, 1.0, 2.0, NAN])
    row = st.lists(value, min_size=n_units, max_size=n_units)
    return np.array([draw(row) for _ in range(n_humans + 1)])


def three(found):
    return [found.human_human.value, found.machine_human.value, found.difference.value]


@given(codings(), st.sampled_from(KINDS), st.permutations(range(3)))
def test_the_order_of_people_does_not_matter(table, coefficient, order):
    found = compare_with_humans(table[:-1], table[-1], coefficient=coefficient)
    other = compare_with_humans(table[:-1][order], table[-1], coefficient=coefficient)
    assert three(other) == pytest.approx(three(found))
    assert other.by_human[order.index(0)] == found.by_human[0]


@given(codings(), st.sampled_from(KINDS), st.permutations([0, 1, 2]))
def test_the_names_of_values_do_not_matter(table, coefficient, names):
    renamed = np.where(np.isnan(table), NAN, np.array(names)[np.nan_to_num(table).astype(int)])
    found = compare_with_humans(table[:-1], table[-1], coefficient=coefficient)
    other = compare_with_humans(7.5 * renamed[:-1], 7.5 * renamed[-1], coefficient=coefficient)
    assert three(other) == pytest.approx(three(found))


@given(codings(), st.sampled_from(KINDS))
def test_values_are_numbers_or_have_a_reason(table, coefficient):
    found = compare_with_humans(table[:-1], table[-1], coefficient=coefficient)
    for one in (found.human_human, found.machine_human, found.difference, *found.by_human):
        assert (one.value is None) == bool(one.reason)


@pytest.mark.parametrize("coefficient", KINDS)
def test_a_machine_that_is_one_of_two_people_does_as_well_as_they(coefficient):
    table = people(2)
    found = compare_with_humans(table, table[0], coefficient=coefficient)
    assert found.by_human[0].value == 1
    assert found.by_human[1].value == pytest.approx(found.human_human.value)


def test_everybody_equal_is_one_with_no_difference():
    table = people(1).repeat(4, axis=0)
    found = compare_with_humans(table[:-1], table[-1], transcripts=TRANSCRIPTS)
    assert three(found) == [1, 1, 0]
    # Nothing shows how far the difference may vary, so it is not known for certain to be 0.
    assert found.difference.interval is None
    assert "whichever transcript is left out" in found.difference.no_interval
    assert non_inferiority(found, 0.05).verdict == "undefined"


def test_human_agreement_is_taken_where_the_machine_coded_too():
    table = people(3)
    machine = people(1, seed=1)[0]
    machine[100:] = NAN
    found = compare_with_humans(table, machine)
    assert found.human_human.n_units == 100
    assert found.human_human.value == pytest.approx(
        compare_with_humans(table[:, :100], machine[:100]).human_human.value
    )


def test_a_random_machine_has_no_agreement_and_is_inferior():
    machine = np.random.default_rng(5).integers(0, 3, 300).astype(float)
    found = compare_with_humans(people(), machine, transcripts=TRANSCRIPTS)
    assert abs(found.machine_human.value) < 0.1
    assert non_inferiority(found, 0.05).verdict == "inferior"


def test_a_machine_with_fewer_slips_is_superior():
    table = people(4, slip=0.4)
    truth = people(4, slip=0.0)[0]
    found = compare_with_humans(table, truth, transcripts=TRANSCRIPTS)
    verdict = non_inferiority(found, 0.05)
    assert verdict.verdict == "superior"
    assert verdict.lower > 0
    assert verdict.share_below < 1e-9
    assert found.difference.interval.low <= found.difference.value <= found.difference.interval.high


def test_one_more_of_the_same_people_is_not_inferior_at_a_wide_margin_nor_proven_at_none():
    table = people(5, seed=3)
    found = compare_with_humans(table[:-1], table[-1], transcripts=TRANSCRIPTS)
    assert non_inferiority(found, 0.3).verdict == "non-inferior"
    assert non_inferiority(found, 0.0).verdict == "inconclusive"


def test_the_same_draws_serve_codes_that_not_every_transcript_has():
    table = people(3)
    table[:, TRANSCRIPTS == 11] = NAN
    machine = people(1, seed=4)[0]
    draws = draw_transcripts(12)
    paired = compare_with_humans(table, machine, transcripts=TRANSCRIPTS, draws=draws)
    assert paired.values.shape == (2000, 3)
    assert paired.n_transcripts == 11
    own = compare_with_humans(table, machine, transcripts=TRANSCRIPTS)
    assert three(own) == pytest.approx(three(paired))


def test_without_what_it_needs_non_inferiority_says_so():
    table, machine = people(3), people(1, seed=6)[0]
    no_transcripts = non_inferiority(compare_with_humans(table, machine), 0.05)
    assert no_transcripts.verdict == "undefined"
    assert "without transcripts" in no_transcripts.reason
    one = compare_with_humans(table, machine, transcripts=np.zeros(300))
    assert non_inferiority(one, 0.05).reason == "fewer than 4 transcripts say too little"
    assert one.difference.interval is None
    alone = compare_with_humans(table[:1], machine, transcripts=TRANSCRIPTS)
    assert alone.machine_human.value is not None
    assert "no pair of two people" in alone.human_human.reason
    assert non_inferiority(alone, 0.05).verdict == "undefined"
    nothing = compare_with_humans(table, machine * NAN, transcripts=TRANSCRIPTS)
    assert three(nothing) == [None] * 3


def test_leaving_one_out_equals_alpha_of_those_left():
    table, machine = people(3), people(1, seed=7)[0]
    table[1, :50] = NAN
    found = leave_one_out(table, machine)
    assert found.humans.value == pytest.approx(krippendorff_alpha(table).value)
    everyone = np.concatenate([table, machine[None]])
    assert found.everyone.value == pytest.approx(krippendorff_alpha(everyone).value)
    for j in range(3):
        swapped = table.copy()
        swapped[j] = machine
        # Where person j was the only other one, the unit stays: machine and two people coded it.
        assert found.machine_for[j].value == pytest.approx(krippendorff_alpha(swapped).value)


def test_what_does_not_fit_is_refused():
    humans, machine = people(3), people(1)[0]
    with pytest.raises(InputError, match="People have 300 units, the machine 5"):
        compare_with_humans(humans, machine[:5])
    with pytest.raises(InputError, match="transcripts of 5"):
        compare_with_humans(humans, machine, transcripts=range(5))
    with pytest.raises(InputError, match="use krippendorff_alpha, cohen_kappa, percent"):
        compare_with_humans(humans, machine, coefficient="luck")
    with pytest.raises(InputError, match="margin"):
        non_inferiority(compare_with_humans(humans, machine), -0.1)
    with pytest.raises(InputError, match="one-sided level"):
        non_inferiority(compare_with_humans(humans, machine), 0.1, level=0.05)


def test_people_who_share_no_unit_are_told_from_those_who_used_one_value():
    people = [[1, 0, 1, NAN, NAN], [1, 0, 0, 1, 0], [NAN, NAN, NAN, 1, 1]]
    found = compare_with_humans(people, [1, 0, 1, 1, 1], coefficient="cohen_kappa")
    assert found.human_human.reason == (
        "1 of 3 pairs of two people share no unit (compare people who read the same ones)"
    )
    assert found.machine_human.reason == (
        "1 of 3 pairs of machine and person used one and the same value throughout"
    )
    assert [c.reason for c in found.by_human[:2]] == ["", ""]
    assert found.by_human[2].reason.startswith("1 of 1 pairs of machine and person used one")
