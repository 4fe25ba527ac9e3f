"""How far scores can be trusted, measured on transcripts the scorer has not seen.

Every coded transcript has been scored by a model fitted without it. From those scores come a
correction of the probabilities, the cut-offs for deciding, prediction sets, and what may be
accepted unseen. Nothing here looks at the segments to be suggested for.

What is promised, and what is not. Prediction sets hold the asked share of people's codes on
average over transcripts like the coded ones (conformal risk control, Angelopoulos et al. 2024): if
the next participants differ from those already coded, nothing is guaranteed; nor for any single
transcript, segment or code. Below ten coded transcripts sets are only an estimate, and say so.
What is accepted unseen was wrong no more often than asked on held-out transcripts, code by code and
again on transcripts left out of that choice, counting one error more than was seen; a code with too
few held-out hits is never accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from . import cuts
from .learner import Floats, sigmoid
from .task import Aims

Flags = npt.NDArray[np.bool_]

FEWEST_TRANSCRIPTS = 3
FEWEST_CODINGS = 30
UNCALIBRATED_CUT = 0.5


@dataclass(frozen=True, slots=True)
class Trust:
    """Probability = logistic(stretch · logit + shift), and the cut-offs on it.

    `cut` (scalar or one per code) decides; with `first` the best code is always applied. A code is
    in the prediction set from `set_cut`, and accepted unseen from `accept_cut` (one per code,
    infinite where too little is coded). `calibrated` is false when too little is coded at all; then
    the plain logistic stands, and the first code is the machine's guess.
    """

    stretch: float = 1.0
    shift: float = 0.0
    cut: Floats | float = UNCALIBRATED_CUT
    first: bool = True
    set_cut: float = 0.0
    accept_cut: Floats | float = np.inf
    calibrated: bool = False
    remarks: tuple[str, ...] = ()

    def probabilities(self, logits: Floats) -> Floats:
        """Probabilities of the logits, same shape."""
        return sigmoid(self.stretch * logits + self.shift)

    def decided(self, probabilities: Floats) -> Flags:
        """Which codes the machine would apply."""
        return cuts.decided(probabilities, self.cut, first=self.first)

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
    stretch, shift = platt(logits[allowed], applied[allowed])
    probabilities = np.where(allowed, sigmoid(stretch * logits + shift), 0.0)
    applied = applied & allowed
    names = np.unique(np.array(transcripts), return_inverse=True)[1]
    cut, first = cuts.deciding(probabilities, applied, names)
    set_cut, remark = cuts.covering(probabilities, applied, names, share=aims.coverage)
    accept_cut = cuts.accepting(probabilities, applied, names, errors=aims.false_discovery)
    return Trust(
        stretch,
        shift,
        cut,
        first=first,
        set_cut=set_cut,
        accept_cut=accept_cut,
        calibrated=True,
        remarks=(remark,) if remark else (),
    )


def platt(logits: Floats, hits: Flags) -> tuple[float, float]:
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
