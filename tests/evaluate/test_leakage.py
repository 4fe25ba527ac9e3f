"""Cheats must gain nothing; what a task holds is checked, not trusted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.core.errors import InputError, LeakageError
from autocode.evaluate.gold import exam_of
from autocode.evaluate.leakage import Vault, ask
from autocode.evaluate.source import source_of
from autocode.evaluate.splits import splits
from autocode.pipeline import encode_corpus
from autocode.suggest.protocol import Aims, KnownCodings

from .small_exam import Copies, Hoards, HoardsInMaterial, Words, ranking, write_folder


def vault_of(folder, tools):
    source = source_of(folder)
    exam = exam_of(source)
    made = splits(exam, n_folds=3, seed=0)
    return exam, made, Vault(exam, made, encode_corpus(source.study, exam.codes, tools))


def rows_of(exam, transcripts):
    return np.flatnonzero(np.isin(exam.place, list(transcripts)))


def test_task_holds_training_codings_alone(folder, tools):
    exam, made, vault = vault_of(folder, tools)
    training = made.training(0, 0.5)
    task = vault.task(training, rows_of(exam, made.tested(0)), aims=Aims())
    assert set(exam.place[task.read_rows]) == set(training)
    assert not task.known.applied[task.targets].any()
    assert task.known.applied.any()


def test_learning_from_a_tested_transcript_is_refused(folder, tools):
    exam, _, vault = vault_of(folder, tools)
    with pytest.raises(LeakageError, match="'Bath'"):
        vault.task((0, 1), rows_of(exam, [1]), aims=Aims())


def test_learning_from_a_twin_is_refused(tmp_path, tools):
    folder = write_folder(tmp_path / "c", copies=[("Ely", "Ayr")])
    exam, _, vault = vault_of(folder, tools)
    with pytest.raises(LeakageError, match="'Ayr'"):
        vault.task([exam.transcripts.index("Ayr")], rows_of(exam, [4]), aims=Aims())


def test_a_task_tampered_with_is_refused(folder, tools):
    exam, made, vault = vault_of(folder, tools)
    task = vault.task(made.training(0, 0.5), rows_of(exam, made.tested(0)), aims=Aims())
    applied = task.known.applied.copy()
    applied[task.targets[0], 0] = True
    with pytest.raises(LeakageError):
        vault.check(replace(task, known=KnownCodings(task.known.read, applied)))


def test_arrays_of_a_task_cannot_be_changed_and_are_no_window_to_the_vault(folder, tools):
    exam, made, vault = vault_of(folder, tools)
    task = vault.task(made.training(0, 0.5), rows_of(exam, made.tested(0)), aims=Aims())
    with pytest.raises(ValueError, match="read-only"):
        task.known.applied[0, 0] = True
    assert not np.shares_memory(task.known.applied, exam.work.applied)
    assert not np.shares_memory(task.known.read, exam.work.read)
    assert task.known.applied.base is None


@pytest.mark.parametrize("cheat", [Copies, Hoards, HoardsInMaterial])
def test_cheats_score_no_better_than_guessing(folder, sit, cheat):
    point = sit(folder, cheat(), shares=(0.8,), n_folds=3).points[0]
    # With nothing known all scores are equal: the first code of the codebook is always first.
    assert point.figures["hit_at_1"].value == pytest.approx(1 / 3, abs=0.01)
    assert point.figures["micro_f1"].value == 0.0


def test_honest_method_does_score(folder, sit):
    assert sit(folder, Words(), shares=(0.8,), n_folds=3).points[0].figures["hit_at_1"].value > 0.9


class Answers:
    name = "odd"

    def __init__(self, change):
        self.change = change

    def rank(self, task):
        return self.change(ranking(task, np.zeros((len(task.targets), task.corpus.n_codes))))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda r: replace(r, logits=r.logits * np.nan), "not numbers"),
        (lambda r: replace(r, likely=r.likely[:1]), "shape"),
    ],
)
def test_answers_that_cannot_be_scored_are_refused(folder, tools, change, told):
    exam, made, vault = vault_of(folder, tools)
    task = vault.task(made.training(0, 0.5), rows_of(exam, made.tested(0)), aims=Aims())
    with pytest.raises(InputError, match=told):
        ask(Answers(change), task)
