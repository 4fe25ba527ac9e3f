"""Axes: scales, round ticks, and the lines and labels of a grid."""

from __future__ import annotations

import pytest

from autocode.report.charts.axes import (
    LinearScale,
    choose_step,
    draw_grid,
    format_tick,
    make_coefficient_scale,
)

from ..support import parse_svg


def test_scale_maps_its_ends_and_keeps_other_values_inside():
    scale = LinearScale(low=-1, high=1, start=200, end=0)
    assert [scale(value) for value in (-1, 0, 1, -7, 9)] == [200, 100, 0, 200, 0]


@pytest.mark.parametrize(
    ("low", "high", "step", "ticks"),
    [(0, 1, 0.2, [0, 0.2, 0.4, 0.6, 0.8, 1]), (-0.4, 1, 0.2, 8), (0.1, 0.9, 0.5, [0.5])],
)
def test_ticks_are_multiples_of_the_step_on_the_scale(low, high, step, ticks):
    listed = LinearScale(low=low, high=high, start=0, end=1).list_ticks(step)
    if isinstance(ticks, int):
        assert len(listed) == ticks
    else:
        assert listed == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("values", "low"), [([], 0), ([0.3], 0), ([-0.01], -0.2), ([-0.41, 0.5], -0.6), ([-3], -1)]
)
def test_coefficients_start_at_zero_or_the_fifth_below_the_lowest(values, low):
    assert make_coefficient_scale(values, start=0, end=1).low == pytest.approx(low)


@pytest.mark.parametrize(
    ("most", "step"), [(1, 1), (5, 1), (6, 2), (20, 5), (100, 20), (7e3, 2000)]
)
def test_step_is_round_and_makes_five_at_most(most, step):
    assert choose_step(most) == step
    assert most / step <= 5


def test_grid_has_a_line_and_a_label_for_each_tick():
    scale = make_coefficient_scale([-0.1], start=100, end=0)
    tree = parse_svg(f"<g>{''.join(draw_grid(scale, 0.2, left=10, right=90))}</g>")
    assert len(tree.findall("line")) == len(tree.findall("text")) == 7
    assert tree.findall("text")[0].text == format_tick(-0.2) == "−0.2"
