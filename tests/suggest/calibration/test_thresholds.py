"""Decision and conformal thresholds: what is promised holds on counts done by hand."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.suggest.calibration import thresholds


def test_deciding_finds_the_threshold_that_parts_hits_from_misses():
    probabilities = np.array([[0.9], [0.8], [0.4], [0.3]])
    applied = np.array([[True], [True], [False], [False]])
    rule = thresholds.fit_decision_thresholds(probabilities, applied, np.arange(4))
    assert (rule.apply(probabilities) == applied).all()


def test_deciding_takes_the_first_code_alone_where_each_row_has_one():
    generator = np.random.default_rng(0)
    probabilities = generator.random((200, 5)) * 0.3
    right = generator.integers(0, 5, 200)
    probabilities[np.arange(200), right] += generator.random(200) * 0.2 + 0.3
    # Levels differ by row, so that no cut-off parts the rows' best codes from the rest.
    probabilities *= generator.random((200, 1))
    applied = np.eye(5, dtype=bool)[right]
    rule = thresholds.fit_decision_thresholds(probabilities, applied, np.arange(200) // 10)
    assert rule.always_first
    assert rule.apply(probabilities).sum() == 200


def test_deciding_keeps_to_one_threshold_where_thresholds_per_code_are_chance():
    generator = np.random.default_rng(1)
    n_codes = 40
    applied = generator.random((60, n_codes)) < 0.15
    probabilities = np.clip(0.2 + 0.2 * applied + generator.normal(0, 0.15, applied.shape), 0.01, 1)
    rule = thresholds.fit_decision_thresholds(probabilities, applied, np.arange(60) // 15)
    assert np.ndim(rule.threshold) == 0


def test_each_code_has_its_threshold_where_levels_differ_by_code():
    generator = np.random.default_rng(2)
    applied = generator.random((400, 4)) < 0.3
    levels = np.array([0.1, 0.3, 0.5, 0.7])
    probabilities = levels + 0.1 * applied + generator.normal(0, 0.02, applied.shape)
    rule = thresholds.fit_decision_thresholds(
        np.clip(probabilities, 0.001, 1), applied, np.arange(400) // 40
    )
    assert np.ndim(rule.threshold) == 1


def test_first_never_applies_a_code_that_is_no_candidate():
    assert not thresholds.DecisionRule(0.5, always_first=True).apply(np.zeros((2, 3))).any()


def test_conformal_sets_holds_its_share_on_average_over_transcripts():
    n, n_codes, per = 1200, 6, 30
    transcript = np.repeat(np.arange(n // per), per)

    def draw(generator):
        applied = generator.random((n, n_codes)) < 0.3
        # Transcripts differ in how hard they are.
        shift = np.repeat(generator.normal(size=n // per), per)[:, None]
        logits = generator.normal(size=(n, n_codes)) + 2 * applied + shift
        return 1 / (1 + np.exp(-logits)), applied

    shares = []
    for seed in range(40):
        generator = np.random.default_rng(seed)
        cut, remark = thresholds.conformal_threshold(*draw(generator), transcript, coverage=0.9)
        assert not remark
        probabilities, applied = draw(generator)
        inside = (probabilities >= cut) & applied
        held = np.bincount(transcript, inside.sum(axis=1))
        shares.append((held / np.bincount(transcript, applied.sum(axis=1))).mean())
    # The guarantee is the mean; half a standard deviation of one draw is room for forty of them.
    assert 0.9 - np.std(shares) / 2 < np.mean(shares) < 0.95


def test_conformal_sets_with_few_transcripts_says_that_nothing_is_guaranteed():
    probabilities = np.linspace(0, 1, 40)[:, None]
    applied = np.ones((40, 1), dtype=bool)
    cut, remark = thresholds.conformal_threshold(
        probabilities, applied, np.arange(40) // 10, coverage=0.9
    )
    assert "estimate" in remark
    assert (probabilities[:, 0] >= cut).mean() >= 0.9


def test_conformal_sets_keeps_a_whole_transcript_in_reserve():
    # Ten transcripts at 90 %: 0.1 x 11 - 1 leaves a tenth of one transcript to miss.
    probabilities = np.concatenate([np.full(9, 0.9), [0.1] * 5 + [0.9] * 5])[:, None]
    transcript = np.array([*range(9), *[9] * 10])
    cut, _ = thresholds.conformal_threshold(
        probabilities, np.ones((19, 1), dtype=bool), transcript, coverage=0.9
    )
    assert cut == pytest.approx(0.1)
