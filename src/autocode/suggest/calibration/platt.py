"""How far scores can be trusted, measured on transcripts the scorer has not seen.

Every coded transcript has been scored by a model fitted without it. From those scores come a
correction of the probabilities, the decision thresholds, prediction sets, and what may be accepted
without reading. Nothing here looks at the segments to be suggested for.

What is promised, and what is not. Prediction sets hold the asked share of people's codes on
average over transcripts like the coded ones (conformal risk control, Angelopoulos et al. 2024): if
the next participants differ from those already coded, nothing is guaranteed; nor for any single
transcript, segment or code. Below ten coded transcripts sets are only an estimate, and say so.
What is auto-acceptable is held to the asked share of errors by an upper confidence bound that
counts them by transcript (`acceptance`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, logsumexp

from ...core.counted import say_count
from ...linalg import one_thread
from ..protocol import NEVER, Aims, Floats
from .acceptance import AcceptanceConfig, fit_auto_accept_thresholds
from .thresholds import (
    DecisionRule,
    ThresholdConfig,
    conformal_threshold,
    fit_decision_thresholds,
)

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationConfig:
    """What calibration needs, and how its curve is fitted (eval/NOTES.md, Suggestions, Kept).

    `n_folds` deals the coded transcripts; below `min_transcripts` or `min_codings` nothing is
    fitted. Newton's method stops after `max_steps`, or at steps below `tolerance`; `ridge` and
    `min_curvature` keep its Hessian invertible.
    """

    n_folds: int = 5
    min_transcripts: int = 3
    min_codings: int = 30
    max_steps: int = 50
    tolerance: float = 1e-8
    ridge: float = 1e-9
    min_curvature: float = 1e-9
    thresholds: ThresholdConfig = field(default_factory=ThresholdConfig)
    acceptance: AcceptanceConfig = field(default_factory=AcceptanceConfig)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Probability = logistic(slope · logit + intercept − competition · l), and thresholds on it.

    l is the log of the sum of exp(logit) over the segment's candidates: where another code fits
    well, each is less likely than its own logit says. A code is in the prediction set from
    `set_threshold`, and auto-acceptable from `auto_accept_threshold` (one per code, infinite where
    too little is coded). `calibrated` is false when too little is coded at all; then the plain
    logistic stands, and the first code of a segment is always likely.
    """

    slope: float = 1.0
    intercept: float = 0.0
    competition: float = 0.0
    rule: DecisionRule = field(default_factory=lambda: DecisionRule(0.5, always_first=True))
    set_threshold: float = 0.0
    auto_accept_threshold: Floats | float = np.inf
    calibrated: bool = False
    remarks: tuple[str, ...] = ()

    def probabilities(self, logits: Floats) -> Floats:
        """Probabilities of the logits, same shape; a row holds all candidates of a segment."""
        competing = self.competition * _log_total(logits)
        return np.asarray(expit(self.slope * logits + self.intercept - competing))

    def likely(self, probabilities: Floats) -> Flags:
        """Which codes the machine would apply."""
        return self.rule.apply(probabilities)

    def in_set(self, probabilities: Floats) -> Flags:
        """Which codes are in the prediction set."""
        return probabilities >= self.set_threshold

    def auto_acceptable(self, probabilities: Floats) -> Flags:
        """Which codes may be accepted without reading."""
        return probabilities >= self.auto_accept_threshold


