"""The heat map of codes that coders confuse."""

from __future__ import annotations

import re

import pytest

from autocode.agreement.study.table import NOTHING
from autocode.report.charts.heat_map import OTHERS, draw_heat_map, format_count

from ..support import parse_svg

COUNTS = {
    ("x", "x"): 8.0, ("x", "y"): 2.0, ("y", "x"): 2.0, ("y", "y"): 1.0,
    ("x", NOTHING): 4.0, ("z", NOTHING): 5.0, ("z", "y"): 0.5, ("y", "z"): 1.5,
}  # fmt: skip


def cells(svg):
    """The words of each cell: row by row."""
    return [g.find("title").text for g in parse_svg(svg).iter("g")]


def test_cells_say_how_many_of_the_rows_codes_met_what():
    words = cells(draw_heat_map(COUNTS, ["x", "y", "z"], {"x": "Ex", "y": "Why"}))
    assert len(words) == 3 * 4
    assert words[:4] == [
        "Ex met by Ex: 8 of 14",
        "Ex met by Why: 2 of 14",
        "Ex met by z: 0 of 14",
        f"Ex met by {NOTHING}: 4 of 14",
    ]


def test_codes_left_out_are_counted_together_so_that_rows_keep_their_sum():
    words = cells(draw_heat_map(COUNTS, ["y"], {}))
    assert words == ["y met by y: 1 of 4", f"y met by {OTHERS}: 3.5 of 4"]


def test_darker_is_a_larger_share_of_the_row_and_agreement_has_its_own_hue():
    svg = draw_heat_map({("x", "x"): 3.0, ("x", "y"): 1.0, ("y", "y"): 9.0}, ["x", "y"], {})
    fills = [e.get("fill") for e in parse_svg(svg).iter("rect")]
    hues = [re.match(r"rgba\((\d+),\d+,\d+,([\d.]+)\)", fill) for fill in fills]
    assert hues[0].group(1) == "26"
    assert hues[1].group(1) == "178"
    assert float(hues[0].group(2)) > float(hues[1].group(2)) > 0
    assert float(hues[3].group(2)) == pytest.approx(0.92)
    assert hues[2] is None


def test_no_codes_are_no_map_and_names_are_escaped():
    assert draw_heat_map({}, [], {}) == ""
    svg = draw_heat_map({("x", "x"): 1.0}, ["x"], {"x": '<b>&"'})
    parse_svg(svg)
    assert "<b>" not in svg


@pytest.mark.slow
def test_two_hundred_codes_make_a_map_that_holds_them():
    codes = [f"c{i}" for i in range(200)]
    svg = draw_heat_map({(code, code): 1.0 for code in codes}, codes, {})
    tree = parse_svg(svg)
    width, height = (float(n) for n in tree.get("viewBox").split()[2:])
    corners = [(float(e.get("x")), float(e.get("y"))) for e in tree.iter("rect")]
    assert len(corners) == 200 * 200
    assert max(x for x, _ in corners) < width
    assert max(y for _, y in corners) < height


@pytest.mark.parametrize(("n", "words"), [(2.0, "2"), (2.04, "2"), (2.5, "2.5"), (1234.0, "1234")])
def test_counts_are_whole_where_they_are(n, words):
    assert format_count(n) == words
