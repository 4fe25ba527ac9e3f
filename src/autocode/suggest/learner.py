"""Learning from codings on top of the cold ranking: linear models with the codebook as prior.

The logit of code c for segment i is  b_c + w_c · x_i + a · 1.2 · z_ic,  where z is the cold score.
Every part has a prior, so that without codings the model is the cold ranking and each coding moves
it a little: w_c towards 0, the shared slope a towards 1, and b_c towards the code's smoothed
frequency. Two models of this form are fitted and their logits added: one asks of each code whether
it applies (one-against-rest, so a segment may have several or none), one asks which code it is
among the candidates of a coded segment (multinomial), which ranks better where few are coded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

COLD_SLOPE = 1.2
_RIDGE = 1 / 9
_SLOPE_PRIOR, _SLOPE_LIMIT = 2.0, 4.0
_BASE_PRIOR = 2.0
_PSEUDO_SEGMENTS = 50.0
_N_STEPS = 20
_LOGISTIC_BOUND, _MULTINOMIAL_BOUND = 0.25, 0.5

Residual = Callable[[Floats, Floats, Flags], Floats]


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` (n_features, n_codes), `base` (n_codes,), and the shared `slope`."""

    weights: Floats
    base: Floats
    slope: float

    def logits(self, features: Floats, z: Floats) -> Floats:
        """Logits, shape (n_segments, n_codes)."""
        return self.base + features @ self.weights + self.slope * COLD_SLOPE * z

    def plus(self, other: Model) -> Model:
        """The model whose logits are the mean of both models' logits."""
        return Model(
            (self.weights + other.weights) / 2,
            (self.base + other.base) / 2,
            (self.slope + other.slope) / 2,
        )


def fit(
    features: Floats,
    z: Floats,
    applied: Flags,
    allowed: Flags | None = None,
    *,
    n_candidates: float | None = None,
) -> Model:
    """Fit to the segments that people have read.

    Args:
        features: shape (n_read, n_features).
        z: cold scores, shape (n_read, n_codes).
        applied: which codes were given, shape (n_read, n_codes); an all-false row is
            "seen, nothing applied".
        allowed: which codes are candidates, same shape (default: all); others teach nothing.
        n_candidates: of a segment, on average (default: all codes); counts where nothing is read.
    """
    allowed = np.ones_like(applied) if allowed is None else allowed
    applied = applied & allowed
    prior = base_prior(applied, allowed, n_candidates or applied.shape[1])
    coded = applied.any(axis=1)
    if not len(applied):
        return Model(np.zeros((features.shape[1], applied.shape[1])), prior, 1.0)
    each = _descend(features, z, applied, allowed=allowed, prior=prior, residual=_one_by_one)
    if not coded.any():
        return each
    among = _descend(
        features[coded],
        z[coded],
        applied[coded],
        allowed=allowed[coded],
        prior=prior,
        residual=_one_of_all,
    )
    return each.plus(among)


def base_prior(applied: Flags, allowed: Flags, n_candidates: float) -> Floats:
    """Logit of each code's frequency where it was a candidate, shape (n_codes,).

    Smoothed by 50 segments at the mean over all codes; with nothing read that mean is one code a
    segment.
    """
    n_read, n_codes = applied.shape
    if not n_read:
        return np.full(n_codes, _logit(np.clip(1 / n_candidates, 1e-4, 0.9)))
    chances = allowed.sum(axis=0, dtype=np.float64)
    uses = applied.sum(axis=0, dtype=np.float64)
    width = max(1.0, chances.sum() / n_read)
    mean = (uses.sum() + _PSEUDO_SEGMENTS) / (chances.sum() + _PSEUDO_SEGMENTS * width)
    frequency = (uses + _PSEUDO_SEGMENTS * mean) / (chances + _PSEUDO_SEGMENTS)
    return np.asarray(_logit(np.clip(frequency, 1e-4, 0.9)))


