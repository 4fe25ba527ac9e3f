from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.io.transcripts.document import DocumentLine
from autocode.io.transcripts.folding import fold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann\u00a0: so", "Ann : so"),
        ("Ann :\u202fso", "Ann : so"),
        ("\u200f\u202bAnn\ufeff: so\u202c", "Ann: so"),
        ("（Ann）［x］", "(Ann)[x]"),
        ("علی\u200cرضا: بله", "علی\u200cرضا: بله"),
    ],
)
def test_fold_makes_blanks_alike_and_drops_what_is_not_seen(text, expected):
    assert fold(text).text == expected


def test_fold_shows_headings_and_bold_words_as_marks():
    text = "Mike\nHi  there\nMatt said"
    lines = [
        DocumentLine(start=0, end=4, heading=2),
        DocumentLine(start=5, end=14),
        DocumentLine(start=15, end=24, bold=5),
    ]
    assert fold(text, lines).text == "## Mike\nHi  there\n**Matt** said"


@given(st.text(st.sampled_from("aB \u200b\u202b\u00a0\n\ufeff:"), max_size=40), st.integers(0, 6))
def test_fold_leads_every_position_back(text, bold):
    folded = fold(text, [DocumentLine(start=0, end=len(text), bold=bold)])
    for at, char in enumerate(folded.text):
        if char not in "* ":
            assert text[folded.find_start(at)] == char
            assert text[folded.find_end(at + 1) - 1] == char
