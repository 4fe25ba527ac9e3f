from __future__ import annotations

from pathlib import Path

import pytest

from autocode.io.transcripts import rtf
from autocode.io.transcripts.rtf import read_rtf

from ..support import text_of

AN_RTF = Path("a.rtf")


def read(body):
    head = b"{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}"
    return text_of(read_rtf, AN_RTF, head + body + b"}")


def test_read_rtf_gives_a_line_to_each_paragraph():
    assert read(b"Ann: caf\\'e9\\par Ben: ja\\par") == "Ann: café\nBen: ja\n"


def test_read_rtf_reads_characters_beyond_the_code_page():
    assert read(b"Ann: \\u8364? \\u-10179?\\u-8704? end") == "Ann: € 😀 end"


def test_read_rtf_parts_the_cells_of_a_table_with_tabs():
    row = b"\\trowd Ann\\cell Hi there\\cell\\row "
    assert read(row + b"a | b\\par").split("\n")[0] == "Ann\tHi there"
    assert "a | b" in read(row + b"a | b\\par")


def test_read_rtf_leaves_pictures_out():
    picture = b"{\\pict\\pngblip " + b"89504e47" * 500 + b"}"
    assert read(b"Ann: hi\\par " + picture + b"Ben: ho") == "Ann: hi\nBen: ho"


@pytest.mark.parametrize(
    ("body", "fault"),
    [(b" ", "holds no text"), (b"{\\f1}" * 10_001, "more than 10000 fonts")],
    ids=["no words", "fonts"],
)
def test_read_rtf_refuses_in_one_line(refusal, body, fault):
    assert fault in refusal(AN_RTF, lambda path: read(body))["fault"]


def test_read_rtf_refuses_what_would_take_minutes(refusal, monkeypatch):
    monkeypatch.setattr(rtf, "MOST_RICH_TEXT", 50)
    assert (
        "more than a transcript needs" in refusal(AN_RTF, lambda path: read(b"so " * 50))["fault"]
    )
