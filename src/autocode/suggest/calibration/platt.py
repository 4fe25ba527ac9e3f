"""How far scores can be trusted, measured on transcripts the scorer has not seen.

Every coded transcript has been scored by a model fitted without it. From those scores come a
correction of the probabilities, the cut-offs for deciding, prediction sets, and what may be
accepted unseen. Nothing here looks at the segments to be suggested for.

What is promised, and what is not. Prediction sets hold the asked share of people's codes on
average over transcripts like the coded ones (conformal risk control, Angelopoulos et al. 2024): if
the next participants differ from those already coded, nothing is guaranteed; nor for any single
transcript, segment or code. Below ten coded transcripts sets are only an estimate, and say so.
What is accepted unseen was wrong no more often than asked on held-out transcripts, code by code,
counted together with the errors that the probabilities lead to expect, and again on transcripts
left out of that choice, counting one error more than was seen; a code with too few held-out hits,
or hits in fewer than five transcripts, is never accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..linear import Floats, sigmoid
from ..protocol import NEVER, Aims
from . import thresholds

Flags = npt.NDArray[np.bool_]

FEWEST_TRANSCRIPTS = 3
FEWEST_CODINGS = 30
UNCALIBRATED_CUT = 0.5
_MOST_STEPS, _TINY_STEP = 50, 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Probability = logistic(stretch · logit + shift - crowding · l), and the cut-offs on it.

    l is the log of the sum of exp(logit) over the segment's candidates: where another code fits
    well, each is less likely than its own logit says. `cut` (scalar or one per code) decides; with
    `first` the best code is always applied. A code is in the prediction set from `set_cut`, and
    accepted unseen from `accept_cut` (one per code, infinite where too little is coded).
    `calibrated` is false when too little is coded at all; then the plain logistic stands, and the
    first code is the machine's guess.
    """

    stretch: float = 1.0
    shift: float = 0.0
    crowding: float = 0.0
    cut: Floats | float = UNCALIBRATED_CUT
    first: bool = True
    set_cut: float = 0.0
    accept_cut: Floats | float = np.inf
    calibrated: bool = False
    remarks: tuple[str, ...] = ()

    def probabilities(self, logits: Floats) -> Floats:
        """Probabilities of the logits, same shape; a row holds all candidates of a segment."""
        return sigmoid(self.stretch * logits + self.shift - self.crowding * _crowd(logits))

    def decided(self, probabilities: Floats) -> Flags:
        """Which codes the machine would apply."""
        return thresholds.decided(probabilities, self.cut, first=self.first)

    def in_set(self, probabilities: Floats) -> Flags:
        """Which codes are in the prediction set."""
        return probabilities >= self.set_cut

    def accepted(self, probabilities: Floats) -> Flags:
        """Which codes may be applied unseen."""
        return probabilities >= self.accept_cut


def too_little(n_codings: int, n_transcripts: int) -> Trust:
    """What stands where nothing can be measured, and why."""
    return Trust(
        remarks=(
            f"Not enough coded yet to measure how sure suggestions are: {n_codings} codings in "
            f"{n_transcripts} transcripts, {FEWEST_CODINGS} in {FEWEST_TRANSCRIPTS} needed.",
        )
    )


def measure(
    logits: Floats,
    applied: Flags,
    *,
    transcripts: Sequence[str],
    allowed: Flags,
    aims: Aims | None = None,
) -> Trust:
    """What held-out logits say about scores like them.

    Arrays cover the segments people have read, (n_read, n_codes); `transcripts` names each row's.
    """
    aims = aims or Aims()
    n_transcripts = len(set(transcripts))
    n_codings = int((applied & allowed).sum())
    if n_transcripts < FEWEST_TRANSCRIPTS or n_codings < FEWEST_CODINGS:
        return too_little(n_codings, n_transcripts)
    logits = np.where(allowed, logits, NEVER)
    stretch, shift, crowding = _curve(logits, applied, allowed)
    curve = Trust(stretch=stretch, shift=shift, crowding=crowding)
    probabilities = np.where(allowed, curve.probabilities(logits), 0.0)
    applied = applied & allowed
    names = np.unique(np.array(transcripts), return_inverse=True)[1]
    cut, first = thresholds.deciding(probabilities, applied, names)
    set_cut, remark = thresholds.covering(probabilities, applied, names, share=aims.coverage)
    accept_cut = thresholds.accepting(probabilities, applied, names, errors=aims.false_discovery)
    return replace(
        curve,
        cut=cut,
        first=first,
        set_cut=set_cut,
        accept_cut=accept_cut,
        calibrated=True,
        remarks=(remark,) if remark else (),
    )


def _curve(logits: Floats, applied: Flags, allowed: Flags) -> tuple[float, float, float]:
    """Stretch, shift and crowding that make held-out logits likeliest.

    Targets are smoothed as Platt (1999) advises. A stretch that is not positive says that the
    logits know nothing of transcripts they have not seen; then every probability is the base rate.
    """
    hits = applied[allowed]
    n_hits = int(hits.sum())
    n_misses = hits.size - n_hits
    target = np.where(hits, (n_hits + 1) / (n_hits + 2), 1 / (n_misses + 2))
    crowd = np.broadcast_to(_crowd(logits), logits.shape)[allowed]
    weights = _logistic_weights(np.stack([logits[allowed], np.ones(hits.size), crowd]), target)
    if weights[0] > 0:
        return float(weights[0]), float(weights[1]), -float(weights[2])
    rate = float(target.mean())
    return 0.0, float(np.log(rate / (1 - rate))), 0.0


def _crowd(logits: Floats) -> Floats:
    """Log of the summed exponentials of each row, shape (n_rows, 1)."""
    most = logits.max(axis=1, keepdims=True, initial=NEVER)
    return np.asarray(most + np.log(np.exp(logits - most).sum(axis=1, keepdims=True)))


def _logistic_weights(views: Floats, target: Floats) -> Floats:
    """Weights of a logistic regression on (n_views, n), by Newton's method.

    A step too far is halved. Products are taken view by view: with thousands of codes n is large.
    """
    weights = np.zeros(len(views))
    loss = _log_loss(weights @ views, target)
    for _ in range(_MOST_STEPS):
        fitted = sigmoid(weights @ views)
        curved = np.maximum(fitted * (1 - fitted), 1e-9)
        hessian = np.stack([views @ (curved * view) for view in views])
        step = np.linalg.solve(hessian + 1e-9 * np.eye(len(views)), views @ (fitted - target))
        while (new := _log_loss((weights - step) @ views, target)) > loss:
            step /= 2
            if float(np.abs(step).max()) < _TINY_STEP:
                return weights
        weights, loss = weights - step, new
        if float(np.abs(step).max()) < _TINY_STEP:
            break
    return weights


def _log_loss(logits: Floats, target: Floats) -> float:
    return float((np.logaddexp(0.0, logits) - target * logits).sum())
