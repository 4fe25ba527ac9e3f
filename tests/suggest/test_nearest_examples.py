"""Nearness to what people gave a code: never to oneself, never within one's own transcript."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.core.codebook import Code, Codebook
from autocode.core.transcript import Segment, Span
from autocode.encode.hashing import HashEncoder
from autocode.suggest import nearest_examples
from autocode.suggest.code_text import list_phrases
from autocode.suggest.corpus import EncodedCorpus
from autocode.suggest.linear import ZERO_SHOT_SLOPE
from autocode.suggest.nearest_examples import score_nearest_examples

CODES = tuple(Code(id=name, name=name.title()) for name in ("tea", "law", "sea"))


def make_corpus(directions: list[int], transcripts: str, *, domains: str = "") -> EncodedCorpus:
    """Segments whose vectors are the axes named in `directions`, a little off each."""
    vectors = np.eye(6, dtype=np.float32)[directions]
    vectors += 0.01 * np.arange(len(directions), dtype=np.float32)[:, None]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    segments = [
        Segment(
            transcript=name,
            span=Span(at * 9, at * 9 + 5),
            excerpt="words",
            domain=domains[at] if domains else None,
        )
        for at, name in enumerate(transcripts)
    ]
    return EncodedCorpus(
        segments=segments,
        vectors=vectors,
        codebook=Codebook(CODES),
        codes=CODES,
        phrases=[],
        phrase_vectors=vectors[:0],
    )


def applied(*codes: int) -> np.ndarray:
    return np.eye(4, dtype=bool)[list(codes)][:, :3]


NOTHING = 3


def test_the_code_of_the_nearest_segments_comes_first():
    encoded = make_corpus([0, 1, 2, 0, 1, 2], "aaabbb")
    given = applied(0, 1, 2, NOTHING, NOTHING, NOTHING)
    found = score_nearest_examples(encoded, given, of=np.array([5, 3, 4]))
    assert found.argmax(axis=1).tolist() == [2, 0, 1]
    np.testing.assert_allclose(found.mean(axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(found.std(axis=1), 1, atol=1e-5)


def test_a_segment_and_its_transcript_do_not_vouch_for_themselves():
    encoded = make_corpus([0, 0, 1], "aaa")
    found = score_nearest_examples(encoded, applied(0, 0, 1), of=np.arange(3))
    assert not found.any()


def test_a_code_without_examples_scores_the_mean():
    encoded = make_corpus([0, 1, 0], "aab")
    found = score_nearest_examples(encoded, applied(0, 1, NOTHING), of=np.array([2]))
    assert found[0, 0] == pytest.approx(1)
    assert found[0, 1] == pytest.approx(-1)
    assert found[0, 2] == 0


def test_three_near_examples_count_for_more_than_one(monkeypatch):
    monkeypatch.setattr(nearest_examples, "_ROWS_AT_ONCE", 2)
    encoded = make_corpus([0, 3, 3, 0, 0, 0, 0], "aaabbbc")
    # One like it and two unlike it gave "tea"; three like it gave "law".
    given = applied(0, 0, 0, 1, 1, 1, NOTHING)
    found = score_nearest_examples(encoded, given, of=np.arange(7))
    assert found[6, 1] > found[6, 0]
    alone = score_nearest_examples(encoded, given, of=np.array([6]))
    np.testing.assert_array_equal(alone[0], found[6])


def test_codes_that_are_no_candidates_are_left_out():
    codes = (
        Code(id="tea", name="Tea", domain="x"),
        Code(id="law", name="Law", domain="y"),
        Code(id="sea", name="Sea"),
    )
    encoded = make_corpus([0, 1, 0], "aab", domains="xyx")
    encoded = EncodedCorpus(
        segments=encoded.segments,
        vectors=encoded.vectors,
        codebook=Codebook(codes),
        codes=codes,
        phrases=[],
        phrase_vectors=encoded.vectors[:0],
    )
    found = score_nearest_examples(encoded, applied(0, 1, NOTHING), of=np.array([2]))
    assert found[0].tolist() == [0, 0, 0]  # one code with examples has nothing to stand out from


def test_of_many_examples_some_from_all_over_stand_for_all():
    rows = nearest_examples.spread_evenly(np.arange(1000), 100)
    assert len(rows) == 100
    assert (rows[0], rows[-1]) == (0, 999)
    assert np.ptp(np.diff(rows)) <= 1
    assert nearest_examples.spread_evenly(np.arange(7), 100).tolist() == list(range(7))


def test_views_add_up_to_the_zero_shot_score():
    words = ["How was the tea?", "Warm, at sea.", "And the law?", "A letter.", "Tea again."] * 3
    segments = [
        Segment(
            transcript="t",
            span=Span(at * 30, at * 30 + len(said)),
            excerpt=said,
            speaker="IP"[at % 2],
        )
        for at, said in enumerate(words)
    ]
    encoder = HashEncoder(n_dimensions=32)
    found = list_phrases(CODES)
    encoded = EncodedCorpus(
        segments=segments,
        vectors=encoder.encode(words),
        codebook=Codebook(CODES),
        codes=CODES,
        phrases=found,
        phrase_vectors=encoder.encode([phrase.text for phrase in found]),
    )
    rows = np.array([4, 1, 9])
    seen = nearest_examples.build_feature_views(encoded, np.zeros((15, 3), dtype=bool), of=rows)
    assert len(seen.scores) == len(seen.prior) == len(nearest_examples.VIEWS)
    assert all(view.any() for view in seen.scores[:-1])
    summed = np.clip(seen.combine(seen.prior) / ZERO_SHOT_SLOPE, -3, 6)
    np.testing.assert_allclose(summed, encoded.zero_shot.z[rows], atol=1e-5)
