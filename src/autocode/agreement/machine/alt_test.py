"""The alternative annotator test: may a machine stand in for the people it is set beside?

The test and its name are those of Calderon, Reichart & Dror (2025), who allow any score of
alignment. Where a unit may have several codes the score is a similarity of whole sets
(`alternative_test_of_sets`). The test is not made on pooled yes/no decisions: almost all of them
are "no", so that whoever never codes agrees with everybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from ...core.errors import InputError
from ..arrays import Booleans, Floats, Ints
from ..coefficients.labels import read_codes
from ..coefficients.result import Coefficient, build_undefined
from ..coefficients.sets import Codes, Codings, SetDistance, set_distances
from .shared_units import as_people_and_machine


@dataclass(frozen=True, slots=True, kw_only=True)
class AltTestConfig:
    """Defaults of the test, as its authors recommend (Calderon, Reichart & Dror 2025).

    `fewest_humans` must be testable; `min_units` shared units make a person testable; `epsilon`
    is what a person's cost concedes (.2 for experts); `q` is the false discovery rate; the machine
    passes where it wins against `passing_rate` of the people. Similarities nearer than `tolerance`
    are the same.
    """

    fewest_humans: int = 3
    min_units: int = 30
    epsilon: float = 0.2
    q: float = 0.05
    passing_rate: float = 0.5
    tolerance: float = 1e-9


ALT_TEST_CONFIG = AltTestConfig()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeTest:
    """Share of people whom the machine may replace, and the probability that it does as well.

    The tuples have one entry per person, None for a person with too few units to be tested;
    `n_units` are those on which a person could be tested. `passed` is None where the test could not
    be made. `epsilon` and `q` are those it was made with.
    """

    epsilon: float
    q: float
    n_units: tuple[int, ...]
    winning_rate: Coefficient
    advantage_probability: float | None
    p_values: tuple[float | None, ...]
    advantages: tuple[float | None, ...]
    passed: bool | None


def alternative_test(
    humans: npt.ArrayLike,
    machine: npt.ArrayLike,
    *,
    transcripts: npt.ArrayLike | None,
    epsilon: float = ALT_TEST_CONFIG.epsilon,
    q: float = ALT_TEST_CONFIG.q,
    min_units: int = ALT_TEST_CONFIG.min_units,
) -> AlternativeTest:
    """The alternative annotator test (Calderon, Reichart & Dror 2025), by accuracy.

    For each person: does the machine agree with the other people on as many units as this person
    does, `epsilon` conceded? One t-test per person, false discoveries held at `q` by Benjamini &
    Yekutieli (2001); passed where the machine wins against half of the people or more. For units of
    one value each; never for pooled yes/no decisions (`alternative_test_of_sets`).

    Args:
        humans: values, shape (n_humans, n_units); NaN where not coded.
        machine: values, shape (n_units,); NaN where not coded.
        transcripts: of each unit, any numbers: the t-tests are on means of transcripts, because
            units of one transcript are not independent.
        epsilon: what a person's cost concedes; the authors use .2 for experts, .15 for skilled
            people, .1 for crowds.
        q: false discovery rate.
        min_units: people with fewer units are not tested.

    Raises:
        InputError: if the transcripts are missing, or not one for each unit.
    """
    people, model = as_people_and_machine(humans, machine)
    transcript_of = _check_transcripts(transcripts, model.size)
    gains = [_compare_with_person(people, model, j) for j in range(people.shape[0])]
    return _run_test(gains, transcript_of, epsilon=epsilon, q=q, min_units=min_units)


def alternative_test_of_sets(
    humans: Codings,
    machine: Sequence[Codes | None],
    *,
    transcripts: npt.ArrayLike | None,
    distance: SetDistance = "masi",
    epsilon: float = ALT_TEST_CONFIG.epsilon,
    q: float = ALT_TEST_CONFIG.q,
    min_units: int = ALT_TEST_CONFIG.min_units,
) -> AlternativeTest:
    """The alternative annotator test where a unit may have several codes, by set similarity.

    Scores a coder on a unit by the mean similarity (1 - MASI distance, as in `alpha_masi`) of the
    coder's set of codes to the other people's. Two empty sets are alike, as both coders looked and
    gave no code. Units to which neither the machine nor any person gave a code are left out: they
    are ties by construction, and would dilute `epsilon`. The test is undefined where it would also
    pass a coder who ignores the text: one who never codes, or gives the most frequent set always.

    Args:
        humans: shape (n_humans, n_units) of sets; None where a person did not code a unit.
        machine: shape (n_units,) of sets; None where it did not code a unit.
        transcripts: of each unit; the t-tests are on means of transcripts.
        distance: of two sets; similarity is 1 less distance.
        epsilon: what a person's cost concedes.
        q: false discovery rate.
        min_units: people with fewer units are not tested.

    Raises:
        InputError: if the transcripts are missing, or not one for each unit.
    """
    if any(len(person) != len(machine) for person in humans):
        raise InputError("People and the machine have different numbers of units.")
    transcript_of = _check_transcripts(transcripts, len(machine))
    humans = [[read_codes(codes) for codes in person] for person in humans]
    machine = [read_codes(codes) for codes in machine]

    def test(sets: Sequence[Codes | None]) -> AlternativeTest:
        gains = _compare_sets(humans, sets, distance)
        return _run_test(gains, transcript_of, epsilon=epsilon, q=q, min_units=min_units)

    tested = test(machine)
    if tested.passed and any(test(idle).passed for idle in _list_idle_coders(humans, machine)):
        reason = (
            "a coder who ignores the text would pass too; the people agree too little for the test"
        )
        undefined = build_undefined("winning_rate", reason, n_units=tested.winning_rate.n_units)
        return replace(tested, winning_rate=undefined, passed=None)
    return tested


@dataclass(frozen=True, slots=True, eq=False)
class _Gains:
    """Per unit: whether the machine, and whether the person, agrees with the others as much."""

    machine: Booleans
    person: Booleans
    kept: Booleans


def _compare_with_person(people: Floats, model: Floats, person: int) -> _Gains:
    """The machine against one person on units that both, and another person, coded."""
    # Leave one person out: the machine and that person are both scored against the others.
    others = np.delete(people, person, axis=0)
    own = people[person]
    kept = ~np.isnan(own) & ~np.isnan(model) & (~np.isnan(others)).any(axis=0)
    # Counts do for means: both are over the same other people.
    by_machine, by_person = (others == model).sum(axis=0), (others == own).sum(axis=0)
    return _Gains(by_machine >= by_person, by_person >= by_machine, kept)


def _compare_sets(
    humans: Codings, machine: Sequence[Codes | None], distance: SetDistance
) -> list[_Gains]:
    """For each person, the machine against that person by similarity to the others' sets."""
    known: dict[frozenset[str], int] = {frozenset(): 0}
    ids: Ints = np.array(
        [
            [-1 if s is None else known.setdefault(frozenset(s), len(known)) for s in coder]
            for coder in (*humans, machine)
        ],
        dtype=np.int64,
    )
    alike = 1 - set_distances(list(known), distance=distance)
    people, model = ids[:-1], ids[-1]
    # -1 looks up the last set, which is masked below.
    to_machine = np.where(people >= 0, alike[people, model], 0.0)
    coded = (ids > 0).any(axis=0)
    gains = []
    for person, own in enumerate(people):
        others = np.delete(people, person, axis=0)
        by_machine = np.delete(to_machine, person, axis=0).sum(axis=0)
        by_person = np.where(others >= 0, alike[others, own], 0.0).sum(axis=0)
        lead = by_person - by_machine
        kept = coded & (own >= 0) & (model >= 0) & (others >= 0).any(axis=0)
        near = ALT_TEST_CONFIG.tolerance
        gains.append(_Gains(lead <= near, lead >= -near, kept))
    return gains


