"""Learning from codings on top of the cold ranking: linear models with the codebook as prior.

The logit of code c for segment i is  b_c + w_c · x_i + 1.2 · Σ_v a_v · z_vic,  where the z_v are
views of how near the segment is to the code: the parts of the cold score, and nearness to what
people gave the code. Every part has a prior, so that without codings the model is the cold ranking
and each coding moves it a little: w_c towards 0, the slopes a_v, which all codes share, towards 1
(0 for nearness to codings), and b_c towards the code's smoothed frequency. Two models of this form
are fitted and their logits added: one asks of each code whether it applies (one-against-rest, so a
segment may have several or none), one asks which code it is among the candidates of a coded segment
(multinomial), which ranks better where few are coded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Floats32 = npt.NDArray[np.float32]
Features = npt.NDArray[np.floating]
Flags = npt.NDArray[np.bool_]

COLD_SLOPE = 1.2
_RIDGE = 1 / 9
_SLOPE_PRIOR, _SLOPE_LIMIT = 2.0, 4.0
_BASE_PRIOR = 2.0
_BASE_SCALE = (_RIDGE / _BASE_PRIOR) ** 0.5
"""The base is one more feature, scaled so that one ridge fits all."""
_PSEUDO_SEGMENTS = 1000.0
_N_STEPS = 36
_LOGISTIC_BOUND, _MULTINOMIAL_BOUND = 0.25, 0.5

Real = TypeVar("Real", bound=np.floating)
Residual = Callable[[Floats32, Floats32, Flags], Floats32]


@dataclass(frozen=True, slots=True)
class Views:
    """Ways to score segments, each of shape (n_segments, n_codes), 0 where there is nothing to say.

    `usual` is the slope of each before anything is learned.
    """

    scores: tuple[npt.NDArray[np.floating], ...]
    usual: tuple[float, ...]

    def rows(self, rows: npt.NDArray[np.intp]) -> Views:
        """The views of some segments."""
        return Views(tuple(view[rows] for view in self.scores), self.usual)

    def summed(self, slopes: Sequence[float] | Floats) -> Floats:
        """1.2 times the views, each times its slope, added up: (n_segments, n_codes)."""
        found = np.zeros(self.scores[0].shape)
        for slope, view in zip(slopes, self.scores, strict=True):
            found += (COLD_SLOPE * float(slope)) * view
        return found


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` (n_features, n_codes), `base` (n_codes,), and a shared slope for each view."""

    weights: Floats
    base: Floats
    slopes: Floats

    def logits(self, features: Features, views: Views) -> Floats:
        """Logits, shape (n_segments, n_codes)."""
        moved = features @ self.weights.astype(features.dtype)
        return self.base + moved + views.summed(self.slopes)

    def plus(self, other: Model) -> Model:
        """The model whose logits are the mean of both models' logits."""
        return Model(
            (self.weights + other.weights) / 2,
            (self.base + other.base) / 2,
            (self.slopes + other.slopes) / 2,
        )


def fit(
    features: Features,
    views: Views,
    applied: Flags,
    allowed: Flags | None = None,
    *,
    n_candidates: float | None = None,
) -> Model:
    """Fit to the segments that people have read.

    Args:
        features: shape (n_read, n_features).
        views: of the same segments.
        applied: which codes were given, shape (n_read, n_codes); an all-false row is
            "seen, nothing applied".
        allowed: which codes are candidates, same shape (default: all); others teach nothing.
        n_candidates: of a segment, on average (default: all codes); counts where nothing is read.
    """
    allowed = np.ones_like(applied) if allowed is None else allowed
    applied = applied & allowed
    prior = base_prior(applied, allowed, n_candidates or applied.shape[1])
    coded = np.flatnonzero(applied.any(axis=1))
    if not len(applied):
        usual = np.array(views.usual)
        return Model(np.zeros((features.shape[1], applied.shape[1])), prior, usual)
    each = _descend(features, views, applied, allowed=allowed, prior=prior, residual=_one_by_one)
    if not len(coded):
        return each
    among = _descend(
        features[coded],
        views.rows(coded),
        applied[coded],
        allowed=allowed[coded],
        prior=prior,
        residual=_one_of_all,
    )
    return each.plus(among)


def base_prior(applied: Flags, allowed: Flags, n_candidates: float) -> Floats:
    """Logit of each code's frequency where it was a candidate, shape (n_codes,).

    Smoothed by 1,000 segments at the mean over all codes, as how often a code is given differs
    between transcripts by far more than its count says; with nothing read that mean is one code a
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


def sigmoid(logits: npt.NDArray[Real]) -> npt.NDArray[Real]:
    """The logistic function, safe for any size of logit, in the precision it is given."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)))


def design_of(features: Features) -> Floats32:
    """The features with the base as one more, shape (n_segments, n_features + 1)."""
    constant = np.full((len(features), 1), _BASE_SCALE)
    return np.hstack([features, constant], dtype=np.float32)


def inverse_curvature(design: Floats32) -> Floats32:
    """Inverse of the one-against-rest model's curvature bound, (n_features + 1) squared."""
    return _inverse(design.T @ design, _LOGISTIC_BOUND)


