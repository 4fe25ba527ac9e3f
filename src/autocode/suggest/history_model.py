"""How much the codings before count: a logistic model on base scores and evidence of history.

Stacking (Wolpert 1992): scores that a model made without a transcript's codings, and what
`history` says of them, are the predictors of a second, small model, fitted on transcripts that are
known whole, each segment as if only what stands before it were. Three questions are asked in turn:
which codes (one weight for each kind of evidence, shared by all codes), is anything coded here at
all, and how likely each code is given both answers. Every weight has a prior: what the evidence
was worth in other studies. So with nothing to learn from the prior stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logsumexp

from .calibration.thresholds import LEAST_THRESHOLD
from .history_features import CODE_FEATURES, SEGMENT_FEATURES, Described
from .history_prior import PRIOR, HistoryPrior
from .protocol import NEVER, Flags, Floats, Rows

N_OWN = 6
"""So many of `SEGMENT_FEATURES`, the first, are evidence for every code as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryModelConfig:
    """Priors and length of the fits (eval/NOTES.md, Suggestions, While coding).

    `precision` is that of the weights' prior, `answer_precision` that of the last question's;
    Newton's method takes at most `max_steps`. Of more than `max_pairs` segments times codes whole
    transcripts, evenly spread, stand for all.
    """

    precision: float = 6.0
    answer_precision: float = 2.0
    max_steps: int = 15
    max_pairs: int = 200_000
    prior: HistoryPrior = field(default_factory=lambda: PRIOR)


