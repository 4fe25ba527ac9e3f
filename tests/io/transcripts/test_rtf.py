from __future__ import annotations

from pathlib import Path

import pytest

from autocode.io.transcripts import rtf
from autocode.io.transcripts.rtf import read_rtf

from ..support import source, text_of

AN_RTF = Path("a.rtf")


def read(body):
    head = b"{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}"
    return text_of(read_rtf, AN_RTF, head + body + b"}")


def test_read_rtf_gives_a_line_to_each_paragraph():
    assert read(b"Ann: caf\\'e9\\par Ben: ja\\par") == "Ann: café\nBen: ja"


def test_read_rtf_reads_characters_beyond_the_code_page():
    assert read(b"Ann: \\u8364? \\u-10179?\\u-8704? end") == "Ann: € 😀 end"


def test_read_rtf_parts_the_cells_of_a_table_with_tabs():
    row = b"\\trowd Ann\\cell Hi there\\cell\\row "
    assert read(row + b"a | b\\par").split("\n")[0] == "Ann\tHi there"
    assert "a | b" in read(row + b"a | b\\par")


def test_read_rtf_leaves_pictures_out():
    picture = b"{\\pict\\pngblip " + b"89504e47" * 500 + b"}"
    assert read(b"Ann: hi\\par " + picture + b"Ben: ho") == "Ann: hi\nBen: ho"


CELLS = b"\\intbl %s\\cell %s\\cell\\row "
INNER = b"\\pard\\intbl\\itap2 %s\\nestcell %s\\nestcell{\\*\\nesttableprops\\trowd\\nestrow}"
LINES = {
    "deleted and inserted words": (
        b"I was {\\deleted angry}{\\revised furious} then.\\par",
        ["I was furious then."],
    ),
    "a deleted paragraph end": (b"P: one {\\deleted\\par }and two\\par", ["P: one and two"]),
    "hidden words and paragraphs": (
        b"They sent {\\v SECRET }it.\\par{\\v all of it\\par}\\v x\\v0 P: b\\par",
        ["They sent it.", "P: b"],
    ),
    "headers, footnotes, fields": (
        b'{\\header Interview 12}a{\\footnote note}{\\field{\\*\\fldinst{HYPERLINK "x"}}'
        b"{\\fldrslt{ the trust}}}{\\*\\unknown zzz}\\par",
        ["a the trust"],
    ),
    "a text box once": (
        b"P: before.{\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv b}}{\\shptxt I: one\\par P: two\\par}}"
        b"{\\shprslt I: one}}\\par I: after",
        ["P: before.", "I: one", "P: two", "I: after"],
    ),
    "a table in a cell": (
        b"\\trowd\\pard\\intbl P:\\cell Short.\\par"
        + INNER % (b"I:", b"Why?")
        + b"\\pard\\intbl\\cell\\row\\pard after",
        ["P:\tShort.", "I:\tWhy?", "after"],
    ),
    "paragraphs in a cell": (b"\\trowd" + CELLS % (b"P:", b"One.\\par Two."), ["P:\tOne. Two."]),
    "a box of one cell": (
        b"\\trowd\\intbl I: one\\par P: two\\cell\\row\\pard x",
        ["I: one", "P: two", "x"],
    ),
    "code pages of fonts": (
        b"{\\fonttbl{\\f1\\fcharset204 A;}{\\f2\\fcharset128 B;}{\\f3\\fcharset2 C;}}"
        b"\\f1\\'cf\\'ee\\f2 \\'83A\\'93\\'fa{\\f3 J}\\f0 \\'e9\\par",
        ["Поア日é"],
    ),
    "fallbacks of characters": (
        b"\\uc2 a\\u228\\'e4?b\\uc0\\u233 c{\\uc1\\u8364 ?}d",
        ["aäbéc€d"],
    ),
    "signs": (b"\\{a\\}\\~b\\-c\\_d\\line e\\\nf", ["{a}\xa0bc-d", "e", "f"]),
}


@pytest.mark.parametrize(("body", "lines"), LINES.values(), ids=LINES)
def test_read_rtf_gives_words_once_as_they_are_shown(body, lines):
    assert read(body).split("\n") == lines


def test_read_rtf_says_what_it_leaves_out():
    body = (
        b"{\\rtf1{\\header {\\b Study}}a{\\footnote x} {\\v b c}{\\deleted d}"
        b"{\\*\\atnauthor Ana}{\\*\\annotation why?}\\par"
    )
    assert read_rtf(source(AN_RTF, body)).warnings[-4:] == [
        "1 comment is not part of the text; --comments takes those that name codes as codings",
        "headers and footers, 1 footnote, 2 hidden words not read",
        "tracked changes are read as accepted",
        "the file is cut off: its last group is not closed; look at the end of the text",
    ]


def test_read_rtf_keeps_comments_at_their_words():
    raw = (
        b"{\\rtf1 P: I {\\*\\atrfstart 1}lost my {\\b job}{\\*\\atrfend 1}{\\*\\atnid A}"
        b"{\\*\\atnauthor Ana}\\chatn {\\*\\annotation{\\*\\atnref 1}\\pard CODE hardship}"
        b" in May.\\par P: last{\\*\\atnauthor Ben}{\\*\\annotation end}\\par}"
    )
    parsed = read_rtf(source(AN_RTF, raw))
    assert [(c.author, c.words, c.span.of(parsed.text)) for c in parsed.comments] == [
        ("Ana", "CODE hardship", "lost my job"),
        ("Ben", "end", "P: last"),
    ]


def test_read_rtf_refuses_a_file_without_words(refusal):
    assert "holds no text" in refusal(AN_RTF, lambda path: read(b" "))["fault"]


def test_read_rtf_refuses_what_would_take_minutes(refusal, monkeypatch):
    monkeypatch.setattr(rtf, "MOST_RICH_TEXT", 50)
    assert (
        "more than a transcript needs" in refusal(AN_RTF, lambda path: read(b"so " * 50))["fault"]
    )


def test_read_rtf_reads_a_text_that_ends_in_bold_words():
    parsed = read_rtf(source(AN_RTF, b"{\\rtf1 I: So?\\par P: {\\b no}\\par I: {\\b Why?}}"))
    assert [(u.speaker, u.words) for u in parsed.utterances] == [
        ("I", "So?"), ("P", "no"), ("I", "Why?"),
    ]  # fmt: skip
    bold = b"{\\rtf1 {\\b Ann}\\par yes\\par {\\b Ben}\\par no\\par {\\b Ann}\\par {\\b so}}"
    assert read_rtf(source(AN_RTF, bold)).text.endswith("so")
