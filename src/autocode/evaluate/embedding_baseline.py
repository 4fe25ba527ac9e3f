"""The textbook method as a baseline: logistic regression on the vectors, refitted while coding.

One regression for each code that somebody applied (one-vs-rest), on the encoder's vectors alone: no
codebook, no neighbours. Its objective is scikit-learn's, with C = 10 (rows have length 1, for which
the default of 1 leaves little but the codes' frequency); it is minimised for all codes at once,
from where the last fit ended, because a coder who is followed asks for hundreds of fits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from ..linalg import one_thread
from ..suggest.calibration.decide import CalibratedScorer, calibrate, decide
from ..suggest.calibration.held_out import fold_segments, score_held_out
from ..suggest.calibration.platt import Calibration, CalibrationConfig
from ..suggest.protocol import (
    FittedSuggester,
    Flags,
    Floats,
    Ranking,
    Rows,
    SequentialRanking,
    Task,
)

Floats32 = npt.NDArray[np.float32]

UNKNOWN = -20.0
"""The logit of a code that nobody has applied yet: below every code that somebody has."""

REFIT_EVERY = 1
"""Segments observed between two fits. On interviews about women in STEM, one transcript learned
from, recall in three is .67 with a fit after every segment, .56 after every third, .43 after every
tenth: only the first knows what its rivals know."""

_PENALTY = 0.1
_MOST_STEPS = 200
TOLERANCE = 0.1
"""Of the largest entry of the gradient; on two corpora a tenth of it gives the same recall."""


@dataclass(frozen=True, slots=True)
class EmbeddingLogistic:
    """One-vs-rest logistic regression on the segments' vectors."""

    refit_every: int = REFIT_EVERY

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return "embedding + logistic regression"

    def logits(self, task: Task) -> Floats:
        """A score for every candidate code, shape (n_targets, n_codes)."""
        model = fit_regressions(task.corpus.vectors, task.known.applied, task.read_rows)
        return model.score(task.corpus.vectors[task.targets])

    def rank(self, task: Task) -> Ranking:
        """Score the targets, and decide by held-out scores."""
        return CalibratedScorer(self).rank(task)

    def fit(self, task: Task) -> FittedSuggester:
        """Fit the regressions, and learn what their scores are worth on held-out transcripts."""
        config = CalibrationConfig()
        fold, held_out = fold_segments(task, n_folds=config.n_folds), None
        if fold is not None:
            held_out = score_held_out(
                task, fold, lambda rows: self.logits(task.hold_out(rows)), of=task.read_rows
            )
        model = fit_regressions(task.corpus.vectors, task.known.applied, task.read_rows)
        return _Fit(task, model, calibrate(task, held_out, config), self.refit_every)


@dataclass(frozen=True, slots=True)
class Regressions:
    """`weights` (d + 1, n_codes), the intercept last; codes without an example are `UNKNOWN`."""

    weights: Floats
    has_example: Flags

    def score(self, vectors: npt.NDArray[np.floating]) -> Floats:
        """Logits of the codes for some vectors (n, d): (n, n_codes)."""
        with one_thread():
            logits = vectors.astype(np.float64) @ self.weights[:-1] + self.weights[-1]
        return np.where(self.has_example, logits, UNKNOWN)


def fit_regressions(
    vectors: npt.NDArray[np.floating],
    applied: Flags,
    rows: Rows,
    *,
    start: Regressions | None = None,
    tolerance: float = TOLERANCE,
) -> Regressions:
    """A regression for each code that was applied in `rows`; without rows all are unknown.

    Args:
        vectors: of all segments, (n_segments, d).
        applied: their codes, (n_segments, n_codes).
        rows: the segments to learn from.
        start: an earlier fit to begin at, of fewer segments.
        tolerance: of the largest entry of the gradient.
    """
    n_weights, n_codes = vectors.shape[1] + 1, applied.shape[1]
    weights = np.zeros((n_weights, n_codes)) if start is None else start.weights.copy()
    target = applied[rows]
    has_example = np.asarray(target.any(axis=0))
    codes = np.flatnonzero(has_example)
    if len(codes):
        design = np.column_stack([vectors[rows], np.ones(len(rows))]).astype(np.float32)
        with one_thread():
            weights[:, codes] = _minimise(
                design, target[:, codes].astype(np.float32), weights[:, codes], tolerance
            )
    return Regressions(weights, has_example)


def _minimise(design: Floats32, target: Floats32, start: Floats, tolerance: float) -> Floats:
    """The weights of least loss plus penalty (of all but the intercept), by L-BFGS.

    Products are taken in single precision, which is twice as fast and finer than the tolerance.
    """
    shape = start.shape

    def evaluate(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape)
        logits = design @ weights.astype(np.float32)
        slopes = weights.copy()
        slopes[-1] = 0.0
        # log(1 + exp(x)) without overflow.
        loss = np.logaddexp(np.float32(0), logits).sum(dtype=np.float64)
        loss -= (target * logits).sum(dtype=np.float64)
        gradient = design.T @ (expit(logits) - target) + _PENALTY * slopes
        return float(loss + _PENALTY / 2 * (slopes**2).sum()), gradient.ravel()

    options = {"maxiter": _MOST_STEPS, "gtol": tolerance, "ftol": 0.0}
    result = minimize(evaluate, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    return np.asarray(result.x.reshape(shape))


@dataclass(frozen=True, slots=True)
class _Fit:
    """Regressions learned from a task, and what their scores are worth."""

    task: Task
    model: Regressions
    calibration: Calibration
    refit_every: int

    def follow(self, rows: Rows) -> SequentialRanking:
        return _Followed(self)


class _Followed:
    """Regressions that learn from one transcript as well, every few segments."""

    def __init__(self, fit: _Fit) -> None:
        self._fit = fit
        self._model = fit.model
        self._applied = fit.task.known.applied.copy()
        self._rows = fit.task.read_rows.tolist()
        self._n_waiting = 0

    def rank(self, rows: Rows) -> Ranking:
        task, calibration = self._fit.task, self._fit.calibration
        if self._n_waiting >= self._fit.refit_every:
            learned = np.array(self._rows, dtype=np.intp)
            vectors = task.corpus.vectors
            self._model = fit_regressions(vectors, self._applied, learned, start=self._model)
            self._n_waiting = 0
        logits = self._model.score(task.corpus.vectors[rows])
        if not calibration.calibrated:
            return replace(
                Ranking.from_probabilities(np.asarray(expit(logits))),
                logits=logits,
                remarks=calibration.remarks,
            )
        return decide(replace(task, targets=rows), logits, calibration)

    def observe(self, row: int, applied: Flags) -> None:
        # Who codes a segment again means the later codes, not both.
        if row not in self._rows:
            self._rows.append(row)
        self._applied[row] = applied
        self._n_waiting += 1
