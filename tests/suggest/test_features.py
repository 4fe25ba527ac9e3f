"""Features of a segment: what stands in them, and what may not."""

from __future__ import annotations

import numpy as np

from autocode.core.transcript import Segment, Span
from autocode.encode.hashing import HashEncoder
from autocode.suggest import features
from autocode.suggest.context import find_neighbours
from autocode.suggest.features import build_features

SAID = (
    ("Hannah", "How did you get to the clinic?"),
    ("Grace", "By the night bus, it was late."),
    ("Hannah", "And the second time?"),
    ("Grace", "My brother drove me there."),
    ("Hannah", "Was it far?"),
    ("Grace", "Two hours, and the clinic was shut."),
)


def talk(transcripts: int = 2) -> list[Segment]:
    return [
        Segment(
            transcript=f"t{number}",
            span=Span(at * 50, at * 50 + len(words)),
            excerpt=words,
            speaker=who,
        )
        for number in range(transcripts)
        for at, (who, words) in enumerate(SAID)
    ]


def made(segments: list[Segment]) -> features.Features:
    vectors = HashEncoder(n_dimensions=32).encode([segment.excerpt for segment in segments])
    return build_features(segments, vectors, find_neighbours(segments))


def test_meaning_comes_first_then_words():
    segments = talk()
    found = made(segments)
    vectors = HashEncoder(n_dimensions=32).encode([segment.excerpt for segment in segments])
    assert found.matrix.dtype == np.float32
    np.testing.assert_array_equal(found.matrix[:, :32], vectors)
    assert found.words.columns.start == 32
    np.testing.assert_allclose(
        found.matrix[:, found.words.columns], 0.7 * found.words.space.factors, atol=1e-6
    )


def test_the_same_words_differ_by_what_stands_around():
    segments = [
        *talk(1),
        Segment(transcript="t0", span=Span(900, 930), excerpt=SAID[1][1], speaker="Grace"),
    ]
    found = made(segments).matrix
    same = found[:, :32]  # its own meaning
    np.testing.assert_allclose(same[1], same[-1], atol=1e-6)
    assert not np.allclose(found[1], found[-1], atol=1e-2)


def test_order_of_segments_does_not_matter():
    segments = talk()
    order = np.random.default_rng(0).permutation(len(segments))
    straight = made(segments).matrix
    mixed = made([segments[at] for at in order]).matrix
    # Directions may be turned or mirrored; what two segments share may not.
    np.testing.assert_allclose(mixed @ mixed.T, (straight @ straight.T)[order][:, order], atol=1e-4)


def test_pairs_are_the_square_of_what_two_segments_share():
    generator = np.random.default_rng(1)
    rows = generator.normal(size=(40, 12))
    rows -= rows.mean(axis=0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    found = features.pair_products(rows, 30)
    assert found.shape == (40, 12 * 13 // 2)
    centred = rows - rows.mean(axis=0)
    shared = centred @ centred.T
    own = np.diag(shared)
    np.testing.assert_allclose(found @ found.T, shared**2 / np.outer(own, own), atol=1e-9)


def test_a_segment_alone_has_features():
    assert np.isfinite(made(talk(1)[:1]).matrix).all()
    apart = [
        Segment(transcript=f"t{at}", span=Span(0, len(said)), excerpt=said)
        for at, (_, said) in enumerate(SAID)
    ]
    assert np.isfinite(made(apart).matrix).all()
