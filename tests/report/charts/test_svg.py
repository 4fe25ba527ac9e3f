"""SVG elements: words cut to a width, attributes escaped."""

from __future__ import annotations

import pytest

from autocode.report.charts import svg

from ..support import NASTY, parse_svg


@pytest.mark.parametrize("words", ["short", "a much longer line of words", "漢字漢字漢字漢字"])
@pytest.mark.parametrize("width", [20, 60, 400])
def test_fitted_words_are_no_wider_than_their_room(words, width):
    fitted = svg.fit_text(words, width, size=12)
    assert svg.measure_width(fitted, 12) <= width
    assert fitted == words or fitted.endswith("…")


def test_wrapped_words_keep_their_order_and_say_what_is_missing():
    lines = svg.wrap_text("one two three four five six", 60, size=12, most=2)
    assert len(lines) == 2
    assert " ".join(lines).startswith("one two")
    assert lines[-1].endswith("…")


def test_attributes_are_escaped_and_none_is_left_out():
    element = parse_svg(svg.draw("rect", x=1.239, stroke_width=2.0, fill=NASTY, rx=None))
    assert element.attrib == {"x": "1.24", "stroke-width": "2", "fill": NASTY}


def test_words_and_tooltips_are_escaped():
    element = parse_svg(svg.draw_text(0, 0, NASTY, tooltip=NASTY, square=NASTY))
    assert element.findtext("title") == NASTY
    assert "<b>" not in svg.draw_text(0, 0, NASTY, tooltip=NASTY, square=NASTY)
