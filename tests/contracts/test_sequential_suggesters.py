"""What every suggester that follows a coder must do."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest

from autocode.evaluate.baselines import MostFrequent, RepeatLast
from autocode.evaluate.embedding_baseline import EmbeddingLogistic
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.protocol import (
    FittedSuggester,
    Flags,
    Ranking,
    Rows,
    SequentialSuggester,
    Task,
)

from ..suggest.support import make_wide_task

UNCALIBRATED = [MostFrequent(), RepeatLast()]
SUGGESTERS = [CodebookSuggester(), EmbeddingLogistic(), *UNCALIBRATED]
PARTS = ("logits", "probabilities", "likely", "in_set", "auto_acceptable")
each_suggester = pytest.mark.parametrize("suggester", SUGGESTERS, ids=lambda method: method.name)


@pytest.fixture(scope="module")
def task() -> Task:
    return make_wide_task(n_transcripts=4, length=12, n_codes=4)


@pytest.fixture(scope="module", params=SUGGESTERS, ids=lambda method: method.name)
def fitted(request: pytest.FixtureRequest, task: Task) -> FittedSuggester:
    """A suggester that has learned from the task; following a coder leaves it as it is."""
    return request.param.fit(task)


def transcript(task: Task, name: str) -> Rows:
    return np.flatnonzero(task.corpus.transcripts == name)


def given(task: Task, seed: int = 0) -> Flags:
    chance = np.random.default_rng(seed).random((task.corpus.n_segments, task.corpus.n_codes))
    return chance < 0.3


def same(one: Ranking, other: Ranking) -> None:
    for part in PARTS:
        np.testing.assert_array_equal(getattr(one, part), getattr(other, part), err_msg=part)


def test_a_ranking_has_a_row_for_each_segment_asked(fitted: FittedSuggester, task: Task):
    follower = fitted.follow(transcript(task, "t1"))
    rows = transcript(task, "t1")
    for asked in (rows, rows[3:4], rows[:0], rows[::-1]):
        ranking = follower.rank(asked)
        for part in PARTS:
            assert getattr(ranking, part).shape == (len(asked), task.corpus.n_codes), part
        assert np.isfinite(ranking.logits).all()
        assert ((ranking.probabilities >= 0) & (ranking.probabilities <= 1)).all()


def test_asking_changes_nothing(fitted: FittedSuggester, task: Task):
    rows = transcript(task, "t1")
    follower = fitted.follow(rows)
    follower.observe(int(rows[0]), given(task)[rows[0]])
    same(follower.rank(rows[1:]), follower.rank(rows[1:]))


@pytest.mark.slow
@each_suggester
def test_it_comes_out_the_same_again(suggester: SequentialSuggester, task: Task):
    rows = transcript(task, "t1")
    rankings = []
    for method in (suggester, deepcopy(suggester)):
        follower = method.fit(task).follow(rows)
        for row in rows[:5].tolist():
            follower.observe(row, given(task)[row])
        rankings.append(follower.rank(rows[5:]))
    same(*rankings)


def test_what_is_observed_in_a_transcript_stays_there(fitted: FittedSuggester, task: Task):
    fresh = fitted.follow(transcript(task, "t3")).rank(transcript(task, "t3"))
    other = fitted.follow(transcript(task, "t1"))
    for row in transcript(task, "t1").tolist():
        other.observe(row, given(task)[row])
    same(fresh, fitted.follow(transcript(task, "t3")).rank(transcript(task, "t3")))


def test_what_a_coder_is_yet_to_do_changes_nothing(fitted: FittedSuggester, task: Task):
    # Two coders who agree up to the fifth segment and then no more.
    rows, rankings = transcript(task, "t1"), []
    for seed in (1, 2):
        follower, codes = fitted.follow(rows), given(task)
        codes[rows[5:]] = given(task, seed)[rows[5:]]
        for row in rows[:5].tolist():
            follower.observe(row, codes[row])
        rankings.append(follower.rank(rows[5:6]))
        for row in rows[5:].tolist():
            follower.observe(row, codes[row])
    same(*rankings)


def test_the_order_that_rows_are_given_in_does_not_matter(fitted: FittedSuggester, task: Task):
    rows = transcript(task, "t1")
    one, other = fitted.follow(rows), fitted.follow(rows[::-1])
    for follower in (one, other):
        follower.observe(int(rows[0]), given(task)[rows[0]])
    same(one.rank(rows[1:]), other.rank(rows[1:]))


def test_any_order_of_coding_will_do(fitted: FittedSuggester, task: Task):
    rows = transcript(task, "t1")
    for order in (rows[::-1], np.roll(rows, 6), rows[[0, 0, 1]]):
        follower = fitted.follow(rows)
        for row in order.tolist():
            assert np.isfinite(follower.rank(rows).logits).all()
            follower.observe(row, given(task)[row])
        assert np.isfinite(follower.rank(rows).probabilities).all()


@each_suggester
@pytest.mark.parametrize("n_read", [0, 1])
def test_little_or_nothing_known_is_no_fault(suggester, task: Task, n_read: int):
    few = task.hold_out(task.read_rows[n_read * 12 :])
    follower = suggester.fit(few).follow(transcript(task, "t1"))
    for row in transcript(task, "t1").tolist():
        ranking = follower.rank(np.array([row]))
        assert not ranking.auto_acceptable.any()
        # What is never calibrated has nothing to say of how little is coded.
        assert ranking.remarks or suggester in UNCALIBRATED
        follower.observe(row, given(task)[row])