DEFAULTS = HistoryModelConfig()


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Evidence for segments whose codes are known; `applied` and `allowed` are (n, n_codes).

    `fold` (n,) numbers the held-out fold a segment's base scores come from, `transcript` (n,) its
    transcript.
    """

    described: Described
    applied: Flags
    allowed: Flags
    fold: Rows
    transcript: Rows

    def select(self, chosen: Flags) -> Examples:
        """Some of the segments."""
        return Examples(
            described=self.described.select(chosen),
            applied=self.applied[chosen],
            allowed=self.allowed[chosen],
            fold=self.fold[chosen],
            transcript=self.transcript[chosen],
        )


@dataclass(frozen=True, slots=True)
class HistoryModel:
    """Weights of the three questions.

    `codes` (n code features + `N_OWN`,) for which codes, `coded` (n segment features,) for whether
    anything is coded, `answer` (4,) for a code's logit, the log-sum over its segment's, the logit
    of being coded at all, and the constant.
    """

    codes: Floats
    coded: Floats
    answer: Floats

    def score(self, described: Described) -> Floats:
        """Logits of the codes by the first question, (n, n_codes)."""
        n = len(CODE_FEATURES)
        own = described.segments[:, :N_OWN] @ self.codes[n:]
        return np.asarray(described.codes @ self.codes[:n] + own[:, None], dtype=np.float64)

    def logits(self, described: Described, allowed: Flags) -> Floats:
        """Logits by all three questions, (n, n_codes); `NEVER` where a code is no candidate."""
        predictors = self._predict(described, allowed)
        logits = np.tensordot(self.answer, predictors, axes=1)
        return np.where(allowed, logits, NEVER)

    def _predict(self, described: Described, allowed: Flags) -> Floats:
        scores = np.where(allowed, self.score(described), NEVER)
        total = logsumexp(scores, axis=1, keepdims=True)
        coded = (described.segments @ self.coded)[:, None]
        shape = scores.shape
        return np.stack([scores, *(np.broadcast_to(v, shape) for v in (total, coded, 1.0))])


def make_prior_model(config: HistoryModelConfig = DEFAULTS) -> HistoryModel:
    """The model before anything is learned: what the evidence was worth in other studies."""
    prior = config.prior
    codes = [prior.codes[name] for name in CODE_FEATURES]
    codes += [prior.own[name] for name in SEGMENT_FEATURES[:N_OWN]]
    coded = [prior.coded[name] for name in SEGMENT_FEATURES]
    return HistoryModel(np.array(codes), np.array(coded), np.array(prior.answer))


def fit_history_model(
    examples: Examples, config: HistoryModelConfig = DEFAULTS
) -> tuple[HistoryModel, Floats]:
    """The model of some examples, and the logits it gives each without its own fold.

    The last question is fitted on those held-out logits, as the first two have seen the examples.

    Returns:
        The model, and held-out logits (n, n_codes), `NEVER` where a code is no candidate.
    """
    prior = make_prior_model(config)
    model = _fit_two(examples, prior, config)
    allowed, folds = examples.allowed, np.unique(examples.fold)
    held_out = np.empty((4, *allowed.shape))
    for number in folds.tolist():
        test = examples.fold == number
        # Of one fold alone nothing is held out but by the prior.
        others = prior if len(folds) < 2 else _fit_two(examples.select(~test), prior, config)
        held_out[:, test] = others._predict(examples.select(test).described, allowed[test])
    answer = fit_logistic(
        held_out[:, allowed].T,
        examples.applied[allowed],
        prior=prior.answer,
        precision=config.answer_precision,
        max_steps=config.max_steps,
    )
    fitted = HistoryModel(model.codes, model.coded, answer)
    return fitted, np.where(allowed, np.tensordot(answer, held_out, axes=1), NEVER)


def _fit_two(examples: Examples, prior: HistoryModel, config: HistoryModelConfig) -> HistoryModel:
    described, allowed = examples.described, examples.allowed
    row, code = np.nonzero(allowed)
    pairs = np.hstack([described.codes[row, code], described.segments[row, :N_OWN]])
    codes = fit_logistic(
        pairs,
        examples.applied[row, code],
        prior=prior.codes,
        precision=config.precision,
        max_steps=config.max_steps,
    )
    coded = fit_logistic(
        described.segments,
        np.asarray((examples.applied & allowed).any(axis=1)),
        prior=prior.coded,
        precision=config.precision,
        max_steps=config.max_steps,
    )
    return HistoryModel(codes, coded, prior.answer)


def fit_logistic(
    predictors: npt.NDArray[np.floating],
    target: Flags,
    *,
    prior: Floats,
    precision: float,
    max_steps: int,
) -> Floats:
    """Weights of a logistic regression with a normal prior, by damped Newton steps.

    Args:
        predictors: shape (n, n_predictors).
        target: shape (n,).
        prior: mean of the weights' prior, (n_predictors,).
        precision: of the prior.
        max_steps: Newton steps at most.
    """
    rows = predictors.astype(np.float64)

    def lose(weights: Floats) -> float:
        logits = rows @ weights
        data = (np.logaddexp(0.0, logits) - target * logits).sum()
        return float(data + precision / 2 * ((weights - prior) ** 2).sum())

    weights = prior.astype(np.float64)
    loss = lose(weights)
    for _ in range(max_steps):
        fitted = expit(rows @ weights)
        curvature = (fitted * (1 - fitted))[:, None]
        hessian = (rows * curvature).T @ rows + precision * np.eye(rows.shape[1])
        gradient = rows.T @ (fitted - target) + precision * (weights - prior)
        step = np.linalg.solve(hessian, gradient)
        # Halved until it helps: full steps may overshoot from a prior that is far off.
        while (new := lose(weights - step)) > loss and np.abs(step).max() > 1e-6:
            step /= 2
        if new > loss:
            break
        weights, loss = weights - step, new
        if np.abs(step).max() < 1e-6:
            break
    return weights


def match_decisions(probabilities: Floats, applied: Flags, allowed: Flags) -> float:
    """The probability from which as many codes are decided as people applied."""
    ranked = np.sort(probabilities[allowed])[::-1]
    n_applied = int((applied & allowed).sum())
    if not n_applied or not len(ranked):
        return 1.0
    return max(float(ranked[min(n_applied, len(ranked)) - 1]), LEAST_THRESHOLD)


def merge_examples(parts: Sequence[Examples]) -> Examples:
    """Examples of several transcripts as one."""
    return Examples(
        described=Described.merge([part.described for part in parts]),
        applied=np.concatenate([part.applied for part in parts]),
        allowed=np.concatenate([part.allowed for part in parts]),
        fold=np.concatenate([part.fold for part in parts]),
        transcript=np.concatenate([part.transcript for part in parts]),
    )
