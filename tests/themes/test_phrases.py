"""How far a guided theme hangs on its phrases: by hand, and in a draft."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.core.theme import Caution, Guidance, Theme
from autocode.core.theme_stability import PhraseStability
from autocode.themes.guided import (
    GuidingPhrases,
    GuidingVectors,
    match_guiding_phrases,
    measure_phrase_stability,
)
from autocode.themes.wording import describe_phrase_stability

from .support import blobs, drafted, middle_of, points, unit


def crowd():
    """Rows about one thing (4), another (2), and forty about neither."""
    eye = np.eye(50)
    one = [eye[0] + 0.3 * eye[at] for at in (2, 3, 4, 5)]
    two = [eye[1] + 0.3 * eye[at] for at in (6, 7)]
    return unit(np.vstack([one, two, eye[8:48]])), eye


def test_phrase_stability_by_hand():
    vectors, eye = crowd()
    guiding = points(Both=np.vstack([eye[0], eye[1]]))
    found = match_guiding_phrases(vectors, guiding)
    assert np.flatnonzero(found.guide == 0).tolist() == [0, 1, 2, 3, 4, 5]
    # Without the first phrase two of six are left, without the second four of six.
    (steady,) = measure_phrase_stability(vectors, guiding, found).values()
    assert steady == PhraseStability(0.5, pytest.approx(2 / 6, abs=1e-4), "Both 0")


def test_phrases_that_say_the_same_change_nothing():
    vectors, eye = crowd()
    near = eye[0] + 0.05 * eye[48]
    guiding = points(Same=np.vstack([eye[0], near, eye[0] + 0.05 * eye[49]]))
    (steady,) = measure_phrase_stability(
        vectors, guiding, match_guiding_phrases(vectors, guiding)
    ).values()
    assert (steady.jaccard, steady.lowest) == (1, 1)
    assert steady.is_stable


def test_too_little_without_a_phrase_is_nothing():
    vectors, eye = crowd()
    guiding = points(Two=np.vstack([eye[0] + eye[2], eye[9]]))
    found = match_guiding_phrases(vectors, guiding)
    (steady,) = measure_phrase_stability(vectors, guiding, found).values()
    assert steady.lowest == 0
    assert steady.phrase == "Two 0"


def test_one_phrase_is_not_measured_and_others_keep_theirs():
    vectors, eye = crowd()
    guiding = points(One=eye[1], Many=np.vstack([eye[0], eye[0] + 0.05 * eye[48]]))
    assert set(
        measure_phrase_stability(vectors, guiding, match_guiding_phrases(vectors, guiding))
    ) == {1}
    less = guiding.without(1, 0)
    assert [seed.phrases for seed in less.guiding] == [("One 0",), ("Many 1",)]
    assert np.array_equal(less.vectors, guiding.vectors[[0, 2]])


def test_a_draft_tells_how_far_a_guided_theme_hangs_on_its_phrases():
    segments, vectors = blobs()
    both = np.vstack([middle_of(vectors, 0), middle_of(vectors, 1)])
    guiding = points(Both=both, Beans=middle_of(vectors, 2))
    themes = {theme.name: theme for theme in drafted(segments, vectors, guiding).themes}
    steady = themes["Both"].guidance.stability
    assert steady.jaccard == pytest.approx(0.5, abs=0.05)
    assert themes["Beans"].guidance.stability is None
    assert all(theme.stability is None for theme in (themes["Both"], themes["Beans"]))


@pytest.mark.parametrize(
    ("phrases", "steady", "words"),
    [
        (("a",), None, "guided by one phrase; not measured"),
        (("a", "b"), None, "not measured"),
        (
            ("a", "b"),
            PhraseStability(0.5, 0.25, "b"),
            "leaving out one phrase at a time: mean Jaccard 0.50, lowest 0.25 without 'b'",
        ),
    ],
)
def test_stability_is_described(phrases, steady, words):
    assert describe_phrase_stability(Guidance(phrases, 0.3, steady)) == words


@pytest.mark.parametrize(
    ("jaccard", "cautions"), [(0.49, (Caution.DEPENDS_ON_SINGLE_PHRASES,)), (0.5, ())]
)
def test_a_theme_that_depends_on_single_phrases_is_marked(jaccard, cautions):
    guidance = Guidance(("a", "b"), 0.3, PhraseStability(jaccard, 0.1, "a"))
    members = drafted(*blobs(), GuidingVectors.none()).themes[0].members
    assert (
        Theme(key="T01", name="a", terms=(), members=members, guidance=guidance).cautions
        == cautions
    )


def test_a_seed_without_its_phrase_is_no_seed():
    guiding = GuidingVectors((GuidingPhrases(("a",)),), np.eye(1, dtype=np.float32))
    with pytest.raises(ValueError, match="have no words"):
        guiding.without(0, 0)
