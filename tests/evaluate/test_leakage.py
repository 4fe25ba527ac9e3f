"""Cheats must gain nothing; what a task holds is checked, not trusted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.core.errors import InputError, LeakageError
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.gold import build_gold_data
from autocode.evaluate.leakage import HeldOutLabels, run_isolated
from autocode.evaluate.splits import make_splits
from autocode.pipeline import encode_corpus
from autocode.suggest.protocol import Aims, KnownCodings

from .support import Copies, Hoards, HoardsInMaterial, Words, ranking, write_folder


def held_out_of(folder, tools):
    corpus = read_coded_corpus(folder)
    gold = build_gold_data(corpus)
    made = make_splits(gold, n_folds=3, seed=0)
    return gold, made, HeldOutLabels(gold, made, encode_corpus(corpus.study, gold.codes, tools))


def rows_of(gold, transcripts):
    return np.flatnonzero(np.isin(gold.transcript_index, list(transcripts)))


def task_of(gold, made, held_out):
    targets = rows_of(gold, made.list_tested(0))
    return held_out.make_task(made.draw_training(0, 0.5), targets, aims=Aims())


def test_task_holds_training_codings_alone(folder, tools):
    gold, made, held_out = held_out_of(folder, tools)
    training = made.draw_training(0, 0.5)
    task = held_out.make_task(training, rows_of(gold, made.list_tested(0)), aims=Aims())
    assert set(gold.transcript_index[task.read_rows]) == set(training)
    assert not task.known.applied[task.targets].any()
    assert task.known.applied.any()


def test_learning_from_a_tested_transcript_is_refused(folder, tools):
    gold, _, held_out = held_out_of(folder, tools)
    with pytest.raises(LeakageError, match="'Bath'"):
        held_out.make_task((0, 1), rows_of(gold, [1]), aims=Aims())


def test_learning_from_a_near_duplicate_is_refused(tmp_path, tools):
    folder = write_folder(tmp_path / "c", copies=[("Ely", "Ayr")])
    gold, _, held_out = held_out_of(folder, tools)
    with pytest.raises(LeakageError, match="'Ayr'"):
        held_out.make_task([gold.transcripts.index("Ayr")], rows_of(gold, [4]), aims=Aims())


def test_a_task_tampered_with_is_refused(folder, tools):
    gold, made, held_out = held_out_of(folder, tools)
    task = task_of(gold, made, held_out)
    applied = task.known.applied.copy()
    applied[task.targets[0], 0] = True
    with pytest.raises(LeakageError):
        held_out.check(replace(task, known=KnownCodings(task.known.read, applied)))


def test_arrays_of_a_task_cannot_be_changed_and_share_no_held_out_codings(folder, tools):
    gold, made, held_out = held_out_of(folder, tools)
    task = task_of(gold, made, held_out)
    with pytest.raises(ValueError, match="read-only"):
        task.known.applied[0, 0] = True
    assert not np.shares_memory(task.known.applied, gold.reference_codings.applied)
    assert not np.shares_memory(task.known.read, gold.reference_codings.read)
    assert task.known.applied.base is None


@pytest.mark.parametrize("cheat", [Copies, Hoards, HoardsInMaterial])
def test_cheats_score_no_better_than_guessing(folder, evaluate, cheat):
    point = evaluate(folder, cheat(), shares=(0.8,), n_folds=3).points[0]
    # With nothing known all scores are equal: the first code of the codebook is always first.
    assert point.scores["hit_at_1"].value == pytest.approx(1 / 3, abs=0.01)
    assert point.scores["micro_f1"].value == 0.0


def test_honest_method_does_score(folder, evaluate):
    assert (
        evaluate(folder, Words(), shares=(0.8,), n_folds=3).points[0].scores["hit_at_1"].value > 0.9
    )


class Odd:
    name = "odd"

    def __init__(self, change):
        self.change = change

    def rank(self, task):
        return self.change(ranking(task, np.zeros((len(task.targets), task.corpus.n_codes))))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda r: replace(r, logits=r.logits * np.nan), "not numbers"),
        (lambda r: replace(r, likely=r.likely[:1]), "shape"),
    ],
)
def test_answers_that_cannot_be_scored_are_refused(folder, tools, change, fault):
    gold, made, held_out = held_out_of(folder, tools)
    task = task_of(gold, made, held_out)
    with pytest.raises(InputError, match=fault):
        run_isolated(Odd(change), task)
