"""What may be accepted without reading: few errors, counted by transcript.

Errors cluster: where a participant or an interviewer is unlike the others, most of what is wrong is
wrong there. Twenty errors in one transcript say less about the next one than twenty in twenty, so
the share wrong has an upper confidence bound with transcripts as clusters (Korn & Graubard 1998:
the exact binomial bound of Clopper & Pearson 1934 on the effective number of accepts, with t for
the number of transcripts), and that bound, not the share, is held to what was asked.

The curve that gives all probabilities is fitted to all of them, most of which lie near 0. At the
top, where acceptance is decided, it may be off, and off by different amounts for different codes.
So the top has a curve of its own, with a step for each code that is drawn towards none; how far
codes may differ is chosen on held-out transcripts. The accepts that are counted come from curves
fitted without their transcript.

What is promised: of what is accepted, on average over transcripts like those coded, at most the
asked share is wrong, with the stated confidence. Nothing is promised of a single transcript or
code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, expit, logit, stdtrit

from .held_out import deal_folds
from .thresholds import LEAST_THRESHOLD

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.intp]

_NEARLY_ONE = 1 - 1e-9
_LEAST_WEIGHT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceConfig:
    """The constants of the choice (eval/NOTES.md, Suggestions, Kept: "by transcript").

    Attributes:
        confidence: of the upper bound on the share wrong.
        least_probability: from here on a pair of segment and code belongs to the top.
        spreads: standard deviations of codes around the common curve, on the scale of logits,
            that are tried; 0: no code differs.
        most_doubt: nothing is accepted that is expected to be wrong more often than this many
            times the asked share, whatever the rest is.
        min_transcripts_of_code: a code used in fewer is never accepted without reading.
        min_transcripts: the effective number of transcripts that accepts must come from.
        n_folds: of transcripts, over which curves are fitted and tried.
        fewest, growth: the first number of accepts tried, and by what factor it grows.
        ridge: keeps the common slope near 1 and the intercept near 0, in pairs of evidence.
        max_steps, tolerance, longest_step: of Newton's method.
    """

    confidence: float = 0.9
    least_probability: float = 0.3
    spreads: tuple[float, ...] = (0.0, 0.5, 1.0, 2.0)
    most_doubt: float = 1.5
    min_transcripts_of_code: int = 3
    min_transcripts: float = 5.0
    n_folds: int = 10
    fewest: int = 20
    growth: float = 1.25
    ridge: float = 0.1
    max_steps: int = 30
    tolerance: float = 1e-6
    longest_step: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    """The pairs of segment and code at the top, each array (n_pairs,).

    `logit` of the probability, `code`, `right` whether people applied it (0 or 1), `transcript`.
    """

    logit: Floats
    code: Numbers
    right: Floats
    transcript: Numbers
    n_codes: int

    def select(self, rows: Flags) -> _Pairs:
        return _Pairs(
            logit=self.logit[rows],
            code=self.code[rows],
            right=self.right[rows],
            transcript=self.transcript[rows],
            n_codes=self.n_codes,
        )


@dataclass(frozen=True, slots=True)
class _TopCurve:
    """Probability = logistic(intercept + slope · logit + step of the code), for the top."""

    intercept: float
    slope: float
    steps: Floats

    def apply(self, pairs: _Pairs) -> Floats:
        return np.asarray(expit(self.intercept + self.slope * pairs.logit + self.steps[pairs.code]))


def fit_auto_accept_thresholds(
    probabilities: Floats,
    applied: Flags,
    transcript: Numbers,
    *,
    target_fdr: float,
    config: AcceptanceConfig | None = None,
) -> Floats:
    """For each code the probability from which it may be accepted; infinite where none will do.

    Args:
        probabilities: of held-out segments, (n_read, n_codes), 0 where a code is no candidate.
        applied: which codes people gave them, same shape.
        transcript: the number of each row's transcript, (n_read,).
        target_fdr: the share of accepts that may be wrong.
        config: the constants.

    Returns:
        Shape (n_codes,).
    """
    config = config or AcceptanceConfig()
    n_codes = probabilities.shape[1]
    usable = _count_transcripts(applied, transcript) >= config.min_transcripts_of_code
    pairs = _select_top(np.where(usable, probabilities, 0.0), applied, transcript, config)
    never = np.full(n_codes, np.inf)
    if len(pairs.logit) < config.fewest or len(np.unique(pairs.transcript)) < 2:
        return never
    spread, expected = _score_held_out(pairs, config)
    least = _find_least(expected, pairs, target_fdr, config)
    curve = _fit_curve(pairs, spread, config)
    # A curve that falls says that the probabilities know nothing at the top.
    if least is None or curve.slope <= 0:
        return never
    own = expit((logit(least) - curve.intercept - curve.steps) / curve.slope)
    return np.where(usable, np.maximum(own, config.least_probability), np.inf)


def bound_share_wrong(wrong: Floats, n: Floats, *, correlation: float, confidence: float) -> float:
    """The upper confidence bound on the share wrong, transcripts as clusters.

    Args:
        wrong: errors of each transcript that has accepts, (n_transcripts,).
        n: its accepts, the same shape.
        correlation: of errors within a transcript, between 0 and 1.
        confidence: of the bound, one-sided.
    """
    total = float(n.sum())
    # Accepts of the transcript that an accept lies in, on average (Kish 1965).
    mean_size = float((n**2).sum()) / total
    df = total / mean_size - 1
    if df <= 0:
        return 1.0
    effective = total / (1 + (mean_size - 1) * correlation)
    # Fewer transcripts tell less of how unlike transcripts are (Korn & Graubard 1998).
    effective *= float((stdtrit(total - 1, confidence) / stdtrit(df, confidence)) ** 2)
    errors = float(wrong.sum()) / total * effective
    if errors >= effective:
        return 1.0
    return float(betaincinv(errors + 1, effective - errors, confidence))


def _select_top(
    probabilities: Floats, applied: Flags, transcript: Numbers, config: AcceptanceConfig
) -> _Pairs:
    row, code = np.nonzero(probabilities >= config.least_probability)
    return _Pairs(
        logit=np.asarray(logit(np.minimum(probabilities[row, code], _NEARLY_ONE))),
        code=code,
        right=applied[row, code].astype(np.float64),
        transcript=transcript[row],
        n_codes=probabilities.shape[1],
    )


def _count_transcripts(applied: Flags, transcript: Numbers) -> Numbers:
    """In how many transcripts people applied each code, (n_codes,)."""
    row, code = np.nonzero(applied)
    seen = np.unique(np.stack([transcript[row], code], axis=1), axis=0)
    return np.bincount(seen[:, 1], minlength=applied.shape[1])


def _score_held_out(pairs: _Pairs, config: AcceptanceConfig) -> tuple[float, Floats]:
    """How far codes may differ, and each pair's probability by a curve without its transcript."""
    best = (np.inf, 0.0, np.zeros(len(pairs.logit)))
    for spread in config.spreads:
        expected = np.zeros(len(pairs.logit))
        for test in _folds(pairs.transcript, config.n_folds):
            expected[test] = _fit_curve(pairs.select(~test), spread, config).apply(
                pairs.select(test)
            )
        held = np.clip(expected, LEAST_THRESHOLD, 1 - LEAST_THRESHOLD)
        loss = -float(np.where(pairs.right > 0, np.log(held), np.log(1 - held)).mean())
        # Rounded, so that of spreads that do alike the smallest is taken, whatever the last bit.
        if round(loss, 9) < round(best[0], 9):
            best = loss, spread, held
    return best[1], best[2]


