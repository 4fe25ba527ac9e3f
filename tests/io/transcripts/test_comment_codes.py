from __future__ import annotations

import pytest

from autocode.core.codebook import Code, Codebook
from autocode.io.transcripts.comment_codes import find_codes

BOOK = Codebook(
    (Code(id="cost", name="Cost of living, rent and food"), Code(id="w", name="Waiting"))
)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("hardship", ("hardship",)),
        ("CODE hardship", ("hardship",)),
        ("Code: loss of job, hardship", ("loss of job", "hardship")),
        ("#hardship #cost", ("hardship #cost",)),
        ("#hardship; #cost", ("hardship", "cost")),
        ("Kode: Not\nWarten", ("Not", "Warten")),
        ("waiting, cost", ("waiting", "cost")),
        ("cost of living, rent and food", ("cost of living, rent and food",)),
        ("coded by me", ("coded by me",)),
        ("loss, of a sort", ("loss, of a sort",)),
        ("Compare with what P3 says about the same week.", ()),
        ("Why?", ()),
        ("See below.", ()),
        ("", ()),
        ("困难", ("困难",)),
    ],
)
def test_find_codes_tells_codes_from_remarks(words, names):
    assert find_codes(words, BOOK) == names
