"""Draft themes: what is dense is found, what is not is left with a reason, in any order."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from autocode.cluster.dense import dense_groups
from autocode.cluster.themes import ALONE, TOO_SHORT, CodeCentres, draft_themes
from autocode.terms import theme_terms
from autocode.transcript import Segment, Span

NO_CODES = CodeCentres((), np.zeros((0, 16), dtype=np.float32))


def blobs(n_groups=4, n_each=12, n_noise=6, seed=0):
    """Segments in groups of like vectors and like words, and some that are like nothing."""
    generator = np.random.default_rng(seed)
    words = ["kettle tea biscuit", "bus fare ticket", "garden shed beans", "tablet blood weight"]
    segments, rows = [], []
    for group in range(n_groups):
        centre = generator.normal(size=16)
        for i in range(n_each):
            text = f"{words[group]} number{group}x{i} talk{i}"
            place = Span(i * 100, i * 100 + len(text))
            voice = f"P{i % 5}"
            segments.append(Segment(f"t{group}", place, text, voice, "participant", voice))
            rows.append(centre + 0.15 * generator.normal(size=16))
    for i in range(n_noise):
        text = f"lonely{i} remark{i} about{i} nothing{i}"
        segments.append(Segment("t9", Span(i * 100, i * 100 + len(text)), text, "Q", "participant"))
        rows.append(generator.normal(size=16))
    vectors = np.array(rows)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return segments, vectors.astype(np.float32)


def shape(draft):
    return [
        (t.key, t.name, t.terms, t.place, [(m.segment, m.strength, m.exemplar) for m in t.members])
        for t in draft.themes
    ], draft.nowhere


def test_dense_groups_are_found_and_named_by_their_words():
    segments, vectors = blobs()
    draft = draft_themes(segments, vectors, NO_CODES)
    words = {
        "t0": "kettle tea biscuit",
        "t1": "bus fare ticket",
        "t2": "garden shed beans",
        "t3": "tablet blood weight",
    }
    found = set()
    for theme in draft.themes:
        homes = Counter(m.segment.transcript for m in theme.members)
        home, n = homes.most_common(1)[0]
        assert n >= 0.75 * theme.n_segments
        assert set(theme.terms[0].split()) <= set(words[home].split())
        found.add(home)
    assert found == set(words)


def test_every_segment_is_in_one_theme_or_nowhere_with_a_reason():
    segments, vectors = blobs()
    draft = draft_themes(segments, vectors, NO_CODES)
    inside = [m.segment for t in draft.themes for m in t.members]
    outside = [n.segment for n in draft.nowhere]
    assert sorted(inside + outside, key=repr) == sorted(segments, key=repr)
    assert all(n.reason for n in draft.nowhere)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_of_the_segments_does_not_matter(seed):
    segments, vectors = blobs()
    order = np.random.default_rng(seed).permutation(len(segments))
    again = draft_themes([segments[i] for i in order], vectors[order], NO_CODES)
    assert shape(again) == shape(draft_themes(segments, vectors, NO_CODES))


def test_short_segments_are_not_placed():
    segments, vectors = blobs(n_noise=0)
    segments.append(Segment("t9", Span(0, 9), "Yeah, um.", "Q", "participant"))
    draft = draft_themes(segments, np.vstack([vectors, vectors[:1]]), NO_CODES)
    assert [n.reason for n in draft.nowhere if n.segment.transcript == "t9"] == [TOO_SHORT]


def test_exemplars_come_from_different_participants_first():
    segments, vectors = blobs()
    for theme in draft_themes(segments, vectors, NO_CODES).themes:
        voices = [m.segment.participant for m in theme.exemplars]
        assert len(set(voices)) == len(voices) == 4


def test_the_same_words_many_times_make_no_theme():
    text = "nothing more to add from here"
    copies = [Segment(f"t{i}", Span(0, len(text)), text, "P", "participant") for i in range(30)]
    vectors = np.ones((30, 16), dtype=np.float32) / 4
    draft = draft_themes(copies, vectors, NO_CODES)
    assert draft.themes == ()
    assert len(draft.nowhere) == 30


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_few_segments_are_all_nowhere(n):
    segments, vectors = blobs(n_groups=1, n_each=6, n_noise=0)
    draft = draft_themes(segments[:n], vectors[:n], NO_CODES)
    assert draft.themes == ()
    assert [x.reason for x in draft.nowhere] == [ALONE] * n


def test_a_vector_of_zeros_is_not_placed():
    segments, vectors = blobs()
    vectors[0] = 0
    draft = draft_themes(segments, vectors, NO_CODES)
    assert segments[0] in [n.segment for n in draft.nowhere]


def test_near_codes_are_the_nearest_first():
    segments, vectors = blobs(n_groups=2, n_noise=0)
    codes = CodeCentres(("far", "near"), np.stack([-vectors[0], vectors[0]]))
    draft = draft_themes(segments, vectors, codes)
    own = next(t for t in draft.themes if segments[0] in [m.segment for m in t.members])
    assert own.near[0][0] == "near"


def test_groups_are_the_same_on_any_number_of_threads():
    from threadpoolctl import threadpool_limits

    _, vectors = blobs(n_each=60, n_noise=40)
    found = []
    for limit in (1, 2):
        with threadpool_limits(limits=limit):
            found.append(dense_groups(vectors))
    assert np.array_equal(found[0].group, found[1].group)
    assert np.array_equal(found[0].strength, found[1].strength)


def test_terms_shared_in_a_group_come_before_one_persons_words():
    groups = [
        ["the kettle kettle kettle whistled", "a garden fence", "our garden gate"],
        ["the bus was late", "a bus ticket"],
    ]
    found = theme_terms(groups, n_terms=2)
    assert found[0][0] == "garden"
    assert found[1][0] == "bus"
