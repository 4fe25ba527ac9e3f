"""The counts of a study, per transcript and summed over draws: what coefficients are made from.

The counts are those of `decisions`. A coefficient of `specs` is a function of `DrawnCounts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..arrays import Booleans, Floats, divide
from ..coefficients.alpha import alpha_from_disagreement
from ..coefficients.kappa import kappa_from_tables
from .config import AGREEMENT_CONFIG
from .decisions import (
    Decisions,
    SetCounts,
    count_pairs,
    count_sets,
    count_votes,
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StudyCounts:
    """All that coefficients need of a study, per transcript.

    `tables` is (n_transcripts, n_pairs, n_codes, 2, 2), `votes` (n_transcripts, n_codes, 6); see
    `count_pairs` and `count_votes`. `parents` is the code tree.
    """

    decisions: Decisions
    tables: Floats
    votes: Floats
    sets: SetCounts
    parents: Mapping[str, str | None]

    @classmethod
    def of_decisions(cls, decisions: Decisions, parents: Mapping[str, str | None]) -> StudyCounts:
        """Count what the coders decided."""
        return cls(
            decisions=decisions,
            tables=count_pairs(decisions),
            votes=count_votes(decisions),
            sets=count_sets(decisions),
            parents=parents,
        )

    @property
    def uses(self) -> Floats:
        """Units that at least one of a pair gave each code, over all pairs, shape (n_codes,)."""
        return np.asarray(count_uses(self.tables).sum(axis=(0, 1)))

    @property
    def n_transcripts_with_code(self) -> npt.NDArray[np.intp]:
        """In how many transcripts anybody gave each code, shape (n_codes,)."""
        # Of the counts of votes, the sixth is how often the code was given.
        return np.asarray((self.votes[:, :, 5] > 0).sum(axis=0))

    def flatten(self) -> Floats:
        """A row of numbers per transcript: which one it is, its tables, its votes.

        Summed over a draw of transcripts, the first columns say how often each was drawn, which is
        what alpha over sets asks for.
        """
        n = len(self.tables)
        return np.concatenate(
            [np.eye(n), self.tables.reshape(n, -1), self.votes.reshape(n, -1)], axis=1
        )

    def unpack(self, summed: Floats) -> DrawnCounts:
        """Sums of rows of `flatten`, shape (n_draws, n_numbers), as counts with their axes."""
        n = len(self.tables)
        of_tables = slice(n, n + self.tables[0].size)
        return DrawnCounts(
            draws=summed[:, :n],
            tables=summed[:, of_tables].reshape(len(summed), *self.tables.shape[1:]),
            votes=summed[:, of_tables.stop :].reshape(len(summed), *self.votes.shape[1:]),
            uses=self.uses,
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DrawnCounts:
    """Counts of a study summed over draws of transcripts; every shape begins with n_draws.

    `draws` (n_draws, n_transcripts) says how often each transcript was drawn; `uses` (n_codes,) are
    those in the study as it is, whatever was drawn.
    """

    draws: Floats
    tables: Floats
    votes: Floats
    uses: Floats

    @property
    def code_tables(self) -> Floats:
        """Yes/no tables of each code over all pairs of coders, (n_draws, n_codes, 2, 2)."""
        return np.asarray(self.tables.sum(axis=1))

    @property
    def pooled_table(self) -> Floats:
        """The yes/no table of all codes and pairs of coders, (n_draws, 2, 2)."""
        return np.asarray(self.tables.sum(axis=(1, 2)))

    @property
    def code_votes(self) -> Votes:
        """What coders gave each code, whatever their number; shapes begin (n_draws, n_codes)."""
        return Votes(self.votes)

    @property
    def pooled_votes(self) -> Votes:
        """The same over all codes; shapes begin (n_draws,)."""
        return Votes(self.votes.sum(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """Sums of the counts of `count_votes`, shape (..., 6), as the quantities they stand for."""

    sums: Floats

    @property
    def coincidences(self) -> Floats:
        """Krippendorff's coincidences of no and yes, (..., 2, 2)."""
        # A symmetric table: no-yes stands on both sides of the diagonal.
        no_no, no_yes, yes_yes = (self.sums[..., at] for at in range(3))
        matrix = np.stack([no_no, no_yes, no_yes, yes_yes], axis=-1)
        return matrix.reshape(*matrix.shape[:-1], 2, 2)

    @property
    def observed(self) -> Floats:
        """Mean agreement of units, (...): what AC1 takes off chance from (Gwet 2014)."""
        return divide(self.sums[..., 4], self.sums[..., 3])

    @property
    def shares(self) -> Floats:
        """Mean share of no and yes, (..., 2)."""
        yes = divide(self.sums[..., 5], self.sums[..., 3])
        return np.stack([1 - yes, yes], axis=-1)


def count_uses(tables: Floats) -> Floats:
    """Units that at least one of a pair gave the code, of yes/no tables (..., 2, 2)."""
    return np.asarray(tables.sum(axis=(-1, -2)) - tables[..., 0, 0])


def average_kappa_by_code(tables: Floats) -> Floats:
    """Kappa of each code averaged over pairs of coders by use, shape (n_draws, n_codes).

    Pairs without a kappa for the code are left out; so is, by its weight of 0, a pair that never
    used it.

    Args:
        tables: shape (n_draws, n_pairs, n_codes, 2, 2).
    """
    # Weighted by use, as a pair that hardly used a code says hardly anything about it.
    kappa = kappa_from_tables(tables)
    uses = np.where(np.isnan(kappa), 0.0, count_uses(tables))
    return divide((np.nan_to_num(kappa) * uses).sum(axis=1), uses.sum(axis=1))


def average_kappa(tables: Floats, frequent: Booleans) -> Floats:
    """The mean of `average_kappa_by_code` over the `frequent` codes, shape (n_draws,)."""
    per_code = average_kappa_by_code(tables)[:, frequent]
    defined = ~np.isnan(per_code)
    return divide(np.where(defined, per_code, 0.0).sum(axis=1), defined.sum(axis=1))


def find_frequent(uses: Floats) -> Booleans:
    """Which codes have enough uses for their numbers to be read, shape (n_codes,)."""
    return np.asarray(uses >= AGREEMENT_CONFIG.min_uses)


@dataclass(frozen=True, slots=True, eq=False)
class SetAlpha:
    """Alpha over sets of codes as a function of how often each transcript is drawn.

    Krippendorff's (2018) coefficient. Chance distance is quadratic in the sets given; summed over
    pairs of transcripts beforehand, it takes no notice of how many different sets there are.
    `size` and `disagreement` are (n_transcripts,), `apart` is (n_transcripts, n_transcripts).
    """

    size: Floats
    disagreement: Floats
    apart: Floats

    @classmethod
    def of_sets(cls, sets: SetCounts, distances: Floats) -> SetAlpha:
        """From the sets given by transcript and the distances between them, (n_sets, n_sets)."""
        # Chance pairs codings of drawn transcripts: a quadratic form in how often each is drawn.
        apart = sets.codings @ distances @ sets.codings.T
        return cls(sets.codings.sum(axis=1), sets.sum_disagreement(distances), apart)

    def compute(self, draws: Floats) -> Floats:
        """Of draws (n_draws, n_transcripts), shape (n_draws,); NaN where undefined."""
        size = draws @ self.size
        apart = ((draws @ self.apart) * draws).sum(axis=-1)
        observed = divide(draws @ self.disagreement, size)
        return alpha_from_disagreement(observed, divide(apart, size * (size - 1)))
