"""Scores at starts and continuations, and agreement by question, worked out on paper."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.agreement.resampling.intervals import Resampling
from autocode.evaluate.metrics.human import count_human_comparison
from autocode.evaluate.metrics.passages import count_kappa, score_passages
from autocode.evaluate.predictions import Draw, Predictions

from ..support import ROWS, gold_of_rows, predictions_of, value_of

# Three segments a code; two codes at once where one is taken up beside another.
RUNS = ["a", "a", "a", "ab", "ab", "b", "b", "", "b", "c", "c", "c"]


def made(likely, codes=RUNS, second=None):
    rows = [("t1", given, "", "") for given in codes] + [("t2", given, "", "") for given in codes]
    gold = gold_of_rows(rows, second)
    predictions = Predictions.empty(gold)
    for at, given in enumerate([*likely, *likely]):
        columns = ["abcd".index(code) for code in given]
        predictions.likely[at, columns] = True
        predictions.top_codes[at, : len(columns)] = columns
    return Draw(gold=gold, predictions=predictions)


def test_a_segment_starts_where_it_has_a_code_that_the_one_before_has_not():
    draw = made([""] * 12)
    starts = np.flatnonzero(draw.gold.reference_starts[:12]).tolist()
    # The first, b beside a, b after nothing, c; going on with b alone starts nothing.
    assert starts == [0, 3, 8, 9]
    assert [bool(people) for people in draw.gold.starts_by_person[:12]] == [
        at in starts for at in range(12)
    ]


def test_starts_and_continuations_are_scored_apart():
    # Right wherever something goes on, and nothing at all elsewhere.
    likely = ["", "a", "a", "", "ab", "b", "b", "", "", "", "c", "c"]
    apart = score_passages([made(likely)], Resampling(n_resamples=20))
    assert apart["starts"].n_segments == 8
    assert apart["continuations"].n_segments == 14
    assert apart["starts"].scores["hit_at_1"].value == 0.0
    assert apart["starts"].scores["micro_f1"].value == 0.0
    assert apart["continuations"].scores["recall_at_3"].value == 1.0
    assert apart["continuations"].scores["pooled_kappa"].value == 1.0


def test_texts_without_an_order_have_neither():
    draw = Draw(gold=gold_of_rows(ROWS), predictions=predictions_of(gold_of_rows(ROWS)))
    for apart in score_passages([draw], Resampling(n_resamples=20)).values():
        assert apart.n_segments == 0
        assert apart.scores["hit_at_1"].reason == "the transcripts are no running text"


def test_kappa_with_the_reference_by_hand():
    draw = made(["a"] * 12)
    # Of 36 decisions on a, b, c: a is right 5 times and wrong 7; b is missed 5, c 3 times.
    observed, method, person = (36 - 15) / 36, 12 / 36, 13 / 36
    expected = method * person + (1 - method) * (1 - person)
    counts = count_kappa(draw.gold, draw.predictions)
    assert value_of(counts, "pooled_kappa") == pytest.approx((observed - expected) / (1 - expected))


def test_questions_are_asked_apart():
    # Ben agrees on where something is said, never on what; the method is like Ana.
    codes = ["a", "", "a", "", "b", "", "b", "", "a", "", "b", ""]
    swapped = {"a": "b", "b": "a", "": ""}
    second = {at: swapped[code] for at, code in enumerate([*codes, *codes])}
    draw = made(codes, codes, second)
    draw.predictions.starts[:] = draw.gold.reference_starts
    counts = count_human_comparison(draw)
    assert value_of(counts, "human_human.codable") == 1.0
    assert value_of(counts, "human_human.which_code") == -1.0
    assert value_of(counts, "human_human.start") == 1.0
    assert value_of(counts, "machine_human.codable") == 1.0
    # As good as one person, as bad as the other: half of the decisions are right.
    assert value_of(counts, "machine_human.which_code") == 0.0
    assert value_of(counts, "machine_human.start") == 1.0
