"""The whole evaluation: complete, repeatable, explicit about what is missing."""

from __future__ import annotations

import pytest

from autocode import Project
from autocode.core.errors import InputError
from autocode.evaluate.protocol import Protocol
from autocode.evaluate.runner import evaluate_suggestions
from autocode.suggest.codebook_suggester import CodebookSuggester

from .support import Words, without_costs


def test_same_input_gives_the_same_scores(folder, evaluate):
    first, second = (
        evaluate(folder, CodebookSuggester(), shares=(0.0, 0.5), n_folds=3) for _ in range(2)
    )
    assert without_costs(first.to_dict()) == without_costs(second.to_dict())


def test_a_path_an_open_study_and_a_named_method_are_taken(folder, tmp_path, tools):
    protocol = Protocol(shares=(0.5,), n_folds=3)
    by_path = evaluate_suggestions(str(folder), "codebook", tools=tools, protocol=protocol)
    with Project.open(tmp_path / "towns.autocode", create_new=True) as project:
        project.import_paths([folder])
        by_study = evaluate_suggestions(project, "codebook", tools=tools, protocol=protocol)
    assert by_study.corpus.name == "towns"
    assert by_study.points[0].scores == by_path.points[0].scores


def test_repeats_show_their_spread_and_are_not_repeated_for_nothing(folder, evaluate):
    evaluation = evaluate(folder, Words(), shares=(0.0, 0.2, 0.8), n_folds=3, n_repeats=3)
    assert [point.n_repeats for point in evaluation.points] == [1, 3, 1]
    micro_f1 = evaluation.to_dict()["points"][1]["micro_f1"]
    assert micro_f1["spread"]["n"] == 3
    assert micro_f1["spread"]["min"] <= micro_f1["value"] <= micro_f1["spread"]["max"]


def test_fewer_transcripts_than_folds_is_said(folder, evaluate):
    evaluation = evaluate(folder, Words(), shares=(0.5,), n_folds=20)
    assert evaluation.n_folds == 6
    assert any("20 folds" in remark for remark in evaluation.remarks)


def test_a_share_beyond_the_folds_is_said(folder, evaluate):
    evaluation = evaluate(folder, Words(), shares=(1.0,), n_folds=3)
    assert evaluation.points[0].n_train == 4.0
    assert any("share 1" in remark for remark in evaluation.remarks)


def test_learning_beats_knowing_nothing(folder, evaluate):
    evaluation = evaluate(folder, Words(), n_folds=3)
    hits = [point.scores["hit_at_1"].value for point in evaluation.points]
    assert hits[-1] > hits[0]


@pytest.mark.parametrize("share", [-0.1, 1.01, 20.0, float("nan")])
def test_shares_outside_0_to_1_are_refused(share):
    with pytest.raises(InputError, match="between 0 and 1"):
        Protocol(shares=(share,))


def test_one_fold_or_no_repeat_is_refused():
    with pytest.raises(InputError, match="two folds"):
        Protocol(n_folds=1)
    with pytest.raises(InputError, match="one repeat"):
        Protocol(n_repeats=0)
