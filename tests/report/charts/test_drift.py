"""Kappa from transcript to transcript as a picture."""

from __future__ import annotations

import pytest

from autocode.agreement.coefficients.result import Coefficient
from autocode.agreement.study.table import TranscriptAgreement
from autocode.report.charts.drift import draw_drift

from ..support import parse_svg

TOP, HEIGHT = 12.0, 190.0


def step(name, kappa, n_units=10):
    value = Coefficient(
        name="pooled_kappa", value=kappa, n_units=n_units, reason="" if kappa is not None else "why"
    )
    return TranscriptAgreement(
        transcript=name,
        n_units=n_units,
        percent=Coefficient(name="percent", value=0.9, n_units=n_units),
        pooled_kappa=value,
        codes_per_unit={},
    )


def circles(svg):
    tree = parse_svg(svg)
    return [tuple(float(e.get(k)) for k in ("cx", "cy", "r")) for e in tree.iter("circle")]


@pytest.mark.parametrize("steps", [[], [step("a", 0.5)], [step("a", 0.5), step("b", None)]])
def test_fewer_than_two_values_are_no_picture(steps):
    assert draw_drift(steps, 0.5) == ""


def test_dots_go_from_left_to_right_in_the_order_given_higher_where_kappa_is():
    dots = circles(draw_drift([step("z", 0.2), step("a", 1.0), step("m", 0.0)], None))
    assert [x for x, _, _ in dots] == sorted(x for x, _, _ in dots)
    assert [y for _, y, _ in dots] == pytest.approx(
        [TOP + HEIGHT * 0.8, TOP, TOP + HEIGHT], abs=0.06
    )


def test_the_scale_reaches_down_to_negative_values_and_no_dot_leaves_it():
    dots = circles(draw_drift([step("a", -0.35), step("b", 1.0)], 0.1))
    # From -0.4 to 1.
    assert dots[0][1] == pytest.approx(TOP + HEIGHT * (1 - 0.05 / 1.4), abs=0.06)


def test_dots_are_larger_where_more_was_read():
    dots = circles(draw_drift([step("a", 0.5, 1), step("b", 0.5, 100)], None))
    assert dots[0][2] < dots[1][2] == 7.0


def test_undefined_is_a_question_mark_in_its_place():
    tree = parse_svg(draw_drift([step("a", 0.5), step("b", None), step("c", 0.6)], None))
    (mark,) = [t for t in tree.iter("text") if t.find("title") is not None and t[0].tail == "?"]
    xs = [float(e.get("cx")) for e in tree.iter("circle")]
    assert xs[0] < float(mark.get("x")) < xs[1]


def test_names_are_escaped_and_left_out_where_there_are_too_many():
    few = draw_drift([step("<b>a&b</b>", 0.1), step("c", 0.2)], 0.15)
    parse_svg(few)
    assert "<b>" not in few
    assert "rotate(-50)" in few
    many = draw_drift([step(f"t{i}", 0.5) for i in range(200)], 0.5)
    assert "rotate(-50)" not in many
    assert len(circles(many)) == 200
