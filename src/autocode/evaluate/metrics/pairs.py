"""Counts of pairs of coders by transcript: what coefficients of machine and people are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from ...agreement.coefficients.kappa import kappa_from_tables
from ...agreement.coefficients.sets import set_distances
from ...agreement.resampling.draws import Statistic
from ...agreement.study.config import AGREEMENT_CONFIG
from ...agreement.study.decisions import Decisions, Unit, build_decisions, count_pairs, count_sets
from ...agreement.study.from_counts import SetAlpha, average_kappa

Floats = npt.NDArray[np.float64]
Pairs = list[tuple[int, int]]

MACHINE = "(machine)"
COEFFICIENTS = ("kappa_per_code_mean", "pooled_kappa", "alpha_masi")
UNDEFINED = (
    f"undefined: no code has {AGREEMENT_CONFIG.min_uses} uses, or everybody decided the same on"
    " every segment"
)


class PairCounts:
    """Counts of some pairs of coders by transcript, flat: tables, then the transcript itself."""

    def __init__(self, made: Decisions, pairs: Pairs) -> None:
        number = {pair: index for index, pair in enumerate(made.pairs)}
        tables = count_pairs(made)[:, [number[pair] for pair in pairs]]
        split = _split_into_pairs(made, pairs)
        sets = count_sets(split)
        self.pairs = pairs
        self._shape = tables.shape[1:]
        self._n_cells = int(np.prod(self._shape))
        self._sets = SetAlpha.of_sets(sets, set_distances(sets.sets, distance="masi"))
        flat = tables.reshape(len(tables), -1)
        # Alpha over sets asks how often each transcript with such a pair is drawn: the sum of the
        # rows of a unit matrix, with a row of zeros for a transcript without one.
        drawn = np.zeros((len(made.transcripts), len(split.transcripts)))
        drawn[[made.transcripts.index(name) for name in split.transcripts]] = np.eye(
            len(split.transcripts)
        )
        self.counts = np.column_stack([flat, drawn])

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


def find_frequent_codes(made: Decisions, pairs: Pairs) -> npt.NDArray[np.bool_]:
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


def spread_over(counts: Floats, own: Sequence[str], transcripts: Sequence[str]) -> Floats:
    """Rows of `counts`, one for each of its `own` transcripts, among those of more transcripts."""
    spread = np.zeros((len(transcripts), *counts.shape[1:]))
    number = {name: at for at, name in enumerate(transcripts)}
    spread[[number[name] for name in own]] = counts
    return spread


def _split_into_pairs(made: Decisions, pairs: Pairs) -> Decisions:
    """Each pair of coders that read a unit as a unit of its own, with coders "a" and "b"."""
    return build_decisions(list(_pair_units(made, pairs)), ["a", "b"], made.codes)


def _pair_units(made: Decisions, pairs: Pairs) -> Iterable[Unit]:
    names: Sequence[str] = made.coders
    for unit in made.units:
        for a, b in pairs:
            if names[a] in unit.applied and names[b] in unit.applied:
                applied = {"a": unit.applied[names[a]], "b": unit.applied[names[b]]}
                yield Unit(transcript=unit.transcript, excerpt="", applied=applied)
