"""The solver: both ways to step agree, and they reach the optimum of what is written down."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from autocode.suggest import linear
from autocode.suggest.linear import FeatureViews


def data(n: int, width: int, n_codes: int = 4, seed: int = 0):
    generator = np.random.default_rng(seed)
    features = generator.normal(size=(n, width)) / np.sqrt(width)
    views = FeatureViews(tuple(generator.normal(size=(2, n, n_codes))), (1.0, 0.0))
    applied = generator.random((n, n_codes)) < 0.3
    allowed = (generator.random((n, n_codes)) < 0.8) | applied
    return features, views, applied, allowed


@pytest.mark.parametrize(("scale", "rounding"), [(1, 3e-5), (20, 2e-3)])
def test_steps_over_segments_are_the_steps_over_features(scale, rounding):
    features, views, applied, allowed = data(30, 50)
    # Segments that say the same, loudly: products far from full rank.
    features[15:] = features[:15]
    intercept = linear.compute_prior_intercept(applied, allowed, 4)
    over_segments, over_features = (
        linear.descend(
            scale * features,
            views,
            applied,
            allowed=allowed,
            intercept=intercept,
            loss=linear.ONE_VS_REST,
            is_dual=is_dual,
        )
        for is_dual in (True, False)
    )
    np.testing.assert_allclose(over_segments.weights, over_features.weights, atol=rounding)
    np.testing.assert_allclose(over_segments.intercept, over_features.intercept, atol=rounding)
    np.testing.assert_allclose(over_segments.slopes, over_features.slopes, atol=rounding)


@pytest.mark.parametrize("shape", [(40, 6), (6, 40)])
def test_one_against_rest_comes_near_the_optimum(shape):
    features, views, applied, allowed = data(*shape)
    prior = linear.compute_prior_intercept(applied, allowed, 4)

    def loss(position):
        weights = position[: 4 * shape[1]].reshape(shape[1], 4)
        base, slopes = position[4 * shape[1] : -2], position[-2:]
        near = sum(slope * z for slope, z in zip(slopes, views.scores, strict=True))
        logits = base + features @ weights + linear.ZERO_SHOT_SLOPE * near
        fit = np.where(allowed, np.logaddexp(0, logits) - applied * logits, 0).sum()
        ridge = linear.DEFAULTS.ridge * (weights**2).sum() / 2
        return fit + ridge + ((base - prior) ** 2).sum() + ((slopes - views.prior) ** 2).sum()

    def at(model):
        return np.concatenate([model.weights.ravel(), model.intercept, model.slopes])

    found = linear.descend(
        features,
        views,
        applied,
        allowed=allowed,
        intercept=prior,
        loss=linear.ONE_VS_REST,
        config=linear.LinearConfig(n_steps=300),
    )
    size = len(at(found))
    held = [(None, None)] * (size - 2) + [(0, linear.DEFAULTS.max_slope)] * 2
    best = minimize(
        loss, at(found) * 0.5, method="L-BFGS-B", bounds=held, options={"maxiter": 5000}
    )
    assert loss(at(found)) == pytest.approx(best.fun, rel=1e-4)


def test_codes_that_are_no_candidates_teach_nothing():
    features, views, applied, allowed = data(60, 10)
    allowed[:, 2] = False
    applied[:, 2] = False
    one = linear.fit(features, views, applied, allowed)
    views.scores[0][:, 2] = 99
    two = linear.fit(features, views, applied, allowed)
    np.testing.assert_allclose(one.weights[:, :2], two.weights[:, :2], atol=1e-12)
    np.testing.assert_allclose(one.weights[:, 2], 0, atol=1e-12)


def test_the_inverse_kept_up_is_the_inverse_computed_anew():
    features, *_ = data(20, 8)
    design = linear.build_design_matrix(features)
    inverse = linear.invert_curvature(design[:17])
    for row in design[17:]:
        direction = linear.add_to_inverse(inverse, row)
        np.testing.assert_allclose(direction, inverse @ row, atol=1e-5)
    np.testing.assert_allclose(inverse, linear.invert_curvature(design), atol=1e-4)


def test_without_codings_the_model_is_the_zero_shot_ranking():
    z = np.array([[2.0, -1.0, 0.5]])
    nothing = linear.FeatureViews((np.zeros((0, 3)), np.zeros((0, 3))), (1.0, 0.0))
    model = linear.fit(np.zeros((0, 4)), nothing, np.zeros((0, 3), dtype=bool))
    logits = model.logits(np.ones((1, 4)), linear.FeatureViews((z, 9 * z[:, ::-1]), (1.0, 0.0)))
    assert list(np.argsort(-logits[0])) == [0, 2, 1]
    assert np.ptp(logits - linear.ZERO_SHOT_SLOPE * z) < 1e-12


def test_no_model_is_made_of_values_that_are_not_finite():
    features, views, applied, allowed = data(12, 5)
    views.scores[0][3, 2] = np.nan
    applied[3, 2] = allowed[3, 2] = True
    with pytest.raises(FloatingPointError, match="not finite"):
        linear.fit(features, views, applied, allowed)
