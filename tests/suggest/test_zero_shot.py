"""The zero-shot ranking: nearest phrase, whole entry and spelling, against the candidates alone."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.suggest.code_text import Phrase
from autocode.suggest.context import find_neighbours
from autocode.suggest.zero_shot import VIEWS, ZeroShotScores, score_zero_shot

from .support import talk

EAST, NORTH, UP = np.eye(3, dtype=np.float32)
PHRASES = (
    Phrase(code=0, part="definition", text="Waiting. Months without news", whole=True),
    Phrase(code=0, part="example", text="still no letter"),
    Phrase(code=1, part="definition", text="Money. Fares and rent", whole=True),
    Phrase(code=2, part="definition", text="Trust", whole=True),
)
PHRASE_VECTORS = np.stack([EAST, UP, NORTH, -EAST])


def scored(vectors, *, lexical=None, allowed=None, speakers=None) -> ZeroShotScores:
    n = len(vectors)
    return score_zero_shot(
        np.stack(vectors),
        PHRASE_VECTORS,
        PHRASES,
        lexical=np.zeros((n, 3)) if lexical is None else np.array(lexical, dtype=float),
        allowed=np.ones((n, 3), dtype=bool) if allowed is None else np.array(allowed),
        around=find_neighbours(talk(speakers or "A" * n)),
    )


def test_the_code_whose_words_are_nearest_comes_first():
    found = scored([EAST, NORTH, -EAST])
    assert found.z.argmax(axis=1).tolist() == [0, 1, 2]


def test_one_phrase_of_an_entry_is_enough_and_is_named():
    found = scored([UP])
    assert found.z[0].argmax() == 0
    assert PHRASES[found.phrase[0, 0]].text == "still no letter"
    assert found.similarity[0, 0] == pytest.approx(1)


def test_shared_spelling_decides_between_entries_that_are_equally_near():
    between = (EAST + NORTH) / np.float32(2**0.5)
    assert scored([between], lexical=[[0.0, 0.5, 0.0]]).z[0].argmax() == 1
    assert scored([between], lexical=[[0.5, 0.0, 0.0]]).z[0].argmax() == 0


def test_codes_that_are_no_candidates_neither_score_nor_count():
    allowed = [[True, True, False], [True, True, False]]
    found = scored([EAST, NORTH], allowed=allowed)
    assert (found.z[:, 2] == -3).all()
    assert not found.views[:, :, 2].any()
    # Of two candidates one lies as far above the mean as the other below it.
    np.testing.assert_allclose(found.views[:, :, 0], -found.views[:, :, 1], atol=1e-6)


def test_the_views_add_up_to_the_score_within_its_bounds():
    generator = np.random.default_rng(0)
    vectors = generator.normal(size=(40, 3)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = scored(list(vectors), lexical=generator.random((40, 3)), speakers="AB" * 20)
    assert len(found.views) == len(VIEWS)
    summed = found.views.sum(axis=0)
    assert summed.std() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(found.z, np.clip(summed, -3, 6), atol=1e-5)


def test_what_is_said_around_moves_a_segment_that_says_nothing_itself():
    nothing = np.zeros(3, dtype=np.float32)
    found = scored([EAST, nothing, EAST, nothing, NORTH], speakers="ABABA")
    assert found.z[1].argmax() == 0
    assert found.z[3, 1] > found.z[1, 1]
    # Alone it says nothing of any code.
    assert not scored([nothing]).z.any()


def test_two_codes_with_the_same_words_score_the_same():
    same = (
        Phrase(code=0, part="name", text="Tea", whole=True),
        Phrase(code=1, part="name", text="Tea", whole=True),
    )
    found = score_zero_shot(
        np.stack([EAST, NORTH]),
        np.stack([EAST, EAST]),
        same,
        lexical=np.zeros((2, 2)),
        allowed=np.ones((2, 2), dtype=bool),
        around=find_neighbours(talk("AB")),
    )
    np.testing.assert_array_equal(found.z[:, 0], found.z[:, 1])
