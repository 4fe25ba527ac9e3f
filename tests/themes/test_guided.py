"""Guided themes: a seed takes what clearly speaks of it; where nothing does, that is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.core.errors import InputError
from autocode.core.theme import UnassignedReason
from autocode.themes.draft import draft_themes
from autocode.themes.guided import (
    GuidingPhrases,
    GuidingVectors,
    find_clear_threshold,
    match_guiding_phrases,
    nearest_clear,
)
from autocode.themes.partition import PartitionOptions
from autocode.themes.wording import describe_unmatched, list_nearest

from .support import NO_CODES, blobs, drafted, middle_of, points, shape, unit


def strengths(theme):
    return {m.segment: m.strength for m in theme.members}


def test_a_seed_takes_its_segments_and_the_rest_is_drafted_as_usual():
    segments, vectors = blobs()
    draft = drafted(segments, vectors, points(Beans=middle_of(vectors, 2)))
    guided_theme, *others = draft.themes
    assert (guided_theme.key, guided_theme.name) == ("T01", "Beans")
    assert guided_theme.guidance.phrases == ("Beans 0",)
    assert {m.segment.transcript for m in guided_theme.members} == {"t2"}
    assert guided_theme.n_segments == 12
    free = [i for i, s in enumerate(segments) if s.transcript != "t2"]
    alone = draft_themes([segments[i] for i in free], vectors[free], NO_CODES)
    assert [strengths(t) for t in others] == [strengths(t) for t in alone.themes]
    assert all(t.guidance is None for t in others)


def test_strength_is_the_cosine_with_the_nearest_phrase():
    segments, vectors = blobs()
    guiding = points(Tea=np.vstack([vectors[0], vectors[1]]))
    theme = drafted(segments, vectors, guiding).themes[0]
    of = strengths(theme)
    assert of[segments[0]] == of[segments[1]] == pytest.approx(1)
    expected = max(vectors[5] @ vectors[0], vectors[5] @ vectors[1])
    assert of[segments[5]] == pytest.approx(expected, abs=1e-5)


@pytest.mark.slow
def test_a_guided_theme_is_shown_first_by_what_speaks_of_it_most_clearly():
    segments, vectors = blobs()
    said = "On Mondays we had {} and nobody minded."
    segments = [replace(s, excerpt=said.format(s.excerpt)) for s in segments]
    theme = drafted(segments, vectors, points(Tea=vectors[5])).themes[0]
    shown = {m.exemplar: m.segment for m in theme.members if m.exemplar}
    assert shown[1] == segments[5]


@pytest.mark.slow
def test_a_seed_that_nothing_speaks_of_is_told_and_changes_nothing():
    segments, vectors = blobs()
    away = np.linalg.svd(vectors)[2][-1]
    draft = drafted(segments, vectors, points(Submarines=away))
    assert shape(draft) == shape(draft_themes(segments, vectors, NO_CODES))
    (told,) = describe_unmatched(draft.diagnostics.guiding)
    assert told.startswith("'Submarines': not found by likeness")
    assert "may speak of it in other words" in told
    assert draft.diagnostics.guiding[0].theme is None


def test_the_five_nearest_are_listed_whether_clear_or_not():
    segments, vectors = blobs()
    away = np.linalg.svd(vectors)[2][-1]
    draft = drafted(segments, vectors, points(Submarines=away, Tea=vectors[5]))
    for outcome, phrase in zip(draft.diagnostics.guiding, (away, vectors[5]), strict=True):
        near = list_nearest(draft, outcome)
        cosines = vectors @ (phrase / np.linalg.norm(phrase))
        best = [segments[at] for at in np.argsort(-cosines)[:5]]
        assert [one.segment for one in near] == best
        assert [one.is_clear for one in near] == [one.cosine >= outcome.clear_from for one in near]
    assert list_nearest(draft, draft.diagnostics.guiding[1])[0].segment == segments[5]


def test_a_seed_of_one_segment_makes_no_theme():
    eye = np.eye(16, dtype=np.float32)[:8]
    found = match_guiding_phrases(eye, points(One=eye[3]))
    assert found.is_free.all()
    assert found.closeness.shape == (8, 1)


def test_two_seeds_with_the_same_words_leave_the_segments_to_the_draft():
    segments, vectors = blobs()
    middle = middle_of(vectors, 1)
    draft = drafted(segments, vectors, points(Bus=middle, Coach=middle))
    assert shape(draft) == shape(draft_themes(segments, vectors, NO_CODES))
    assert ["join the two" in told for told in describe_unmatched(draft.diagnostics.guiding)] == [
        True,
        True,
    ]


def test_a_segment_as_near_to_two_seeds_is_in_neither():
    segments, vectors = blobs()
    one, two = unit(middle_of(vectors, 0)), unit(middle_of(vectors, 1))
    vectors[-1] = unit(one + two)[0]
    draft = drafted(segments, vectors, points(Tea=one, Bus=two))
    left = {n.segment: n for n in draft.unassigned}
    assert left[segments[-1]].reason == UnassignedReason.NEAR_TWO_THEMES
    assert left[segments[-1]].nearest in {"T01", "T02"}


def test_every_segment_is_in_one_theme_or_nowhere_with_a_reason():
    segments, vectors = blobs(n_noise=20)
    draft = drafted(segments, vectors, points(Tea=vectors[0], Bus=vectors[12]))
    held = [m.segment for t in draft.themes for m in t.members]
    held += [n.segment for n in draft.unassigned]
    assert sorted(map(repr, held)) == sorted(map(repr, segments))
    assert all(n.reason for n in draft.unassigned)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_of_the_segments_does_not_matter(seed):
    segments, vectors = blobs()
    guiding = points(Tea=vectors[0], Bus=vectors[12])
    order = np.random.default_rng(seed).permutation(len(segments))
    again = drafted([segments[i] for i in order], vectors[order], guiding)
    assert again == drafted(segments, vectors, guiding)


def test_number_of_themes_asked_for_does_not_count_the_seeds():
    segments, vectors = blobs(n_noise=0)
    draft = drafted(
        segments, vectors, points(Tea=middle_of(vectors, 0)), partition=PartitionOptions(n_groups=2)
    )
    assert [bool(t.guidance) for t in draft.themes] == [True, False, False]


def test_the_bar_stays_between_its_bounds():
    assert find_clear_threshold(np.zeros(0)) == 0.3
    assert find_clear_threshold(np.full(9, 0.1)) == 0.3
    assert find_clear_threshold(np.full(9, 0.9)) == 0.5
    # Of 0, .1 … .4 the median is .2 and the lower half lies .2, .1 and 0 below it.
    assert find_clear_threshold(np.array([0.0, 0.1, 0.2, 0.3, 0.4])) == 0.4965
    narrow = np.array([0.30, 0.32, 0.34, 0.36, 0.9])
    assert find_clear_threshold(narrow) == pytest.approx(0.34 + 2 * 1.4826 * 0.02, abs=1e-4)


def test_nearest_clear_by_hand():
    closeness = np.array([[0.5, 0.4], [0.5, 0.48], [0.2, 0.45], [0.2, 0.1]])
    own, between = nearest_clear(closeness, np.array([0.4, 0.4]))
    assert own.tolist() == [0, -1, 1, -1]
    assert between.tolist() == [-1, 0, -1, -1]


@pytest.mark.parametrize("phrases", [(), ("",), (" ", "—")])
def test_a_seed_without_words_is_refused(phrases):
    with pytest.raises(InputError, match="'money' have no words"):
        GuidingPhrases(phrases, "money")


def test_two_seeds_of_one_name_are_refused():
    with pytest.raises(InputError, match="Two guided themes are named 'money'"):
        GuidingVectors(
            (GuidingPhrases(("a",), "money"), GuidingPhrases(("b",), "money")),
            np.zeros((2, 4), np.float32),
        )