def _find_least(
    expected: Floats, pairs: _Pairs, target: float, config: AcceptanceConfig
) -> float | None:
    """The lowest expected probability from which the bound on the share wrong holds.

    Thresholds are tried in an order that the errors have no say in, and no further than the first
    that fails (fixed-sequence testing, Maurer, Hothorn & Lehmacher 1995): of many thresholds tried
    at will, one would pass by luck. The first is the one whose expected errors promise most.
    """
    correlation = _correlate_errors(expected, pairs)
    order = np.argsort(-expected, kind="stable")
    transcript, doubt = pairs.transcript[order], 1 - expected[order]
    most = int((doubt <= config.most_doubt * target).sum())
    wrong = 1 - pairs.right[order]

    def bound(n: int, errors: Floats) -> float:
        sizes = np.bincount(transcript[:n]).astype(np.float64)
        if n**2 / float((sizes**2).sum()) < config.min_transcripts:
            return 1.0
        return bound_share_wrong(
            np.bincount(transcript[:n], errors[:n]).astype(np.float64),
            sizes,
            correlation=correlation,
            confidence=config.confidence,
        )

    tried = list(_grow(config.fewest, most, config.growth))
    if not tried:
        return None
    first = int(np.argmin([bound(n, doubt) for n in tried]))
    least = None
    for n in tried[first:]:
        if bound(n, wrong) > target:
            break
        least = float(expected[order[n - 1]])
    return least


