"""A table by attributes: participants, segments, shade, links."""

from __future__ import annotations

import re

import pytest

from autocode.analysis.attribute_values import NOT_GIVEN
from autocode.analysis.cross_tabs import Count, CrossRow, CrossTable, Eligible
from autocode.report.attribute_table import RowHead, render_attribute_tables

from .support import NASTY

REGION = CrossTable(
    of="themes",
    by=("region",),
    eligible=Eligible.IN_DRAFT,
    columns=(("north",), ("south",)),
    totals=(Count(9, 4), Count(0, 0)),
    rows=(
        CrossRow("T01", "bus", (Count(9, 4), Count(0, 0))),
        CrossRow("T02", "van", (Count(1, 1), Count(0, 0))),
    ),
)
HEADS = [RowHead("T01 bus", link="T01"), RowHead("T02 van", link="T02")]


def test_table_counts_participants_and_shades_by_share():
    html = render_attribute_tables("Theme", HEADS, [REGION])
    cells = re.findall(r"rgba\(43,108,176,([\d.]+)\)\">(.*?)</td>", html, flags=re.DOTALL)
    assert [(shade, " ".join(words.split())) for shade, words in cells] == [
        ("0.34", '4 <span class="soft">(9)</span>'),
        ("0.00", ""),
        ("0.09", '1 <span class="soft">(1)</span>'),
        ("0.00", ""),
    ]
    assert '<a href="#T01">T01 bus</a>' in html
    assert "n=4" in html


def test_table_sets_attributes_side_by_side():
    heads = [RowHead("a", "#123456"), RowHead("b")]
    html = render_attribute_tables("Code", heads, [REGION, REGION])
    assert html.count("<tr>") == 4
    assert html.count('colspan="2"') == 2
    assert "#123456" in html


def test_table_says_where_a_value_is_not_given():
    table = CrossTable(
        of="codes",
        by=("region",),
        eligible=Eligible.READ_BY_PEOPLE,
        columns=((NOT_GIVEN,),),
        totals=(Count(1, 1),),
        rows=(CrossRow("a", "a", (Count(1, 1),)),),
    )
    assert "not given" in render_attribute_tables("Code", [RowHead("a")], [table])


def test_table_escapes_everything():
    table = CrossTable(
        of="codes",
        by=(NASTY,),
        eligible=Eligible.READ_BY_PEOPLE,
        columns=((NASTY,),),
        totals=(Count(1, 1),),
        rows=(CrossRow(NASTY, NASTY, (Count(1, 1),)),),
    )
    html = render_attribute_tables(NASTY, [RowHead(NASTY, NASTY, NASTY)], [table])
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_table_of_nothing_is_empty_and_one_that_does_not_fit_is_refused():
    assert render_attribute_tables("Code", [], [REGION]) == ""
    assert render_attribute_tables("Code", HEADS, []) == ""
    with pytest.raises(ValueError, match="region"):
        render_attribute_tables("Code", [RowHead("a")], [REGION])
