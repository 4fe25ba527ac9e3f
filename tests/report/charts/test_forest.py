"""Forest plots: rows in order, marks in the right place, nothing unescaped."""

from __future__ import annotations

import re

import pytest

from autocode.agreement.coefficients.result import Coefficient, Interval
from autocode.report.charts.forest import ForestRow, draw_forest, draw_interval_strip

from ..support import parse_svg

NASTY = '<b>&"x"</b>'
LEFT, RIGHT = 342.0, 820.0


def c(value, low=None, high=None, reason="", n_undefined=0):
    limits = (
        None
        if low is None
        else Interval(
            low=low,
            high=high,
            level=0.95,
            method="percentile",
            n_resamples=200,
            n_undefined=n_undefined,
        )
    )
    return Coefficient(name="alpha", value=value, n_units=10, reason=reason, interval=limits)


def drawn(*rows, **options):
    fields = ("name", "coefficient", "n", "note", "is_overall")
    made = [ForestRow(**dict(zip(fields, row, strict=False))) for row in rows]
    svg = draw_forest(made, label="alpha by code", **options)
    return svg, parse_svg(svg)


def rows_of(tree):
    """The title of each row, from top to bottom."""
    return [g.find("title").text for g in tree.iter("g")]


def paths(tree):
    return [p.get("d") for p in tree.iter("path")]


def test_no_rows_are_no_plot():
    assert draw_forest([], label="x") == ""


def test_rows_stand_in_the_order_given_from_top_to_bottom():
    _, tree = drawn(*[(f"code {i}", c(i / 10)) for i in (3, 1, 2)])
    assert [words.split(";")[0] for words in rows_of(tree)] == ["code 3", "code 1", "code 2"]
    heights = [float(t.get("y")) for t in tree.iter("text") if (t.text or "").startswith("code ")]
    assert heights == sorted(heights)
    assert len(set(heights)) == 3


@pytest.mark.parametrize(
    ("value", "low", "high", "lowest"),
    [(0.5, 0.25, 0.75, 0.0), (1.0, 0.0, 1.0, 0.0), (0.1, -0.3, 0.4, -0.4), (-1.0, -1.0, 0, -1.0)],
)
def test_interval_and_value_stand_where_the_axis_says(value, low, high, lowest):
    _, tree = drawn(("a", c(value, low, high)))

    def x(at):
        return LEFT + (RIGHT - LEFT) * (at - lowest) / (1 - lowest)

    line, square = paths(tree)
    ends = [float(n) for n in re.findall(r"M([\d.]+) ", line)]
    assert ends == pytest.approx([x(low), x(low), x(high)], abs=0.06)
    corner = float(re.match(r"M([\d.]+) ", square).group(1))
    assert corner + 4 == pytest.approx(x(value), abs=0.06)
    ticks = {t.text for t in tree.iter("text")}
    assert {"0", "1"} <= {t.replace("0.0", "0") for t in ticks if t}


def test_a_value_without_an_interval_has_a_mark_and_says_so():
    svg, tree = drawn(("a", c(0.5)))
    assert len(paths(tree)) == 1
    assert "0.50 [no interval]" in svg


def test_undefined_has_no_mark_but_its_reason():
    svg, tree = drawn(("a", c(None, reason="no variation")))
    assert paths(tree) == []
    assert "undefined: no variation" in svg
    assert "None" not in svg
    assert "nan" not in svg


def test_the_overall_row_is_a_diamond_with_a_line_through_all_rows():
    _, tree = drawn(("all", c(0.5, 0.4, 0.6), "", "", True), *[(f"c{i}", c(0.3)) for i in range(3)])
    (line,) = [e for e in tree.iter("line") if e.get("stroke-dasharray") == "2 4"]
    assert float(line.get("x1")) == pytest.approx((LEFT + RIGHT) / 2)
    assert float(line.get("y2")) - float(line.get("y1")) == pytest.approx(4 * 21)


def test_rows_with_one_note_share_a_heading():
    _, tree = drawn(("a", c(0.1), "", "rare"), ("b", c(0.2), "", "rare"), ("d", c(0.3)))
    assert sum(t.text == "rare" for t in tree.iter("text")) == 1


def test_undefined_draws_are_told():
    svg, _ = drawn(("a", c(0.5, 0.1, 0.9, n_undefined=7)))
    assert "7 of 200 draws undefined" in svg


def test_names_reasons_notes_and_label_are_escaped():
    svg = draw_forest(
        [ForestRow(name=NASTY, coefficient=c(None, reason=NASTY), n="1", note=NASTY)],
        label=NASTY,
        counts="uses",
    )
    parse_svg(svg)
    assert "<b>" not in svg
    assert "&lt;b&gt;" in svg


def test_two_hundred_codes_fit_below_each_other():
    _, tree = drawn(*[(f"code {i}", c(0.5, 0.4, 0.6)) for i in range(200)])
    assert len(rows_of(tree)) == 200
    height = float(tree.get("viewBox").split()[3])
    assert max(float(t.get("y")) for t in tree.iter("text")) < height


def test_a_strip_reaches_below_zero_only_where_it_must():
    assert draw_interval_strip(c(None)) == ""
    above, below = draw_interval_strip(c(0.5, 0.2, 0.8)), draw_interval_strip(c(0.5, -0.2, 0.8))

    def circle(svg):
        return float(parse_svg(svg)[-1].get("cx"))

    assert circle(above) == pytest.approx(4 + 142 * 0.5)
    assert circle(below) == pytest.approx(4 + 142 * 0.75)


def test_the_head_of_the_counts_keeps_clear_of_the_axis():
    _, tree = drawn(("one", c(-0.1), "4"))
    heads = {t.text: float(t.get("x")) for t in tree.iter("text")}
    # "uses" ends where it stands; "−0.2" is 26 pixels wide at most.
    assert heads["uses"] + 4 <= heads["−0.2"] - 13
