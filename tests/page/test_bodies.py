"""What stands in an address is a number, or is taken for the usual one."""

from __future__ import annotations

import pytest

from autocode.page.bodies import read_number


@pytest.mark.parametrize(
    ("words", "number"),
    [("0", 0), ("12345678", 12_345_678), ("007", 7)]
    + [(words, 5) for words in ("", "-1", "+1", "1.5", " 1", "1e3", "٣", "²", "1" * 9, "9" * 5000)],
)
def test_a_number_in_an_address_is_read_and_anything_else_is_the_usual_one(words, number):
    assert read_number(words, 5) == number
