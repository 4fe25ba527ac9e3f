"""The sequence model: adjoining codes inform each other, and only from what may be known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.suggest.protocol import KnownCodings
from autocode.suggest.sequence import (
    SequenceConfig,
    fit_chain,
    fit_held_out_chain,
    measure_share_kept,
)

from .support import ScoredCorpus, score_corpus, talk

N_TALKS, LENGTH = 6, 12
ASKS, TELLS, OTHER = 0, 1, 2


def make_talks(
    n_talks: int = N_TALKS, *, n_codes: int = 3, length: int = LENGTH, barred: int | None = None
) -> ScoredCorpus:
    """Talks of two speakers in turn; for every third segment `barred` is no candidate."""
    segments = [
        segment
        for number in range(n_talks)
        for segment in talk("AB" * (length // 2) + "A" * (length % 2), f"t{number}")
    ]
    candidates = np.ones((len(segments), n_codes), dtype=bool)
    if barred is not None:
        candidates[::3, barred] = False
    return score_corpus(segments, np.zeros(candidates.shape), candidates=candidates)


def number_talks(talks: ScoredCorpus) -> np.ndarray:
    """The number of each segment's talk."""
    return np.array([int(name[1:]) for name in talks.transcripts])


def code_by_speaker(talks: ScoredCorpus, coded: range) -> KnownCodings:
    """A asks, B tells, in the talks numbered `coded`; the others nobody has read."""
    read = np.isin(number_talks(talks), coded)
    applied = np.zeros((talks.n_segments, talks.n_codes), dtype=bool)
    is_first = np.array([segment.speaker == "A" for segment in talks.segments])
    applied[np.arange(talks.n_segments), np.where(is_first, ASKS, TELLS)] = True
    return KnownCodings(read, applied & read[:, None])


def test_what_follows_what_is_learned_and_moves_the_neighbours_only():
    talks = make_talks()
    chain = fit_chain(talks, code_by_speaker(talks, range(N_TALKS - 1)))
    scores = np.zeros((talks.n_segments, 3))
    asked = (N_TALKS - 1) * LENGTH + 4
    scores[asked, ASKS] = 5
    change = chain.apply(scores) - scores
    assert change[asked + 1].argmax() == TELLS
    assert change[asked + 1, TELLS] > 0.5
    # Two passes reach no further than two neighbours away, and no other talk.
    quiet = chain.apply(scores * 0)
    moved = np.flatnonzero(np.abs(change - quiet).max(axis=1) > 1e-12)
    assert set(moved) <= set(range(asked - 4, asked + 5))


def test_a_table_is_the_count_over_chance():
    talks = make_talks(n_talks=1)
    tables = fit_chain(talks, code_by_speaker(talks, range(1))).tables[0]
    # Own neighbours: A to A five times, B to B five times. Others': A to B six, B to A five.
    uses = np.array([5.5, 5.5, 0.5])
    chance = np.outer(uses, uses) / uses.sum() ** 2
    n_pairs = np.diag([5.0, 5.0, 0.0])
    np.testing.assert_allclose(tables[0], np.log1p(n_pairs / (5 * 3 * chance)), rtol=1e-6)
    before, after = np.array([6.5, 5.5, 0.5]), np.array([5.5, 6.5, 0.5])
    chance = np.outer(before, after) / (12.5 * 12.5)
    n_pairs = np.array([[0.0, 6, 0], [5, 0, 0], [0, 0, 0]])
    np.testing.assert_allclose(tables[1], np.log1p(n_pairs / (5 * 3 * chance)), rtol=1e-6)


def test_a_pair_never_seen_counts_against_but_not_without_end():
    few, many = make_talks(n_talks=1), make_talks(n_talks=400)
    once, often = (
        fit_chain(talks, code_by_speaker(talks, range(talks.n_segments))).tables[0][1]
        for talks in (few, many)
    )
    # By chance (6 / 11)^2 of the pairs would be so; a sixth of all pairs is to be outweighed.
    assert once[ASKS, TELLS] < often[ASKS, TELLS]
    assert often[ASKS, TELLS] == pytest.approx(np.log(1 + 6 * (6 / 11) / (6 / 11) ** 2), abs=0.01)
    assert often[TELLS, TELLS] == 0


def test_how_much_is_coded_stays_and_no_candidate_is_left_alone():
    talks = make_talks(barred=OTHER)
    scores = np.random.default_rng(0).normal(size=(talks.n_segments, 3))
    moved = fit_chain(talks, code_by_speaker(talks, range(2))).apply(scores)
    held = np.where(talks.allowed, scores, 0).sum(axis=1)
    np.testing.assert_allclose(np.where(talks.allowed, moved, 0).sum(axis=1), held, atol=1e-5)
    np.testing.assert_array_equal(moved[~talks.allowed], scores[~talks.allowed])


def test_a_known_code_counts_for_certain():
    talks = make_talks()
    known = code_by_speaker(talks, range(N_TALKS - 1))
    row = (N_TALKS - 1) * LENGTH + 4
    scores = np.zeros((talks.n_segments, 3))
    guessed = fit_chain(talks, known).apply(scores)[row + 1]
    known.read[row] = known.applied[row, ASKS] = True
    known_code = fit_chain(talks, known).apply(scores)[row + 1]
    assert known_code[TELLS] > guessed[TELLS] + 0.2


def test_seen_and_nothing_applied_says_nothing():
    talks = make_talks()
    known = code_by_speaker(talks, range(N_TALKS - 1))
    bare = np.flatnonzero(number_talks(talks) == N_TALKS - 1)
    known.read[bare] = True
    scores = np.random.default_rng(5).normal(size=(talks.n_segments, 3))
    np.testing.assert_array_equal(fit_chain(talks, known).apply(scores)[bare], scores[bare])


