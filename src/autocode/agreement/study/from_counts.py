"""Coefficients as functions of summed counts, for whoever draws transcripts.

The counts are those of `decisions`; shapes begin with (n_draws, ...); NaN where undefined.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..resampling.draws import alpha_from_coincidences, kappa_from_tables
from .decisions import SetCounts

Floats = npt.NDArray[np.float64]


def kappa_by_code(tables: Floats) -> Floats:
    """Kappa of each code averaged over pairs of coders by use, shape (n_draws, n_codes).

    `tables` is (n_draws, n_pairs, n_codes, 2, 2); use is the number of units that either gave the
    code.
    """
    kappa = kappa_from_tables(tables)
    use = tables.sum(axis=(-1, -2)) - tables[..., 0, 0]
    use = np.where(np.isnan(kappa), 0.0, use)
    return ratio((np.nan_to_num(kappa) * use).sum(axis=1), use.sum(axis=1))


def mean_kappa(tables: Floats, frequent: npt.NDArray[np.bool_]) -> Floats:
    """The mean of `kappa_by_code` over the `frequent` codes, shape (n_draws,)."""
    per_code = kappa_by_code(tables)[:, frequent]
    defined = ~np.isnan(per_code)
    return ratio(np.where(defined, per_code, 0.0).sum(axis=1), defined.sum(axis=1))


def alpha_from_votes(votes: Floats) -> Floats:
    """Nominal alpha from coincidences no-no, no-yes, yes-yes on the last axis."""
    matrix = np.stack([votes[..., 0], votes[..., 1], votes[..., 1], votes[..., 2]], axis=-1)
    return alpha_from_coincidences(matrix.reshape(*votes.shape[:-1], 2, 2))


def ac1_from_votes(votes: Floats) -> Floats:
    """Gwet's AC1 from weight, summed agreement and summed share of yes on the last axis."""
    observed, share = ratio(votes[..., 4], votes[..., 3]), ratio(votes[..., 5], votes[..., 3])
    chance = 2 * share * (1 - share)
    return ratio(observed - chance, 1 - chance)


def specific_agreement(tables: Floats) -> tuple[Floats, Floats]:
    """Positive and negative agreement of 2x2 tables (Cicchetti & Feinstein 1990)."""
    differing = tables[..., 0, 1] + tables[..., 1, 0]
    yes, no = 2 * tables[..., 1, 1], 2 * tables[..., 0, 0]
    return ratio(yes, yes + differing), ratio(no, no + differing)


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
    def of(cls, sets: SetCounts, distances: Floats) -> SetAlpha:
        """From the sets given by transcript and the distances between them, (n_sets, n_sets)."""
        apart = sets.codings @ distances @ sets.codings.T
        return cls(sets.codings.sum(axis=1), sets.disagreement(distances), apart)

    def on(self, weights: Floats) -> Floats:
        """Of draws (n_draws, n_transcripts), shape (n_draws,); NaN where undefined."""
        size = weights @ self.size
        apart = ((weights @ self.apart) * weights).sum(axis=-1)
        observed = ratio(weights @ self.disagreement, size)
        return 1 - ratio(observed, ratio(apart, size * (size - 1)))


def ratio(part: Floats, whole: Floats | npt.NDArray[np.intp]) -> Floats:
    """Part over whole; NaN where the whole is nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)
