"""The tree of themes: right heights, every theme once, and files that do not fit."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from autocode.report.charts.dendrogram import draw_dendrogram

from ..support import NASTY, segment, theme

SVG = "{http://www.w3.org/2000/svg}"


def four(name=""):
    return [theme(key, [segment()] * (at + 1), name=name) for at, key in enumerate("ABCD")]


MERGES = [("A", "C", 0.2), ("B", "D", 0.3), (0, 1, 0.8)]


def titles(svg):
    return [t.text for t in ElementTree.fromstring(svg).iter(f"{SVG}title")]


def rows(svg):
    """Theme keys from top to bottom."""
    return re.findall(r'href="#(\w)"', svg)


def test_tree_shows_every_merge_and_keeps_branches_together():
    svg = draw_dendrogram(four(), MERGES)
    assert {t for t in titles(svg) if "merge" in t} == {
        "A and C merge at 0.20",
        "B and D merge at 0.30",
        "A, C and B, D merge at 0.80",
    }
    assert rows(svg) == ["A", "C", "B", "D"]


def test_tree_draws_merges_further_left_the_less_alike():
    merges_drawn = ElementTree.fromstring(draw_dendrogram(four(), MERGES)).iter(f"{SVG}path")
    left = {
        p.find(f"{SVG}title").text[-4:]: float(p.get("d").split("H")[1].split("V")[0])
        for p in merges_drawn
    }
    assert left["0.80"] < left["0.30"] < left["0.20"]
    # The axis is even: 0.1 of height is the same everywhere.
    assert left["0.20"] - left["0.30"] == pytest.approx((left["0.30"] - left["0.80"]) / 5, abs=0.2)


def test_tree_without_merges_is_empty():
    assert draw_dendrogram(four(), []) == ""
    assert draw_dendrogram([], MERGES) == ""
    assert draw_dendrogram(four()[:1], MERGES) == ""


def test_tree_goes_on_where_a_theme_is_gone_or_new():
    svg = draw_dendrogram([*four()[1:], theme("N", [segment()])], MERGES)
    assert {t for t in titles(svg) if "merge" in t} == {
        "B and D merge at 0.30",
        "B, D and C merge at 0.80",
    }
    assert rows(svg) == ["B", "D", "C", "N"]


def test_tree_escapes_and_fits_a_long_name():
    svg = draw_dendrogram(four(NASTY + " very long" * 30), MERGES)
    assert "<b>" not in svg
    assert "…" in svg
    ElementTree.fromstring(svg)


def test_tree_of_sixty_themes_names_each_once():
    leaves = [theme(f"T{i:02d}", [segment()]) for i in range(60)]
    merges = [("T00", "T01", 0.01), *((i, f"T{i + 2:02d}", 0.01 * (i + 2)) for i in range(58))]
    svg = draw_dendrogram(leaves, merges)
    assert len(re.findall(r'href="#T\d\d"', svg)) == 60
    ElementTree.fromstring(svg)
