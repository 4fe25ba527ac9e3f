"""The whole evaluation: complete, repeatable, honest about what is missing."""

from __future__ import annotations

import json

import pytest

from autocode.core.errors import InputError
from autocode.evaluate.payload import MAIN, as_dict
from autocode.evaluate.protocol import Protocol
from autocode.suggest.codebook_suggester import CodebookSuggester

from .small_exam import Words, write_folder

POINT = {
    "coded_share",
    "n_train_documents",
    "n_test_segments",
    *MAIN,
    "human_human",
    "machine_human",
    "difference",
    "calibration",
    "prediction_sets",
    "auto_accept",
    "seconds",
    "peak_rss_mb",
}


def numbers(found):
    """The account without times and memory."""
    told = as_dict(found)
    told.pop("seconds")
    told.pop("peak_rss_mb")
    for point in told["points"]:
        point.pop("seconds")
        point.pop("peak_rss_mb")
    return told


def test_account_is_complete_and_json(folder, sit):
    told = as_dict(sit(folder, Words(), n_folds=3))
    again = json.loads(json.dumps(told, allow_nan=False))
    assert {"corpus", "n_documents", "n_segments", "n_codes", "coders", "protocol"} <= set(again)
    assert {"encoder_digest", "versions", "seed", "folds"} <= set(again["protocol"])
    assert [point["coded_share"] for point in again["points"]] == [0.0, 0.5, 0.8]
    assert [point["n_train_documents"] for point in again["points"]] == [0.0, 3.0, 4.0]
    for point in again["points"]:
        assert set(point) >= POINT
        assert point["n_test_segments"] == 72
        for name in MAIN:
            assert {"value", "low", "high"} <= set(point[name])
        for name in ("kappa_per_code_mean", "pooled_kappa", "alpha_masi"):
            assert point["difference"][name]["value"] == pytest.approx(
                point["machine_human"][name]["value"] - point["human_human"][name]["value"],
                abs=1e-5,
            )


def test_null_has_a_reason(tmp_path, sit):
    told = as_dict(sit(write_folder(tmp_path / "c", coders=("Amina",)), Words(), n_folds=3))
    for point in told["points"]:
        found = point["human_human"]["pooled_kappa"]
        assert found["value"] is None
        assert found["reason"]


def test_same_input_gives_the_same_figures(folder, sit):
    one = numbers(sit(folder, CodebookSuggester(), shares=(0.0, 0.5), n_folds=3))
    assert one == numbers(sit(folder, CodebookSuggester(), shares=(0.0, 0.5), n_folds=3))


def test_repeats_show_their_spread_and_are_not_repeated_for_nothing(folder, sit):
    found = sit(folder, Words(), shares=(0.0, 0.2, 0.8), n_folds=3, n_repeats=3)
    assert [point.n_repeats for point in found.points] == [1, 3, 1]
    spread = as_dict(found)["points"][1]["micro_f1"]["spread"]
    assert spread["n"] == 3
    assert spread["min"] <= as_dict(found)["points"][1]["micro_f1"]["value"] <= spread["max"]


def test_fewer_transcripts_than_folds_is_said(folder, sit):
    found = sit(folder, Words(), shares=(0.5,), n_folds=20)
    assert found.n_folds == 6
    assert any("20 folds" in remark for remark in found.remarks)


def test_a_share_beyond_the_folds_is_said(folder, sit):
    found = sit(folder, Words(), shares=(1.0,), n_folds=3)
    assert found.points[0].n_train == 4.0
    assert any("share 1" in remark for remark in found.remarks)


def test_learning_beats_knowing_nothing(folder, sit):
    found = sit(folder, Words(), n_folds=3)
    curve = [point.figures["hit_at_1"].value for point in found.points]
    assert curve[-1] > curve[0]


@pytest.mark.parametrize("share", [-0.1, 1.01, 20.0, float("nan")])
def test_shares_outside_0_to_1_are_refused(share):
    with pytest.raises(InputError, match="between 0 and 1"):
        Protocol(shares=(share,))


def test_one_fold_or_no_repeat_is_refused():
    with pytest.raises(InputError, match="two folds"):
        Protocol(n_folds=1)
    with pytest.raises(InputError, match="one repeat"):
        Protocol(n_repeats=0)


def test_surprises_are_what_the_reference_did_not_give(folder, sit):
    found = sit(folder, Words(), shares=(0.8,), n_folds=3)
    assert found.detail.surprises
    assert all(s.suggested not in s.given for s in found.detail.surprises)
    sure = [s.probability for s in found.detail.surprises]
    assert sure == sorted(sure, reverse=True)
