"""The rest of part-coded transcripts, on invented talks where the right answer is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.core.codebook import Code
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.explain import describe_neighbour, make_suggestions
from autocode.suggest.part_coded import MEASURED_BY_PASSAGES, find_part_coded, fold_passages
from autocode.suggest.protocol import Flags, KnownCodings, Rows, Task

from .support import align_known, bare_corpus, make_lasting_task, talk

PARTS = ("logits", "probabilities", "likely", "in_set", "auto_acceptable")


def leave_gaps(task: Task, every: int = 3) -> Task:
    """The first transcripts with every third segment unread; the others are left as they are."""
    names = task.corpus.transcripts
    read = task.known.read.copy()
    for name in np.unique(names[read]).tolist():
        read[np.flatnonzero(names == name)[every - 1 :: every]] = False
    known = KnownCodings(read, task.known.applied & read[:, None])
    return replace(task, known=known, targets=np.flatnonzero(~read))


@pytest.fixture(scope="module")
def talks() -> tuple[Task, Flags]:
    """Talks whose codes go on for six segments, whatever is said; five of six are coded."""
    return make_lasting_task(6, run=6, known=5)


@pytest.fixture
def lasting(talks: tuple[Task, Flags]) -> Task:
    return talks[0]


@pytest.fixture
def given(talks: tuple[Task, Flags]) -> Flags:
    return talks[1]


def first_right(task: Task, given: Flags, rows: Rows) -> float:
    ranking = CodebookSuggester().rank(task)
    at = np.searchsorted(task.targets, rows)
    return float(given[rows, ranking.logits[at].argmax(axis=1)].mean())


def test_gaps_are_filled_with_what_stands_on_both_sides(lasting: Task, given: Flags):
    task = leave_gaps(lasting)
    gaps = task.targets[find_part_coded(task)]
    assert first_right(task, given, gaps) > 0.8


def test_new_transcripts_are_ranked_as_if_there_were_no_gaps_elsewhere(lasting: Task):
    task = leave_gaps(lasting)
    new = task.targets[~find_part_coded(task)]
    both = CodebookSuggester().rank(task)
    alone = CodebookSuggester().rank(replace(task, targets=new))
    at = np.searchsorted(task.targets, new)
    for part in PARTS:
        np.testing.assert_array_equal(getattr(both, part)[at], getattr(alone, part), err_msg=part)
    assert MEASURED_BY_PASSAGES in both.remarks
    assert MEASURED_BY_PASSAGES not in alone.remarks


def test_nothing_is_accepted_and_sets_are_measured_by_passages(lasting: Task, given: Flags):
    task = leave_gaps(lasting)
    gaps = replace(task, targets=task.targets[find_part_coded(task)])
    ranking = CodebookSuggester().rank(gaps)
    assert not ranking.auto_acceptable.any()
    assert ranking.diagnostics.calibrated
    inside = ranking.in_set[given[gaps.targets]]
    assert inside.mean() > 0.8
    # As many are decided as people applied, one a segment.
    assert 0.7 < ranking.likely.sum() / len(gaps.targets) < 1.4


def test_a_coder_whose_work_it_is_not_leaves_a_transcript_new(lasting: Task):
    task = leave_gaps(lasting)
    nobody = KnownCodings(np.zeros_like(task.known.read), np.zeros_like(task.known.applied))
    assert find_part_coded(task).any()
    assert not find_part_coded(replace(task, own=nobody)).any()


def test_the_order_of_targets_does_not_matter(lasting: Task):
    task = leave_gaps(lasting)
    back = replace(task, targets=task.targets[::-1])
    one, other = CodebookSuggester().rank(task), CodebookSuggester().rank(back)
    for part in PARTS:
        np.testing.assert_array_equal(getattr(one, part), getattr(other, part)[::-1], part)


def test_the_coded_segment_before_is_named(lasting: Task, given: Flags):
    task = leave_gaps(lasting)
    aligned = align_known(task)
    suggestions = make_suggestions(task, CodebookSuggester().rank(task), aligned=aligned, top=1)
    part = {row for row in task.targets[find_part_coded(task)].tolist()}
    words = [
        describe_neighbour(suggestion.evidence.neighbours[0], "Code", of=suggestion.code)
        for row, suggestion in zip(task.targets.tolist(), suggestions, strict=True)
        if row in part and suggestion.evidence.neighbours
    ]
    assert len(words) > len(part) / 2
    assert "the coded segment before has this code" in words


def test_passages_are_as_long_as_gaps():
    corpus = bare_corpus(talk("AB" * 20), [Code(id="a", name="A")])
    nothing = np.zeros((40, 1), dtype=bool)

    def fold(read: np.ndarray) -> list[int]:
        known = KnownCodings(read, nothing)
        task = Task(corpus=corpus, known=known, targets=np.flatnonzero(~read))
        return fold_passages(task, n_folds=4)[read].tolist()

    every_fifth = np.arange(40) % 5 == 0
    assert fold(every_fifth) == [0, 1, 2, 3, 0, 1, 2, 3]
    # A long gap: eight segments at most.
    first_half = np.arange(40) < 20
    assert fold(first_half) == [0] * 8 + [1] * 8 + [2] * 4
    assert fold(np.arange(40) < 3) == [0, 0, 0]
    assert fold(np.zeros(40, dtype=bool)) == []


@pytest.mark.parametrize("n_read", [1, 2, 5])
def test_a_study_of_one_transcript_with_a_few_codings_is_no_fault(lasting: Task, n_read: int):
    rows = np.flatnonzero(lasting.corpus.transcripts == "t00")
    few = lasting.hold_out(np.setdiff1d(lasting.read_rows, rows[:n_read]))
    task = replace(few, targets=rows[n_read:])
    ranking = CodebookSuggester().rank(task)
    assert np.isfinite(ranking.logits).all()
    assert not ranking.diagnostics.calibrated
    assert any("other studies" in remark or "Not enough" in remark for remark in ranking.remarks)
