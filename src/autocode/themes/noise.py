"""Noise to hold a partition against: Gaussian rows with the mean and covariance of the vectors."""

from __future__ import annotations

import numpy as np

from ..linalg import DECIMALS, one_thread, unit_rows
from .preprocess import Vectors


def draw_gaussian_rows(vectors: Vectors, generator: np.random.Generator) -> Vectors:
    """As many unit rows as `vectors` (n, d), Gaussian with their mean and covariance.

    Mixtures of all rows with independent normal weights have exactly that covariance, also where
    there are fewer rows than columns.
    """
    rows = vectors.astype(np.float64)
    mean = rows.mean(axis=0)
    weights = generator.standard_normal((len(rows), len(rows))) / np.sqrt(len(rows))
    with one_thread():
        noise = mean + weights @ (rows - mean)
    # Rounded, since sums over many rows differ in their last bits between machines.
    return np.round(unit_rows(noise), DECIMALS).astype(np.float32)
