"""Kappa per code and alpha over sets as functions of summed counts, for whoever draws transcripts.

The counts are those of `decisions`; shapes begin with (n_draws, ...); NaN where undefined.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .resample import kappa_of

Floats = npt.NDArray[np.float64]


def kappa_by_code(tables: Floats) -> Floats:
    """Kappa of each code averaged over pairs of coders by use, shape (n_draws, n_codes).

    `tables` is (n_draws, n_pairs, n_codes, 2, 2); use is the number of units that either gave the
    code.
    """
    kappa = kappa_of(tables)
    use = tables.sum(axis=(-1, -2)) - tables[..., 0, 0]
    use = np.where(np.isnan(kappa), 0.0, use)
    return ratio((np.nan_to_num(kappa) * use).sum(axis=1), use.sum(axis=1))


def mean_kappa(tables: Floats, frequent: npt.NDArray[np.bool_]) -> Floats:
    """The mean of `kappa_by_code` over the `frequent` codes, shape (n_draws,)."""
    per_code = kappa_by_code(tables)[:, frequent]
    defined = ~np.isnan(per_code)
    return ratio(np.where(defined, per_code, 0.0).sum(axis=1), defined.sum(axis=1))


def alpha_of_sets(codings: Floats, disagreement: Floats, distances: Floats) -> Floats:
    """Krippendorff's (2018) alpha over sets of codes, shape (n_draws,).

    Args:
        codings: how often each set was given, (n_draws, n_sets).
        disagreement: summed distance of sets given to the same unit, (n_draws,).
        distances: between sets, (n_sets, n_sets).
    """
    size = codings.sum(axis=-1)
    apart = ((codings @ distances) * codings).sum(axis=-1)
    return 1 - ratio(ratio(disagreement, size), ratio(apart, size * (size - 1)))


def ratio(part: Floats, whole: Floats | npt.NDArray[np.intp]) -> Floats:
    """Part over whole; NaN where the whole is nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)
