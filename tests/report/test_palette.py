"""Colours: readable on each other, the same on pages and charts, one for each code."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from autocode.core.codebook import Code, Codebook
from autocode.report import palette
from autocode.report.palette import assign_code_colours, choose_letter_colour


def test_text_is_readable_on_its_background():
    assert choose_letter_colour("#1a4a7a") == palette.PAPER
    assert choose_letter_colour("#f3b6b6") == "#000"
    assert choose_letter_colour("#fff") == "#000"
    assert choose_letter_colour("red; background:url(x)") == palette.INK


@pytest.mark.parametrize("name", ["ink", "soft", "line", "paper", "wash", "blue"])
def test_stylesheet_has_the_colours_of_the_palette(name):
    style = (files("autocode.report") / "templates" / "style.css").read_text(encoding="utf-8")
    assert re.search(rf"--{name}:([^;]+);", style)[1] == getattr(palette, name.upper())


def test_code_has_its_own_colour_or_that_of_its_parent_or_the_next():
    book = Codebook(
        (
            Code(id="a", name="A", colour="#123456"),
            Code(id="b", name="B", parent="a"),
            Code(id="c", name="C"),
            Code(id="d", name="D"),
        )
    )
    assert assign_code_colours(book) == {
        "a": "#123456",
        "b": "#123456",
        "c": palette.CODE_COLOURS[0],
        "d": palette.CODE_COLOURS[1],
    }
