"""Groups against codes: figures by hand, and what is compared."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.core.errors import NothingToDo
from autocode.evaluate.source import source_of
from autocode.evaluate.themes import NOWHERE, assigned, evaluate_themes, scores, sorted_excerpts

from .small_exam import write_folder


def test_scores_by_hand():
    codes, groups = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 1, NOWHERE])
    found = scores(codes, groups)
    assert found["purity"] == pytest.approx(5 / 6)
    inverse = 4 / 6
    assert found["harmonic_purity"] == pytest.approx(2 * 5 / 6 * inverse / (5 / 6 + inverse))
    assert found["unclustered_share"] == pytest.approx(1 / 6)
    assert found["n_themes"] == 2


def test_equal_groups_score_one():
    found = scores(np.array([0, 0, 1, 1]), np.array([7, 7, 3, 3]))
    assert [found[n] for n in ("v_measure", "ami", "purity", "harmonic_purity")] == [1.0] * 4


def test_what_is_nowhere_goes_to_the_nearest():
    vectors = np.array([[1, 0], [0, 1], [0.9, 0.1]], dtype=np.float32)
    assert assigned(vectors, np.array([4, 5, NOWHERE])).tolist() == [4, 5, 4]
    assert assigned(vectors, np.array([NOWHERE] * 3)).tolist() == [NOWHERE] * 3


def test_copies_count_once_and_uncoded_not_at_all(tmp_path):
    folder = write_folder(tmp_path / "c", copies=[("Ely", "Ayr")])
    found = sorted_excerpts(source_of(folder))
    assert len(found.excerpts) == len(set(found.excerpts)) == 5 * 9
    assert found.n_codes == 3


def test_too_few_codes_are_said(folder):
    (folder / "codings.csv").write_text(
        "segment_id,coder,code\nAyr:00,Amina,bus\n", encoding="utf-8"
    )
    with pytest.raises(NothingToDo, match="two codes"):
        sorted_excerpts(source_of(folder))


class Halves:
    name = "by the first direction"

    def groups(self, vectors, excerpts):
        side = vectors @ (vectors[0] - vectors[-1])
        return (side > np.median(side)).astype(np.intp)


def test_account_is_complete(folder, tools):
    told = evaluate_themes(source_of(folder), tools, grouper=Halves())
    assert told["themes"]["deterministic"] is True
    assert told["themes"]["n_themes"] == 2
    assert told["themes"]["assigned"]["unclustered_share"] == 0.0
    assert -1 <= told["themes"]["stability_ari"] <= 1
