"""The codebook suggester beside a coder, on invented talks where the right answer is known."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.following import NO_TRANSCRIPT, NOTHING_ACCEPTED, ONE_TRANSCRIPT
from autocode.suggest.history_model import fit_logistic, match_decisions
from autocode.suggest.protocol import Flags, KnownCodings, Task

from .support import make_lasting_task

LENGTH = 24


def follow_all(talks: tuple[Task, Flags], *, backwards: bool = False):
    """First suggestion right, decided, and given, for every unread segment in order."""
    task, given = talks
    fitted = CodebookSuggester().fit(task)
    first, likely, wanted = [], [], []
    for name in sorted(set(task.corpus.transcripts[task.targets].tolist())):
        rows = np.flatnonzero(task.corpus.transcripts == name)
        follower = fitted.follow(rows)
        for row in rows[::-1] if backwards else rows:
            ranking = follower.rank(np.array([row]))
            first.append(given[row, ranking.logits[0].argmax()])
            likely.append(ranking.likely[0])
            wanted.append(given[row])
            follower.observe(int(row), given[row])
    return np.array(first), np.array(likely), np.array(wanted)


@pytest.fixture(scope="module")
def lasting() -> tuple[Task, Flags]:
    return make_lasting_task(8, run=6, known=4)


@pytest.mark.slow
@pytest.mark.parametrize("backwards", [False, True])
def test_codes_that_go_on_are_followed_in_either_direction(
    lasting: tuple[Task, Flags], backwards: bool
):
    first, _, _ = follow_all(lasting, backwards=backwards)
    # Five of six segments go on with a code that no word tells; the ranking alone is at chance.
    assert first.mean() > 0.75
    task, given = lasting
    alone = CodebookSuggester().rank(task).logits.argmax(axis=1)
    given = given[task.targets]
    assert given[np.arange(len(alone)), alone].mean() < 0.6


@pytest.mark.slow
def test_codes_that_never_go_on_are_not_repeated():
    task, given = make_lasting_task(6, run=1, known=4)
    fitted = CodebookSuggester().fit(task)
    rows = np.flatnonzero(task.corpus.transcripts == "t05")
    follower, repeated = fitted.follow(rows), 0
    for before, row in pairwise(rows):
        follower.observe(int(before), given[before])
        repeated += int(given[before, follower.rank(np.array([row])).logits[0].argmax()])
    assert repeated <= 2


@pytest.mark.slow
def test_as_many_codes_are_decided_as_people_apply():
    _, likely, wanted = follow_all(make_lasting_task(12, run=6, known=8, coded=0.4))
    assert 0.6 < likely.sum() / wanted.sum() < 1.5
    # Whether anything is coded goes on as well, so most empty segments stay empty.
    assert likely[~wanted.any(axis=1)].any(axis=1).mean() < 0.25


@pytest.mark.slow
def test_what_is_measured_and_what_is_not_is_said(lasting: tuple[Task, Flags]):
    task, _ = lasting
    rows = task.targets[:LENGTH]
    ranking = CodebookSuggester().fit(task).follow(rows).rank(rows)
    assert ranking.diagnostics.calibrated
    assert NOTHING_ACCEPTED in ranking.remarks
    assert not ranking.auto_acceptable.any()
    assert any("estimate" in remark for remark in ranking.remarks)


@pytest.mark.slow
@pytest.mark.parametrize(("known", "remark"), [(0, NO_TRANSCRIPT), (1, ONE_TRANSCRIPT)])
def test_with_little_known_the_prior_follows_and_says_so(
    lasting: tuple[Task, Flags], known: int, remark: str
):
    whole, given = lasting
    few = whole.hold_out(whole.read_rows[known * LENGTH :])
    task = replace(few, targets=whole.targets)
    first, _, _ = follow_all((task, given))
    assert first.mean() > 0.65
    rows = task.targets[:LENGTH]
    ranking = CodebookSuggester().fit(task).follow(rows).rank(rows)
    assert remark in ranking.remarks
    assert not ranking.diagnostics.calibrated


def test_the_codings_of_the_coder_who_is_followed_count_alone(lasting: tuple[Task, Flags]):
    # Another coder's work shapes what is known, but not what stands before.
    task, _ = lasting
    nobody = KnownCodings(np.zeros_like(task.known.read), np.zeros_like(task.known.applied))
    alone = replace(task, own=nobody)
    assert alone.history is nobody
    rows = task.targets[:LENGTH]
    assert NO_TRANSCRIPT in CodebookSuggester().fit(alone).follow(rows).rank(rows).remarks


@pytest.mark.slow
def test_a_segment_that_is_coded_again_counts_as_it_was_coded_last(lasting: tuple[Task, Flags]):
    task, given = lasting
    rows, fitted = task.targets[:LENGTH], CodebookSuggester().fit(task)
    one, other = fitted.follow(rows), fitted.follow(rows)
    one.observe(int(rows[1]), ~given[rows[1]])
    for follower in (one, other):
        follower.observe(int(rows[0]), given[rows[0]])
        follower.observe(int(rows[1]), given[rows[1]])
    np.testing.assert_array_equal(one.rank(rows[2:]).logits, other.rank(rows[2:]).logits)


def test_newton_steps_come_to_rest_where_the_gradient_is_zero():
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(400, 3))
    target = generator.random(400) < 1 / (1 + np.exp(-rows @ np.array([2.0, -1.0, 0.0])))
    prior = np.array([0.0, 0.0, 5.0])
    weights = fit_logistic(rows, target, prior=prior, precision=3.0, max_steps=30)
    fitted = 1 / (1 + np.exp(-rows @ weights))
    np.testing.assert_allclose(rows.T @ (fitted - target) + 3 * (weights - prior), 0, atol=1e-6)


def test_without_examples_the_prior_stands():
    prior = np.array([1.0, -2.0])
    nothing = np.zeros((0, 2))
    weights = fit_logistic(
        nothing, np.zeros(0, dtype=bool), prior=prior, precision=4.0, max_steps=15
    )
    np.testing.assert_array_equal(weights, prior)


def test_matched_decisions_are_as_many_as_were_applied():
    probabilities = np.array([[0.9, 0.2], [0.6, 0.5], [0.1, 0.0]])
    applied = np.array([[True, False], [False, True], [False, False]])
    everything = np.ones_like(applied)
    threshold = match_decisions(probabilities, applied, everything)
    assert (probabilities >= threshold).sum() == 2
    assert match_decisions(probabilities, np.zeros_like(applied), everything) == 1.0
