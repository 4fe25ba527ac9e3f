"""Calibration: probabilities that mean what they say, measured on held-out transcripts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from autocode.suggest import linear
from autocode.suggest.calibration.held_out import deal_folds
from autocode.suggest.calibration.platt import fit_calibration


def test_calibration_needs_three_transcripts_and_thirty_codings():
    shape = (40, 3)
    generator = np.random.default_rng(1)
    z, applied = generator.normal(size=shape), generator.random(shape) < 0.4
    allowed = np.ones(shape, dtype=bool)
    one = fit_calibration(z, applied, transcripts=["t1"] * 40, allowed=allowed)
    assert not one.calibrated
    names = [f"t{i % 4}" for i in range(40)]
    four = fit_calibration(z, applied, transcripts=names, allowed=allowed)
    assert four.calibrated
    assert four.remarks


@pytest.mark.parametrize("size", [0.02, 1.0, 8.0])
def test_calibration_finds_its_curve_however_far_apart_logits_are(size: float):
    generator = np.random.default_rng(3)
    z = 3 * generator.normal(size=(600, 1))
    applied = generator.random(z.shape) < expit(z)
    names = [f"t{i % 6}" for i in range(600)]
    allowed = np.ones(z.shape, dtype=bool)
    found = fit_calibration(size * z, applied, transcripts=names, allowed=allowed)
    np.testing.assert_allclose(found.probabilities(size * z), expit(z), atol=0.08)


def test_a_code_is_less_likely_where_another_fits_as_well():
    # One code a segment, drawn by softmax: what each logit means depends on the others.
    generator = np.random.default_rng(4)
    z = 2 * generator.normal(size=(2000, 6))
    share = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    drawn = (generator.random((2000, 1)) > share.cumsum(axis=1)).sum(axis=1)
    applied = np.eye(6, dtype=bool)[np.minimum(drawn, 5)]
    names = [f"t{i % 8}" for i in range(2000)]
    allowed = np.ones(z.shape, dtype=bool)
    found = fit_calibration(z, applied, transcripts=names, allowed=allowed)
    assert found.competition > 0.5
    assert np.abs(found.probabilities(z) - share).mean() < 0.03
    alone, crowded = np.array([[2.0, -9, -9, -9, -9, -9]]), np.array([[2.0, 2, -9, -9, -9, -9]])
    assert found.probabilities(alone)[0, 0] > found.probabilities(crowded)[0, 0] + 0.2


def test_a_code_that_is_no_candidate_does_not_compete():
    generator = np.random.default_rng(5)
    z = 2 * generator.normal(size=(400, 4))
    applied = generator.random(z.shape) < expit(z - 1)
    names = [f"t{i % 8}" for i in range(400)]
    allowed = np.ones(z.shape, dtype=bool)
    allowed[:, 3] = False
    found = fit_calibration(z, applied, transcripts=names, allowed=allowed)
    z[:, 3] = 40
    again = fit_calibration(z, applied, transcripts=names, allowed=allowed)
    assert (found.slope, found.intercept, found.competition) == (
        again.slope,
        again.intercept,
        again.competition,
    )


def test_calibration_on_noise_promises_no_more_than_the_base_rate():
    # Held-out transcripts must not let the model believe what it has memorised.
    generator = np.random.default_rng(2)
    n, n_codes = 400, 4
    features = generator.normal(size=(n, 200))
    applied = generator.random((n, n_codes)) < 0.25
    z = np.zeros((n, n_codes))
    views = linear.FeatureViews((z,), (1.0,))
    names = [f"t{i % 8}" for i in range(n)]
    allowed = np.ones((n, n_codes), dtype=bool)
    logits = np.zeros_like(z)
    fold = deal_folds(names)
    for number in range(5):
        test = fold == number
        model = linear.fit(features[~test], views.rows(np.flatnonzero(~test)), applied[~test])
        logits[test] = model.logits(features[test], views.rows(np.flatnonzero(test)))
    found = fit_calibration(logits, applied, transcripts=names, allowed=allowed)
    fresh = linear.fit(features, views, applied).logits(generator.normal(size=(n, 200)), views)
    assert found.probabilities(fresh).mean() == pytest.approx(0.25, abs=0.06)
