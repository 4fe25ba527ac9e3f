"""The machine beside people: what `autocode agree` gives for the same coders."""

from __future__ import annotations

import pytest

from autocode.agreement.resampling.intervals import Resampling
from autocode.agreement.study.table import measure_agreement
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.gold import build_gold_data
from autocode.evaluate.metrics.human import (
    compare_with_people,
    count_human_comparison,
    count_machine_agreement,
    list_units,
)
from autocode.evaluate.metrics.pairs import MACHINE
from autocode.evaluate.predictions import Draw, Predictions

from ..support import gold_of_rows, value_of, write_folder


def test_agreement_of_people_is_what_agree_says(tmp_path):
    gold = build_gold_data(read_coded_corpus(write_folder(tmp_path / "c")))
    predictions = Predictions.empty(gold)
    predictions.likely[:] = gold.reference_codings.applied
    predictions.likely[::7] = False
    units = list_units(gold, predictions)
    ids = [code.id for code in gold.codes]
    people = measure_agreement(
        units, gold.coders, ids, unit_name="segment", resampling=Resampling(n_resamples=0)
    )
    counts = count_human_comparison(Draw(gold=gold, predictions=predictions))
    for name in ("kappa_per_code_mean", "pooled_kappa", "alpha_masi"):
        assert value_of(counts, f"human_human.{name}") == pytest.approx(people.overall[name].value)
    each = [
        measure_agreement(
            units, [c, MACHINE], ids, unit_name="segment", resampling=Resampling(n_resamples=0)
        )
        for c in gold.coders
    ]
    # Both coders read every unit, so the pooled tables are between the two kappas.
    kappas = sorted(table.overall["pooled_kappa"].value for table in each)
    ours = value_of(count_machine_agreement(gold, predictions), "pooled_kappa")
    assert kappas[0] < ours < kappas[1]
    assert value_of(counts, "machine_human.pooled_kappa") == pytest.approx(ours)
    assert value_of(counts, "difference.pooled_kappa") == pytest.approx(
        ours - people.overall["pooled_kappa"].value
    )
    assert value_of(counts, "ratio.pooled_kappa") == pytest.approx(
        ours / people.overall["pooled_kappa"].value
    )


def test_a_machine_that_is_the_second_coder_differs_by_nothing_from_people():
    rows = [(f"t{i % 3}", "ab"[i % 2], "abcd", "") for i in range(30)]
    second = {i: "ab"[(i // 2) % 2] for i in range(30)}
    gold = gold_of_rows(rows, second)
    predictions = Predictions.empty(gold)
    for at in range(30):
        predictions.likely[at, 0 if second[at] == "a" else 1] = True
    counts = count_machine_agreement(gold, predictions)
    beside = count_human_comparison(Draw(gold=gold, predictions=predictions))
    human = value_of(beside, "human_human.pooled_kappa")
    # With Ben it agrees in everything, with Ana as Ben does.
    assert value_of(counts, "pooled_kappa") == pytest.approx((human + 1) / 2, abs=0.02)


def test_only_independent_transcripts_count_for_people(tmp_path):
    stated = {"Ayr": "coded together", "Bath": "independent as far as known", "Cork": ""}
    gold = build_gold_data(read_coded_corpus(write_folder(tmp_path / "c", independence=stated)))
    assert gold.independent_transcripts == {"Bath", "Cork", "Deal", "Ely", "Fife"}
    counts = count_human_comparison(Draw(gold=gold, predictions=Predictions.empty(gold)))
    assert len(counts.counts) == 5


def test_one_coder_leaves_no_human_ceiling(tmp_path):
    gold = build_gold_data(read_coded_corpus(write_folder(tmp_path / "c", coders=("Amina",))))
    compared = compare_with_people(
        [Draw(gold=gold, predictions=Predictions.empty(gold))], Resampling(n_resamples=50)
    )
    assert compared.human_human["pooled_kappa"].value is None
    assert "two people" in compared.difference["alpha_masi"].reason
