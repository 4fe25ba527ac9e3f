"""The machine compared with people: the same coefficients on the same units, with a human ceiling.

Every coefficient is of pairs of coders. With more than two people, alpha over sets takes each pair
that read a segment as a unit of its own, so that a machine can be compared with one of them at a
time in just the same way. A machine that followed a coder is compared with the other people only:
what it knows of the transcript is that coder's, and so is the fault if they differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...agreement.resampling.intervals import Resampling
from ...agreement.study.decisions import Decisions, Unit, build_decisions
from ..gold import GoldData
from ..predictions import Draw, Predictions
from .facets import FACETS, compute_facets, count_facets
from .pairs import (
    COEFFICIENTS,
    MACHINE,
    UNDEFINED,
    PairCounts,
    Pairs,
    find_frequent_codes,
    spread_over,
)
from .scores import Score, ScoreCounts, compute_scores

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

COMPARED = (*COEFFICIENTS, *FACETS)
"""What machine and people are compared in."""

_KINDS = ("human_human", "machine_human", "difference", "ratio", "bound", "validity")
_START = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanComparison:
    """Agreement by coefficient on segments that two people coded independently.

    `human_human` is between people, `machine_human` of the machine with each of them (while coding:
    with those whom it did not follow); `difference` is machine_human less human_human, `ratio` the
    one over the other. `bound` is the square root of human_human, the most that a machine can agree
    with people who were independent; `validity` is machine_human over it
    (`agreement.machine.validity`). Names are those of `COMPARED`.
    """

    human_human: Mapping[str, Score]
    machine_human: Mapping[str, Score]
    difference: Mapping[str, Score]
    ratio: Mapping[str, Score]
    bound: Mapping[str, Score]
    validity: Mapping[str, Score]


def count_machine_agreement(
    gold: GoldData, predictions: Predictions, *, transcripts: Sequence[str] | None = None
) -> ScoreCounts:
    """The machine against each person on everything that person has read.

    `transcripts` are those counted, if more than the ones with such a segment.
    """
    made = build_decisions(
        list_units(gold, predictions), [*gold.coders, MACHINE], [c.id for c in gold.codes]
    )
    counts = PairCounts(made, [pair for pair in made.pairs if pair[1] == len(gold.coders)])
    frequent = find_frequent_codes(made, counts.pairs)
    return ScoreCounts(
        names=COEFFICIENTS,
        counts=spread_over(counts.counts, made.transcripts, transcripts or made.transcripts),
        statistic=counts.make_statistic(frequent),
        undefined=UNDEFINED,
    )


def compare_with_people(draws: Sequence[Draw], resampling: Resampling) -> HumanComparison:
    """Agreement of people and of the machine with people, with paired differences."""
    transcripts = sorted({name for draw in draws for name in list_double_coded(draw.gold)})
    scores = compute_scores(
        [count_human_comparison(draw, transcripts=transcripts) for draw in draws], resampling
    )
    by_kind = {kind: {name: scores[f"{kind}.{name}"] for name in COMPARED} for kind in _KINDS}
    return HumanComparison(**by_kind)


def count_human_comparison(draw: Draw, *, transcripts: Sequence[str] | None = None) -> ScoreCounts:
    """People with people and the machine with people, where two people coded independently.

    Names are "human_human.pooled_kappa", "machine_human.…", "difference.…", "ratio.…", "bound.…"
    and "validity.…". `transcripts` are those counted, if more than the ones with such a segment.
    """
    names = tuple(f"{kind}.{name}" for kind in _KINDS for name in COMPARED)
    compared = _Compared.of_draw(draw)
    if not compared.made.units:
        return ScoreCounts(
            names=names,
            counts=np.zeros((len(transcripts or ()), len(names))),
            statistic=lambda sums: np.full(sums.shape, np.nan),
            undefined="no segment was coded by two people independently",
        )
    made = compared.made
    human, mixed = (PairCounts(made, pairs) for pairs in (compared.human, compared.mixed))
    # One set of codes for both, those people use, so that the two means are of the same codes.
    frequent = find_frequent_codes(made, human.pairs)
    of_people, of_machine = human.make_statistic(frequent), mixed.make_statistic(frequent)
    parts = [
        human.counts,
        count_facets(made, compared.starts, human.pairs),
        mixed.counts,
        count_facets(made, compared.starts, mixed.pairs),
    ]
    ends = np.cumsum([part.shape[1] for part in parts])

    def statistic(sums: Floats) -> Floats:
        people, facets_of_people, machine, facets_of_machine = np.split(sums, ends[:-1], axis=1)
        human_human = np.hstack([of_people(people), compute_facets(facets_of_people)])
        machine_human = np.hstack([of_machine(machine), compute_facets(facets_of_machine)])
        # People who agree no better than chance are no yardstick.
        yardstick = np.where(human_human > 0, human_human, np.nan)
        bound = np.sqrt(yardstick)
        ratio, validity = machine_human / yardstick, machine_human / bound
        return np.concatenate(
            [human_human, machine_human, machine_human - human_human, ratio, bound, validity],
            axis=1,
        )

    return ScoreCounts(
        names=names,
        counts=spread_over(
            np.concatenate(parts, axis=1), made.transcripts, transcripts or made.transcripts
        ),
        statistic=statistic,
        undefined=UNDEFINED,
    )


def count_double_coded(gold: GoldData) -> int:
    """Segments that two people have coded independently."""
    return len(list_double_coded(gold))


def list_double_coded(gold: GoldData) -> list[str]:
    """The transcript of each segment that two people have coded independently."""
    return [
        segment.transcript
        for segment, given, index in zip(
            gold.segments, gold.codes_by_person, gold.transcript_index, strict=True
        )
        if len(given) > 1 and index >= 0 and segment.transcript in gold.independent_transcripts
    ]


def list_units(gold: GoldData, predictions: Predictions) -> list[Unit]:
    """Segments people have read, with the machine's decisions as one more coder's."""
    codes = [code.id for code in gold.codes]
    return [
        Unit(
            transcript=gold.segments[row].transcript,
            excerpt=gold.segments[row].excerpt,
            applied={
                **gold.codes_by_person[row],
                MACHINE: frozenset(
                    codes[column] for column in np.flatnonzero(predictions.likely[row])
                ),
            },
            span=gold.segments[row].span,
        )
        for row in np.flatnonzero(gold.targets).tolist()
        if gold.codes_by_person[row]
    ]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Compared:
    """People and machine on what two people coded: decisions, starts, and the pairs of either kind.

    `starts` is (n_coders, n_units).
    """

    made: Decisions
    starts: Flags
    human: Pairs
    mixed: Pairs

    @classmethod
    def of_draw(cls, draw: Draw) -> _Compared:
        gold = draw.gold
        people = list(gold.coders)
        # A machine that followed one coder is compared with the others, who are then listed once
        # more: as people beside people, and as people beside it.
        others = {name: f"{name} {MACHINE}" for name in people} if draw.following else {}
        units: list[Unit] = []
        starts: list[Unit] = []
        double = set(list_double_coded(gold))
        for row in np.flatnonzero(gold.targets).tolist():
            given, begun = gold.codes_by_person[row], gold.starts_by_person[row]
            transcript = gold.segments[row].transcript
            if len(given) < 2 or transcript not in double:
                continue
            of_people = {name: _mark(name in begun) for name in given}
            if not draw.following:
                made, begins = _decide(gold, draw.predictions, row)
                _add(units, transcript, {**given, MACHINE: made})
                _add(starts, transcript, {**of_people, MACHINE: begins})
                continue
            _add(units, transcript, given)
            _add(starts, transcript, of_people)
            for coder in given:
                made, begins = _decide(gold, draw.following[coder], row)
                rest = [name for name in given if name != coder]
                _add(units, transcript, {others[n]: given[n] for n in rest} | {MACHINE: made})
                marks = {others[n]: of_people[n] for n in rest} | {MACHINE: begins}
                _add(starts, transcript, marks)
        coders = [*people, *others.values(), MACHINE]
        decided = build_decisions(units, coders, [code.id for code in gold.codes])
        marked = build_decisions(starts, coders, [_START])
        machine, n_people = len(coders) - 1, len(people)
        first_beside = n_people if others else 0
        return cls(
            made=decided,
            starts=np.asarray(marked.given.any(axis=2)),
            human=[pair for pair in decided.pairs if pair[1] < n_people],
            mixed=[(a, b) for a, b in decided.pairs if b == machine and a >= first_beside],
        )


def _decide(
    gold: GoldData, predictions: Predictions, row: int
) -> tuple[frozenset[str], frozenset[str]]:
    """The codes that the machine would apply to a segment, and whether it starts a passage."""
    codes = [gold.codes[column].id for column in np.flatnonzero(predictions.likely[row])]
    return frozenset(codes), _mark(bool(predictions.starts[row]))


def _mark(begins: bool) -> frozenset[str]:
    return frozenset((_START,)) if begins else frozenset()


def _add(units: list[Unit], transcript: str, applied: Mapping[str, frozenset[str]]) -> None:
    units.append(Unit(transcript=transcript, excerpt="", applied=applied))
