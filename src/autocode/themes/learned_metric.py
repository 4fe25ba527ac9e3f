"""A metric learned from codings: what people code alike lies closer when themes are drafted.

What varies among segments that people gave the same code is what the study does not care about.
Within-class covariance normalisation (Hatch, Kajarekar & Stolcke 2006) shrinks it: rows are
multiplied by (W + r I)^(-1/2), W the covariance within codes of all codings together. A segment may
carry several codes, so W is the covariance of what is left of the coded rows once each code's part
is taken out by least squares; where each segment has one code that is the pooled covariance within
codes. Rows are centred before and brought to length 1 after.

The ridge r is large (see `_RIDGE`): a few hundred codings say little of 384 directions, and a
smaller one follows chance. How much this helps on codes that the metric has never seen, and where
it does not: `eval/results/themes.md`, "Codes never seen".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..core.theme import DraftMetric
from ..core.theme_diagnostics import FEWEST_CODES, FEWEST_SEGMENTS, MetricDiagnostics
from ..linalg import DECIMALS, Floats, one_thread, unit_rows
from .preprocess import Vectors

_RIDGE = 5.0
"""In mean variances within codes. With 3 and 10 agreement is the same, with 3 groups less steady,
with less than 1 agreement falls below that without a metric (eval/NOTES.md, Themes)."""
_LEAST_SQUARES_RIDGE = 1e-3
"""For codes that always come together, whose parts cannot be told apart."""
_SHORTEST = 1e-6


@dataclass(frozen=True, slots=True)
class CodedVectors:
    """What people coded: unit rows (n, d) of segments, and which codes each has (n, n_codes)."""

    vectors: Vectors
    applied: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LearnedMetric:
    """A map of unit rows in which what is coded alike lies closer: `mean` (d,), `matrix` (d, d).

    The matrix is symmetric; both are in single precision, as a study file keeps them.
    """

    mean: Vectors
    matrix: Vectors

    def transform(self, vectors: Vectors) -> Vectors:
        """Unit rows (n, d) of these, near where people tend to code alike."""
        with one_thread():
            rows = (vectors.astype(np.float64) - self.mean) @ self.matrix.astype(np.float64)
        mapped = unit_rows(rows, smallest=_SHORTEST)
        # Rounded, since sums over many columns differ in their last bits between machines.
        return np.round(mapped, DECIMALS).astype(np.float32)

    def to_stored(self) -> DraftMetric:
        """The metric as a study file keeps it."""
        upper = self.matrix[np.triu_indices(len(self.mean))]
        return DraftMetric(self.mean.astype("<f4").tobytes(), upper.astype("<f4").tobytes())

    @classmethod
    def from_stored(cls, stored: DraftMetric) -> LearnedMetric:
        """The metric that a study file keeps."""
        mean = np.frombuffer(stored.mean, dtype="<f4").astype(np.float32)
        matrix = np.zeros((len(mean), len(mean)), dtype=np.float32)
        upper = np.triu_indices(len(mean))
        matrix[upper] = np.frombuffer(stored.matrix, dtype="<f4")
        matrix.T[upper] = matrix[upper]
        return cls(mean, matrix)


def learn_metric(
    coded: CodedVectors, vectors: Vectors
) -> tuple[LearnedMetric | None, MetricDiagnostics]:
    """The metric for rows (n, d) that themes are to be drafted of, and what it was learned from.

    None where there are too few codes or coded segments, or where all that is coded alike is the
    same; the diagnostics say so.
    """
    applied = coded.applied[:, coded.applied.sum(axis=0) > 1]
    is_coded = applied.any(axis=1)
    n_segments, n_codes = int(is_coded.sum()), applied.shape[1]
    learned_from = MetricDiagnostics(
        is_used=False,
        n_codes=n_codes,
        n_codings=int(applied.sum()),
        n_segments=n_segments,
    )
    if n_codes < FEWEST_CODES or n_segments - n_codes < FEWEST_SEGMENTS or not len(vectors):
        return None, learned_from
    with one_thread():
        within = measure_within(coded.vectors[is_coded], applied[is_coded])
        variance = float(np.trace(within)) / len(within)
        if variance < _SHORTEST:
            return None, learned_from
        values, directions = np.linalg.eigh(within)
        # In units of the variance, so that directions without any stay as they are.
        scale = (np.maximum(values, 0) / (_RIDGE * variance) + 1) ** -0.5
        matrix = (directions * scale) @ directions.T
    mean = vectors.astype(np.float64).mean(axis=0)
    metric = LearnedMetric(
        np.round(mean, DECIMALS).astype(np.float32), np.round(matrix, DECIMALS).astype(np.float32)
    )
    return metric, replace(learned_from, is_used=True, ridge=_RIDGE)


def measure_within(vectors: Vectors, applied: npt.NDArray[np.bool_]) -> Floats:
    """The covariance (d, d) of rows (n, d) within their codes (n, n_codes).

    It is that of the residuals of a least-squares fit of the rows on their codes, each code with a
    mean of its own that adds to those of the other codes of a row.
    """
    codes, rows = applied.astype(np.float64), vectors.astype(np.float64)
    products = codes.T @ codes + _LEAST_SQUARES_RIDGE * np.eye(codes.shape[1])
    residuals = rows - codes @ np.linalg.solve(products, codes.T @ rows)
    return np.asarray(residuals.T @ residuals / max(len(rows) - codes.shape[1], 1))
