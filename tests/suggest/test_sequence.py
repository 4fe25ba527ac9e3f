"""Courses: codes beside each other tell of each other, and only from what may be known."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.core.transcript import Segment, Span
from autocode.suggest import sequence
from autocode.suggest.context import find_neighbours
from autocode.suggest.protocol import KnownCodings
from autocode.suggest.sequence import course_of, course_unseen, share_kept

N_TALKS, LENGTH = 6, 12
ASKS, TELLS, OTHER = 0, 1, 2


class Ground:
    """What a course asks of a corpus: talks of two voices in turn."""

    def __init__(self, n_talks: int = N_TALKS, *, n_codes: int = 3, length: int = LENGTH):
        segments = [
            Segment(
                transcript=f"t{talk}",
                span=Span(at * 10, at * 10 + 5),
                excerpt="words",
                speaker="AB"[at % 2],
            )
            for talk in range(n_talks)
            for at in range(length)
        ]
        self.n_segments, self.n_codes = len(segments), n_codes
        self.around = find_neighbours(segments)
        self.allowed = np.ones((self.n_segments, n_codes), dtype=bool)
        self.fold = np.repeat(np.arange(n_talks), length)


def asked_and_told(ground: Ground, talks: range) -> KnownCodings:
    """A asks, B tells, in the talks given; the others nobody has read."""
    read = np.isin(ground.fold, talks)
    applied = np.zeros((ground.n_segments, ground.n_codes), dtype=bool)
    at = np.arange(ground.n_segments) % 2
    applied[np.arange(ground.n_segments), np.where(at == 0, ASKS, TELLS)] = True
    return KnownCodings(read, applied & read[:, None])


def test_what_follows_what_is_learned_and_moves_the_neighbours_only():
    ground = Ground()
    found = course_of(ground, asked_and_told(ground, range(N_TALKS - 1)))
    scores = np.zeros((ground.n_segments, 3))
    asked = (N_TALKS - 1) * LENGTH + 4
    scores[asked, ASKS] = 5
    change = found.along(scores) - scores
    assert change[asked + 1].argmax() == TELLS
    assert change[asked + 1, TELLS] > 0.5
    # Two passes reach no further than two neighbours away, and no other talk.
    quiet = found.along(scores * 0)
    moved = np.flatnonzero(np.abs(change - quiet).max(axis=1) > 1e-12)
    assert set(moved) <= set(range(asked - 4, asked + 5))


def test_a_table_is_the_count_over_chance():
    ground = Ground(n_talks=1)
    tables = course_of(ground, asked_and_told(ground, range(1))).tables[0]
    # Own neighbours: A to A five times, B to B five times. Others': A to B six, B to A five.
    uses = np.array([5.5, 5.5, 0.5])
    chance = np.outer(uses, uses) / uses.sum() ** 2
    n_pairs = np.diag([5.0, 5.0, 0.0])
    np.testing.assert_allclose(tables[0], np.log1p(n_pairs / (5 * 3 * chance)), rtol=1e-6)
    before, after = np.array([6.5, 5.5, 0.5]), np.array([5.5, 6.5, 0.5])
    chance = np.outer(before, after) / (12.5 * 12.5)
    n_pairs = np.array([[0.0, 6, 0], [5, 0, 0], [0, 0, 0]])
    np.testing.assert_allclose(tables[1], np.log1p(n_pairs / (5 * 3 * chance)), rtol=1e-6)


def test_what_never_was_beside_counts_against_but_not_without_end():
    few, many = Ground(n_talks=1), Ground(n_talks=400)
    once, often = (
        course_of(ground, asked_and_told(ground, range(ground.n_segments))).tables[0][1]
        for ground in (few, many)
    )
    # By chance (6 / 11)^2 of the pairs would be so; a sixth of all pairs is to be outweighed.
    assert once[ASKS, TELLS] < often[ASKS, TELLS]
    assert often[ASKS, TELLS] == pytest.approx(np.log(1 + 6 * (6 / 11) / (6 / 11) ** 2), abs=0.01)
    assert often[TELLS, TELLS] == 0


def test_how_much_is_coded_stays_and_no_candidate_is_left_alone():
    ground = Ground()
    ground.allowed[::3, OTHER] = False
    scores = np.random.default_rng(0).normal(size=(ground.n_segments, 3))
    found = course_of(ground, asked_and_told(ground, range(2))).along(scores)
    held = np.where(ground.allowed, scores, 0).sum(axis=1)
    np.testing.assert_allclose(np.where(ground.allowed, found, 0).sum(axis=1), held, atol=1e-5)
    np.testing.assert_array_equal(found[~ground.allowed], scores[~ground.allowed])


def test_a_known_code_counts_for_certain():
    ground = Ground()
    known = asked_and_told(ground, range(N_TALKS - 1))
    row = (N_TALKS - 1) * LENGTH + 4
    scores = np.zeros((ground.n_segments, 3))
    guessed = course_of(ground, known).along(scores)[row + 1]
    known.read[row] = known.applied[row, ASKS] = True
    told = course_of(ground, known).along(scores)[row + 1]
    assert told[TELLS] > guessed[TELLS] + 0.2


def test_seen_and_nothing_applied_says_nothing():
    ground = Ground()
    known = asked_and_told(ground, range(N_TALKS - 1))
    bare = np.flatnonzero(ground.fold == N_TALKS - 1)
    known.read[bare] = True
    scores = np.random.default_rng(5).normal(size=(ground.n_segments, 3))
    np.testing.assert_array_equal(course_of(ground, known).along(scores)[bare], scores[bare])


def test_held_out_segments_go_by_other_folds_alone():
    ground = Ground()
    known = asked_and_told(ground, range(N_TALKS))
    scores = np.random.default_rng(1).normal(size=(ground.n_segments, 3))
    fold = ground.fold % 3
    before = course_unseen(ground, known, fold).along(scores)
    mine = fold == 0
    known.applied[mine] = np.roll(known.applied[mine], 1, axis=1)
    after = course_unseen(ground, known, fold).along(scores)
    np.testing.assert_array_equal(before[mine], after[mine])
    assert not np.allclose(before[~mine], after[~mine])


def test_folds_of_a_course_are_the_courses_without_them():
    ground = Ground()
    known = asked_and_told(ground, range(N_TALKS))
    fold = ground.fold % 2
    unseen = course_unseen(ground, known, fold)
    for number in (0, 1):
        alone = course_of(ground, known.restrict_to(np.flatnonzero(fold != number)))
        for one, other in zip(unseen.tables[number], alone.tables[0], strict=True):
            np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.parametrize(("length", "n_coded"), [(LENGTH, 0), (1, N_TALKS)])
def test_without_codings_or_neighbours_nothing_changes(length: int, n_coded: int):
    ground = Ground(length=length)
    found = course_of(ground, asked_and_told(ground, range(n_coded)))
    scores = np.random.default_rng(2).normal(size=(ground.n_segments, 3))
    assert found.is_silent
    assert found.along(scores) is scores


def test_many_codes_go_by_the_same_sums(monkeypatch: pytest.MonkeyPatch):
    ground = Ground(n_codes=5)
    known = asked_and_told(ground, range(4))
    scores = np.random.default_rng(3).normal(size=(ground.n_segments, 5))
    dense = course_of(ground, known)
    monkeypatch.setattr(sequence, "_MOST_DENSE", 2)
    sparse = course_of(ground, known)
    assert not isinstance(sparse.tables[0][0], np.ndarray)
    np.testing.assert_allclose(sparse.along(scores), dense.along(scores), atol=1e-5)
    given = np.array([True, False, False, False, False])
    for one, other in zip(
        sparse.moved(50, scores[50], given), dense.moved(50, scores[50], given), strict=True
    ):
        assert one[0] == other[0]
        np.testing.assert_allclose(one[1], other[1], atol=1e-5)


def test_a_decision_moves_its_neighbours_as_knowing_it_does(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sequence, "_N_PASSES", 1)
    ground = Ground()
    known = asked_and_told(ground, range(N_TALKS - 1))
    scores = np.random.default_rng(4).normal(size=(ground.n_segments, 3))
    found = course_of(ground, known)
    row = (N_TALKS - 1) * LENGTH + 5
    given = np.array([False, True, False])
    moved = scores * 0
    for beside, told in found.moved(row, scores[row], given):
        moved[beside] += told
    known = np.append(found.known, row)
    found.shares[row] = given
    knowing = sequence.replace(found, known=known).along(scores)
    np.testing.assert_allclose(found.along(scores) + moved, knowing, atol=1e-5)


def test_how_often_a_speaker_keeps_a_code():
    ground = Ground(n_talks=1)
    assert share_kept(ground, asked_and_told(ground, range(0))) == pytest.approx(0.6)
    # Each voice keeps its code, ten times of ten.
    assert share_kept(ground, asked_and_told(ground, range(1))) == pytest.approx(13 / 15)


def test_what_neighbours_say_adds_up_to_what_moved():
    ground = Ground()
    known = asked_and_told(ground, range(N_TALKS - 1))
    last = (N_TALKS - 1) * LENGTH
    known.read[last] = known.applied[last, ASKS] = True
    scores = np.random.default_rng(6).normal(size=(ground.n_segments, 3))
    heard = course_of(ground, known).hear(scores)
    n_whole = 0
    for row in range(last, ground.n_segments):
        for code in range(3):
            voices = heard.beside(row, code)
            moved = heard.scores[row, code] - scores[row, code]
            parts = sum(voice.part for voice in voices)
            links = [previous[row] >= 0 for previous in (ground.around.heard, ground.around.reply)]
            links += [ground.around.own_previous[row] >= 0, ground.around.own_following[row] >= 0]
            assert parts >= moved - 1e-5
            if len(voices) == sum(links):
                n_whole += 1
                assert parts == pytest.approx(moved, abs=1e-5)
            assert [v.part for v in voices] == sorted((v.part for v in voices), reverse=True)
    assert n_whole
    first = heard.beside(last + 1, TELLS)[0]
    assert (first.row, first.code) == (last, ASKS)


def test_many_codes_tell_of_the_same_neighbours(monkeypatch: pytest.MonkeyPatch):
    ground = Ground(n_codes=5)
    known = asked_and_told(ground, range(4))
    scores = np.random.default_rng(7).normal(size=(ground.n_segments, 5))
    dense = course_of(ground, known).hear(scores).beside(55, ASKS)
    monkeypatch.setattr(sequence, "_MOST_DENSE", 2)
    sparse = course_of(ground, known).hear(scores).beside(55, ASKS)
    assert dense
    assert [(v.row, v.code) for v in sparse] == [(v.row, v.code) for v in dense]
    assert [v.part for v in sparse] == pytest.approx([v.part for v in dense], abs=1e-5)
