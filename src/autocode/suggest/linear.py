"""Linear models on features of segments, with the codebook as prior.

The logit of code c for segment i is  b_c + w_c · x_i + 1.2 · Σ_v a_v · z_vic,  where the z_v are
views of how near the segment is to the code: the parts of the zero-shot score, and nearness to what
people gave the code. Every part has a prior, so that without codings the model is the zero-shot
ranking and each coding moves it a little: w_c towards 0, the slopes a_v, which all codes share,
towards what the codings alone say of the codebook (1 with none; 0 for nearness to codings), and the
intercept b_c towards the code's smoothed frequency.
Two models of this form are fitted and their logits averaged: one asks of each code whether it
applies (one-against-rest, so a segment may have several or none), one asks which code it is among
the candidates of a coded segment (multinomial), which ranks better where few are coded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import inv
from scipy.special import expit, logit, softmax

Floats = npt.NDArray[np.float64]
Floats32 = npt.NDArray[np.float32]
Features = npt.NDArray[np.floating]
Flags = npt.NDArray[np.bool_]

ZERO_SHOT_SLOPE = 1.2
"""What one unit of the zero-shot score is worth as a logit."""

# Bounds of the curvature of each loss (Böhning & Lindsay 1988; Böhning 1992 for the multinomial).
LOGISTIC_CURVATURE, MULTINOMIAL_CURVATURE = 0.25, 0.5

Residual = Callable[[Floats32, Floats32, Flags], Floats32]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearConfig:
    """The priors of the model and the length of its fit.

    Attributes:
        ridge: precision of the weights' prior.
        slope_precision, max_slope: precision of the slopes' prior, and their upper bound; the lower
            is 0 (eval/NOTES.md, Suggestions, Kept: "a slope each, learned").
        intercept_precision: precision of the intercepts' prior.
        frequency_segments: segments at the mean frequency that a code's own is smoothed by
            (eval/NOTES.md, Suggestions, Kept: "smoothed by 1,000 segments in place of 50").
        least_frequency, most_frequency: bounds of the smoothed frequency.
        n_steps: gradient steps (eval/NOTES.md, Suggestions, Kept: "36 steps of the fit").
    """

    ridge: float = 1 / 9
    slope_precision: float = 2.0
    max_slope: float = 4.0
    intercept_precision: float = 2.0
    frequency_segments: float = 1000.0
    least_frequency: float = 1e-4
    most_frequency: float = 0.9
    n_steps: int = 36

    @property
    def intercept_scale(self) -> float:
        """The constant feature that makes the intercept one more weight under the same ridge."""
        return float((self.ridge / self.intercept_precision) ** 0.5)


DEFAULTS = LinearConfig()


@dataclass(frozen=True, slots=True)
class FeatureViews:
    """Ways to score segments, each of shape (n_segments, n_codes), 0 where there is nothing to say.

    `prior` is the slope of each before anything is learned.
    """

    scores: tuple[npt.NDArray[np.floating], ...]
    prior: tuple[float, ...]

    def rows(self, rows: npt.NDArray[np.intp]) -> FeatureViews:
        """The views of some segments."""
        return FeatureViews(tuple(view[rows] for view in self.scores), self.prior)

    def combine(self, slopes: Sequence[float] | Floats) -> Floats:
        """1.2 times the views, each times its slope, added up: (n_segments, n_codes)."""
        total = np.zeros(self.scores[0].shape)
        for slope, view in zip(slopes, self.scores, strict=True):
            total += (ZERO_SHOT_SLOPE * float(slope)) * view
        return total


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`weights` (n_features, n_codes), `intercept` (n_codes,), and a shared slope for each view."""

    weights: Floats
    intercept: Floats
    slopes: Floats

    def logits(self, features: Features, views: FeatureViews) -> Floats:
        """Logits, shape (n_segments, n_codes)."""
        weighted = features @ self.weights.astype(features.dtype)
        return self.intercept + weighted + views.combine(self.slopes)

    def average_with(self, other: LinearModel) -> LinearModel:
        """The model whose logits are the mean of both models' logits."""
        return LinearModel(
            (self.weights + other.weights) / 2,
            (self.intercept + other.intercept) / 2,
            (self.slopes + other.slopes) / 2,
        )


