"""Groups against codes: scores by hand, what is compared, and the result as data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from autocode.core.errors import NothingToDo
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.group_excerpts import UNASSIGNED
from autocode.evaluate.themes import (
    ThemesProtocol,
    assign_to_nearest,
    collect_coded_excerpts,
    evaluate_themes,
    score_groups,
)

from .support import shape_of, without_costs, write_folder

STORED = Path(__file__).parents[1] / "data" / "json" / "themes_evaluation.json"


def test_scores_by_hand():
    codes, groups = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 1, UNASSIGNED])
    scores = score_groups(codes, groups)
    assert scores.purity == pytest.approx(5 / 6)
    inverse = 4 / 6
    assert scores.harmonic_purity == pytest.approx(2 * 5 / 6 * inverse / (5 / 6 + inverse))
    assert scores.unassigned_share == pytest.approx(1 / 6)
    assert scores.n_themes == 2


def test_equal_groups_score_one():
    scores = score_groups(np.array([0, 0, 1, 1]), np.array([7, 7, 3, 3]))
    assert [scores.v_measure, scores.ami, scores.purity, scores.harmonic_purity] == [1.0] * 4


def test_unassigned_rows_go_to_the_nearest_centroid():
    vectors = np.array([[1, 0], [0, 1], [0.9, 0.1]], dtype=np.float32)
    assert assign_to_nearest(vectors, np.array([4, 5, UNASSIGNED])).tolist() == [4, 5, 4]
    nobody = np.array([UNASSIGNED] * 3)
    assert assign_to_nearest(vectors, nobody).tolist() == nobody.tolist()


def test_copies_count_once_and_uncoded_not_at_all(tmp_path):
    folder = write_folder(tmp_path / "c", copies=[("Ely", "Ayr")])
    coded = collect_coded_excerpts(read_coded_corpus(folder), fewest_uses=3)
    assert len(coded.excerpts) == len(set(coded.excerpts)) == 5 * 9
    assert coded.n_codes == 3


def test_too_few_codes_are_refused(folder):
    (folder / "codings.csv").write_text(
        "segment_id,coder,code\nAyr:00,Amina,bus\n", encoding="utf-8"
    )
    with pytest.raises(NothingToDo, match="two codes"):
        collect_coded_excerpts(read_coded_corpus(folder), fewest_uses=3)


class Halves:
    name = "by the first direction"

    def groups(self, vectors, excerpts):
        side = vectors @ (vectors[0] - vectors[-1])
        return (side > np.median(side)).astype(np.intp)


def test_a_method_of_ones_own_is_scored_beside_others(folder, tools):
    evaluation = evaluate_themes(folder, Halves(), tools=tools, others=[Halves()])
    assert evaluation.grouping.is_deterministic is True
    assert evaluation.grouping.scores.n_themes == 2
    assert evaluation.grouping.scores_when_assigned.unassigned_share == 0.0
    assert -1 <= evaluation.grouping.stability_ari <= 1
    assert evaluation.others[Halves.name].scores == evaluation.grouping.scores


def test_no_rival_method_runs_unless_it_is_named(folder, tools):
    assert evaluate_themes(folder, tools=tools).others == {}


def test_the_result_becomes_json_and_a_table(folder, tools):
    evaluation = evaluate_themes(folder, Halves(), tools=tools)
    payload = json.loads(json.dumps(evaluation.to_dict(), allow_nan=False))
    assert payload["kind"] == "themes_evaluation"
    assert payload["themes"]["assigned"]["unassigned_share"] == 0.0
    frame = evaluation.to_frame()
    assert list(frame.columns) == ["method", "measure", "value", "value_when_assigned"]
    assert set(frame["method"]) == {Halves.name}
    assert "<table>" in evaluation._repr_html_()


def test_codes_never_seen_and_two_people_stand_beside(folder, tools):
    evaluation = evaluate_themes(folder, Halves(), tools=tools)
    assert evaluation.novel.n_draws == 6
    # Three codes are fewer than it takes.
    assert evaluation.novel.n_learned == 0
    assert evaluation.people.n_segments == 42
    assert evaluation.people.ami == pytest.approx(1)
    without = evaluate_themes(
        folder, Halves(), tools=tools, protocol=ThemesProtocol(n_novel_draws=0)
    )
    assert without.novel is None


def test_the_json_is_as_the_stored_example(folder, tools):
    """Keys change only together with the stored example, and so with the schema's description."""
    payload = evaluate_themes(folder, Halves(), tools=tools, others=[Halves()]).to_dict()
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    assert shape_of(json.loads(json.dumps(payload))) == shape_of(stored)
    assert without_costs(payload)["themes"] == without_costs(stored)["themes"]
