"""An evaluation as plain data and as a table: complete, every number or null with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autocode.evaluate.results import MAIN_SCORES

from .support import Words, shape_of, without_costs, write_folder

STORED = Path(__file__).parents[1] / "data" / "json" / "evaluation.json"
COEFFICIENTS = ("kappa_per_code_mean", "pooled_kappa", "alpha_masi")


def test_every_point_is_complete(folder, evaluate):
    payload = json.loads(json.dumps(evaluate(folder, Words(), n_folds=3).to_dict()))
    assert [point["coded_share"] for point in payload["points"]] == [0.0, 0.5, 0.8]
    assert [point["n_train_transcripts"] for point in payload["points"]] == [0.0, 3.0, 4.0]
    for point in payload["points"]:
        assert point["n_test_segments"] == 72
        for name in MAIN_SCORES:
            assert {"value", "low", "high"} <= set(point[name])
        for name in COEFFICIENTS:
            assert point["difference"][name]["value"] == pytest.approx(
                point["machine_human"][name]["value"] - point["human_human"][name]["value"],
                abs=1e-5,
            )


def test_null_has_a_reason(tmp_path, evaluate):
    folder = write_folder(tmp_path / "c", coders=("Amina",))
    for point in evaluate(folder, Words(), n_folds=3).to_dict()["points"]:
        ceiling = point["human_human"]["pooled_kappa"]
        assert ceiling["value"] is None
        assert ceiling["reason"]


def test_the_table_has_a_row_for_each_share_and_measure(folder, evaluate):
    evaluation = evaluate(folder, Words(), shares=(0.0, 0.5), n_folds=3)
    frame = evaluation.to_frame()
    assert list(frame.columns) == ["coded_share", "measure", "value", "low", "high", "reason"]
    assert not frame.duplicated(["coded_share", "measure"]).any()
    measures = set(frame["measure"])
    assert {*MAIN_SCORES, "human_human.pooled_kappa", "calibration.ece"} <= measures
    assert len(frame) == 2 * len(measures)
    point = evaluation.points[1]
    row = frame[(frame["coded_share"] == 0.5) & (frame["measure"] == "hit_at_1")].iloc[0]
    assert row["value"] == pytest.approx(point.scores["hit_at_1"].value, abs=1e-6)
    assert "<table>" in evaluation._repr_html_()


def test_the_json_is_as_the_stored_example(folder, evaluate):
    """Keys change only together with the stored example, and so with the schema's description."""
    payload = json.loads(json.dumps(evaluate(folder, Words(), (0.0, 0.5), n_folds=3).to_dict()))
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    assert shape_of(payload) == shape_of(stored)
    assert without_costs(payload)["points"] == without_costs(stored)["points"]