def fit(
    features: Features,
    views: FeatureViews,
    applied: Flags,
    allowed: Flags | None = None,
    *,
    n_candidates: float | None = None,
    config: LinearConfig = DEFAULTS,
) -> LinearModel:
    """Fit to the segments that people have read.

    Args:
        features: shape (n_read, n_features).
        views: of the same segments.
        applied: which codes were given, shape (n_read, n_codes); an all-false row is
            "seen, nothing applied".
        allowed: which codes are candidates, same shape (default: all); others teach nothing.
        n_candidates: of a segment, on average (default: all codes); counts where nothing is read.
        config: priors and number of steps.
    """
    allowed = np.ones_like(applied) if allowed is None else allowed
    applied = applied & allowed
    intercept = compute_prior_intercept(applied, allowed, n_candidates or applied.shape[1], config)
    coded = np.flatnonzero(applied.any(axis=1))
    if not len(applied):
        nothing = np.zeros((features.shape[1], applied.shape[1]))
        return LinearModel(nothing, intercept, np.array(views.prior))
    # The two losses err differently: one-against-rest knows "none", multinomial knows rivals.
    one_vs_rest = descend(
        features,
        views,
        applied,
        allowed=allowed,
        intercept=intercept,
        loss=ONE_VS_REST,
        config=config,
    )
    if not len(coded):
        return one_vs_rest
    multinomial = descend(
        features[coded],
        views.rows(coded),
        applied[coded],
        allowed=allowed[coded],
        intercept=intercept,
        loss=MULTINOMIAL,
        config=config,
    )
    return one_vs_rest.average_with(multinomial)


def compute_prior_intercept(
    applied: Flags, allowed: Flags, n_candidates: float, config: LinearConfig = DEFAULTS
) -> Floats:
    """Logit of each code's frequency where it was a candidate, shape (n_codes,).

    Smoothed by 1,000 segments at the mean over all codes, as how often a code is given differs
    between transcripts by far more than its count says; with nothing read that mean is one code a
    segment.
    """
    bounds = config.least_frequency, config.most_frequency
    n_read, n_codes = applied.shape
    if not n_read:
        return np.full(n_codes, logit(np.clip(1 / n_candidates, *bounds)))
    # Codes that are candidates for few segments are compared by rate, not by count.
    chances = allowed.sum(axis=0, dtype=np.float64)
    n_uses = applied.sum(axis=0, dtype=np.float64)
    # Candidates of a segment: the pseudo-segments offer as many codes as real ones do.
    width = max(1.0, chances.sum() / n_read)
    prior = config.frequency_segments
    mean = (n_uses.sum() + prior) / (chances.sum() + prior * width)
    frequency = (n_uses + prior * mean) / (chances + prior)
    return np.asarray(logit(np.clip(frequency, *bounds)))


def build_design_matrix(features: Features, config: LinearConfig = DEFAULTS) -> Floats32:
    """The features with the intercept's constant as one more: (n_segments, n_features + 1)."""
    constant = np.full((len(features), 1), config.intercept_scale)
    return np.hstack([features, constant], dtype=np.float32)


def invert_curvature(design: Floats32, config: LinearConfig = DEFAULTS) -> Floats32:
    """Inverse of the one-against-rest model's curvature bound, (n_features + 1) squared."""
    return _inverse(design.T @ design, LOGISTIC_CURVATURE, config.ridge)


