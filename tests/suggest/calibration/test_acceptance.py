"""Auto-acceptance: errors are counted by transcript, and luck is not taken for a low error rate."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import beta, binomtest

from autocode.suggest.calibration.acceptance import (
    bound_share_wrong,
    fit_auto_accept_thresholds,
)


def fit(probabilities, applied, transcript, target=0.1):
    return fit_auto_accept_thresholds(probabilities, applied, transcript, target_fdr=target)


def draw_study(generator, *, n_transcripts, size, n_codes, signal, unlike):
    """Probabilities that are right on average, off by `unlike` (on logits) in each transcript."""
    shape = (n_transcripts * size, n_codes)
    transcript = np.repeat(np.arange(n_transcripts), size)
    level = generator.normal(-1.5, signal, shape)
    off = generator.normal(0, unlike, (n_transcripts, 1))[transcript]
    return expit(level), generator.random(shape) < expit(level + off), transcript


def test_the_bound_of_transcripts_with_one_accept_each_is_the_exact_binomial_one():
    wrong = np.array([1.0, 1.0] + [0.0] * 58)
    found = bound_share_wrong(wrong, np.ones(60), correlation=0.4, confidence=0.9)
    exact = binomtest(2, 60).proportion_ci(confidence_level=0.8, method="exact").high
    assert found == pytest.approx(exact)


def test_errors_that_are_one_count_as_transcripts_not_as_accepts():
    wrong, n = np.array([10.0] + [0.0] * 11), np.full(12, 10.0)
    alone = bound_share_wrong(wrong, n, correlation=0.0, confidence=0.9)
    together = bound_share_wrong(wrong, n, correlation=1.0, confidence=0.9)
    # One transcript of twelve is wrong; t makes a little less of twelve.
    assert alone < 0.15
    assert together > beta.ppf(0.9, 2, 11)


def test_one_transcript_bounds_nothing():
    assert bound_share_wrong(np.zeros(1), np.array([500.0]), correlation=0.1, confidence=0.9) == 1


def test_what_is_right_in_enough_transcripts_is_accepted():
    right = np.ones((40, 1), dtype=bool)
    probabilities = np.linspace(0.97, 0.9, 40)[:, None]
    assert fit(probabilities, right, np.arange(40) % 8)[0] <= 0.91
    # Twenty in a row say less than one in ten wrong with no confidence to speak of.
    assert np.isinf(fit(probabilities[:20], right[:20], np.arange(20) % 8)[0])
    assert np.isinf(fit(probabilities, right, np.arange(40) % 4)[0])
    assert np.isinf(fit(probabilities, right, np.zeros(40, dtype=int))[0])


def test_a_code_used_in_two_transcripts_is_never_accepted_without_reading():
    generator = np.random.default_rng(0)
    probabilities = np.clip(generator.normal(0.96, 0.01, (400, 2)), 0, 1)
    applied = np.ones((400, 2), dtype=bool)
    transcript = np.arange(400) % 20
    applied[transcript > 1, 1] = False
    probabilities[transcript > 1, 1] = 0.01
    found = fit(probabilities, applied, transcript)
    assert np.isfinite(found[0])
    assert np.isinf(found[1])


def test_nothing_is_accepted_on_noise_or_on_nothing():
    generator = np.random.default_rng(3)
    applied = generator.random((600, 8)) < 0.3
    assert np.isinf(fit(generator.random((600, 8)), applied, np.arange(600) % 12)).all()
    assert np.isinf(fit(np.zeros((10, 3)), np.zeros((10, 3), dtype=bool), np.arange(10))).all()
    assert fit(np.zeros((0, 3)), np.zeros((0, 3), dtype=bool), np.arange(0)).shape == (3,)


def test_each_code_has_the_threshold_that_its_own_errors_ask_for():
    # Both have the same probabilities; the second is right far less often than they say.
    generator = np.random.default_rng(1)
    level = generator.normal(2, 1.2, (1200, 2))
    applied = generator.random((1200, 2)) < expit(level + np.array([1.0, -1.5]))
    found = fit(expit(level), applied, np.arange(1200) % 30)
    assert logit(found[1]) - logit(found[0]) > 1


def test_codes_that_were_right_by_luck_are_not_accepted():
    # Beside twenty good codes, of 300 that are wrong one time in five, as the probabilities say,
    # a few are never wrong on thirty segments, whichever of these are left out.
    often = np.concatenate([np.full(20, 0.97), np.full(300, 0.8)])
    for seed in range(5):
        generator = np.random.default_rng(seed)
        shape = (30, len(often))
        probabilities = np.clip(often + generator.normal(0, 0.001, shape), 0, 1)
        applied = generator.random(shape) < often
        found = fit(probabilities, applied, np.arange(30) % 12)
        assert np.isfinite(found[:20]).any()
        assert ((probabilities >= found)[:, 20:]).sum() == 0


@pytest.mark.slow
def test_doubtful_codes_are_not_carried_by_sure_ones():
    # Nine codes are always right, three wrong one time in four: together seven in a hundred.
    for seed in range(5):
        generator = np.random.default_rng(seed)
        often = np.array([0.999] * 9 + [0.75] * 3)
        probabilities = np.clip(often - generator.random((600, 12)) * 0.02, 0, 1)
        applied = generator.random((600, 12)) < often
        accepted = probabilities >= fit(probabilities, applied, np.arange(600) % 20)
        assert accepted[:, :9].mean() > 0.9
        assert not accepted[:, 9:].any()


@pytest.mark.slow
def test_where_errors_cluster_one_study_in_ten_accepts_more_wrong_ones_than_asked():
    too_often, n_accepting = 0, 0
    for seed in range(60):
        generator = np.random.default_rng(seed)
        study = {"size": 40, "n_codes": 6, "signal": 2.5, "unlike": 1.0}
        probabilities, applied, transcript = draw_study(generator, n_transcripts=16, **study)
        found = fit(probabilities, applied, transcript)
        if np.isinf(found).all():
            continue
        n_accepting += 1
        new, truth, _ = draw_study(generator, n_transcripts=400, **study)
        accepted = new >= found
        too_often += (~truth[accepted]).mean() > 0.1
    assert n_accepting > 30
    # Taking errors for independent, ten would. 90 % confidence allows six of sixty.
    assert too_often <= 6


def test_clear_signal_is_mostly_accepted():
    generator = np.random.default_rng(5)
    study = {"n_transcripts": 40, "size": 40, "n_codes": 6, "signal": 4.0, "unlike": 0.3}
    probabilities, applied, transcript = draw_study(generator, **study)
    accepted = probabilities >= fit(probabilities, applied, transcript)
    assert (accepted & applied).sum() > 0.5 * applied.sum()
    assert (accepted & ~applied).sum() < 0.1 * accepted.sum()


def test_the_target_is_what_is_asked_for():
    generator = np.random.default_rng(6)
    study = {"n_transcripts": 60, "size": 40, "n_codes": 6, "signal": 2.5, "unlike": 0.5}
    probabilities, applied, transcript = draw_study(generator, **study)
    numbers = [
        (probabilities >= fit(probabilities, applied, transcript, target)).sum()
        for target in (0.05, 0.1, 0.2)
    ]
    assert numbers == sorted(numbers)
    assert numbers[0] < numbers[-1]


def test_order_of_segments_does_not_matter():
    generator = np.random.default_rng(7)
    study = {"n_transcripts": 20, "size": 30, "n_codes": 4, "signal": 3.0, "unlike": 0.5}
    probabilities, applied, transcript = draw_study(generator, **study)
    order = generator.permutation(len(transcript))
    plain = fit(probabilities, applied, transcript)
    shuffled = fit(probabilities[order], applied[order], transcript[order])
    assert shuffled == pytest.approx(plain, rel=1e-6)
