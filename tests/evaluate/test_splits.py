from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from autocode.core.errors import NothingToDo
from autocode.evaluate.gold import exam_of
from autocode.evaluate.source import source_of
from autocode.evaluate.splits import deal, splits

from .small_exam import TOWNS, write_folder


def test_every_transcript_is_tested_once(exam):
    made = splits(exam, n_folds=3, seed=0)
    tested = [at for fold in range(3) for at in made.tested(fold)]
    assert sorted(tested) == list(range(6))


@pytest.mark.parametrize("share", [0.1, 0.2, 0.5, 0.8, 1.0])
def test_training_never_holds_a_tested_transcript(exam, share):
    made = splits(exam, n_folds=3, seed=0)
    for fold in range(3):
        for repeat in range(4):
            training = made.training(fold, share, repeat=repeat)
            assert training
            assert not set(training) & set(made.tested(fold))


def test_smaller_shares_lie_within_larger_ones(exam):
    made = splits(exam, n_folds=3, seed=0)
    sets = [set(made.training(1, share, repeat=2)) for share in (0.1, 0.3, 0.5, 0.6)]
    assert [len(s) for s in sets] == [1, 2, 3, 4]
    assert all(one <= other for one, other in pairwise(sets))


def test_repeats_draw_other_transcripts(exam):
    made = splits(exam, n_folds=3, seed=0)
    assert len({made.training(0, 0.3, repeat=r) for r in range(8)}) > 1


def test_another_seed_learns_from_other_transcripts(exam):
    drawn = {splits(exam, n_folds=3, seed=seed).training(0, 0.3) for seed in range(6)}
    assert len(drawn) > 1


def test_nothing_is_learned_from_at_share_nought(exam):
    assert splits(exam, n_folds=3, seed=0).training(0, 0.0) == ()


def test_whole_says_when_all_other_transcripts_are_taken(exam):
    made = splits(exam, n_folds=3, seed=0)
    assert made.is_whole(0, 0.0)
    assert not made.is_whole(0, 0.5)
    assert made.is_whole(0, 4 / 6)


def test_twins_stay_on_one_side(tmp_path):
    folder = write_folder(tmp_path / "c", copies=[("Ely", "Ayr"), ("Fife", "Ayr")])
    exam = exam_of(source_of(folder))
    made = splits(exam, n_folds=4, seed=0)
    alike = {exam.transcripts.index(town) for town in ("Ayr", "Ely", "Fife")}
    assert made.twins == (("Ayr", "Ely", "Fife"),)
    for fold in range(4):
        for part in (made.tested(fold), made.training(fold, 0.3)):
            assert not alike & set(part) or alike <= set(part)


def test_all_twins_cannot_be_tested(tmp_path):
    copies = [(town, "Ayr") for town in TOWNS[1:]]
    exam = exam_of(source_of(write_folder(tmp_path / "c", copies=copies)))
    with pytest.raises(NothingToDo, match="share a third"):
        splits(exam, n_folds=3, seed=0)


def test_order_of_rows_does_not_matter(exam):
    order = np.arange(len(exam.segments))[::-1]
    turned = replace(
        exam,
        segments=[exam.segments[at] for at in order],
        people=tuple(exam.people[at] for at in order),
        place=exam.place[order],
        work=type(exam.work)(exam.work.read[order], exam.work.applied[order]),
    )
    assert splits(turned, n_folds=3, seed=5) == splits(exam, n_folds=3, seed=5)


def test_folds_are_of_about_equal_size():
    sizes = [100, 90, 80, 30, 20, 10, 9, 8, 7, 6]
    folds = deal(sizes, n_folds=3, seed=1)
    assert sorted(at for fold in folds for at in fold) == list(range(10))
    assert max(len(fold) for fold in folds) - min(len(fold) for fold in folds) <= 1
    for number in range(3):
        # One of the three largest in each.
        assert sum(at < 3 for at in folds[number]) == 1


def test_another_seed_deals_otherwise():
    assert len({deal([5] * 12, n_folds=3, seed=seed) for seed in range(5)}) > 1
