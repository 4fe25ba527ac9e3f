"""How far scores can be trusted, measured on transcripts the scorer has not seen.

The transcripts that people have read are dealt into folds; each fold is scored by a model fitted
on the others. From those scores come a correction of the probabilities, the cut-off of each code,
prediction sets and what may be accepted unseen. Nothing here looks at the segments to be suggested
for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .learner import Floats, sigmoid
from .task import Aims

Flags = npt.NDArray[np.bool_]

MOST_FOLDS = 5
FEWEST_TRANSCRIPTS = 3
FEWEST_CODINGS = 30
UNCALIBRATED_CUT = 0.5
_SHRINK = 30.0


@dataclass(frozen=True, slots=True)
class Trust:
    """Probability = logistic(stretch · logit + shift); a code is decided on from `cut` on.

    `calibrated` is false when too little is coded; then the plain logistic and a cut of 0.5 stand.
    """

    stretch: float = 1.0
    shift: float = 0.0
    cut: float = UNCALIBRATED_CUT
    set_cut: float = 0.0
    accept_cut: float = np.inf
    calibrated: bool = False
    n_transcripts: int = 0
    remarks: tuple[str, ...] = ()

    def probabilities(self, logits: Floats) -> Floats:
        """Probabilities of the logits, same shape."""
        return sigmoid(self.stretch * logits + self.shift)

    def decided(self, probabilities: Floats) -> Flags:
        """Which codes the machine would apply."""
        return probabilities >= self.cut

    def in_set(self, probabilities: Floats) -> Flags:
        """Which codes are in the prediction set."""
        return probabilities >= self.set_cut

    def accepted(self, probabilities: Floats) -> Flags:
        """Which codes may be applied unseen."""
        return probabilities >= self.accept_cut


def measure(
    logits: Floats,
    applied: Flags,
    *,
    transcripts: Sequence[str],
    allowed: Flags,
    aims: Aims | None = None,
) -> Trust:
    """Fit the correction (Platt 1999) and the cut-off of best micro-F1 on held-out logits.

    Arrays cover the segments people have read, (n_read, n_codes); `transcripts` names each row's.
    """
    names = sorted(set(transcripts))
    n_codings = int(applied.sum())
    if len(names) < FEWEST_TRANSCRIPTS or n_codings < FEWEST_CODINGS:
        return Trust(n_transcripts=len(names))
    flat, hits = logits[allowed], applied[allowed]
    stretch, shift = _platt(flat, hits)
    probabilities = sigmoid(stretch * flat + shift)
    best = _best_cut(probabilities, hits)
    cut = (n_codings * best + _SHRINK * UNCALIBRATED_CUT) / (n_codings + _SHRINK)
    return Trust(stretch, shift, cut, calibrated=True, n_transcripts=len(names))


def folds(transcripts: Sequence[str], *, most: int = MOST_FOLDS) -> npt.NDArray[np.intp]:
    """A fold number for each row, whole transcripts together, folds of about equal size.

    Larger transcripts are dealt first, each to the fold that is smallest so far; no chance in it.
    """
    sizes: dict[str, int] = {}
    for name in transcripts:
        sizes[name] = sizes.get(name, 0) + 1
    n_folds = min(most, len(sizes))
    loads = [0] * n_folds
    fold_of: dict[str, int] = {}
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        fold = loads.index(min(loads))
        fold_of[name] = fold
        loads[fold] += sizes[name]
    return np.array([fold_of[name] for name in transcripts], dtype=np.intp)


def _platt(logits: Floats, hits: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and shift of a logistic curve through (logit, hit), by Newton's method.

    Targets are smoothed as Platt (1999) advises. A slope that is not positive says that the logits
    know nothing of transcripts they have not seen; then every probability is the base rate.
    """
    n_hits = int(hits.sum())
    n_misses = hits.size - n_hits
    target = np.where(hits, (n_hits + 1) / (n_hits + 2), 1 / (n_misses + 2))
    design = np.column_stack([logits, np.ones_like(logits)])
    beta = np.array([1.0, 0.0])
    for _ in range(25):
        fitted = sigmoid(design @ beta)
        weight = np.maximum(fitted * (1 - fitted), 1e-9)
        hessian = design.T @ (design * weight[:, None]) + 1e-9 * np.eye(2)
        step = np.linalg.solve(hessian, design.T @ (fitted - target))
        beta = beta - np.clip(step, -2, 2)
        if float(np.abs(step).max()) < 1e-8:
            break
    if beta[0] > 0:
        return float(beta[0]), float(beta[1])
    rate = float(target.mean())
    return 0.0, float(np.log(rate / (1 - rate)))


def _best_cut(probabilities: Floats, hits: npt.NDArray[np.bool_]) -> float:
    """The probability from which on suggesting gives the best micro-F1."""
    order = np.argsort(-probabilities, kind="stable")
    right = np.cumsum(hits[order])
    f1 = 2 * right / (np.arange(1, hits.size + 1) + max(int(hits.sum()), 1))
    return float(probabilities[order[int(np.argmax(f1))]])
