"""The machine beside people: the same coefficients, on the same units, with the human ceiling.

Every coefficient is of pairs of coders. With more than two people, alpha over sets takes each pair
that read a segment as a unit of its own, so that a machine can be compared with one of them at a
time in just the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from ...agreement.coefficients.sets import set_distances
from ...agreement.resampling.draws import Statistic, kappa_from_tables
from ...agreement.study.decisions import Decisions, Unit, build_decisions, count_pairs, count_sets
from ...agreement.study.from_counts import SetAlpha, mean_kappa
from ...agreement.study.table import RARE
from ..answers import Answers
from ..gold import Exam
from .figures import Tally

Floats = npt.NDArray[np.float64]

MACHINE = "(machine)"
COEFFICIENTS = ("kappa_per_code_mean", "pooled_kappa", "alpha_masi")
_Pairs = list[tuple[int, int]]


def machine_tally(exam: Exam, answers: Answers) -> Tally:
    """The machine against each person on everything that person has read."""
    made = build_decisions(
        _units(exam, answers), [*exam.coders, MACHINE], [c.id for c in exam.codes]
    )
    part = _Part(made, [pair for pair in made.pairs if pair[1] == len(exam.coders)])
    frequent = _frequent(made, part.pairs)
    return Tally(
        names=COEFFICIENTS,
        counts=part.counts,
        statistic=part.statistic(frequent),
        undefined=_UNDEFINED,
    )


def beside_tally(exam: Exam, answers: Answers) -> Tally:
    """People with people and the machine with people, where two people coded independently.

    Names are "human_human.pooled_kappa", "machine_human.…", "difference.…" (machine less people)
    and "ratio.…".
    """
    units = [
        unit
        for unit in _units(exam, answers)
        if len(unit.applied) > 2 and unit.transcript in exam.independent
    ]
    kinds = ("human_human", "machine_human", "difference", "ratio")
    names = tuple(f"{kind}.{name}" for kind in kinds for name in COEFFICIENTS)
    if not units:
        nobody = "no segment was coded by two people independently"
        return Tally(
            names=names,
            counts=np.zeros((0, len(names))),
            statistic=lambda summed: summed,
            undefined=nobody,
        )
    made = build_decisions(units, [*exam.coders, MACHINE], [c.id for c in exam.codes])
    machine = len(exam.coders)
    people = _Part(made, [pair for pair in made.pairs if pair[1] != machine])
    beside = _Part(made, [pair for pair in made.pairs if pair[1] == machine])
    frequent = _frequent(made, people.pairs)
    width = people.counts.shape[1]
    of_people, of_machine = people.statistic(frequent), beside.statistic(frequent)

    def statistic(summed: Floats) -> Floats:
        human, ours = of_people(summed[:, :width]), of_machine(summed[:, width:])
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(human > 0, ours / human, np.nan)
        return np.concatenate([human, ours, ours - human, share], axis=1)

    return Tally(
        names=names,
        counts=np.concatenate([people.counts, beside.counts], axis=1),
        statistic=statistic,
        undefined=_UNDEFINED,
    )


def n_double_coded(exam: Exam) -> int:
    """Segments that two people have coded independently."""
    return sum(
        len(given) > 1 and place >= 0 and segment.transcript in exam.independent
        for segment, given, place in zip(exam.segments, exam.people, exam.place, strict=True)
    )


_UNDEFINED = f"undefined: no code has {RARE} uses, or everybody decided the same on every segment"


class _Part:
    """Counts of some pairs of coders by transcript, flat: tables, then the transcript itself."""

    def __init__(self, made: Decisions, pairs: _Pairs) -> None:
        number = {pair: at for at, pair in enumerate(made.pairs)}
        tables = count_pairs(made)[:, [number[pair] for pair in pairs]]
        sets = count_sets(_one_by_one(made, pairs))
        self.pairs = pairs
        self._shape = tables.shape[1:]
        self._n_cells = int(np.prod(self._shape))
        self._sets = SetAlpha.of(sets, set_distances(sets.sets, distance="masi"))
        flat = tables.reshape(len(tables), -1)
        # Every transcript holds such a pair, and the order is by name in both. Alpha over sets asks
        # how often each is drawn: the sum of the rows of a unit matrix.
        self.counts = np.column_stack([flat, np.eye(len(sets.codings))])

    def statistic(self, frequent: npt.NDArray[np.bool_]) -> Statistic:
        def of(summed: Floats) -> Floats:
            tables = summed[:, : self._n_cells].reshape(-1, *self._shape)
            drawn = summed[:, self._n_cells :]
            return np.column_stack(
                [
                    mean_kappa(tables, frequent),
                    kappa_from_tables(tables.sum(axis=(1, 2))),
                    self._sets.on(drawn),
                ]
            )

        return of


def _units(exam: Exam, answers: Answers) -> list[Unit]:
    """Segments people have read, with the machine's decisions as one more coder's."""
    codes = [code.id for code in exam.codes]
    return [
        Unit(
            transcript=exam.segments[row].transcript,
            excerpt=exam.segments[row].excerpt,
            applied={
                **exam.people[row],
                MACHINE: frozenset(codes[at] for at in np.flatnonzero(answers.decided[row])),
            },
            span=exam.segments[row].span,
        )
        for row in np.flatnonzero(exam.targets).tolist()
        if exam.people[row]
    ]


def _one_by_one(made: Decisions, pairs: _Pairs) -> Decisions:
    """Each pair of coders that read a unit as a unit of its own, with coders "one" and "other"."""
    units = list(_pair_units(made, pairs))
    return build_decisions(units, ["one", "other"], made.codes)


def _pair_units(made: Decisions, pairs: _Pairs) -> Iterable[Unit]:
    names: Sequence[str] = made.coders
    for unit in made.units:
        for one, other in pairs:
            if names[one] in unit.applied and names[other] in unit.applied:
                given = {"one": unit.applied[names[one]], "other": unit.applied[names[other]]}
                yield Unit(transcript=unit.transcript, excerpt="", applied=given)


def _frequent(made: Decisions, pairs: _Pairs) -> npt.NDArray[np.bool_]:
    """Codes with ten uses among people.

    A use is a unit that either of a pair of people gave the code or, where a pair holds the
    machine, that the person gave it.
    """
    given = made.given & made.read[:, :, None]
    machine = len(made.coders) - 1
    uses = np.zeros(len(made.codes))
    for one, other in pairs:
        both = (made.read[one] & made.read[other])[:, None]
        either = given[one] if other == machine else given[one] | given[other]
        uses += (either & both).sum(axis=0)
    return np.asarray(uses >= RARE)
