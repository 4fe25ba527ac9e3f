"""The machine compared with people: the same coefficients on the same units, with a human ceiling.

Every coefficient is of pairs of coders. With more than two people, alpha over sets takes each pair
that read a segment as a unit of its own, so that a machine can be compared with one of them at a
time in just the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...agreement.coefficients.kappa import kappa_from_tables
from ...agreement.coefficients.sets import set_distances
from ...agreement.resampling.draws import Statistic
from ...agreement.resampling.intervals import Resampling
from ...agreement.study.config import AGREEMENT_CONFIG
from ...agreement.study.decisions import Decisions, Unit, build_decisions, count_pairs, count_sets
from ...agreement.study.from_counts import SetAlpha, average_kappa
from ..gold import GoldData
from ..predictions import Predictions
from .scores import Score, ScoreCounts, compute_scores

Floats = npt.NDArray[np.float64]

MACHINE = "(machine)"
COEFFICIENTS = ("kappa_per_code_mean", "pooled_kappa", "alpha_masi")
_KINDS = ("human_human", "machine_human", "difference", "ratio", "bound", "validity")
_Pairs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanComparison:
    """Agreement by coefficient on segments that two people coded independently.

    `human_human` is between people, `machine_human` of the machine with each of them;
    `difference` is machine_human less human_human, `ratio` the one over the other. `bound` is the
    square root of human_human, the most that a machine can agree with people who were independent;
    `validity` is machine_human over it (`agreement.machine.validity`).
    """

    human_human: Mapping[str, Score]
    machine_human: Mapping[str, Score]
    difference: Mapping[str, Score]
    ratio: Mapping[str, Score]
    bound: Mapping[str, Score]
    validity: Mapping[str, Score]


def count_machine_agreement(gold: GoldData, predictions: Predictions) -> ScoreCounts:
    """The machine against each person on everything that person has read."""
    made = build_decisions(
        list_units(gold, predictions), [*gold.coders, MACHINE], [c.id for c in gold.codes]
    )
    counts = _PairCounts(made, [pair for pair in made.pairs if pair[1] == len(gold.coders)])
    frequent = _find_frequent_codes(made, counts.pairs)
    return ScoreCounts(
        names=COEFFICIENTS,
        counts=counts.counts,
        statistic=counts.make_statistic(frequent),
        undefined=_UNDEFINED,
    )


def compare_with_people(
    gold: GoldData, repeats: Sequence[Predictions], resampling: Resampling
) -> HumanComparison:
    """Agreement of people and of the machine with people, with paired differences."""
    scores = compute_scores(
        [count_human_comparison(gold, predictions) for predictions in repeats], resampling
    )
    by_kind = {kind: {name: scores[f"{kind}.{name}"] for name in COEFFICIENTS} for kind in _KINDS}
    return HumanComparison(**by_kind)


def count_human_comparison(gold: GoldData, predictions: Predictions) -> ScoreCounts:
    """People with people and the machine with people, where two people coded independently.

    Names are "human_human.pooled_kappa", "machine_human.…", "difference.…", "ratio.…", "bound.…"
    and "validity.…".
    """
    units = [
        unit
        for unit in list_units(gold, predictions)
        if len(unit.applied) > 2 and unit.transcript in gold.independent_transcripts
    ]
    names = tuple(f"{kind}.{name}" for kind in _KINDS for name in COEFFICIENTS)
    if not units:
        return ScoreCounts(
            names=names,
            counts=np.zeros((0, len(names))),
            statistic=lambda sums: sums,
            undefined="no segment was coded by two people independently",
        )
    made = build_decisions(units, [*gold.coders, MACHINE], [c.id for c in gold.codes])
    machine = len(gold.coders)
    human = _PairCounts(made, [pair for pair in made.pairs if pair[1] != machine])
    mixed = _PairCounts(made, [pair for pair in made.pairs if pair[1] == machine])
    # One set of codes for both, those people use, so that the two means are of the same codes.
    frequent = _find_frequent_codes(made, human.pairs)
    width = human.counts.shape[1]
    of_people, of_machine = human.make_statistic(frequent), mixed.make_statistic(frequent)

    def statistic(sums: Floats) -> Floats:
        human_human, machine_human = of_people(sums[:, :width]), of_machine(sums[:, width:])
        # People who agree no better than chance are no yardstick.
        people = np.where(human_human > 0, human_human, np.nan)
        bound = np.sqrt(people)
        ratio, validity = machine_human / people, machine_human / bound
        return np.concatenate(
            [human_human, machine_human, machine_human - human_human, ratio, bound, validity],
            axis=1,
        )

    return ScoreCounts(
        names=names,
        counts=np.concatenate([human.counts, mixed.counts], axis=1),
        statistic=statistic,
        undefined=_UNDEFINED,
    )


def count_double_coded(gold: GoldData) -> int:
    """Segments that two people have coded independently."""
    return sum(
        len(given) > 1 and index >= 0 and segment.transcript in gold.independent_transcripts
        for segment, given, index in zip(
            gold.segments, gold.codes_by_person, gold.transcript_index, strict=True
        )
    )


_UNDEFINED = (
    f"undefined: no code has {AGREEMENT_CONFIG.min_uses} uses, or everybody decided the same on"
    " every segment"
)


class _PairCounts:
    """Counts of some pairs of coders by transcript, flat: tables, then the transcript itself."""

    def __init__(self, made: Decisions, pairs: _Pairs) -> None:
        number = {pair: index for index, pair in enumerate(made.pairs)}
        tables = count_pairs(made)[:, [number[pair] for pair in pairs]]
        sets = count_sets(_split_into_pairs(made, pairs))
        self.pairs = pairs
        self._shape = tables.shape[1:]
        self._n_cells = int(np.prod(self._shape))
        self._sets = SetAlpha.of_sets(sets, set_distances(sets.sets, distance="masi"))
        flat = tables.reshape(len(tables), -1)
        # Every transcript holds such a pair, and the order is by name in both. Alpha over sets asks
        # how often each is drawn: the sum of the rows of a unit matrix.
        self.counts = np.column_stack([flat, np.eye(len(sets.codings))])

    def make_statistic(self, frequent: npt.NDArray[np.bool_]) -> Statistic:
        """The three coefficients from summed counts, (n_draws, ...) to (n_draws, 3)."""

        def statistic(sums: Floats) -> Floats:
            tables = sums[:, : self._n_cells].reshape(-1, *self._shape)
            n_drawn = sums[:, self._n_cells :]
            return np.column_stack(
                [
                    average_kappa(tables, frequent),
                    kappa_from_tables(tables.sum(axis=(1, 2))),
                    self._sets.compute(n_drawn),
                ]
            )

        return statistic


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


def _split_into_pairs(made: Decisions, pairs: _Pairs) -> Decisions:
    """Each pair of coders that read a unit as a unit of its own, with coders "a" and "b"."""
    return build_decisions(list(_pair_units(made, pairs)), ["a", "b"], made.codes)


def _pair_units(made: Decisions, pairs: _Pairs) -> Iterable[Unit]:
    names: Sequence[str] = made.coders
    for unit in made.units:
        for a, b in pairs:
            if names[a] in unit.applied and names[b] in unit.applied:
                applied = {"a": unit.applied[names[a]], "b": unit.applied[names[b]]}
                yield Unit(transcript=unit.transcript, excerpt="", applied=applied)


def _find_frequent_codes(made: Decisions, pairs: _Pairs) -> npt.NDArray[np.bool_]:
    """Codes with ten uses among people, (n_codes,).

    A use is a unit that either of a pair of people gave the code or, where a pair holds the
    machine, that the person gave it.
    """
    given = made.given & made.read[:, :, None]
    machine = len(made.coders) - 1
    uses = np.zeros(len(made.codes))
    for a, b in pairs:
        both_read = (made.read[a] & made.read[b])[:, None]
        either = given[a] if b == machine else given[a] | given[b]
        uses += (either & both_read).sum(axis=0)
    return np.asarray(uses >= AGREEMENT_CONFIG.min_uses)