def _list_idle_coders(humans: Codings, machine: Sequence[Codes | None]) -> list[list[Codes | None]]:
    """Coders who give every unit one and the same set: none, and the people's most frequent."""
    given = Counter(frozenset(codes) for person in humans for codes in person if codes)
    constants: list[Codes] = [frozenset(), *(codes for codes, _ in given.most_common(1))]
    return [[None if s is None else codes for s in machine] for codes in constants]


def _run_test(
    gains: Sequence[_Gains], transcript_of: Ints, *, epsilon: float, q: float, min_units: int
) -> AlternativeTest:
    n_units = tuple(int(gain.kept.sum()) for gain in gains)
    tested = [n >= min_units for n in n_units]
    none = (None,) * len(gains)
    if sum(tested) < ALT_TEST_CONFIG.fewest_humans:
        reason = (
            f"{sum(tested)} people have {min_units} or more units shared with the machine and"
            f" another person; the test needs {ALT_TEST_CONFIG.fewest_humans}"
        )
        return AlternativeTest(
            epsilon=epsilon,
            q=q,
            n_units=n_units,
            winning_rate=build_undefined("winning_rate", reason),
            advantage_probability=None,
            p_values=none,
            advantages=none,
            passed=None,
        )
    p_values = [
        _test_person(gain, epsilon, transcript_of) if is_tested else None
        for gain, is_tested in zip(gains, tested, strict=True)
    ]
    advantages = [
        float(gain.machine[gain.kept].mean()) if is_tested else None
        for gain, is_tested in zip(gains, tested, strict=True)
    ]
    won = _reject_hypotheses(np.array([p for p in p_values if p is not None]), q)
    rate = float(won.mean())
    n_kept = int(np.any([gain.kept for gain in gains], axis=0).sum())
    return AlternativeTest(
        epsilon=epsilon,
        q=q,
        n_units=n_units,
        winning_rate=Coefficient(name="winning_rate", value=rate, n_units=n_kept),
        advantage_probability=float(np.mean([a for a in advantages if a is not None])),
        p_values=tuple(p_values),
        advantages=tuple(advantages),
        passed=rate >= ALT_TEST_CONFIG.passing_rate,
    )