def sigmoid(logits: Floats) -> Floats:
    """The logistic function, safe for any size of logit."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)))


def _descend(
    features: Floats,
    z: Floats,
    applied: Flags,
    *,
    allowed: Flags,
    prior: Floats,
    residual: Residual,
) -> Model:
    """Accelerated gradient steps (Nesterov 1983), preconditioned by a bound of the curvature.

    The bound is Böhning & Lindsay's (1988): logistic curvature never exceeds 1/4, multinomial
    never 1/2.
    """
    most = _LOGISTIC_BOUND if residual is _one_by_one else _MULTINOMIAL_BOUND
    offset = COLD_SLOPE * z
    # The base is one more feature, scaled so that one ridge fits all.
    constant = np.full((len(features), 1), np.sqrt(_RIDGE / _BASE_PRIOR))
    design = np.hstack([features, constant])
    inside = _in_segments(design, most) if len(design) < design.shape[1] else _in(design, most)
    slope_curvature = float((offset[allowed] ** 2).sum()) / 4 + _SLOPE_PRIOR
    target = applied.astype(np.float64)
    current: Floats = np.zeros((inside.curved.shape[0], applied.shape[1]))
    slope = 1.0
    ahead, slope_ahead, momentum = current, slope, 1.0
    for _ in range(_N_STEPS):
        missed = residual(prior + inside.seen @ ahead + slope_ahead * offset, target, allowed)
        step = inside.curved @ (inside.gathered(missed) + _RIDGE * ahead)
        slope_step = float((missed * offset).sum()) + _SLOPE_PRIOR * (slope_ahead - 1)
        # Both blocks move at once, so each takes half of its own bound's step.
        new = ahead - step / 2
        new_slope = min(max(slope_ahead - slope_step / slope_curvature / 2, 0.0), _SLOPE_LIMIT)
        grown = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        push = (momentum - 1) / grown
        ahead, slope_ahead = new + push * (new - current), new_slope + push * (new_slope - slope)
        current, slope, momentum = new, new_slope, grown
    weights = current if inside.design is None else inside.design.T @ current
    return Model(weights[:-1], prior + constant[0, 0] * weights[-1], slope)


@dataclass(frozen=True, slots=True)
class _Space:
    """Where the steps are taken: `seen` turns a position into logits, `curved` a slope into a step.

    With fewer segments than features the weights are sums of segments (`design` transposed times
    the position), and steps over segments are the same steps at a fraction of the cost.
    """

    seen: Floats
    curved: Floats
    design: Floats | None = None

    def gathered(self, missed: Floats) -> Floats:
        """The slope that residuals make at a position."""
        return missed if self.design is not None else np.asarray(self.seen.T @ missed)


def _in(design: Floats, most: float) -> _Space:
    curvature = most * (design.T @ design) + _RIDGE * np.eye(design.shape[1])
    return _Space(design, np.asarray(np.linalg.inv(curvature)))


def _in_segments(design: Floats, most: float) -> _Space:
    products = design @ design.T
    curvature = most * products + _RIDGE * np.eye(len(design))
    return _Space(products, np.asarray(np.linalg.inv(curvature)), design)


def inverse_curvature(features: Floats) -> Floats:
    """Inverse of the one-against-rest model's curvature bound, (n_features + 1) squared."""
    design = np.hstack([features, np.ones((len(features), 1))])
    penalty = np.full(design.shape[1], _RIDGE)
    penalty[-1] = _BASE_PRIOR
    return np.asarray(np.linalg.inv(_LOGISTIC_BOUND * (design.T @ design) + np.diag(penalty)))


def _one_by_one(logits: Floats, target: Floats, allowed: Flags) -> Floats:
    return (sigmoid(logits) - target) * allowed


def _one_of_all(logits: Floats, target: Floats, allowed: Flags) -> Floats:
    held = np.where(allowed, logits, -np.inf)
    share = np.exp(held - held.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    return np.asarray(share - target / target.sum(axis=1, keepdims=True)) * allowed


def _logit(share: Floats | float) -> Floats:
    return np.asarray(np.log(share / (1 - np.asarray(share))))
