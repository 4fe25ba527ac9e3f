"""Boxes that are put separate_boxes, and cards in rows."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocode.report.charts.layout import Box, lay_out_cards, separate_boxes

boxes = st.builds(
    Box,
    x=st.floats(0, 500),
    y=st.floats(0, 300),
    width=st.floats(5, 120),
    height=st.floats(5, 60),
)


@settings(max_examples=40)
@given(st.lists(boxes, max_size=14))
def test_apart_lays_no_box_on_another_and_keeps_sizes(given_boxes):
    placed = separate_boxes(given_boxes, 500, gap=4)
    assert [(b.width, b.height) for b in placed] == [(b.width, b.height) for b in given_boxes]
    for at, box in enumerate(placed):
        assert box.width / 2 - 0.01 <= box.x <= 500 - box.width / 2 + 0.01
        for other in placed[at + 1 :]:
            assert min(box.measure_overlap(other, 0)) <= 0


def test_apart_leaves_alone_what_is_apart():
    boxes_apart = [Box(x=50, y=50, width=20, height=20), Box(x=200, y=80, width=20, height=20)]
    assert separate_boxes(boxes_apart, 500) == boxes_apart


@pytest.mark.parametrize("n", [1, 2, 7, 60])
def test_laid_gives_every_card_a_spot_of_its_own(n):
    positions = [(i * 37 % 100 / 100, i * 61 % 100 / 100) for i in range(n)]
    layout = lay_out_cards(positions, [(20, 60)] * n, cell=140, width=1000, slack=1.1)
    assert len({spot for spot in layout.points}) == n
    rows = sorted({spot[1] for spot in layout.points})
    assert all(b - a >= 80 for a, b in itertools.pairwise(rows))
    assert rows[-1] + 60 <= layout.height
    for row in rows:
        across = sorted(spot[0] for spot in layout.points if spot[1] == row)
        assert all(b - a >= 140 for a, b in itertools.pairwise(across))
        assert across[0] >= 70
        assert across[-1] <= 930


def test_laid_gives_themes_in_one_place_spots_of_their_own():
    layout = lay_out_cards([(0.5, 0.5)] * 9, [(20, 20)] * 9, cell=140, width=1000, slack=1.5)
    assert len({spot for spot in layout.points}) == 9
