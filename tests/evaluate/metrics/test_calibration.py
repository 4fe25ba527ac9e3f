"""Calibration, prediction sets and auto-acceptance by hand."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.evaluate.metrics.calibration import (
    compute_auto_acceptance,
    compute_calibration,
    compute_calibration_error,
    compute_set_coverage,
)
from autocode.evaluate.predictions import Draw
from autocode.suggest.protocol import Aims

from ..support import gold_of_rows, predictions_of


def test_sets_and_accepts_by_hand():
    gold = gold_of_rows()
    predictions = predictions_of(gold)
    sets = compute_set_coverage([Draw(gold=gold, predictions=predictions)], Aims())
    # The first two of each row hold a of "ab", nothing of "c", d of "d".
    assert sets.coverage == pytest.approx(2 / 4)
    # One of three codings in the first transcript, the only one in the second.
    assert sets.coverage_by_transcript == pytest.approx((1 / 3 + 1) / 2)
    assert sets.mean_size == 2.0
    taken = compute_auto_acceptance([Draw(gold=gold, predictions=predictions)], Aims())
    assert taken.observed_fdr == pytest.approx(1 / 2)
    assert taken.share_of_codings == pytest.approx(1 / 4)


def test_nothing_accepted_says_so():
    gold = gold_of_rows()
    taken = compute_auto_acceptance(
        [Draw(gold=gold, predictions=predictions_of(gold, accepted=[""] * 4))], Aims()
    )
    assert taken.observed_fdr is None
    assert taken.share_of_codings == 0.0
    assert taken.reason == "the codings do not show that few enough accepts would be wrong"


def test_calibration_by_hand():
    gold = gold_of_rows()
    measured = compute_calibration([Draw(gold=gold, predictions=predictions_of(gold))])
    # First right in rows 1 and 3 of 4; each row is a bin of its own.
    assert measured.ece == pytest.approx((0.1 + 0.9 + 0.1 + 0.9) / 4)
    assert measured.brier == pytest.approx((0.01 + 0.81 + 0.01 + 0.81) / 4)


def test_calibration_has_fifteen_bins_of_equal_size():
    measured = compute_calibration_error(np.linspace(0, 1, 150), np.tile([0.0, 1.0], 75))
    assert [b.n for b in measured.bins] == [10] * 15
    assert measured.bins[0].share_right == pytest.approx(0.5)