def _check_transcripts(transcripts: npt.ArrayLike | None, n_units: int) -> Ints:
    if transcripts is None:
        raise InputError(
            "The alternative annotator test needs the transcript of each unit (transcripts=): units"
            " of one transcript are not independent."
        )
    _, transcript_of = np.unique(np.asarray(transcripts), return_inverse=True)
    if transcript_of.size != n_units:
        raise InputError(f"There are {n_units} units, but transcripts of {transcript_of.size}.")
    return np.asarray(transcript_of, dtype=np.int64)


def _test_person(gain: _Gains, epsilon: float, transcript_of: Ints) -> float:
    """One-sided t-test of the hypothesis that the person wins by `epsilon` or more."""
    # Person less machine: H0 is a mean of epsilon or more, so a small t speaks against it.
    lead = gain.person.astype(np.float64) - gain.machine
    _, number = np.unique(transcript_of[gain.kept], return_inverse=True)
    lead = np.bincount(number, lead[gain.kept]) / np.bincount(number)
    if lead.size < 2:
        return 1.0
    gap, sd = float(lead.mean()) - epsilon, float(lead.std(ddof=1))
    if sd == 0:
        return 0.0 if gap < 0 else 1.0
    return float(stdtr(lead.size - 1, gap / (sd / np.sqrt(lead.size))))


def _reject_hypotheses(p_values: Floats, q: float) -> Booleans:
    """Benjamini & Yekutieli's (2001) step-up, valid under any dependence."""
    n = p_values.size
    # The harmonic sum pays for any dependence: all tests share the machine and the units.
    rank = np.arange(1, n + 1)
    order = np.argsort(p_values, kind="stable")
    passing = p_values[order] <= q * rank / (n * (1 / rank).sum())
    n_rejected = int(rank[passing].max(initial=0))
    rejected = np.zeros(n, dtype=bool)
    rejected[order[:n_rejected]] = True
    return rejected