def test_held_out_segments_go_by_other_folds_alone():
    talks = make_talks()
    known = code_by_speaker(talks, range(N_TALKS))
    scores = np.random.default_rng(1).normal(size=(talks.n_segments, 3))
    fold = number_talks(talks) % 3
    before = fit_held_out_chain(talks, known, fold).apply(scores)
    mine = fold == 0
    known.applied[mine] = np.roll(known.applied[mine], 1, axis=1)
    after = fit_held_out_chain(talks, known, fold).apply(scores)
    np.testing.assert_array_equal(before[mine], after[mine])
    assert not np.allclose(before[~mine], after[~mine])


def test_the_chain_of_a_fold_is_the_chain_without_it():
    talks = make_talks()
    known = code_by_speaker(talks, range(N_TALKS))
    fold = number_talks(talks) % 2
    unseen = fit_held_out_chain(talks, known, fold)
    for number in (0, 1):
        alone = fit_chain(talks, known.restrict_to(np.flatnonzero(fold != number)))
        for one, other in zip(unseen.tables[number], alone.tables[0], strict=True):
            np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.parametrize(("length", "n_coded"), [(LENGTH, 0), (1, N_TALKS)])
def test_without_codings_or_neighbours_nothing_changes(length: int, n_coded: int):
    talks = make_talks(length=length)
    chain = fit_chain(talks, code_by_speaker(talks, range(n_coded)))
    scores = np.random.default_rng(2).normal(size=(talks.n_segments, 3))
    assert chain.is_empty
    assert chain.apply(scores) is scores


def test_many_codes_go_by_the_same_sums():
    talks = make_talks(n_codes=5)
    known = code_by_speaker(talks, range(4))
    scores = np.random.default_rng(3).normal(size=(talks.n_segments, 5))
    dense = fit_chain(talks, known)
    sparse = fit_chain(talks, known, SequenceConfig(max_dense_codes=2))
    assert not isinstance(sparse.tables[0][0], np.ndarray)
    np.testing.assert_allclose(sparse.apply(scores), dense.apply(scores), atol=1e-5)
    given = np.array([True, False, False, False, False])
    for one, other in zip(
        sparse.update_around(50, scores[50], given),
        dense.update_around(50, scores[50], given),
        strict=True,
    ):
        assert one[0] == other[0]
        np.testing.assert_allclose(one[1], other[1], atol=1e-5)


def test_a_decision_moves_its_neighbours_as_knowing_it_does():
    talks = make_talks()
    known = code_by_speaker(talks, range(N_TALKS - 1))
    scores = np.random.default_rng(4).normal(size=(talks.n_segments, 3))
    chain = fit_chain(talks, known, SequenceConfig(n_passes=1))
    row = (N_TALKS - 1) * LENGTH + 5
    given = np.array([False, True, False])
    moved = scores * 0
    for neighbour, change in chain.update_around(row, scores[row], given):
        moved[neighbour] += change
    known = np.append(chain.known, row)
    chain.shares[row] = given
    knowing = replace(chain, known=known).apply(scores)
    np.testing.assert_allclose(chain.apply(scores) + moved, knowing, atol=1e-5)


def test_how_often_a_speaker_keeps_a_code():
    talks = make_talks(n_talks=1)
    assert measure_share_kept(talks, code_by_speaker(talks, range(0))) == pytest.approx(0.6)
    # Each contribution keeps its code, ten times of ten.
    assert measure_share_kept(talks, code_by_speaker(talks, range(1))) == pytest.approx(13 / 15)


def test_contributions_of_neighbours_add_up_to_what_moved():
    talks = make_talks()
    known = code_by_speaker(talks, range(N_TALKS - 1))
    last = (N_TALKS - 1) * LENGTH
    known.read[last] = known.applied[last, ASKS] = True
    scores = np.random.default_rng(6).normal(size=(talks.n_segments, 3))
    inferred = fit_chain(talks, known).infer(scores)
    n_whole = 0
    for row in range(last, talks.n_segments):
        for code in range(3):
            contributions = inferred.contributions(row, code)
            moved = inferred.scores[row, code] - scores[row, code]
            parts = sum(contribution.part for contribution in contributions)
            links = [
                previous[row] >= 0
                for previous in (talks.around.other_previous, talks.around.other_following)
            ]
            links += [talks.around.own_previous[row] >= 0, talks.around.own_following[row] >= 0]
            assert parts >= moved - 1e-5
            if len(contributions) == sum(links):
                n_whole += 1
                assert parts == pytest.approx(moved, abs=1e-5)
            assert [v.part for v in contributions] == sorted(
                (v.part for v in contributions), reverse=True
            )
    assert n_whole
    first = inferred.contributions(last + 1, TELLS)[0]
    assert (first.row, first.code) == (last, ASKS)


def test_many_codes_name_the_same_neighbours():
    talks = make_talks(n_codes=5)
    known = code_by_speaker(talks, range(4))
    scores = np.random.default_rng(7).normal(size=(talks.n_segments, 5))
    dense = fit_chain(talks, known).infer(scores).contributions(55, ASKS)
    sparse = (
        fit_chain(talks, known, SequenceConfig(max_dense_codes=2))
        .infer(scores)
        .contributions(55, ASKS)
    )
    assert dense
    assert [(v.row, v.code) for v in sparse] == [(v.row, v.code) for v in dense]
    assert [v.part for v in sparse] == pytest.approx([v.part for v in dense], abs=1e-5)
