from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from autocode.core.errors import NothingToDo
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.gold import build_gold_data
from autocode.evaluate.splits import deal_into_folds, make_splits

from .support import TOWNS, write_folder


def test_every_transcript_is_tested_once(gold):
    made = make_splits(gold, n_folds=3, seed=0)
    tested = [at for fold in range(3) for at in made.list_tested(fold)]
    assert sorted(tested) == list(range(6))


@pytest.mark.parametrize("share", [0.1, 0.2, 0.5, 0.8, 1.0])
def test_training_never_holds_a_tested_transcript(gold, share):
    made = make_splits(gold, n_folds=3, seed=0)
    for fold in range(3):
        for repeat in range(4):
            training = made.draw_training(fold, share, repeat=repeat)
            assert training
            assert not set(training) & set(made.list_tested(fold))


def test_smaller_shares_lie_within_larger_ones(gold):
    made = make_splits(gold, n_folds=3, seed=0)
    sets = [set(made.draw_training(1, share, repeat=2)) for share in (0.1, 0.3, 0.5, 0.6)]
    assert [len(s) for s in sets] == [1, 2, 3, 4]
    assert all(one <= other for one, other in pairwise(sets))


def test_repeats_draw_other_transcripts(gold):
    made = make_splits(gold, n_folds=3, seed=0)
    assert len({made.draw_training(0, 0.3, repeat=r) for r in range(8)}) > 1


def test_another_seed_learns_from_other_transcripts(gold):
    drawn = {make_splits(gold, n_folds=3, seed=seed).draw_training(0, 0.3) for seed in range(6)}
    assert len(drawn) > 1


def test_nothing_is_learned_from_at_share_nought(gold):
    assert make_splits(gold, n_folds=3, seed=0).draw_training(0, 0.0) == ()


def test_whole_says_when_all_other_transcripts_are_taken(gold):
    made = make_splits(gold, n_folds=3, seed=0)
    assert made.is_whole(0, 0.0)
    assert not made.is_whole(0, 0.5)
    assert made.is_whole(0, 4 / 6)


def test_near_duplicates_stay_on_one_side(tmp_path):
    folder = write_folder(tmp_path / "c", copies=[("Ely", "Ayr"), ("Fife", "Ayr")])
    gold = build_gold_data(read_coded_corpus(folder))
    made = make_splits(gold, n_folds=4, seed=0)
    alike = {gold.transcripts.index(town) for town in ("Ayr", "Ely", "Fife")}
    assert made.near_duplicates == (("Ayr", "Ely", "Fife"),)
    for fold in range(4):
        for part in (made.list_tested(fold), made.draw_training(fold, 0.3)):
            assert not alike & set(part) or alike <= set(part)


def test_all_near_duplicates_cannot_be_tested(tmp_path):
    copies = [(town, "Ayr") for town in TOWNS[1:]]
    gold = build_gold_data(read_coded_corpus(write_folder(tmp_path / "c", copies=copies)))
    with pytest.raises(NothingToDo, match="share a third"):
        make_splits(gold, n_folds=3, seed=0)


def test_order_of_rows_does_not_matter(gold):
    order = np.arange(len(gold.segments))[::-1]
    turned = replace(
        gold,
        segments=[gold.segments[at] for at in order],
        codes_by_person=tuple(gold.codes_by_person[at] for at in order),
        transcript_index=gold.transcript_index[order],
        reference_codings=type(gold.reference_codings)(
            gold.reference_codings.read[order], gold.reference_codings.applied[order]
        ),
    )
    assert make_splits(turned, n_folds=3, seed=5) == make_splits(gold, n_folds=3, seed=5)


def test_folds_are_of_about_equal_size():
    sizes = [100, 90, 80, 30, 20, 10, 9, 8, 7, 6]
    folds = deal_into_folds(sizes, n_folds=3, seed=1)
    assert sorted(at for fold in folds for at in fold) == list(range(10))
    assert max(len(fold) for fold in folds) - min(len(fold) for fold in folds) <= 1
    for number in range(3):
        # One of the three largest in each.
        assert sum(at < 3 for at in folds[number]) == 1


def test_another_seed_deals_otherwise():
    assert len({deal_into_folds([5] * 12, n_folds=3, seed=seed) for seed in range(5)}) > 1
