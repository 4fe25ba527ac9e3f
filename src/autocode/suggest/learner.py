"""Learning from codings on top of the cold ranking: one logistic model per code, fitted together.

The logit of code c for segment i is  b_c + w_c · x_i + a · 1.2 · z_ic,  where z is the cold score.
Every part has a prior, so that without codings the model is the cold ranking and each coding moves
it a little: w_c towards 0, the shared slope a towards 1, and b_c towards the code's smoothed
frequency. Codes are one-against-rest, so a segment may have several or none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

COLD_SLOPE = 1.2
_RIDGE = 1 / 9
_SLOPE_PRIOR, _SLOPE_LIMIT = 2.0, 4.0
_BASE_PRIOR = 2.0
_PSEUDO_SEGMENTS = 50.0
_N_STEPS = 40


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` (n_features, n_codes), `base` (n_codes,), and the shared `slope`."""

    weights: Floats
    base: Floats
    slope: float

    def logits(self, features: Floats, z: Floats) -> Floats:
        """Logits, shape (n_segments, n_codes)."""
        return self.base + features @ self.weights + self.slope * COLD_SLOPE * z


def fit(features: Floats, z: Floats, applied: npt.NDArray[np.bool_]) -> Model:
    """Fit to the segments that people have read.

    Args:
        features: shape (n_read, n_features).
        z: cold scores, shape (n_read, n_codes).
        applied: which codes were given, shape (n_read, n_codes); an all-false row is
            "seen, nothing applied".

    Minimised by accelerated gradient steps (Nesterov 1983) preconditioned with the bound that the
    logistic curvature never exceeds 1/4 (Böhning & Lindsay 1988).
    """
    n_read, n_codes = applied.shape
    prior = base_prior(applied, n_codes)
    if n_read == 0:
        return Model(np.zeros((features.shape[1], n_codes)), prior, 1.0)
    target = applied.astype(np.float64)
    offset = COLD_SLOPE * z
    design = np.hstack([features, np.ones((n_read, 1))])
    penalty = np.full(design.shape[1], _RIDGE)
    penalty[-1] = _BASE_PRIOR
    centre = np.zeros((design.shape[1], n_codes))
    centre[-1] = prior
    curvature = design.T @ design / 4 + np.diag(penalty)
    inverse = np.linalg.inv(curvature)
    slope_curvature = float((offset**2).sum()) / 4 + _SLOPE_PRIOR
    current, slope = centre.copy(), 1.0
    ahead, slope_ahead, momentum = current, slope, 1.0
    for _ in range(_N_STEPS):
        residual = sigmoid(design @ ahead + slope_ahead * offset) - target
        step = inverse @ (design.T @ residual + penalty[:, None] * (ahead - centre))
        slope_step = float((residual * offset).sum()) + _SLOPE_PRIOR * (slope_ahead - 1)
        # Both blocks move at once, so each takes half of its own bound's step.
        new = ahead - step / 2
        new_slope = min(max(slope_ahead - slope_step / slope_curvature / 2, 0.0), _SLOPE_LIMIT)
        grown = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        push = (momentum - 1) / grown
        ahead, slope_ahead = new + push * (new - current), new_slope + push * (new_slope - slope)
        current, slope, momentum = new, new_slope, grown
    return Model(current[:-1], current[-1], slope)


def base_prior(applied: npt.NDArray[np.bool_], n_codes: int) -> Floats:
    """Logit of each code's frequency, smoothed by 50 segments at the mean over all codes.

    With nothing read that mean is one code a segment.
    """
    n_read = applied.shape[0]
    uses = applied.sum(axis=0, dtype=np.float64)
    mean = (uses.sum() + _PSEUDO_SEGMENTS) / (n_codes * (n_read + _PSEUDO_SEGMENTS))
    frequency = (uses + _PSEUDO_SEGMENTS * mean) / (n_read + _PSEUDO_SEGMENTS)
    frequency = np.clip(frequency, 1e-4, 0.9)
    return np.asarray(np.log(frequency / (1 - frequency)))


def sigmoid(logits: Floats) -> Floats:
    """The logistic function, safe for any size of logit."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)))
