"""Draft themes: what is dense is found, what is not is left with a reason, in any order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from autocode.core.errors import InputError
from autocode.core.theme import Caution, UnassignedReason
from autocode.core.transcript import Segment, Span
from autocode.text.terms import theme_terms
from autocode.themes.describe import CodeCentroids
from autocode.themes.draft import ThemeOptions, draft_themes
from autocode.themes.partition import METHODS, PartitionOptions, partition
from autocode.themes.wording import describe_cautions

from .support import NO_CODES, blobs, shape


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
    outside = [n.segment for n in draft.unassigned]
    assert sorted(inside + outside, key=repr) == sorted(segments, key=repr)
    assert all(n.reason for n in draft.unassigned)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_of_the_segments_does_not_matter(seed):
    segments, vectors = blobs()
    order = np.random.default_rng(seed).permutation(len(segments))
    again = draft_themes([segments[i] for i in order], vectors[order], NO_CODES)
    assert shape(again) == shape(draft_themes(segments, vectors, NO_CODES))


def test_short_segments_are_not_placed():
    segments, vectors = blobs(n_noise=0)
    segments.append(
        Segment(
            transcript="t9", span=Span(0, 9), excerpt="Yeah, um.", speaker="Q", role="participant"
        )
    )
    draft = draft_themes(segments, np.vstack([vectors, vectors[:1]]), NO_CODES)
    assert [n.reason for n in draft.unassigned if n.segment.transcript == "t9"] == [
        UnassignedReason.TOO_SHORT
    ]


def test_exemplars_are_whole_sentences_of_different_participants():
    segments, vectors = blobs()
    said = "On Mondays we had {} and nobody minded that."
    segments = [
        replace(s, excerpt="Routine." if at % 3 else said.format(s.excerpt))
        for at, s in enumerate(segments)
    ]
    for theme in draft_themes(segments, vectors, NO_CODES).themes:
        voices = [m.segment.participant for m in theme.exemplars]
        assert len(set(voices)) == len(voices) >= 3
        assert all(m.segment.excerpt.startswith("On Mondays") for m in theme.exemplars)


def test_the_same_words_many_times_make_no_theme():
    text = "nothing more to add from here"
    copies = [
        Segment(
            transcript=f"t{i}",
            span=Span(0, len(text)),
            excerpt=text,
            speaker="P",
            role="participant",
        )
        for i in range(30)
    ]
    vectors = np.ones((30, 16), dtype=np.float32) / 4
    draft = draft_themes(copies, vectors, NO_CODES)
    assert draft.themes == ()
    assert len(draft.unassigned) == 30


@pytest.mark.parametrize("n", [0, 1])
def test_one_segment_is_an_idea_of_its_own(n):
    segments, vectors = blobs(n_groups=1, n_each=6, n_noise=0)
    draft = draft_themes(segments[:n], vectors[:n], NO_CODES)
    assert draft.themes == ()
    assert [x.reason for x in draft.unassigned] == [UnassignedReason.OUTLIER] * n


@pytest.mark.parametrize("n", [2, 3, 5])
def test_a_few_like_segments_make_one_theme(n):
    segments, vectors = blobs(n_groups=1, n_each=6, n_noise=0)
    draft = draft_themes(segments[:n], vectors[:n], NO_CODES)
    assert [theme.n_segments for theme in draft.themes] == [n]


def test_two_unlike_segments_make_none():
    segments, _ = blobs(n_groups=1, n_each=2, n_noise=0)
    draft = draft_themes(segments, np.eye(2, 16, dtype=np.float32), NO_CODES)
    assert [x.reason for x in draft.unassigned] == [UnassignedReason.OUTLIER] * 2


def test_a_vector_of_zeros_is_not_placed():
    segments, vectors = blobs()
    vectors[0] = 0
    draft = draft_themes(segments, vectors, NO_CODES)
    assert segments[0] in [n.segment for n in draft.unassigned]


def test_near_codes_are_the_nearest_first():
    segments, vectors = blobs(n_groups=2, n_noise=0)
    codes = CodeCentroids(("far", "near"), np.stack([-vectors[0], vectors[0]]))
    draft = draft_themes(segments, vectors, codes)
    own = next(t for t in draft.themes if segments[0] in [m.segment for m in t.members])
    assert own.near[0][0] == "near"


@pytest.mark.parametrize("method", METHODS)
def test_groups_are_the_same_on_any_number_of_threads(method):
    from threadpoolctl import threadpool_limits

    _, vectors = blobs(n_each=60, n_noise=40)
    found = []
    for limit in (1, 2):
        with threadpool_limits(limits=limit):
            found.append(partition(vectors, PartitionOptions(method)))
    assert np.array_equal(found[0].group, found[1].group)
    assert np.array_equal(found[0].strength, found[1].strength)


def test_vectors_that_are_no_numbers_are_refused_by_place():
    segments, vectors = blobs()
    vectors[3, 2] = np.nan
    with pytest.raises(InputError, match=r"1 of 54 segments.*'t0' at 300"):
        draft_themes(segments, vectors, NO_CODES)


def test_vectors_all_alike_make_one_theme():
    segments, vectors = blobs()
    draft = draft_themes(segments, np.tile(vectors[:1], (len(segments), 1)), NO_CODES)
    assert [theme.n_segments for theme in draft.themes] == [len(segments)]


def test_a_theme_of_one_voice_says_so():
    segments, vectors = blobs(n_groups=2, n_noise=0)
    segments = [
        replace(s, speaker="P9", case="P9") if s.transcript == "t0" else s for s in segments
    ]
    draft = draft_themes(
        segments,
        vectors,
        NO_CODES,
        options=ThemeOptions(partition=PartitionOptions(n_groups=2), n_draws=0),
    )
    alone = [t for t in draft.themes if t.participants == ("P9",)]
    assert [t.cautions for t in alone] == [(Caution.ONE_PARTICIPANT,)]


def test_asked_for_number_of_themes_is_given():
    segments, vectors = blobs(n_noise=0)
    draft = draft_themes(
        segments,
        vectors,
        NO_CODES,
        options=ThemeOptions(partition=PartitionOptions(n_groups=2), n_draws=0),
    )
    assert len(draft.themes) == 2


def test_sub_themes_part_a_theme():
    segments, vectors = blobs(n_noise=0)
    draft = draft_themes(
        segments,
        vectors,
        NO_CODES,
        options=ThemeOptions(partition=PartitionOptions(n_groups=2), n_draws=0),
    )
    for theme in draft.themes:
        homes = {
            part.key: {m.segment.transcript for m in theme.members if m.part == part.key}
            for part in theme.parts
        }
        assert len(homes) >= 2
        assert all(len(home) == 1 for home in homes.values())


def test_clear_groups_are_stable_and_the_draft_does_not_depend_on_asking():
    segments, vectors = blobs(n_noise=0)
    options = ThemeOptions(partition=PartitionOptions(n_groups=4), n_draws=10)
    draft = draft_themes(segments, vectors, NO_CODES, options=options)
    assert all(t.stability.is_stable and t.stability.jaccard > 0.9 for t in draft.themes)
    assert draft.diagnostics.stability.bootstrap_ari.mean > 0.9
    unasked = draft_themes(
        segments,
        vectors,
        NO_CODES,
        options=ThemeOptions(partition=PartitionOptions(n_groups=4), n_draws=0),
    )
    assert shape(draft) == shape(unasked)


def test_a_theme_that_hangs_on_one_voice_is_unstable_without_it():
    segments, vectors = blobs(n_groups=3, n_noise=0)
    segments = [
        replace(s, speaker="P9", case="P9") if s.transcript == "t0" else s for s in segments
    ]
    draft = draft_themes(
        segments,
        vectors,
        NO_CODES,
        options=ThemeOptions(partition=PartitionOptions(n_groups=3), n_draws=5),
    )
    one = next(t for t in draft.themes if t.participants == ("P9",))
    assert (one.stability.left_out, one.stability.participant) == (0.0, "P9")
    assert describe_cautions(one) == ["rests on one participant (P9)", "unstable without P9"]


def test_contrast_names_what_each_has_more_of():
    segments, vectors = blobs(n_groups=2, n_noise=0)
    draft = draft_themes(
        segments,
        vectors,
        NO_CODES,
        options=ThemeOptions(partition=PartitionOptions(n_groups=2), n_draws=0),
    )
    one, two = draft.themes
    assert (one.contrast.theme, two.contrast.theme) == (two.key, one.key)
    assert set(one.contrast.more[0].split()) <= set(one.terms[0].split())
    assert one.contrast.less == two.contrast.more


def test_edge_cases_are_the_least_firm_beside_the_exemplars():
    segments, vectors = blobs(n_noise=0)
    options = ThemeOptions(partition=PartitionOptions(n_groups=4), n_draws=0)
    for theme in draft_themes(segments, vectors, NO_CODES, options=options).themes:
        others = [m for m in theme.members if m.exemplar is None]
        assert len({m.segment.participant for m in theme.edges}) == 2
        assert theme.edges[0].strength == min(m.strength for m in others)


def test_the_rest_can_be_assigned_and_taken_out_again():
    segments, vectors = blobs(n_noise=12, seed=3)
    draft = draft_themes(segments, vectors, NO_CODES, options=ThemeOptions(n_draws=0))
    assert draft.unassigned
    full = draft.with_rest_assigned()
    assert full.n_assigned == len(draft.unassigned)
    assert full.unassigned == ()
    assert sum(t.n_segments for t in full.themes) == len(segments)
    assert full.without_rest_assigned() == draft


def test_terms_shared_in_a_group_come_before_one_persons_words():
    groups = [
        ["the kettle kettle kettle whistled", "a garden fence", "our garden gate"],
        ["the bus was late", "a bus ticket"],
    ]
    found = theme_terms(groups, n_terms=2)
    assert found[0][0] == "garden"
    assert found[1][0] == "bus"
