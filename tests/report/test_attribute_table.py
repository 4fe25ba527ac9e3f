"""A table by attributes: participants, segments, shade, links."""

from __future__ import annotations

import re

import pytest

from autocode.report.attribute_table import Cell, Column, Crossed, Line, crossed

from .support import NASTY

REGION = Crossed(
    "region",
    [Column("north", 4), Column("south", 0)],
    [[Cell(4, 9), Cell(0, 0)], [Cell(1, 1), Cell(0, 0)]],
)


def test_table_counts_participants_and_shades_by_share():
    html = crossed("Theme", [Line("T01 bus", link="T01"), Line("T02 van", link="T02")], [REGION])
    cells = re.findall(r"rgba\(43,108,176,([\d.]+)\)[^>]*>(.*?)</td>", html)
    assert cells == [
        ("0.34", '4 <span class="soft">(9)</span>'),
        ("0.00", ""),
        ("0.09", '1 <span class="soft">(1)</span>'),
        ("0.00", ""),
    ]
    assert '<a href="#T01">T01 bus</a>' in html
    assert "n=4" in html


def test_table_sets_attributes_side_by_side():
    html = crossed("Code", [Line("a", "#123456"), Line("b")], [REGION, REGION])
    assert html.count("<tr>") == 4
    assert html.count('colspan="2"') == 2
    assert "#123456" in html


def test_table_escapes_everything():
    table = Crossed(NASTY, [Column(NASTY, 1)], [[Cell(1, 1)]])
    html = crossed(NASTY, [Line(NASTY, NASTY, NASTY)], [table])
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_table_of_nothing_is_empty_and_one_that_does_not_fit_is_refused():
    assert crossed("Code", [], [REGION]) == crossed("Code", [Line("a")], []) == ""
    with pytest.raises(ValueError, match="region"):
        crossed("Code", [Line("a")], [REGION])
