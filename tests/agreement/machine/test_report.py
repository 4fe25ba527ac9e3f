"""A machine beside people: as good as a copy of them, worse than chance never called as good."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.agreement.machine.report import ComparisonOptions, measure_machine_agreement
from autocode.agreement.resampling.intervals import Resampling
from autocode.agreement.study.decisions import Unit
from autocode.core.errors import InputError


def study(machine_error, *, human_error=0.1, n_transcripts=12, n_each=40, seed=0):
    """Units on which people mark the truth with errors, and a machine with its own."""
    generator = np.random.default_rng(seed)
    units = []
    for t in range(n_transcripts):
        for _ in range(n_each):
            truth = generator.random(3) < 0.3
            applied = {}
            for coder, error in (("a", human_error), ("b", human_error), ("m", machine_error)):
                seen = truth ^ (generator.random(3) < error)
                applied[coder] = frozenset(c for c, yes in zip("xyz", seen, strict=True) if yes)
            units.append(Unit(transcript=f"t{t:02d}", excerpt="", applied=applied))
    return units


def report(units, **how):
    options = ComparisonOptions(resampling=Resampling(n_resamples=400), **how)
    return measure_machine_agreement(units, ["a", "b"], "m", ["x", "y", "z"], options=options)


def test_machine_as_good_as_people_is_not_inferior():
    found = report(study(0.02))
    assert found.verdict.verdict == "superior"
    assert found.verdict.lower > 0
    assert found.comparison.difference.value > 0


def test_machine_that_guesses_is_inferior():
    found = report(study(0.5))
    assert found.verdict.verdict == "inferior"
    assert abs(found.comparison.machine_human.value) < 0.1
    assert found.comparison.human_human.value > 0.5


def test_difference_is_paired_with_its_parts():
    found = report(study(0.15)).comparison
    gap = found.machine_human.value - found.human_human.value
    assert found.difference.value == pytest.approx(gap)
    assert found.difference.interval.low <= gap <= found.difference.interval.high


def test_intervals_per_code_are_wider_than_uncorrected_ones():
    found = report(study(0.15))
    assert len(found.per_code) == 3
    for code in found.per_code:
        assert code.comparison.difference.interval.level == pytest.approx(1 - 0.05 / 3)


def test_machine_that_marks_everything_shows_as_machine_only():
    units = [
        Unit(transcript=u.transcript, excerpt="", applied={**u.applied, "m": frozenset("xyz")})
        for u in study(0.1)
    ]
    for code in report(units).per_code:
        assert code.human_only == 0
        assert code.machine_only > 0


def test_one_person_is_no_yardstick():
    with pytest.raises(InputError, match="two"):
        measure_machine_agreement(study(0.1), ["a"], "m", ["x"])


def test_nothing_in_common_is_said():
    units = [Unit(transcript="t", excerpt="", applied={"a": frozenset("x"), "b": frozenset()})]
    with pytest.raises(InputError, match="No unit was read by 'nobody' and two of a, b"):
        measure_machine_agreement(units, ["a", "b"], "nobody", [])


def sparse(machine, *, n_transcripts=8, n_each=40, seed=0):
    """Three people who mark seldom and mostly the same, and a machine that goes by `machine`."""
    generator = np.random.default_rng(seed)
    units = []
    for t in range(n_transcripts):
        for _ in range(n_each):
            truth = generator.random(3) < 0.08
            seen = {p: truth & (generator.random(3) > 0.2) for p in "abc"}
            seen["m"] = machine(truth, generator)
            applied = {
                coder: frozenset(c for c, yes in zip("xyz", given, strict=True) if yes)
                for coder, given in seen.items()
            }
            units.append(Unit(transcript=f"t{t:02d}", excerpt="", applied=applied))
    return measure_machine_agreement(units, ["a", "b", "c"], "m", ["x", "y", "z"])


def test_a_coder_who_never_codes_and_a_random_one_fail_the_alternative_test():
    never = sparse(lambda truth, _: truth & False)
    random = sparse(lambda truth, generator: generator.random(3) < 0.08)
    for made in (never, random):
        test = made.to_dict()["alternative_test"]
        assert test["passed"] is False
        assert test["winning_rate"]["value"] == 0
        assert all(human["p_value"] > 0.05 for human in test["humans"].values())
    person = sparse(lambda truth, generator: truth & (generator.random(3) > 0.2))
    test = person.to_dict()["alternative_test"]
    assert test["passed"] is True
    assert (test["epsilon"], test["q"], test["similarity"]) == (0.2, 0.05, "masi")


def test_the_report_shows_the_bound_and_validity_beside_the_ratio():
    made = sparse(lambda truth, _: truth)
    people, machine = (
        made.comparison.human_human.value,
        made.comparison.machine_human.value,
    )
    validity = made.to_dict()["validity"]
    assert validity["bound"]["value"] == pytest.approx(people**0.5)
    assert validity["machine"]["value"] == pytest.approx(machine / people**0.5)
    assert validity["ratio"]["value"] == pytest.approx(machine / people)
    assert validity["beta_bound"] < validity["bound"]["value"]


def test_only_what_the_machine_and_two_people_read_is_compared_and_counted():
    whole = study(0.15, n_transcripts=8)
    # Elsewhere the machine read nothing, or one person did not.
    more = [
        Unit(
            transcript=unit.transcript.replace("t", "u"),
            excerpt="",
            applied={c: s for c, s in unit.applied.items() if c != ("m" if at % 2 else "b")},
        )
        for at, unit in enumerate(whole)
    ]
    alone, beside = report(whole), report([*whole, *more])
    assert (beside.n_units, beside.n_transcripts) == (8 * 40, 8)
    assert beside.to_dict() == alone.to_dict()


def test_nothing_coded_by_those_compared_is_said():
    read = dict.fromkeys(["a", "b", "m"], frozenset())
    units = [Unit(transcript="t", excerpt="", applied=read)]
    with pytest.raises(InputError, match="Neither 'm' nor a, b gave a code"):
        measure_machine_agreement(units, ["a", "b"], "m", ["x"])