def _grow(first: int, most: int, factor: float) -> Iterator[int]:
    """Numbers from the first to at most `most`, each larger by the factor, and `most` itself."""
    n = first
    while n < most:
        yield n
        n = int(np.ceil(n * factor))
    if most >= first:
        yield most


def _correlate_errors(expected: Floats, pairs: _Pairs) -> float:
    """The correlation of errors within a transcript, beyond what their probabilities expect.

    By moments, over all pairs more likely right than not: among accepts alone errors are too few.
    """
    rows = expected >= 0.5
    if not rows.any():
        return 0.0
    transcript, variance = pairs.transcript[rows], (expected * (1 - expected))[rows]
    residual = np.bincount(transcript, (pairs.right - expected)[rows])
    alone = np.bincount(transcript, variance)
    # Were all errors of a transcript one, its variance would be the square of summed deviations.
    together = np.bincount(transcript, np.sqrt(variance)) ** 2
    beyond = float((together - alone).sum())
    return float(np.clip((residual**2 - alone).sum() / beyond, 0, 1)) if beyond > 0 else 0.0


def _fit_curve(pairs: _Pairs, spread: float, config: AcceptanceConfig) -> _TopCurve:
    """Logistic regression on the logit, with normal steps of the codes (a ridge on each)."""
    intercept, slope, steps = 0.0, 1.0, np.zeros(pairs.n_codes)
    x, code = pairs.logit, pairs.code
    for _ in range(config.max_steps):
        fitted = expit(intercept + slope * x + steps[code])
        weight = np.maximum(fitted * (1 - fitted), _LEAST_WEIGHT)
        miss = fitted - pairs.right
        gradient = np.array(
            [miss.sum() + config.ridge * intercept, miss @ x + config.ridge * (slope - 1)]
        )
        hessian = np.array([[weight.sum(), weight @ x], [weight @ x, weight @ (x * x)]])
        hessian += config.ridge * np.eye(2)
        of_codes = np.zeros(pairs.n_codes)
        if spread > 0:
            # The codes' block of the Hessian is diagonal: they are eliminated (Schur complement).
            pull = 1 / spread**2
            own = np.bincount(code, miss, pairs.n_codes) + pull * steps
            diagonal = np.bincount(code, weight, pairs.n_codes) + pull
            shared = np.stack(
                [
                    np.bincount(code, weight, pairs.n_codes),
                    np.bincount(code, weight * x, pairs.n_codes),
                ]
            )
            common = np.linalg.solve(
                hessian - (shared / diagonal) @ shared.T, gradient - (shared / diagonal) @ own
            )
            of_codes = (own - common @ shared) / diagonal
        else:
            common = np.linalg.solve(hessian, gradient)
        longest = max(float(np.abs(common).max()), float(np.abs(of_codes).max()))
        # A full Newton step may overshoot where the top is nearly all right.
        part = min(1.0, config.longest_step / longest) if longest else 1.0
        intercept, slope = (
            intercept - part * float(common[0]),
            slope - part * float(common[1]),
        )
        steps = steps - part * of_codes
        if longest < config.tolerance:
            break
    return _TopCurve(intercept, slope, steps)


def _folds(transcript: Numbers, n_folds: int) -> Iterator[Flags]:
    """The rows of each fold of transcripts."""
    fold = deal_folds([str(number) for number in transcript.tolist()], n_folds=n_folds)
    for number in range(int(fold.max(initial=-1)) + 1):
        yield fold == number
