"""Scores from counts by transcript, with intervals over transcripts."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.agreement.resampling.intervals import Resampling
from autocode.evaluate.metrics.scores import ScoreCounts, compute_scores


def test_intervals_hold_the_value_and_repeats_are_averaged():
    counts = np.random.default_rng(0).integers(1, 9, size=(30, 2)).astype(float)

    def share(summed):
        return summed[:, :1] / summed.sum(axis=1, keepdims=True)

    one, other = (
        ScoreCounts(names=("x",), counts=counts, statistic=share, undefined=""),
        ScoreCounts(names=("x",), counts=counts[:, ::-1], statistic=share, undefined=""),
    )
    alone = compute_scores([one], Resampling(n_resamples=300))["x"]
    assert alone.low < alone.value < alone.high
    assert alone.repeats == ()
    both = compute_scores([one, other], Resampling(n_resamples=300))["x"]
    assert both.value == pytest.approx(0.5)
    assert both.repeats == pytest.approx((alone.value, 1 - alone.value))
