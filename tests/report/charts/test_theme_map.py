"""The thematic map: everything on it, nothing on anything else, the same every time."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from autocode.analysis.cooccurrence import relations
from autocode.core.codebook import Code, Codebook
from autocode.report.charts.theme_map import draw_theme_map

from ..support import NASTY, find_outside, find_overlapping, list_words, segment, theme, themes

BOOK = Codebook((Code(id="c", name="A code of ours"),))
SVG = "{http://www.w3.org/2000/svg}"


def drawn(drafted, book=BOOK, palette=None):
    svg = draw_theme_map(drafted, relations(drafted), book, palette or {"c": "#123456"})
    return svg, ElementTree.fromstring(svg)


@pytest.mark.parametrize("n", [1, 2, 5, 12, 13, 20, 60])
def test_map_names_every_theme_and_lays_no_words_on_others(n):
    svg, tree = drawn(themes(n))
    boxes = list_words(tree)
    assert {f"T{i:02d}" for i in range(n)} <= {words for *_, words in boxes}
    assert "A code of ours" in svg
    assert find_overlapping(boxes) == []
    assert find_outside(tree) == []


@pytest.mark.parametrize("n", [5, 60])
def test_map_lays_no_circle_on_words_or_circles(n):
    _, tree = drawn(themes(n))
    circles = [tuple(float(c.get(k)) for k in ("cx", "cy", "r")) for c in tree.iter(f"{SVG}circle")]
    names = [box for box in list_words(tree) if "words" in box[4]]
    assert len(circles) == n
    for (x, y, r), (to_x, to_y, to_r) in combinations(circles, 2):
        assert ((x - to_x) ** 2 + (y - to_y) ** 2) ** 0.5 > r + to_r
    for x, y, r in circles:
        for left, top, right, bottom, words in names:
            dx, dy = max(left - x, 0, x - right), max(top - y, 0, y - bottom)
            assert (dx * dx + dy * dy) ** 0.5 >= r, words


def test_map_puts_alike_themes_on_the_same_side():
    positions = {"A": (0.0, 0.1), "B": (0.05, 0.2), "C": (1.0, 0.9), "D": (0.95, 0.8)}
    _, tree = drawn(
        [theme(key, [segment()], position=position) for key, position in positions.items()]
    )
    x = {
        link.get("href")[1:]: float(link.find(f"{SVG}circle").get("cx"))
        for link in tree.iter(f"{SVG}a")
    }
    assert max(x["A"], x["B"]) < min(x["C"], x["D"])


def test_map_lists_sub_themes_where_there_is_room_and_else_shows():
    few, _ = drawn(themes(5))
    many, tree = drawn(themes(60))
    assert "1. one part" in few
    assert "1. one part" not in many
    assert any("T03.1 one part" in "".join(t.itertext()) for t in tree.iter(f"{SVG}title"))


def test_map_joins_themes_that_are_said_next_to_each_other():
    talk = [segment(f"t{t}", 100 * at) for t in range(3) for at in (0, 1)]
    alone = [segment(f"t{t}", 50_000 + 100 * at) for t in range(3) for at in (0, 1)]
    drafted = [theme("A", talk[::2]), theme("B", talk[1::2]), theme("C", alone)]
    svg, _ = drawn(drafted)
    assert "A and B: next to each other 3 times" in svg
    assert "C: next" not in svg


def test_map_escapes_names_and_is_the_same_twice():
    book = Codebook((Code(id="c", name=NASTY),))
    drafted = [theme("A", [segment()], name=NASTY, near=(("c", 0.5),), parts=(NASTY,))]
    svg, _ = drawn(drafted, book, {"c": '"><script>'})
    assert "<b>" not in svg
    assert "<script" not in svg
    assert svg == drawn(drafted, book, {"c": '"><script>'})[0]


def test_map_of_nothing_is_empty():
    assert draw_theme_map([], [], BOOK, {}) == ""


def test_map_cuts_a_name_that_is_too_long_and_says_so():
    svg, tree = drawn(themes(13, name="immeasurable{i} " * 12))
    assert "…" in svg
    assert all(box[2] - box[0] < 160 for box in list_words(tree))


def test_map_ring_is_as_long_as_the_share_of_a_sub_theme():
    _, tree = drawn([theme("A", [segment()] * 4, parts=("x", "y"))])
    arcs = [p.get("d") for p in tree.iter(f"{SVG}path")]
    ends = [re.findall(r"[-\d.]+ [-\d.]+(?=A|$)", arc) for arc in arcs]
    assert len(arcs) == 2
    (first, half), (_, top) = ends
    x, y = map(float, half.split())
    circle = tree.find(f".//{SVG}circle")
    assert y > float(circle.get("cy")) > float(first.split()[1])
    assert abs(x - float(circle.get("cx"))) < 3
    assert abs(float(top.split()[0]) - float(circle.get("cx"))) < 3