def fit_calibration(
    logits: Floats | None,
    applied: Flags,
    *,
    transcripts: Sequence[str],
    allowed: Flags,
    aims: Aims | None = None,
    config: CalibrationConfig | None = None,
) -> Calibration:
    """What held-out logits say about scores like them.

    Args:
        logits: held-out logits of the segments people have read, shape (n_read, n_codes), or None
            where none could be made.
        applied: which codes people gave them, same shape.
        transcripts: the transcript of each row.
        allowed: which codes are candidates, same shape.
        aims: the coverage of prediction sets and the false-discovery rate to keep to.
        config: what must be coded, and how curve and thresholds are fitted.
    """
    aims, config = aims or Aims(), config or CalibrationConfig()
    applied = applied & allowed
    n_transcripts, n_codings = len(set(transcripts)), int(applied.sum())
    if logits is None or n_transcripts < config.min_transcripts or n_codings < config.min_codings:
        remark = (
            "Not enough is coded to calibrate the probabilities: "
            f"{say_count(n_codings, 'coding')} in "
            f"{say_count(n_transcripts, 'transcript')}, {config.min_codings} in "
            f"{config.min_transcripts} needed."
        )
        return Calibration(remarks=(remark,))
    # At -50 a code that is no candidate adds nothing to the log-sum of its segment.
    logits = np.where(allowed, logits, NEVER)
    with one_thread():
        curve = _fit_curve(logits, applied, allowed, config)
    probabilities = np.where(allowed, curve.probabilities(logits), 0.0)
    transcript = np.unique(np.array(transcripts), return_inverse=True)[1]
    measured = probabilities, applied, transcript
    set_threshold, remark = conformal_threshold(
        *measured, coverage=aims.coverage, config=config.thresholds
    )
    with one_thread():
        auto_accept_threshold = fit_auto_accept_thresholds(
            *measured, target_fdr=aims.false_discovery, config=config.acceptance
        )
    return replace(
        curve,
        rule=fit_decision_thresholds(*measured, config=config.thresholds),
        set_threshold=set_threshold,
        auto_accept_threshold=auto_accept_threshold,
        calibrated=True,
        remarks=(remark,) if remark else (),
    )


def _fit_curve(
    logits: Floats, applied: Flags, allowed: Flags, config: CalibrationConfig
) -> Calibration:
    """Slope, intercept and competition that make held-out codings likeliest.

    Platt scaling (Platt 1999) with one predictor more, the log-sum of the segment's logits. A
    slope that is not positive says that the logits know nothing of transcripts they have not seen;
    then every probability is the base rate.
    """
    hits = applied[allowed]
    n_hits = int(hits.sum())
    n_misses = hits.size - n_hits
    # Platt's smoothed targets: without them a perfectly ranked sample gives an infinite slope.
    target = np.where(hits, (n_hits + 1) / (n_hits + 2), 1 / (n_misses + 2))
    total = np.broadcast_to(_log_total(logits), logits.shape)[allowed]
    predictors = np.stack([logits[allowed], np.ones(hits.size), total])
    slope, intercept, competition = _fit_logistic(predictors, target, config).tolist()
    # A slope of 0 or less ranks held-out codings no better than chance.
    if slope > 0:
        return Calibration(slope=slope, intercept=intercept, competition=-competition)
    return Calibration(slope=0.0, intercept=float(logit(target.mean())))


def _log_total(logits: Floats) -> Floats:
    """Log of the summed exponentials of each row, shape (n_rows, 1)."""
    return np.asarray(logsumexp(logits, axis=1, keepdims=True))


def _fit_logistic(predictors: Floats, target: Floats, config: CalibrationConfig) -> Floats:
    """Weights of a logistic regression on (n_predictors, n), by damped Newton steps.

    scikit-learn's takes no targets between 0 and 1. Products are taken predictor by predictor: with
    thousands of codes n is large.
    """
    weights = np.zeros(len(predictors))
    loss = _log_loss(weights @ predictors, target)
    for _ in range(config.max_steps):
        fitted = expit(weights @ predictors)
        # Far from the optimum fitted probabilities reach 0 and 1, where the Hessian vanishes.
        curvature = np.maximum(fitted * (1 - fitted), config.min_curvature)
        hessian = np.stack([predictors @ (curvature * predictor) for predictor in predictors])
        hessian += config.ridge * np.eye(len(predictors))
        step = np.linalg.solve(hessian, predictors @ (fitted - target))
        # A full Newton step may overshoot where logits lie far apart: halve it until it helps.
        while (new := _log_loss((weights - step) @ predictors, target)) > loss:
            step /= 2
            if float(np.abs(step).max()) < config.tolerance:
                return weights
        weights, loss = weights - step, new
        if float(np.abs(step).max()) < config.tolerance:
            break
    return weights


def _log_loss(logits: Floats, target: Floats) -> float:
    return float((np.logaddexp(0.0, logits) - target * logits).sum())