def add_to_inverse(inverse: Floats32, features: Floats32) -> Floats32:
    """Let `invert_curvature` learn of one more segment, in place (Sherman & Morrison 1950).

    Args:
        inverse: as `invert_curvature` made it.
        features: the segment's row of the design matrix, shape (n_features + 1,).

    Returns:
        The Newton direction for that segment: the new inverse times `features`.
    """
    direction = inverse @ features
    denominator = np.float32(1 + float(features @ direction) * LOGISTIC_CURVATURE)
    direction /= denominator
    scale = denominator * np.float32(LOGISTIC_CURVATURE)
    inverse -= np.outer(direction, direction) * scale
    return np.asarray(direction)


def one_vs_rest_residual(logits: Floats32, target: Floats32, allowed: Flags) -> Floats32:
    """Gradient of the one-against-rest loss by the logits, 0 where a code is no candidate."""
    return np.asarray((expit(logits) - target) * allowed)


def softmax_residual(logits: Floats32, target: Floats32, allowed: Flags) -> Floats32:
    """Gradient of the multinomial loss by the logits; a segment's codes share it evenly."""
    share = softmax(np.where(allowed, logits, -np.inf), axis=1)
    return np.asarray(share - target / target.sum(axis=1, keepdims=True)) * allowed


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss by its gradient and a bound of its curvature."""

    residual: Residual
    curvature: float


ONE_VS_REST = Loss(one_vs_rest_residual, LOGISTIC_CURVATURE)
MULTINOMIAL = Loss(softmax_residual, MULTINOMIAL_CURVATURE)


def descend(
    features: Features,
    views: FeatureViews,
    applied: Flags,
    *,
    allowed: Flags,
    intercept: Floats,
    loss: Loss,
    config: LinearConfig = DEFAULTS,
    is_dual: bool | None = None,
) -> LinearModel:
    """The model of one loss, by preconditioned accelerated gradient steps (Nesterov 1983).

    The bound of the curvature (Böhning & Lindsay 1988) holds everywhere, so its inverse is computed
    once and no step is ever too long. Steps are taken in single precision: twice as fast, and they
    end long before rounding could tell. `is_dual` chooses the coordinates (default: the cheaper).
    """
    prior = np.array(views.prior)
    design = build_design_matrix(features, config)
    # Views enter with weights that all codes share, so they are no part of the design.
    space = _PreconditionedSpace.of(design, loss.curvature, config.ridge, is_dual=is_dual)
    flat_views = _flatten_views(views, allowed)
    # Slopes are a block of their own, a few wide: its bound is inverted exactly.
    inverse_slope_hessian = np.linalg.inv(
        loss.curvature * (flat_views @ flat_views.T) + config.slope_precision * np.eye(len(prior))
    )
    target, start = applied.astype(np.float32), intercept.astype(np.float32)
    # Starting at zero weights and prior slopes is starting at the zero-shot ranking.
    current = ahead = space.origin(applied.shape[1])
    slopes: Floats = prior
    slopes_ahead: Floats = prior
    momentum = 1.0
    for _ in range(config.n_steps):
        offset = (slopes_ahead.astype(np.float32) @ flat_views).reshape(applied.shape)
        residual = loss.residual(start + ahead.logits + offset, target, allowed)
        # Both blocks move at once, so each takes half of its own bound's step.
        new = ahead.advance(-0.5, space.step(residual, ahead))
        # Kernels of some processors set the flag of an invalid operation for lanes that no value
        # is in (numpy issue 24067), so the values themselves are asked, below.
        with np.errstate(invalid="ignore"):
            slope_gradient = flat_views @ residual.ravel()
        slope_step = inverse_slope_hessian @ (
            slope_gradient + config.slope_precision * (slopes_ahead - prior)
        )
        new_slopes = np.clip(slopes_ahead - slope_step / 2, 0.0, config.max_slope)
        # Nesterov's sequence: 1, 1.62, 2.19, ...; the gradient is taken ahead of the iterate.
        next_momentum = float((1 + np.sqrt(1 + 4 * momentum**2)) / 2)
        push = (momentum - 1) / next_momentum
        ahead = new.advance(push, new.advance(-1, current))
        slopes_ahead = new_slopes + push * (new_slopes - slopes)
        current, slopes, momentum = new, new_slopes, next_momentum
    weights = space.weights(current)
    if not (np.isfinite(weights).all() and np.isfinite(slopes).all()):
        raise FloatingPointError(
            "The weights of the linear model are not finite; its features and views must be."
        )
    return LinearModel(weights[:-1], intercept + config.intercept_scale * weights[-1], slopes)


def _flatten_views(views: FeatureViews, allowed: Flags) -> Floats32:
    """1.2 times each view, 0 where a code is no candidate: (n_views, n_segments * n_codes)."""
    rows = np.empty((len(views.scores), allowed.size), dtype=np.float32)
    for row, view in zip(rows, views.scores, strict=True):
        row[:] = ZERO_SHOT_SLOPE * np.where(allowed, view, 0).ravel()
    return rows


@dataclass(frozen=True, slots=True)
class _Iterate:
    """A point of the descent, or a step: its coordinates, and its logits (n_segments, n_codes)."""

    coordinates: Floats32
    logits: Floats32

    def advance(self, share: float, step: _Iterate) -> _Iterate:
        """The point a share of `step` further on."""
        size = np.float32(share)
        return _Iterate(
            self.coordinates + size * step.coordinates, self.logits + size * step.logits
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _PreconditionedSpace:
    """The coordinates that steps are taken in; `inverse_bound` turns a gradient into a step.

    Coordinates are one weight per feature, or, with fewer segments than features, one per segment
    (`is_dual`): the weights are then `design` transposed times the coordinates, as the gradient
    and the ridge keep them sums of segments (the representer theorem, Kimeldorf & Wahba 1971), and
    the same steps cost a fraction. There `inverse_bound` is the inverse of curvature · P + ridge, P
    the products of the segments, so that the logits of a step are known without multiplying by P.
    """

    design: Floats32
    inverse_bound: Floats32
    curvature: float
    ridge: float
    is_dual: bool

    @classmethod
    def of(
        cls, design: Floats32, curvature: float, ridge: float, *, is_dual: bool | None = None
    ) -> _PreconditionedSpace:
        """The cheaper of the two spaces for a design, (n_segments, n_features + 1)."""
        if is_dual is None:
            is_dual = len(design) < design.shape[1]
        products = design @ design.T if is_dual else design.T @ design
        return cls(
            design=design,
            inverse_bound=_inverse(products, curvature, ridge),
            curvature=curvature,
            ridge=ridge,
            is_dual=is_dual,
        )

    def origin(self, n_codes: int) -> _Iterate:
        """Where all weights are 0."""
        logits = np.zeros((len(self.design), n_codes), dtype=np.float32)
        return _Iterate(np.zeros((len(self.inverse_bound), n_codes), dtype=np.float32), logits)

    def step(self, residual: Floats32, ahead: _Iterate) -> _Iterate:
        """The preconditioned gradient step that the residuals at a point ask for."""
        ridge = np.float32(self.ridge)
        if not self.is_dual:
            gradient = self.design.T @ residual + ridge * ahead.coordinates
            step = self.inverse_bound @ gradient
            return _Iterate(step, self.design @ step)
        gradient = residual + ridge * ahead.coordinates
        step = self.inverse_bound @ gradient
        # (curvature P + ridge) step = gradient, so P step follows without P.
        return _Iterate(step, (gradient - ridge * step) / np.float32(self.curvature))

    def weights(self, iterate: _Iterate) -> Floats:
        """One weight per feature and code."""
        coordinates = iterate.coordinates.astype(np.float64)
        return np.asarray(self.design.T @ coordinates) if self.is_dual else coordinates


def _inverse(products: Floats32, curvature: float, ridge: float) -> Floats32:
    """Of curvature · products + ridge; in double precision, as the ridge is small beside them."""
    bound = curvature * products.astype(np.float64) + ridge * np.eye(len(products))
    return np.asarray(inv(bound, assume_a="pos", overwrite_a=True), dtype=np.float32)
