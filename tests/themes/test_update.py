"""Segments that come after a draft: into its themes by the same rules, new themes of the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocode.core.theme import Unassigned, UnassignedReason
from autocode.core.transcript import Segment, Span
from autocode.themes.draft import ThemeOptions, draft_themes
from autocode.themes.guided import GuidingPhrases, GuidingVectors
from autocode.themes.update import list_guiding_phrases, update_draft

from .support import CENTRES, FIRST, NO_CODES, arrivals, corpus, said


@pytest.fixture(scope="module")
def draft():
    segments, vectors = corpus(*FIRST)
    return draft_themes(segments, vectors, NO_CODES, options=ThemeOptions(n_draws=0))


def describe_theme(draft, transcript):
    """The keys of the themes that hold segments of a transcript."""
    return {t.key for t in draft.themes for m in t.members if m.segment.transcript == transcript}


def test_later_segments_go_to_the_themes_of_their_like_and_keys_stay(draft):
    late = said("b", 2, 6, voice="Q", seed=1)
    found = update_draft(draft, arrivals(late[0], *FIRST, late), NO_CODES)
    assert describe_theme(found.draft, "b") <= describe_theme(draft, "a2")
    assert [t.key for t in found.draft.themes] == [t.key for t in draft.themes]
    assert [t.name for t in found.draft.themes] == [t.name for t in draft.themes]
    assert found.n_added == 6
    assert found.new_themes == ()
    assert sum(g.n_segments for g in found.gains) == 6 - sum(n for _, n in found.unassigned)
    assert all(g.new_participants == ("Q",) for g in found.gains)
    joined = [m for t in found.draft.themes for m in t.members if m.segment.transcript == "b"]
    assert all(m.later and 0 < m.strength <= 1 and m.exemplar is None for m in joined)


def test_what_is_there_does_not_change(draft):
    late = said("b", 1, 6, seed=1)
    found = update_draft(draft, arrivals(late[0], *FIRST, late), NO_CODES).draft
    for before, after in zip(draft.themes, found.themes, strict=True):
        assert [m for m in after.members if not m.later] == list(before.members)
        assert replace(after, members=()) == replace(before, members=())
    assert [n for n in found.unassigned if not n.later] == list(draft.unassigned)


def test_something_new_makes_a_new_theme_that_continues_the_numbers(draft):
    late = said("b", 4, 8, voice="Q", seed=1)
    found = update_draft(draft, arrivals(late[0], *FIRST, late), NO_CODES)
    last = len(draft.themes)
    assert found.new_themes
    assert found.new_themes[0] == f"T{last + 1:02d}"
    assert describe_theme(found.draft, "b") == set(found.new_themes)
    assert found.draft.diagnostics.n_drafted == last + len(found.new_themes)
    assert found.draft.diagnostics.updates[0].new_themes == found.new_themes


def test_too_little_of_something_new_stays_nowhere_until_more_comes(draft):
    one, two = said("b", 4, 3, seed=1), said("c", 4, 5, seed=2)
    first = update_draft(draft, arrivals(one[0], *FIRST, one), NO_CODES)
    assert (first.new_themes, first.unassigned) == ((), ((UnassignedReason.OUTLIER, 3),))
    then = update_draft(first.draft, arrivals(two[0], *FIRST, one, two), NO_CODES)
    assert len(then.new_themes) == 1
    assert (
        describe_theme(then.draft, "b") == describe_theme(then.draft, "c") == set(then.new_themes)
    )


def test_a_number_that_was_dropped_is_not_given_again(draft):
    gone = draft.themes[-1]
    left = [
        Unassigned(segment=m.segment, reason="in a theme that Kim dropped", nearest=gone.key)
        for m in gone.members
    ]
    cut = replace(draft, themes=draft.themes[:-1], unassigned=(*draft.unassigned, *left))
    late = said("b", 4, 8, seed=1)
    found = update_draft(cut, arrivals(late[0], *FIRST, late), NO_CODES)
    assert found.new_themes[0] == f"T{len(draft.themes) + 1:02d}"


def test_what_belongs_to_a_dropped_theme_is_left_out_with_its_reason(draft):
    keys = describe_theme(draft, "a3")
    reason = "in a theme that Kim dropped"
    left = [
        Unassigned(segment=m.segment, reason=reason, nearest=t.key)
        for t in draft.themes
        if t.key in keys
        for m in t.members
    ]
    kept = tuple(t for t in draft.themes if t.key not in keys)
    late = said("b", 3, 6, seed=1)
    cut = replace(draft, themes=kept, unassigned=(*draft.unassigned, *left))
    found = update_draft(cut, arrivals(late[0], *FIRST, late), NO_CODES)
    assert describe_theme(found.draft, "b") == set()
    assert found.new_themes == ()
    assert dict(found.unassigned)[reason] >= 5


def test_words_that_are_known_meet_the_same_fate(draft):
    copies = [replace(s, transcript="z") for found, _ in FIRST for s in found]
    found = update_draft(draft, arrivals(copies, *FIRST), NO_CODES).draft
    where = {m.segment: t.key for t in found.themes for m in t.members}
    where |= {n.segment: n.reason for n in found.unassigned}
    for segments, _ in FIRST:
        assert all(where[s] == where[replace(s, transcript="z")] for s in segments)


def test_every_later_segment_is_in_one_theme_or_nowhere_with_a_reason(draft):
    parts = [said("b", g, 5, seed=3) for g in range(5)]
    short = Segment(
        transcript="b",
        span=Span(90_000, 90_009),
        excerpt="Yeah, um.",
        speaker="Q",
        role="participant",
    )
    extra = ([short], np.zeros((1, 32), dtype=np.float32))
    fresh, _ = corpus(*parts, extra)
    found = update_draft(draft, arrivals(fresh, *FIRST, *parts, extra), NO_CODES)
    assert sorted(map(repr, found.draft.segments)) == sorted(map(repr, [*draft.segments, *fresh]))
    assert all(n.reason for n in found.draft.unassigned)
    assert dict(found.unassigned)[UnassignedReason.TOO_SHORT] == 1


LATE = [said(name, g, 5, voice=name, seed=5 + g) for g, name in enumerate(["b", "c", "d"])]
LATE.append(said("e", 4, 7, voice="e", seed=9))


@settings(max_examples=12)
@given(order=st.permutations(range(22)))
def test_order_of_what_comes_does_not_matter(draft, order):
    fresh, _ = corpus(*LATE)
    again = update_draft(draft, arrivals([fresh[i] for i in order], *LATE, *FIRST), NO_CODES)
    once = update_draft(draft, arrivals(fresh, *FIRST, *LATE), NO_CODES)
    assert again == once


def test_coming_one_by_one_gives_the_same_while_nothing_new_is_drafted(draft):
    fresh, _ = corpus(*LATE[:3])
    at_once = update_draft(draft, arrivals(fresh, *FIRST, *LATE), NO_CODES).draft
    for order in ((0, 1, 2), (2, 0, 1)):
        step = draft
        for at in order:
            step = update_draft(step, arrivals(LATE[at][0], *FIRST, *LATE), NO_CODES).draft
        assert (step.themes, step.unassigned) == (at_once.themes, at_once.unassigned)


def test_a_guided_theme_takes_what_clearly_speaks_of_it_and_nothing_else():
    segments, vectors = corpus(*FIRST)
    asked = (CENTRES[0] / np.linalg.norm(CENTRES[0])).astype(np.float32)[None]
    guiding = (GuidingPhrases(("a cup of tea",), "Tea"),)
    options = ThemeOptions(n_draws=0, guiding=guiding)
    draft = draft_themes(
        segments, vectors, NO_CODES, options=options, guiding=GuidingVectors(guiding, asked)
    )
    assert draft.themes[0].guidance
    own, other = said("b", 0, 5, seed=1), said("c", 1, 5, seed=1)
    points = GuidingVectors(list_guiding_phrases(draft), asked)
    fresh = [*own[0], *other[0]]
    found = update_draft(draft, arrivals(fresh, *FIRST, own, other), NO_CODES, guiding=points).draft
    assert describe_theme(found, "b") == {"T01"}
    assert "T01" not in describe_theme(found, "c")


@pytest.mark.parametrize("n", [0, 1, 3])
def test_a_draft_of_next_to_nothing_can_be_updated(n):
    segments, vectors = FIRST[0][0][:n], FIRST[0][1][:n]
    small = draft_themes(segments, vectors, NO_CODES, options=ThemeOptions(n_draws=0))
    late = said("b", 1, 8, seed=1)
    found = update_draft(small, arrivals(late[0], (segments, vectors), late), NO_CODES)
    assert len(found.draft.segments) == n + 8
    assert n > 1 or describe_theme(found.draft, "b")
