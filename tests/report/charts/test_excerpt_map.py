"""The excerpt map: every segment once, in or out, readable, escaped, and light."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from autocode.core.theme import ThemeDraft, Unassigned, UnassignedReason
from autocode.report.charts.excerpt_map import Dot, assign_hues, draw_excerpt_map, list_dots
from autocode.report.palette import HUES

from ..support import NASTY, segment, theme

SVG = "{http://www.w3.org/2000/svg}"


def scattered(n, n_themes, words="a few words"):
    return [
        Dot(
            position=(at * 37 % 101 / 100, at * 61 % 103 / 102),
            segment=segment(f"t{at % 9}", at, words=f"{words} {at}"),
            theme=f"T{at % n_themes:02d}" if at % 5 else None,
            is_exemplar=at % 50 == 1,
        )
        for at in range(n)
    ]


def some(n):
    return [theme(f"T{i:02d}", [segment()]) for i in range(n)]


@pytest.mark.parametrize("n_themes", [1, 8, 20, 60])
def test_excerpt_map_draws_every_segment_once_with_its_words(n_themes):
    svg = draw_excerpt_map(some(n_themes), scattered(400, n_themes))
    titles = [t.text for t in ElementTree.fromstring(svg).iter(f"{SVG}title")]
    assert len(titles) == 400
    assert "unassigned, Ann: a few words 5" in titles
    assert f"T{1 % n_themes:02d}, Ann: a few words 1" in titles


def test_excerpt_map_sets_in_and_out_apart_by_shape():
    tree = ElementTree.fromstring(draw_excerpt_map(some(3), scattered(50, 3)))
    marks = {
        k: [e for e in tree.iter(f"{SVG}{k}") if e.find(f"{SVG}title") is not None]
        for k in ("circle", "path")
    }
    assert len(marks["circle"]) == 40
    assert len(marks["path"]) == 10


def test_excerpt_map_of_five_thousand_long_segments_is_light():
    svg = draw_excerpt_map(some(60), scattered(5000, 60, words="long words & " * 60))
    assert len(svg.encode()) < 1_200_000
    assert svg.count("…") >= 5000


def test_excerpt_map_escapes_what_people_said():
    dots = [
        Dot(position=(0.5, 0.5), segment=segment(words=NASTY), theme="A"),
        Dot(position=(0, 0), segment=segment(words=NASTY)),
    ]
    svg = draw_excerpt_map([theme("A", [segment()], name=NASTY)], dots)
    assert "<b>" not in svg
    ElementTree.fromstring(svg)


def test_excerpt_map_without_positions_is_empty():
    draft = ThemeDraft(tuple(some(2)), (Unassigned(segment=segment(), reason="alone"),))
    assert draw_excerpt_map(draft.themes, list_dots(draft)) == ""


def test_excerpt_map_plates_do_not_lie_on_each_other():
    dots = [Dot(position=(0.5, 0.5), segment=segment(), theme=f"T{at:02d}") for at in range(20)]
    svg = draw_excerpt_map(some(20), dots)
    plates = [
        tuple(map(float, numbers))
        for numbers in re.findall(r'none"><rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', svg)
    ]
    assert len(plates) == 20
    for at, (x, y, wide) in enumerate(plates):
        for to_x, to_y, to_wide in plates[at + 1 :]:
            assert x + wide <= to_x or to_x + to_wide <= x or abs(y - to_y) >= 18


def test_excerpt_map_rings_what_came_later_and_says_so():
    dots = [
        Dot(position=(0.2, 0.2), segment=segment(words="first"), theme="T00"),
        Dot(position=(0.9, 0.9), segment=segment(words="second"), theme="T00", is_later=True),
        Dot(position=(0.5, 0.5), segment=segment(words="third"), is_later=True),
        Dot(position=(0.6, 0.5), segment=segment(words="fourth")),
    ]
    tree = ElementTree.fromstring(draw_excerpt_map(some(1), dots))
    of = {e.findtext(f"{SVG}title"): e for e in tree.iter() if e.find(f"{SVG}title") is not None}
    assert set(of) == {
        "T00, Ann: first",
        "T00, added later, Ann: second",
        "unassigned, added later, Ann: third",
        "unassigned, Ann: fourth",
    }
    assert of["T00, Ann: first"].get("fill") is None
    assert of["T00, added later, Ann: second"].get("fill") == "#fff"
    assert of["unassigned, added later, Ann: third"].get("d").count("a") == 2
    assert "a" not in of["unassigned, Ann: fourth"].get("d")
    assert "ringed: added later (2)" in "".join(tree.itertext())


def test_excerpt_map_of_a_first_draft_speaks_of_nothing_later():
    svg = draw_excerpt_map(some(2), scattered(20, 2))
    assert "later" not in svg


def test_excerpt_map_names_stay_where_they_were_when_more_comes():
    dots = [Dot(position=(at / 10, 0.3), segment=segment(), theme="T00") for at in range(5)]
    more = [
        Dot(position=(0.9, 0.9), segment=segment(), theme="T00", is_later=True) for _ in range(9)
    ]
    plate = re.compile(r'none"><rect x="[\d.]+" y="[\d.]+"')
    assert plate.findall(draw_excerpt_map(some(1), [*dots, *more])) == plate.findall(
        draw_excerpt_map(some(1), dots)
    )


def test_dots_of_a_draft_know_what_came_later():
    one = theme("T01", [segment()])
    member = replace(one.members[0], position=(0.1, 0.2), later=True)
    left = Unassigned(
        segment=segment("u"), reason=UnassignedReason.OUTLIER, later=True, position=(0.3, 0.4)
    )
    listed = list_dots(ThemeDraft((replace(one, members=(member,)),), (left,)))
    assert [(dot.theme, dot.is_later) for dot in listed] == [(None, True), ("T01", True)]


def test_hues_differ_among_the_nearest():
    medians = {f"T{at}": (at / 20, 0.0) for at in range(20)}
    hues = list(assign_hues(medians).values())
    assert set(hues) == set(HUES)
    assert all(len(set(hues[at : at + 3])) == 3 for at in range(18))


def test_excerpt_map_without_themes_draws_what_is_unassigned():
    tree = ElementTree.fromstring(
        draw_excerpt_map([], [Dot(position=(0.5, 0.5), segment=segment())])
    )
    assert "unassigned (1)" in "".join(tree.itertext())
