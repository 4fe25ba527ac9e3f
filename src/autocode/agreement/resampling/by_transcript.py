"""Codings counted once per transcript: contingencies of two coders, coincidences of many."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..arrays import Floats


def count_contingencies(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    *,
    transcripts: npt.ArrayLike,
    n_values: int,
    n_transcripts: int | None = None,
) -> Floats:
    """Units by the values two coders gave, shape (n_transcripts, ..., n_values, n_values).

    Args:
        a: the first coder's values, numbered from 0, shape (..., n_units); NaN where not coded.
        b: the second coder's.
        transcripts: of each unit, numbered from 0, shape (n_units,).
        n_values: how many values there are.
        n_transcripts: how many transcripts there are, where the last may have no unit.
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    transcript_of = np.asarray(transcripts, dtype=np.int64)
    n_transcripts = (
        int(transcript_of.max(initial=-1)) + 1 if n_transcripts is None else n_transcripts
    )
    lead = first.shape[:-1]
    n_lead = int(np.prod(lead))
    both = ~(np.isnan(first) | np.isnan(second))
    row = np.arange(n_lead).reshape(*lead, 1) + n_lead * transcript_of
    cell = (row[both] * n_values + first[both].astype(np.int64)) * n_values
    cell += second[both].astype(np.int64)
    cells = np.bincount(cell, minlength=n_transcripts * n_lead * n_values**2)
    return cells.reshape(n_transcripts, *lead, n_values, n_values).astype(np.float64)


def count_coincidences(
    codings: npt.ArrayLike,
    *,
    transcripts: npt.ArrayLike,
    n_values: int,
    n_transcripts: int | None = None,
) -> Floats:
    """Krippendorff's (2018) coincidences, shape (n_transcripts, ..., n_values, n_values).

    Args:
        codings: values numbered from 0, shape (n_coders, ..., n_units); NaN where not coded. Units
            that fewer than two coders coded do not count.
        transcripts: of each unit, numbered from 0, shape (n_units,).
        n_values: how many values there are.
        n_transcripts: how many transcripts there are, where the last may have no unit.
    """
    table = np.asarray(codings, dtype=np.float64)
    transcript_of = np.asarray(transcripts, dtype=np.int64)
    votes = np.stack([(table == value).sum(axis=0) for value in range(n_values)], axis=-1)
    n_codings = votes.sum(axis=-1, keepdims=True)
    each = np.divide(votes, n_codings - 1, out=np.zeros(votes.shape), where=n_codings > 1)
    n_transcripts = (
        int(transcript_of.max(initial=-1)) + 1 if n_transcripts is None else n_transcripts
    )
    coincidences = np.zeros((n_transcripts, *votes.shape[:-2], n_values, n_values))
    for transcript in range(n_transcripts):
        here = transcript_of == transcript
        ours, weighted = votes[..., here, :], each[..., here, :]
        coincidences[transcript] = np.swapaxes(ours, -1, -2) @ weighted
        diagonal = np.einsum("...cc->...c", coincidences[transcript])
        diagonal -= weighted.sum(axis=-2)
    return coincidences
