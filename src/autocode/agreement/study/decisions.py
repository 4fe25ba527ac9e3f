"""What coders decided, as arrays: every (unit, code) yes or no, and counts that add up.

A unit that a coder has read and not given a code is a "no"; a unit not read is missing. Counts are
made once per transcript, so that intervals can draw transcripts without looking at a unit again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...core.transcript import Span
from ..arrays import Booleans, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One thing coders may have read: where it lies, and the codes each coder gave it.

    `applied` has an empty set for "read, nothing applied" and no entry for "not read". `weight` is
    what the unit counts for (characters of a run; 1 otherwise).
    """

    transcript: str
    excerpt: str
    applied: Mapping[str, frozenset[str]]
    span: Span | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Decisions:
    """Units that two or more of the coders have read, and the codes used on them.

    `given` is (n_coders, n_units, n_codes) and `read` (n_coders, n_units); `transcript_of`
    (n_units,) numbers each unit's transcript, `weight` is (n_units,).
    """

    coders: tuple[str, ...]
    codes: tuple[str, ...]
    transcripts: tuple[str, ...]
    units: tuple[Unit, ...]
    given: Booleans
    read: Booleans
    transcript_of: npt.NDArray[np.intp]
    weight: Floats

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Pairs of coders by number."""
        return list(combinations(range(len(self.coders)), 2))


def build_decisions(
    units: Sequence[Unit], coders: Sequence[str], codes: Sequence[str]
) -> Decisions:
    """Keep the units that at least two of the coders have read and the codes any of them used."""
    shared = [u for u in units if sum(coder in u.applied for coder in coders) >= 2]
    used = {c for u in shared for coder in coders for c in u.applied.get(coder, ())}
    kept = tuple(code for code in codes if code in used)
    # Only codes that somebody used: thousands of unused ones would make tables of zeros.
    column = {code: at for at, code in enumerate(kept)}
    names = tuple(sorted({u.transcript for u in shared}))
    number = {name: at for at, name in enumerate(names)}
    given = np.zeros((len(coders), len(shared), len(kept)), dtype=bool)
    read = np.zeros((len(coders), len(shared)), dtype=bool)
    for row, coder in enumerate(coders):
        for at, unit in enumerate(shared):
            if coder in unit.applied:
                read[row, at] = True
                given[row, at, [column[c] for c in unit.applied[coder] if c in column]] = True
    return Decisions(
        coders=tuple(coders),
        codes=kept,
        transcripts=names,
        units=tuple(shared),
        given=given,
        read=read,
        transcript_of=np.array([number[u.transcript] for u in shared], dtype=np.intp),
        weight=np.array([u.weight for u in shared], dtype=np.float64),
    )


def count_pairs(made: Decisions) -> Floats:
    """2x2 tables of each pair and code, shape (n_transcripts, n_pairs, n_codes, 2, 2)."""
    tables = np.zeros((len(made.transcripts), len(made.pairs), len(made.codes), 2, 2))
    for at, (a, b) in enumerate(made.pairs):
        both = made.read[a] & made.read[b]
        weight = np.where(both, made.weight, 0.0)
        for first in (0, 1):
            for second in (0, 1):
                cell = (made.given[a] == bool(first)) & (made.given[b] == bool(second))
                tables[:, at, :, first, second] = _sum_by_transcript(made, cell * weight[:, None])
    return tables


def count_votes(made: Decisions) -> Floats:
    """What alpha and AC1 need of each code, shape (n_transcripts, n_codes, 6).

    Last axis: coincidences no-no, no-yes, yes-yes (Krippendorff 2018); weight of the units, their
    summed agreement, and their summed share of yes (Gwet 2014).
    """
    # Per unit and code: m readers, of whom n said yes. Coincidences count ordered pairs over m - 1
    # (Krippendorff 2018); agreement and share are means over readers (Gwet 2014, ch. 5).
    n_read = made.read.sum(axis=0)[:, None].astype(np.float64)
    yes = (made.given & made.read[:, :, None]).sum(axis=0).astype(np.float64)
    no = n_read - yes
    weight = made.weight[:, None]
    cells = (
        no * (no - 1) / (n_read - 1),
        no * yes / (n_read - 1),
        yes * (yes - 1) / (n_read - 1),
        np.ones_like(yes),
        (yes * (yes - 1) + no * (no - 1)) / (n_read * (n_read - 1)),
        yes / n_read,
    )
    return np.stack([_sum_by_transcript(made, cell * weight) for cell in cells], axis=-1)


class SetPair(NamedTuple):
    """Two sets of codes that coders gave to the same units of a transcript, by number."""

    transcript: int
    first: int
    second: int
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class SetCounts:
    """Whole sets of codes: the distinct ones, how often each was given, and who gave what together.

    `codings` is (n_transcripts, n_sets). In `together` pairs are weighted so that each unit counts
    as many pairable values as it has coders (Krippendorff 2018).
    """

    sets: tuple[frozenset[str], ...]
    codings: Floats
    together: tuple[SetPair, ...]

    def sum_disagreement(self, distances: Floats) -> Floats:
        """Summed distance of sets given to the same unit, shape (n_transcripts,)."""
        total = np.zeros(len(self.codings))
        for met in self.together:
            total[met.transcript] += met.weight * distances[met.first, met.second]
        return total


def count_sets(made: Decisions) -> SetCounts:
    """Count the sets of codes that coders gave as wholes."""
    number: dict[frozenset[str], int] = {}
    given: list[tuple[int, int, float]] = []
    together: dict[tuple[int, int, int], float] = {}
    for at, unit in enumerate(made.units):
        transcript, weight = int(made.transcript_of[at]), float(made.weight[at])
        read = [unit.applied[c] for c in made.coders if c in unit.applied]
        numbers = [number.setdefault(codes, len(number)) for codes in read]
        given += [(transcript, codes, weight) for codes in numbers]
        for first, second in permutations(numbers, 2):
            key = (transcript, first, second)
            together[key] = together.get(key, 0.0) + weight / (len(numbers) - 1)
    codings = np.zeros((len(made.transcripts), len(number)))
    for transcript, codes, weight in given:
        codings[transcript, codes] += weight
    pairs = tuple(SetPair(*key, weight) for key, weight in together.items())
    return SetCounts(tuple(number), codings, pairs)


def _sum_by_transcript(made: Decisions, values: Floats) -> Floats:
    """Sum rows of (n_units, n_codes) by transcript."""
    sums = np.zeros((len(made.transcripts), values.shape[1]))
    np.add.at(sums, made.transcript_of, values)
    return sums
