"""Held-out scores: made without the transcript they are for, whatever the scorer keeps."""

from __future__ import annotations

import numpy as np

from autocode.core.codebook import Code, Codebook
from autocode.suggest.calibration.decide import CalibratedScorer
from autocode.suggest.calibration.held_out import deal_folds, fold_segments, score_held_out
from autocode.suggest.corpus import EncodedCorpus
from autocode.suggest.protocol import KnownCodings, Task

from ..support import talk

CODES = (Code(id="tea", name="Tea"), Code(id="sea", name="Sea"))
N_TALKS, LENGTH = 12, 10


def given(n_coded: int = N_TALKS) -> Task:
    """Talks of ten segments, the first of them read: every other segment is about tea."""
    segments = [s for number in range(N_TALKS) for s in talk("AB" * 5, f"t{number:02}")]
    n = len(segments)
    vectors = np.eye(2, dtype=np.float32)[np.arange(n) % 2]
    applied = np.eye(2, dtype=bool)[np.arange(n) % 2]
    read = np.arange(n) < n_coded * LENGTH
    corpus = EncodedCorpus(
        segments=segments,
        vectors=vectors,
        codebook=Codebook(CODES),
        codes=CODES,
        phrases=[],
        phrase_vectors=vectors[:0],
    )
    return Task(
        corpus=corpus,
        known=KnownCodings(read, applied & read[:, None]),
        targets=np.flatnonzero(~read),
    )


class Copier:
    """Says of every segment what it may know of it; notes what it was shown."""

    name = "copier"

    def logits(self, task: Task) -> np.ndarray:
        return np.where(task.known.applied[task.targets], 9.0, -9.0)


def test_nothing_of_the_transcript_scored_is_known():
    task = given()
    shown = []

    def unseen(rows):
        left = task.hold_out(rows)
        shown.append((set(task.corpus.transcripts[rows]), left.known))
        return np.zeros((len(rows), 2))

    fold = fold_segments(task, n_folds=4)
    found = score_held_out(task, fold, unseen, of=task.read_rows)
    assert found.shape == (N_TALKS * LENGTH, 2)
    assert len(shown) == 4
    assert set.union(*(names for names, _ in shown)) == set(task.corpus.transcripts)
    for names, known in shown:
        touched = set(task.corpus.transcripts[known.read | known.applied.any(axis=1)])
        assert touched
        assert not touched & names


def test_scores_stand_in_the_rows_asked_for():
    task = given()
    rows = task.read_rows[::-1]
    fold = fold_segments(task, n_folds=5)
    found = score_held_out(task, fold, lambda some: np.column_stack([some, some]) * 1.0, of=rows)
    assert (np.sort(found[:, 0]) == np.sort(rows)).all()
    assert (found[:, 0] == rows).all()


def test_one_coded_transcript_holds_nothing_out():
    task = given(n_coded=1)
    assert fold_segments(task, n_folds=4) is None


def test_a_scorer_that_repeats_what_it_was_told_is_not_believed():
    ranking = CalibratedScorer(Copier()).rank(given(n_coded=N_TALKS - 2))
    assert ranking.diagnostics.calibrated
    assert not ranking.auto_acceptable.any()
    # Nothing it says of unread transcripts tells codes apart, so half the codes apply.
    np.testing.assert_allclose(ranking.probabilities, 0.5, atol=0.01)


def test_folds_keep_transcripts_whole_and_ignore_row_order():
    names = ["a"] * 5 + ["b"] * 3 + ["c"] * 3 + ["d"]
    fold = deal_folds(names, n_folds=3)
    assert all(
        len({f for n, f in zip(names, fold, strict=True) if n == name}) == 1 for name in "abcd"
    )
    back = deal_folds(names[::-1], n_folds=3)[::-1]
    assert list(fold) == list(back)
