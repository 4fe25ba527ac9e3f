"""Figures equal what one computes by hand, or what `autocode agree` says."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.agreement.resampling.intervals import Resampling
from autocode.agreement.study.table import measure_agreement
from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coding, Reading
from autocode.core.transcript import Segment, Span
from autocode.evaluate.coded_corpus import CodedCorpus, read_coded_corpus
from autocode.evaluate.gold import build_gold_data
from autocode.evaluate.metrics.calibration import (
    compute_auto_acceptance,
    compute_calibration,
    compute_calibration_error,
    compute_set_coverage,
)
from autocode.evaluate.metrics.human import (
    MACHINE,
    _units,
    compare_with_people,
    count_human_comparison,
    count_machine_agreement,
)
from autocode.evaluate.metrics.ranking import count_f1, count_ranking
from autocode.evaluate.metrics.scores import ScoreCounts, compute_scores
from autocode.evaluate.predictions import NO_CODE, Predictions
from autocode.pipeline import Study
from autocode.suggest.protocol import Aims

from .support import write_folder

BOOK = Codebook(tuple(Code(id=c, name=c) for c in "abcd"))
# transcript, codes of Ana; suggestions in order; codes decided
ROWS = [
    ("t1", "ab", "acbd", "a"),
    ("t1", "c", "abcd", "c"),
    ("t2", "d", "dabc", "da"),
    ("t2", "", "bacd", "b"),
]


def gold_of_rows(rows=ROWS, second=None):
    segments = [
        Segment(
            transcript=t,
            span=Span(i * 10, i * 10 + 5),
            excerpt=f"words {i}",
            speaker="P",
            role="participant",
            given=True,
        )
        for i, (t, *_) in enumerate(rows)
    ]
    codings, readings = [], []
    for i, (segment, row) in enumerate(zip(segments, rows, strict=True)):
        for coder, codes in (("Ana", row[1]), ("Ben", (second or {}).get(i))):
            if codes is not None:
                readings.append(Reading(segment.transcript, segment.span, coder))
                codings += [
                    Coding(transcript=segment.transcript, span=segment.span, code=c, coder=coder)
                    for c in codes
                ]
    return build_gold_data(
        CodedCorpus(
            name="rows",
            study=Study(segments=segments, codebook=BOOK, codings=codings, readings=readings),
        ),
        reference="Ana",
    )


def predictions_of(gold, rows=ROWS, accepted=("a", "", "a", "")):
    made = Predictions.empty(gold)
    column = {code.id: at for at, code in enumerate(gold.codes)}
    for at, (_, _, order, decided) in enumerate(rows):
        made.top_codes[at, : len(order)] = [column[c] for c in order]
        made.top_probability[at] = 0.9
        made.likely[at, [column[c] for c in decided]] = True
        made.in_set[at, made.top_codes[at, :2]] = True
        made.auto_acceptable[at, [column[c] for c in accepted[at]]] = True
    return made


def value(counts, name):
    summed = counts.statistic(counts.counts.sum(axis=0, keepdims=True))[0]
    return summed[counts.names.index(name)]


def test_hits_and_recall_by_hand():
    gold = gold_of_rows()
    counts = count_ranking(gold, predictions_of(gold))
    assert value(counts, "hit_at_1") == pytest.approx(2 / 3)
    assert value(counts, "recall_at_1") == pytest.approx((1 / 2 + 0 + 1) / 3)
    assert value(counts, "recall_at_3") == pytest.approx(1.0)


def test_f1_by_hand():
    gold = gold_of_rows()
    # right: a, c, d; wrong: a (row 3), b (row 4); missed: b (row 1)
    assert value(count_f1(gold, predictions_of(gold)), "micro_f1") == pytest.approx(6 / (6 + 2 + 1))
    assert np.isnan(value(count_f1(gold, predictions_of(gold)), "macro_f1"))


def test_macro_f1_is_over_codes_given_five_times():
    rows = [("t1", "a", "abcd", "a")] * 4 + [("t2", "a", "abcd", "")] + [("t2", "b", "bacd", "")]
    gold = gold_of_rows(rows)
    found = count_f1(gold, predictions_of(gold, rows, accepted=[""] * 6))
    assert value(found, "macro_f1") == pytest.approx(8 / 9)


def test_sets_and_accepts_by_hand():
    gold = gold_of_rows()
    predictions = predictions_of(gold)
    sets = compute_set_coverage(gold, [predictions], Aims())
    # The first two of each row hold a of "ab", nothing of "c", d of "d".
    assert sets.coverage == pytest.approx(2 / 4)
    # One of three codings in the first transcript, the only one in the second.
    assert sets.coverage_by_transcript == pytest.approx((1 / 3 + 1) / 2)
    assert sets.mean_size == 2.0
    taken = compute_auto_acceptance(gold, [predictions], Aims())
    assert taken.observed_fdr == pytest.approx(1 / 2)
    assert taken.share_of_codings == pytest.approx(1 / 4)


def test_nothing_accepted_says_so():
    gold = gold_of_rows()
    taken = compute_auto_acceptance(gold, [predictions_of(gold, accepted=[""] * 4)], Aims())
    assert taken.observed_fdr is None
    assert taken.share_of_codings == 0.0
    assert taken.reason == "not enough coded yet to accept anything without reading it"


def test_calibration_by_hand():
    gold = gold_of_rows()
    found = compute_calibration(gold, [predictions_of(gold)])
    # First right in rows 1 and 3 of 4; each row is a bin of its own.
    assert found.ece == pytest.approx((0.1 + 0.9 + 0.1 + 0.9) / 4)
    assert found.brier == pytest.approx((0.01 + 0.81 + 0.01 + 0.81) / 4)


def test_calibration_has_fifteen_bins_of_equal_size():
    found = compute_calibration_error(np.linspace(0, 1, 150), np.tile([0.0, 1.0], 75))
    assert [b.n for b in found.bins] == [10] * 15
    assert found.bins[0].share_right == pytest.approx(0.5)


def test_agreement_of_people_is_what_agree_says(tmp_path):
    gold = build_gold_data(read_coded_corpus(write_folder(tmp_path / "c")))
    predictions = Predictions.empty(gold)
    predictions.likely[:] = gold.reference_codings.applied
    predictions.likely[::7] = False
    units = _units(gold, predictions)
    ids = [code.id for code in gold.codes]
    people = measure_agreement(
        units, gold.coders, ids, unit_name="segment", resampling=Resampling(n_resamples=0)
    )
    counts = count_human_comparison(gold, predictions)
    for name in ("kappa_per_code_mean", "pooled_kappa", "alpha_masi"):
        assert value(counts, f"human_human.{name}") == pytest.approx(people.overall[name].value)
    each = [
        measure_agreement(
            units, [c, MACHINE], ids, unit_name="segment", resampling=Resampling(n_resamples=0)
        )
        for c in gold.coders
    ]
    # Both coders read every unit, so the pooled tables are between the two kappas.
    kappas = sorted(found.overall["pooled_kappa"].value for found in each)
    ours = value(count_machine_agreement(gold, predictions), "pooled_kappa")
    assert kappas[0] < ours < kappas[1]
    assert value(counts, "machine_human.pooled_kappa") == pytest.approx(ours)
    assert value(counts, "difference.pooled_kappa") == pytest.approx(
        ours - people.overall["pooled_kappa"].value
    )
    assert value(counts, "ratio.pooled_kappa") == pytest.approx(
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
    beside = count_human_comparison(gold, predictions)
    human = value(beside, "human_human.pooled_kappa")
    # With Ben it agrees in everything, with Ana as Ben does.
    assert value(counts, "pooled_kappa") == pytest.approx((human + 1) / 2, abs=0.02)


def test_only_independent_transcripts_count_for_people(tmp_path):
    told = {"Ayr": "coded together", "Bath": "independent as far as known", "Cork": ""}
    gold = build_gold_data(read_coded_corpus(write_folder(tmp_path / "c", independence=told)))
    assert gold.independent_transcripts == {"Bath", "Cork", "Deal", "Ely", "Fife"}
    counts = count_human_comparison(gold, Predictions.empty(gold))
    assert len(counts.counts) == 5


def test_one_coder_leaves_no_human_ceiling(tmp_path):
    gold = build_gold_data(read_coded_corpus(write_folder(tmp_path / "c", coders=("Amina",))))
    compared = compare_with_people(gold, [Predictions.empty(gold)], Resampling(n_resamples=50))
    assert compared.human_human["pooled_kappa"].value is None
    assert "two people" in compared.difference["alpha_masi"].reason


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


def test_codes_of_other_domains_are_no_suggestions():
    book = Codebook((Code(id="a", name="a", domain="Q1"), Code(id="b", name="b", domain="Q2")))
    segments = [
        Segment(
            transcript=t,
            span=Span(i, i + 1),
            excerpt="x",
            speaker="P",
            role="participant",
            given=True,
            domain="Q1",
        )
        for i, t in enumerate(("t1", "t2"))
    ]
    codings = [
        Coding(transcript=s.transcript, span=s.span, code="a", coder="Ana") for s in segments
    ]
    gold = build_gold_data(
        CodedCorpus(
            name="d", study=Study(segments=segments, codebook=book, codings=codings, readings=[])
        )
    )
    made = Predictions.empty(gold)

    class Given:  # a ranking's arrays
        logits = np.array([[0.0, -50.0], [0.0, -50.0]])
        probabilities = np.zeros((2, 2))
        likely = in_set = auto_acceptable = np.zeros((2, 2), dtype=bool)

    made.enter(np.array([0, 1]), Given, np.array([[True, False]] * 2))
    assert made.top_codes[0].tolist() == [0, NO_CODE, NO_CODE, NO_CODE, NO_CODE]