def _descend(
    features: Features,
    views: Views,
    applied: Flags,
    *,
    allowed: Flags,
    prior: Floats,
    residual: Residual,
) -> Model:
    """Accelerated gradient steps (Nesterov 1983), preconditioned by a bound of the curvature.

    The bound is Böhning & Lindsay's (1988): logistic curvature never exceeds 1/4, multinomial
    never 1/2. Steps are taken in single precision: twice as fast, and they end long before rounding
    could tell.
    """
    most = _LOGISTIC_BOUND if residual is _one_by_one else _MULTINOMIAL_BOUND
    usual = np.array(views.usual)
    design = design_of(features)
    space = _by_segments(design, most) if len(design) < design.shape[1] else _plain(design, most)
    seen = _side_by_side(views, allowed)
    slope_curvature = np.linalg.inv(most * (seen @ seen.T) + _SLOPE_PRIOR * np.eye(len(usual)))
    target, start = applied.astype(np.float32), prior.astype(np.float32)
    current = ahead = space.origin(applied.shape[1])
    slopes: Floats = usual
    slopes_ahead: Floats = usual
    momentum = 1.0
    for _ in range(_N_STEPS):
        offset = (slopes_ahead.astype(np.float32) @ seen).reshape(applied.shape)
        missed = residual(start + ahead.logits + offset, target, allowed)
        # Both blocks move at once, so each takes half of its own bound's step.
        new = ahead.moved(-0.5, space.step(missed, ahead))
        slope_step = slope_curvature @ (
            seen @ missed.ravel() + _SLOPE_PRIOR * (slopes_ahead - usual)
        )
        new_slopes = np.clip(slopes_ahead - slope_step / 2, 0.0, _SLOPE_LIMIT)
        grown = float((1 + np.sqrt(1 + 4 * momentum**2)) / 2)
        push = (momentum - 1) / grown
        ahead = new.moved(push, new.moved(-1, current))
        slopes_ahead = new_slopes + push * (new_slopes - slopes)
        current, slopes, momentum = new, new_slopes, grown
    weights = space.weights(current)
    return Model(weights[:-1], prior + _BASE_SCALE * weights[-1], slopes)


def _side_by_side(views: Views, allowed: Flags) -> Floats32:
    """1.2 times each view, 0 where a code is no candidate: (n_views, n_segments * n_codes)."""
    rows = np.empty((len(views.scores), allowed.size), dtype=np.float32)
    for row, view in zip(rows, views.scores, strict=True):
        row[:] = COLD_SLOPE * np.where(allowed, view, 0).ravel()
    return rows


@dataclass(frozen=True, slots=True)
class _Place:
    """A position, or a step, and the logits it makes: (n_segments, n_codes)."""

    at: Floats32
    logits: Floats32

    def moved(self, share: float, step: _Place) -> _Place:
        """A share of a step onwards."""
        size = np.float32(share)
        return _Place(self.at + size * step.at, self.logits + size * step.logits)


@dataclass(frozen=True, slots=True)
class _Space:
    """Where the steps are taken: `curved` turns a slope into a step; a segment per row of `design`.

    With fewer segments than features (`most` given) the weights are sums of segments, `design`
    transposed times the position, and steps over segments are the same steps at a fraction of the
    cost. There `curved` is the inverse of most * P + ridge, P the products of the segments, so that
    the logits of a step are known without multiplying by P.
    """

    design: Floats32
    curved: Floats32
    most: float | None = None

    def origin(self, n_codes: int) -> _Place:
        """Where the weights are 0."""
        nothing = np.zeros((len(self.design), n_codes), dtype=np.float32)
        return _Place(np.zeros((len(self.curved), n_codes), dtype=np.float32), nothing)

    def step(self, missed: Floats32, ahead: _Place) -> _Place:
        """The step that the residuals of a position ask for, and what it makes of the logits."""
        ridge = np.float32(_RIDGE)
        if self.most is None:
            step = self.curved @ (self.design.T @ missed + ridge * ahead.at)
            return _Place(step, self.design @ step)
        slope = missed + ridge * ahead.at
        step = self.curved @ slope
        return _Place(step, (slope - ridge * step) / np.float32(self.most))

    def weights(self, place: _Place) -> Floats:
        """One weight per feature and code."""
        at = place.at.astype(np.float64)
        return at if self.most is None else np.asarray(self.design.T @ at)


def _plain(design: Floats32, most: float) -> _Space:
    return _Space(design, _inverse(design.T @ design, most))


def _by_segments(design: Floats32, most: float) -> _Space:
    return _Space(design, _inverse(design @ design.T, most), most)


def _inverse(products: Floats32, most: float) -> Floats32:
    """Of most * products + ridge; in double precision, since the ridge is small beside them."""
    from scipy.linalg import inv

    curvature = most * products.astype(np.float64) + _RIDGE * np.eye(len(products))
    return np.asarray(inv(curvature, assume_a="pos", overwrite_a=True), dtype=np.float32)


def _one_by_one(logits: Floats32, target: Floats32, allowed: Flags) -> Floats32:
    return np.asarray((sigmoid(logits) - target) * allowed)


def _one_of_all(logits: Floats32, target: Floats32, allowed: Flags) -> Floats32:
    held = np.where(allowed, logits, -np.inf)
    share = np.exp(held - held.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    return np.asarray(share - target / target.sum(axis=1, keepdims=True)) * allowed


def _logit(share: Floats | float) -> Floats:
    return np.asarray(np.log(share / (1 - np.asarray(share))))
