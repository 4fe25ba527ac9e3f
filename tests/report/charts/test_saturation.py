"""The saturation curve: the numbers it was given, in the right places."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from autocode.analysis.saturation import SaturationStep
from autocode.report.charts.saturation import draw_saturation

from ..support import find_outside, find_overlapping, list_words

SVG = "{http://www.w3.org/2000/svg}"


def step(n, mean, *, spread=0.0, most=20.0):
    return SaturationStep(
        n=n,
        transcript=f"t{n}",
        new=0,
        as_imported=max(mean - spread / 2, 0),
        mean=mean,
        low=max(mean - spread, 0),
        high=min(mean + spread, most),
    )


def steps(n, most=20.0):
    return [step(at, most * at / n, spread=2.0, most=most) for at in range(1, n + 1)]


def points(svg, tag):
    elements = ElementTree.fromstring(svg).iter(f"{SVG}{tag}")
    return [
        [tuple(map(float, p.split(","))) for p in one.get("points").split()] for one in elements
    ]


@pytest.mark.parametrize("n", [2, 9, 40, 300])
def test_curve_has_a_point_for_every_transcript_and_rises(n):
    svg = draw_saturation(steps(n), counted="codes seen", band="95 % of 500 orders")
    came, mean = points(svg, "polyline")
    (band,) = points(svg, "polygon")
    assert len(mean) == len(came) == n
    assert len(band) == 2 * n
    assert [x for x, _ in mean] == sorted(x for x, _ in mean)
    assert all(b[1] < a[1] for a, b in itertools.pairwise(mean))
    for (x, y), high, low in zip(mean, band[:n], reversed(band[n:]), strict=True):
        assert high[0] == low[0] == x
        assert high[1] <= y <= low[1]


def test_curve_tells_numbers_and_names_what_it_counts():
    svg = draw_saturation(steps(4), counted="<codes> seen", band="95 % of 500 orders")
    assert "2 transcripts: 10.0 &lt;codes&gt; seen (8 to 12); in the order imported 9" in svg
    assert "mean, and 95 % of 500 orders" in svg
    assert "<codes>" not in svg


@pytest.mark.parametrize(("most", "ticks"), [(3, "0123"), (20, ["0", "5", "10", "15", "20"])])
def test_curve_counts_in_round_numbers(most, ticks):
    svg = draw_saturation(steps(5, most), counted="codes", band="all orders")
    assert re.findall(r'text-anchor="end"[^>]*>([^<]+)<', svg) == list(ticks)


def test_curve_of_one_transcript_is_empty():
    assert draw_saturation(steps(1), counted="codes", band="") == ""


def test_curve_of_nothing_seen_is_a_flat_line():
    flat = draw_saturation([step(n, 0.0) for n in (1, 2, 3)], counted="codes", band="all orders")
    _, mean = points(flat, "polyline")
    assert len({y for _, y in mean}) == 1


def test_band_ends_where_the_steps_have_none():
    last = replace(step(4, 12.0), low=None, high=None)
    svg = draw_saturation([*steps(4)[:3], last], counted="codes seen", band="95 % of 500 orders")
    (band,) = points(svg, "polygon")
    _, mean = points(svg, "polyline")
    assert len(band) == 2 * 3
    assert len(mean) == 4
    assert "4 transcripts: 12.0 codes seen; in" in svg


def test_key_fits_the_chart():
    band = "95 % over 1,000 orders of the same transcripts"
    tree = ElementTree.fromstring(draw_saturation(steps(4), counted="draft themes seen", band=band))
    assert not find_outside(tree)
    assert not find_overlapping(list_words(tree))
