"""The alternative annotator test: may a machine stand in for the people it is set beside?

The test and its name are those of Calderon, Reichart & Dror (2025).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from ..arrays import Booleans, Floats
from ..coefficients.result import Coefficient, build_undefined
from .comparison import as_people_and_machine


@dataclass(frozen=True, slots=True, kw_only=True)
class AltTestConfig:
    """Defaults of the test, as its authors recommend (Calderon, Reichart & Dror 2025).

    `fewest_humans` must be testable; `min_units` shared units make a person testable; `epsilon`
    is what a person's cost concedes (.2 for experts); `q` is the false discovery rate; the machine
    passes where it wins against `passing_rate` of the people.
    """

    fewest_humans: int = 3
    min_units: int = 30
    epsilon: float = 0.2
    q: float = 0.05
    passing_rate: float = 0.5


ALT_TEST_CONFIG = AltTestConfig()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeTest:
    """Share of people whom the machine may replace, and the probability that it does as well.

    The tuples have one entry per person, None for a person with too few units to be tested.
    `passed` is None where the test could not be made.
    """

    winning_rate: Coefficient
    advantage_probability: float | None
    p_values: tuple[float | None, ...]
    advantages: tuple[float | None, ...]
    passed: bool | None


def alternative_test(
    humans: npt.ArrayLike,
    machine: npt.ArrayLike,
    *,
    epsilon: float = ALT_TEST_CONFIG.epsilon,
    q: float = ALT_TEST_CONFIG.q,
    transcripts: npt.ArrayLike | None = None,
    min_units: int = ALT_TEST_CONFIG.min_units,
) -> AlternativeTest:
    """The alternative annotator test (Calderon, Reichart & Dror 2025), by accuracy.

    For each person: does the machine agree with the other people on as many units as this person
    does, `epsilon` conceded? One t-test per person, false discoveries held at `q` by Benjamini &
    Yekutieli (2001); passed where the machine wins against half of the people or more.

    Args:
        humans: values, shape (n_humans, n_units); NaN where not coded.
        machine: values, shape (n_units,); NaN where not coded.
        epsilon: what a person's cost concedes; the authors use .2 for experts, .15 for skilled
            people, .1 for crowds.
        q: false discovery rate.
        transcripts: of each unit, any numbers; with it the t-tests are on means of transcripts,
            because units of one transcript are not independent.
        min_units: people with fewer units are not tested.
    """
    people, model = as_people_and_machine(humans, machine)
    gains = [_compare_with_person(people, model, j) for j in range(people.shape[0])]
    tested = [gain.kept.sum() >= min_units for gain in gains]
    if sum(tested) < ALT_TEST_CONFIG.fewest_humans:
        return _build_untested(len(gains), sum(tested), min_units)
    p_values = [
        _test_person(gain, epsilon, transcripts) if is_tested else None
        for gain, is_tested in zip(gains, tested, strict=True)
    ]
    advantages = [
        float(gain.machine[gain.kept].mean()) if is_tested else None
        for gain, is_tested in zip(gains, tested, strict=True)
    ]
    won = _reject_hypotheses(np.array([p for p in p_values if p is not None]), q)
    rate = float(won.mean())
    return AlternativeTest(
        winning_rate=Coefficient(
            name="winning_rate", value=rate, n_units=int((~np.isnan(model)).sum())
        ),
        advantage_probability=float(np.mean([a for a in advantages if a is not None])),
        p_values=tuple(p_values),
        advantages=tuple(advantages),
        passed=rate >= ALT_TEST_CONFIG.passing_rate,
    )


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


def _test_person(gain: _Gains, epsilon: float, transcripts: npt.ArrayLike | None) -> float:
    """One-sided t-test of the hypothesis that the person wins by `epsilon` or more."""
    # Person less machine: H0 is a mean of epsilon or more, so a small t speaks against it.
    lead = gain.person.astype(np.float64) - gain.machine
    lead = lead[gain.kept]
    if transcripts is not None:
        _, transcript_of = np.unique(np.asarray(transcripts)[gain.kept], return_inverse=True)
        lead = np.bincount(transcript_of, lead) / np.bincount(transcript_of)
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


def _build_untested(n_humans: int, n_tested: int, min_units: int) -> AlternativeTest:
    reason = (
        f"{n_tested} people have {min_units} or more units shared with the machine and another"
        f" person; the test needs {ALT_TEST_CONFIG.fewest_humans}"
    )
    none = (None,) * n_humans
    return AlternativeTest(
        winning_rate=build_undefined("winning_rate", reason),
        advantage_probability=None,
        p_values=none,
        advantages=none,
        passed=None,
    )
