"""Sub-themes of guided themes: made where there is enough, and taken by what comes later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.themes.guided import GuidingVectors
from autocode.themes.update import list_guiding_phrases, update_draft

from .support import NO_CODES, arrivals, blobs, drafted, points, shape


@pytest.fixture(scope="module")
def two_sided():
    """A draft whose guided theme holds two kinds of talk, asked for by the middle of each."""
    segments, vectors = blobs(n_noise=0)
    both = np.vstack([vectors[:12].mean(axis=0), vectors[12:24].mean(axis=0)])
    guiding = points(Both=both)
    return segments, vectors, guiding, drafted(segments, vectors, guiding)


def homes(theme):
    """The transcripts of each sub-theme's members."""
    return {
        part.key: {m.segment.transcript for m in theme.members if m.part == part.key}
        for part in theme.parts
    }


def test_a_guided_theme_has_sub_themes(two_sided):
    *_, draft = two_sided
    theme = draft.themes[0]
    assert theme.guidance
    assert [part.key for part in theme.parts][:2] == ["T01.1", "T01.2"]
    assert all(len(home) == 1 for home in homes(theme).values())
    assert set.union(*homes(theme).values()) == {"t0", "t1"}
    assert all(sum(m.part == part.key for m in theme.members) >= 3 for part in theme.parts)


def test_sub_themes_of_the_others_stay_theirs(two_sided):
    *_, draft = two_sided
    for theme in draft.themes:
        known = {part.key for part in theme.parts}
        assert all(m.part is None or m.part in known for m in theme.members)
        assert all(key.startswith(theme.key) for key in known)


def test_a_small_guided_theme_has_none():
    segments, vectors = blobs(n_each=5, n_noise=0)
    draft = drafted(segments, vectors, points(Tea=vectors[:5].mean(axis=0)))
    assert draft.themes[0].guidance
    assert draft.themes[0].parts == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_order_of_the_segments_does_not_matter(two_sided, seed):
    segments, vectors, guiding, draft = two_sided
    order = np.random.default_rng(seed).permutation(len(segments))
    again = drafted([segments[i] for i in order], vectors[order], guiding)
    assert shape(again) == shape(draft)
    assert [t.parts for t in again.themes] == [t.parts for t in draft.themes]


def test_what_comes_later_to_a_guided_theme_goes_to_its_nearest_sub_theme(two_sided):
    segments, vectors, guiding, draft = two_sided
    # Beside a segment of each kind: another with nearly the same meaning in other words.
    late = [
        replace(segments[at], transcript="z", excerpt=f"{segments[at].excerpt} indeed")
        for at in (0, 12)
    ]
    rows = vectors[[0, 12]]
    known = GuidingVectors(list_guiding_phrases(draft), guiding.vectors)
    found = update_draft(
        draft, arrivals(late, (segments, vectors), (late, rows)), NO_CODES, guiding=known
    ).draft
    theme = found.themes[0]
    part_of = {m.segment: m.part for m in theme.members}
    for segment, at in zip(late, (0, 12), strict=True):
        kind = homes(draft.themes[0])[part_of[segment]]
        assert kind == {segments[at].transcript}
