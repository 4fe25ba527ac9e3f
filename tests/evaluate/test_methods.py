from __future__ import annotations

import numpy as np
import pytest

from autocode.core.errors import InputError
from autocode.evaluate.methods import method, suggester_of
from autocode.suggest.calibration.held_out import CalibratedScorer

from .small_exam import Words


def test_built_in_methods_have_names():
    assert method("autocode").name
    assert method("codebook").name == "codebook words alone"


def test_a_method_of_ones_own_is_found_in_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own_method.py").write_text(
        "class Mine:\n    name = 'mine'\n    def rank(self, task): ...\nready = Mine()\n"
    )
    assert method("own_method:Mine").name == "mine"
    assert method("own_method:ready").name == "mine"


def test_a_scorer_is_judged_like_ours():
    class Scores:
        name = "scores"

        def logits(self, task):
            return np.zeros((len(task.targets), task.corpus.n_codes))

    assert isinstance(suggester_of(Scores, "x"), CalibratedScorer)
    assert suggester_of(Words(), "x").name == "shared words"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("best", "No method"),
        ("no_such_module:x", "cannot be imported"),
        ("math:no_such", "has no"),
        ("math:pi", "neither"),
    ],
)
def test_what_is_no_method_is_said(name, told):
    with pytest.raises(InputError, match=told):
        method(name)
