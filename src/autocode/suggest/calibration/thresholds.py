"""Thresholds on probabilities, chosen on held-out segments.

Throughout `probabilities` and `applied` have shape (n_read, n_codes), 0 and false where a code is
no candidate; `transcript` (n_read,) numbers each row's transcript.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from .held_out import deal_folds

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.intp]

LEAST_THRESHOLD = 1e-6
"""No threshold lies lower, so that a code that is no candidate (probability 0) never passes."""
_ROUNDING = 1e-9
"""Shares of whole counts are compared with this tolerance, not to depend on their last bit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdConfig:
    """The constants of the two choices below.

    Attributes:
        min_uses: a code with fewer has the common decision threshold.
        shrinkage: uses of a code at which its own threshold counts as much as the common one.
        macro_weight: what macro F1 counts beside micro F1 in choosing the decision rule.
        n_decision_folds: folds over which the decision rules are compared.
        min_transcripts_for_sets: with fewer, prediction sets carry no guarantee.
    """

    min_uses: int = 4
    shrinkage: float = 10.0
    macro_weight: float = 0.5
    n_decision_folds: int = 5
    min_transcripts_for_sets: int = 10


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """Codes from `threshold` (one, or one per code) are likely.

    With `always_first` the best candidate of a segment is likely in any case.
    """

    threshold: Floats | float
    always_first: bool

    def apply(self, probabilities: Floats) -> Flags:
        """Which codes are likely, same shape."""
        likely = probabilities >= self.threshold
        if self.always_first and probabilities.size:
            best = probabilities.argmax(axis=1)
            # A segment without any candidate has no best code.
            rows = np.flatnonzero(probabilities.max(axis=1) > 0)
            likely[rows, best[rows]] = True
        return likely


def fit_decision_thresholds(
    probabilities: Floats,
    applied: Flags,
    transcript: Numbers,
    *,
    config: ThresholdConfig | None = None,
) -> DecisionRule:
    """The decision rule with the best F1 on transcripts its thresholds do not come from.

    One threshold for all codes (best micro F1), or one per code (best F1 of the code, shrunk
    towards the common one), each with and without the first code, or the first code and no other:
    whichever has the best micro F1 plus half the macro F1 when its thresholds come from other
    transcripts. On the transcripts they were fitted to, thresholds per code would always win.
    """
    config = config or ThresholdConfig()
    n_rules = len(_rules(probabilities[:0], applied[:0], config))
    likely = [np.zeros_like(applied) for _ in range(n_rules)]
    for test in _folds(transcript, config.n_decision_folds):
        rules = _rules(probabilities[~test], applied[~test], config)
        for decided, rule in zip(likely, rules, strict=True):
            decided[test] = rule.apply(probabilities[test])
    scores = [_f1(decided, applied, config.macro_weight) for decided in likely]
    # Rounded, so that of rules that decide alike the first is taken whatever the last bit says.
    best = int(np.argmax(np.round(scores, 9)))
    return _rules(probabilities, applied, config)[best]


def _rules(probabilities: Floats, applied: Flags, config: ThresholdConfig) -> list[DecisionRule]:
    common = _best_threshold(probabilities.ravel(), applied.ravel())
    per_code = _thresholds_per_code(probabilities, applied, common, config)
    return [
        DecisionRule(common, always_first=False),
        DecisionRule(per_code, always_first=False),
        DecisionRule(common, always_first=True),
        DecisionRule(per_code, always_first=True),
        DecisionRule(np.inf, always_first=True),
    ]


def conformal_threshold(
    probabilities: Floats,
    applied: Flags,
    transcript: Numbers,
    *,
    coverage: float,
    config: ThresholdConfig | None = None,
) -> tuple[float, str]:
    """The threshold from which a set holds `coverage` of people's codes, and a remark if unsure.

    Conformal risk control (Angelopoulos, Bates, Fisch, Lei & Schuster 2024) with a transcript as
    the unit: the mean over transcripts of the share of codings missed, with one transcript more
    that is missed whole. Below ten transcripts that is vacuous at 90 %; then codings are counted
    instead, and the remark says that nothing is guaranteed.
    """
    config = config or ThresholdConfig()
    row, code = np.nonzero(applied)
    coded_with = probabilities[row, code]
    unit = np.unique(transcript[row], return_inverse=True)[1]
    n_transcripts = int(unit.max(initial=-1)) + 1
    needed = config.min_transcripts_for_sets
    if n_transcripts < needed:
        weight = np.ones(len(coded_with))
        remark = (
            f"Prediction sets are an estimate: {n_transcripts} coded transcripts are too few for a "
            f"guarantee ({needed} needed)."
        )
    else:
        # A transcript weighs 1 in all, however many codings it has.
        weight = 1 / np.bincount(unit)[unit]
        remark = ""
    # n units may miss (n + 1)(1 - coverage) - 1: the unit to come is reckoned as missed whole.
    risk_budget = (1 - coverage) * (weight.sum() + 1) - 1
    order = np.argsort(coded_with, kind="stable")
    # Missed at a threshold: the codings that lie below it, not the one on it.
    missed = np.cumsum(weight[order]) - weight[order]
    inside = np.flatnonzero(missed <= risk_budget + _ROUNDING)
    return (float(coded_with[order[inside[-1]]]) if len(inside) else 0.0), remark


def _folds(transcript: Numbers, n_folds: int) -> Iterator[Flags]:
    """The rows of each fold of transcripts, shape (n_read,)."""
    fold = deal_folds([str(number) for number in transcript.tolist()], n_folds=n_folds)
    for number in range(int(fold.max(initial=-1)) + 1):
        yield fold == number


def _thresholds_per_code(
    probabilities: Floats, applied: Flags, common: float, config: ThresholdConfig
) -> Floats:
    n_uses = applied.sum(axis=0)
    logits = np.full(len(n_uses), _logit(common))
    for code in np.flatnonzero(n_uses >= config.min_uses):
        own = _logit(_best_threshold(probabilities[:, code], applied[:, code]))
        # Shrunk on the scale of logits, where a step means as much at .01 as at .5.
        pulled = n_uses[code] * own + config.shrinkage * logits[code]
        logits[code] = pulled / (n_uses[code] + config.shrinkage)
    return np.asarray(expit(logits))


def _best_threshold(probabilities: Floats, applied: Flags) -> float:
    """The probability from which on deciding gives the best F1."""
    if not probabilities.size:
        return LEAST_THRESHOLD
    order = np.argsort(-probabilities, kind="stable")
    right = np.cumsum(applied[order])
    f1 = 2 * right / (np.arange(1, len(order) + 1) + max(int(applied.sum()), 1))
    return max(float(probabilities[order[int(np.argmax(f1))]]), LEAST_THRESHOLD)


def _f1(likely: Flags, applied: Flags, macro_weight: float) -> float:
    """Micro F1, plus `macro_weight` times the macro F1 over the codes that were applied at all."""
    right = (likely & applied).sum(axis=0)
    both = likely.sum(axis=0) + applied.sum(axis=0)
    used = applied.any(axis=0)
    micro = 2 * right.sum() / max(both.sum(), 1)
    macro = (2 * right[used] / both[used]).mean() if used.any() else 0.0
    return float(micro) + macro_weight * float(macro)


def _logit(probability: float) -> float:
    """The logit, of a probability held off 0 and 1."""
    return float(logit(min(max(probability, LEAST_THRESHOLD), 1 - LEAST_THRESHOLD)))
