"""Hits, recall and F1 by hand."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.evaluate.metrics.ranking import count_f1, count_ranking

from ..support import gold_of_rows, predictions_of, value_of


def test_hits_and_recall_by_hand():
    gold = gold_of_rows()
    counts = count_ranking(gold, predictions_of(gold))
    assert value_of(counts, "hit_at_1") == pytest.approx(2 / 3)
    assert value_of(counts, "recall_at_1") == pytest.approx((1 / 2 + 0 + 1) / 3)
    assert value_of(counts, "recall_at_3") == pytest.approx(1.0)


def test_f1_by_hand():
    gold = gold_of_rows()
    counts = count_f1(gold, predictions_of(gold))
    # right: a, c, d; wrong: a (row 3), b (row 4); missed: b (row 1)
    assert value_of(counts, "micro_f1") == pytest.approx(6 / (6 + 2 + 1))
    assert np.isnan(value_of(counts, "macro_f1"))


def test_macro_f1_is_over_codes_given_five_times():
    rows = [("t1", "a", "abcd", "a")] * 4 + [("t2", "a", "abcd", "")] + [("t2", "b", "bacd", "")]
    gold = gold_of_rows(rows)
    counts = count_f1(gold, predictions_of(gold, rows, accepted=[""] * 6))
    assert value_of(counts, "macro_f1") == pytest.approx(8 / 9)
