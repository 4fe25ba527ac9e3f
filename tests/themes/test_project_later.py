"""Places of what comes later: beside its like, moving nothing, whatever else comes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from autocode.core.theme import Unassigned, UnassignedReason
from autocode.core.transcript import Segment, Span
from autocode.themes.draft import ThemeOptions, draft_themes
from autocode.themes.projection import interpolate_positions
from autocode.themes.update import update_draft

from .support import FIRST, NO_CODES, arrivals, corpus, said

LATE = [said("b", g, 5, voice="b", seed=5 + g) for g in range(4)]
NEW = said("e", 4, 8, voice="e", seed=9)


@pytest.fixture(scope="module")
def draft():
    segments, vectors = corpus(*FIRST)
    return draft_themes(segments, vectors, NO_CODES, options=ThemeOptions(n_draws=0))


def held(draft):
    return [*(m for t in draft.themes for m in t.members), *draft.unassigned]


def placed(draft):
    return {one.segment: one.position for one in held(draft)}


def test_a_place_is_the_weighted_mean_of_those_of_the_five_nearest():
    cosines = np.array([0.9, 0.8, 0.6, 0.5, 0.2, 0.1])
    known = np.column_stack([cosines, np.sqrt(1 - cosines**2)])
    positions = np.array([[0.0, 1.0], [0.5, 0.5], [1.0, 0.0], [0.25, 0.75], [0.0, 0.0], [9.0, 9.0]])
    (found,) = interpolate_positions(np.array([[1.0, 0.0]]), known, positions)
    total = 0.9 + 0.8 + 0.6 + 0.5 + 0.2
    assert found[0] == pytest.approx((0.8 * 0.5 + 0.6 + 0.5 * 0.25) / total, abs=5e-5)
    assert found[1] == pytest.approx((0.9 + 0.8 * 0.5 + 0.5 * 0.75) / total, abs=5e-5)


def test_a_place_among_fewer_than_five_is_the_mean_of_all():
    assert interpolate_positions(np.eye(2)[:1], np.eye(2)[:1], np.array([[0.3, 0.7]])) == [
        (0.3, 0.7)
    ]


def test_what_is_like_nothing_lies_between_all():
    known, positions = np.eye(3)[1:], np.array([[0.0, 0.0], [1.0, 1.0]])
    assert interpolate_positions(np.eye(3)[:1], known, positions) == [(0.5, 0.5)]


def test_what_comes_later_lies_among_its_like_and_moves_nothing(draft):
    fresh, _ = corpus(*LATE)
    after = update_draft(draft, arrivals(fresh, *FIRST, *LATE), NO_CODES).draft
    before, now = placed(draft), placed(after)
    assert all(now[segment] == place for segment, place in before.items())
    for number, (segments, _) in enumerate(LATE):
        own = np.mean([before[s] for s in FIRST[number][0]], axis=0)
        away = [
            np.mean([before[s] for s in FIRST[other][0]], axis=0)
            for other in range(4)
            if other != number
        ]
        middle = np.mean([now[s] for s in segments], axis=0)
        assert all(np.hypot(*(middle - own)) < np.hypot(*(middle - one)) for one in away)


def test_a_new_theme_is_on_the_map_and_what_was_left_out_stays_where_it_was(draft):
    early = said("b", 4, 3, seed=1)
    first = update_draft(draft, arrivals(early[0], *FIRST, early), NO_CODES).draft
    then = update_draft(first, arrivals(NEW[0], *FIRST, early, NEW), NO_CODES)
    (key,) = then.new_themes
    new = next(theme for theme in then.draft.themes if theme.key == key)
    assert {m.segment.transcript for m in new.members} == {"b", "e"}
    assert all(place is not None for place in placed(then.draft).values())
    before = placed(first)
    assert all(placed(then.draft)[s] == before[s] for s in early[0])


def test_what_the_draft_left_out_keeps_its_place_in_a_new_theme():
    # Three remarks about something else are in the draft, which leaves them out.
    odd = said("a", 4, 3, seed=1)
    segments, vectors = corpus(*FIRST, odd)
    draft = draft_themes(segments, vectors, NO_CODES, options=ThemeOptions(n_draws=0))
    odd_ones = set(odd[0])
    inside = [m for t in draft.themes for m in t.members if m.segment in odd_ones]
    themes = [
        replace(t, members=tuple(m for m in t.members if m not in inside)) for t in draft.themes
    ]
    left = [
        Unassigned(segment=m.segment, reason=UnassignedReason.OUTLIER, position=m.position)
        for m in inside
    ]
    draft = replace(
        draft,
        themes=tuple(t for t in themes if t.members),
        unassigned=(*draft.unassigned, *left),
    )
    found = update_draft(draft, arrivals(NEW[0], *FIRST, odd, NEW), NO_CODES)
    new = [m for t in found.draft.themes if t.key in found.new_themes for m in t.members]
    assert odd_ones & {m.segment for m in new}
    before = placed(draft)
    assert all(m.position == before[m.segment] for m in new if m.segment in odd_ones)


def test_places_do_not_depend_on_company_or_threads(draft):
    fresh, _ = corpus(*LATE)
    at_once = placed(update_draft(draft, arrivals(fresh, *FIRST, *LATE), NO_CODES).draft)
    for n_threads in (1, 2):
        with threadpool_limits(limits=n_threads):
            for part in LATE:
                alone = update_draft(draft, arrivals(part[0], *FIRST, part), NO_CODES).draft
                assert all(placed(alone)[s] == at_once[s] for s in part[0])


def test_what_is_too_short_has_no_place(draft):
    short = Segment(
        transcript="b",
        span=Span(90_000, 90_009),
        excerpt="Yeah, um.",
        speaker="Q",
        role="participant",
    )
    extra = ([short], np.zeros((1, 32), dtype=np.float32))
    after = update_draft(draft, arrivals([short], *FIRST, extra), NO_CODES).draft
    (left,) = [n for n in after.unassigned if n.segment == short]
    assert (left.reason, left.position) == (UnassignedReason.TOO_SHORT, None)


def test_a_draft_from_before_places_were_kept_gets_none(draft):
    themes = tuple(
        replace(t, members=tuple(replace(m, position=None) for m in t.members))
        for t in draft.themes
    )
    old = replace(draft, themes=themes, unassigned=())
    fresh, _ = corpus(*LATE)
    after = update_draft(old, arrivals(fresh, *FIRST, *LATE), NO_CODES).draft
    assert set(placed(after).values()) == {None}
