from __future__ import annotations

import contextlib
import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from autocode.core.errors import FileRefused
from autocode.io import limits
from autocode.io.transcripts.word import read_docx, read_word

from ..support import comment, source, text_of, word

A_DOCX = Path("a.docx")


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def document(*paragraphs):
    made = docx.Document()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    return made


def repacked(raw, change):
    """The archive with each (name, bytes) put through `change`; None leaves the part out."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if part := change(name, old.read(name)):
                new.writestr(*part)
    return stream.getvalue()


PLAIN = saved(document("Ann: hello", "", "Ben: é 👋 שלום"))


def test_read_docx_gives_a_line_to_each_paragraph():
    assert text_of(read_docx, A_DOCX, PLAIN) == "Ann: hello\n\nBen: é 👋 שלום"


def test_read_docx_reads_tables_in_their_place():
    made = document("before")
    table = made.add_table(2, 3)
    for cell, words in zip([c for row in table.rows for c in row.cells], "abcdef", strict=True):
        cell.text = words
    table.cell(0, 1).merge(table.cell(0, 2)).text = "two\nlines"
    made.add_paragraph("after")
    assert text_of(read_docx, A_DOCX, saved(made)) == "before\na\ttwo lines\nd\te\tf\nafter"


def test_read_docx_keeps_inserted_words_and_leaves_out_deleted_ones():
    made = document("I ")
    for xml in ("<w:ins{}><w:r><w:t>kept</w:t></w:r></w:ins>",
                "<w:del{}><w:r><w:delText>gone</w:delText></w:r></w:del>"):  # fmt: skip
        made.paragraphs[0]._p.append(
            parse_xml(xml.format(f' {nsdecls("w")} w:id="1" w:author="A"'))
        )
    assert text_of(read_docx, A_DOCX, saved(made)) == "I kept"


def test_read_docx_keeps_words_in_content_controls():
    made = document("Ben: no")
    made.element.body.insert(
        0,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>Ann: yes</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        ),
    )
    assert text_of(read_docx, A_DOCX, saved(made)) == "Ann: yes\nBen: no"


def test_read_docx_takes_a_body_of_another_name():
    def renamed(name, content):
        return name.replace("document.xml", "document2.xml"), content.replace(
            b"document.xml", b"document2.xml"
        )

    assert text_of(read_docx, A_DOCX, repacked(PLAIN, renamed)).startswith("Ann: hello")


@pytest.mark.parametrize("length", [4, 300, len(PLAIN) // 2, len(PLAIN) - 10])
def test_read_docx_refuses_a_truncated_archive(refusal, length):
    facts = refusal(A_DOCX, lambda path: text_of(read_docx, path, PLAIN[:length]))
    assert "not a whole Word document" in facts["fault"]
    assert "save it again" in facts["remedy"]


def test_read_docx_refuses_an_archive_of_something_else(refusal):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "words")
    facts = refusal(A_DOCX, lambda path: text_of(read_docx, path, stream.getvalue()))
    assert "not a Word document" in facts["fault"]


@pytest.mark.parametrize("missing", ["word/document.xml", "[Content_Types].xml", "_rels/.rels"])
def test_read_docx_refuses_an_archive_without_a_needed_part(refusal, missing):
    raw = repacked(PLAIN, lambda name, content: None if name == missing else (name, content))
    assert "Word document" in refusal(A_DOCX, lambda path: text_of(read_docx, path, raw))["fault"]


def test_read_docx_refuses_a_spreadsheet_in_plain_words(refusal):
    raw = repacked(
        PLAIN,
        lambda name, content: (
            name,
            content.replace(b"wordprocessingml.document.main", b"spreadsheetml.sheet.main"),
        ),
    )
    facts = refusal(A_DOCX, lambda path: text_of(read_docx, path, raw))
    assert "BytesIO" not in facts["fault"]


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)])
def test_read_docx_refuses_old_and_encrypted_files(refusal, content):
    facts = refusal(A_DOCX, lambda path: text_of(read_docx, path, content))
    assert "password" in facts["fault"]
    assert ".doc" in facts["fault"]
    assert "save it as .docx" in facts["remedy"]


def test_read_docx_refuses_broken_xml(refusal):
    raw = repacked(
        PLAIN,
        lambda name, content: (name, content[:-30] if name == "word/document.xml" else content),
    )
    assert "not a whole" in refusal(A_DOCX, lambda path: text_of(read_docx, path, raw))["fault"]


def test_read_docx_never_opens_an_outside_entity(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    head = f'<!DOCTYPE w [<!ENTITY x SYSTEM "{secret.as_uri()}">]><w:document'.encode()
    raw = repacked(
        PLAIN,
        lambda name, content: (
            name,
            content.replace(b"<w:document", head, 1).replace(b"hello", b"&x;")
            if name == "word/document.xml"
            else content,
        ),
    )
    with contextlib.suppress(FileRefused):
        assert "secret" not in text_of(read_docx, A_DOCX, raw)


def test_read_docx_reads_or_refuses_damaged_archives():
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        body = archive.getinfo("word/document.xml").header_offset
    n_refused = 0
    for at in range(body, body + 200):
        damaged = bytearray(PLAIN)
        damaged[at] ^= 0xFF
        try:
            text_of(read_docx, A_DOCX, bytes(damaged))
        except FileRefused:
            n_refused += 1
    assert n_refused


def test_read_docx_refuses_compression_it_does_not_know(refusal):
    at = PLAIN.index(b"PK\x01\x02")
    raw = bytearray(PLAIN)
    while at >= 0:  # the method, in every entry of the directory
        raw[at + 10] = 98
        at = PLAIN.find(b"PK\x01\x02", at + 1)
    assert (
        "not a whole" in refusal(A_DOCX, lambda path: text_of(read_docx, path, bytes(raw)))["fault"]
    )


def test_read_docx_refuses_a_document_without_words(refusal):
    facts = refusal(A_DOCX, lambda path: text_of(read_docx, path, saved(document("", " "))))
    assert "no text" in facts["fault"]


def test_read_docx_refuses_a_zip_bomb(refusal, monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_FILE", 1000)
    facts = refusal(A_DOCX, lambda path: text_of(read_docx, path, PLAIN))
    assert "more than a transcript needs" in facts["fault"]


def without_targets(raw, count):
    def changed(name, content):
        if name != "_rels/.rels":
            return name, content
        return name, re.sub(rb' Target="[^"]*"', b"", content, count=count)

    return repacked(raw, changed)


def test_read_docx_refuses_a_body_that_nothing_points_to(refusal):
    raw = without_targets(PLAIN, 0)
    facts = refusal(A_DOCX, lambda path: text_of(read_docx, path, raw))
    assert facts["fault"].endswith("(a part of it refers to one that is not there)")


def test_read_docx_reads_on_where_a_part_without_words_is_missing():
    assert text_of(read_docx, A_DOCX, without_targets(PLAIN, 1)).startswith("Ann: hello")


@pytest.mark.slow
def test_read_docx_says_in_plain_words_that_a_paragraph_is_too_long(refusal):
    raw = saved(document("word " * 2_200_000))
    facts = refusal(A_DOCX, lambda path: text_of(read_docx, path, raw))
    assert facts["fault"].endswith("(one piece of text is over 10 MB)")


def paragraph(*pieces, properties=""):
    head = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{head}{''.join(pieces)}</w:p>"


def run(words, properties=""):
    head = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{head}<w:t xml:space="preserve">{words}</w:t></w:r>'


def table(*rows):
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


HIDDEN = "<w:vanish/>"
GONE = '<w:rPr><w:del w:id="9" w:author="A"/></w:rPr>'
BOX = "<w:txbxContent>" + paragraph(run("I: one")) + paragraph(run("P: two")) + "</w:txbxContent>"
TWICE = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{0}</w:drawing></mc:Choice>'
    "<mc:Fallback><w:pict>{0}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
LINES = {
    "moved text stands where it was moved to": (
        paragraph("<w:moveFrom>", run("gone "), "</w:moveFrom>", run("first ")),
        paragraph("<w:moveTo>", run("gone"), "</w:moveTo>"),
        ["first ", "gone"],
    ),
    "a whole paragraph moved away leaves no line": (
        paragraph(
            "<w:moveFrom>", run("x"), "</w:moveFrom>", properties="<w:rPr><w:moveFrom/></w:rPr>"
        ),
        paragraph(run("P: a")),
        ["P: a"],
    ),
    "a deleted paragraph end joins two lines": (
        paragraph(run("P: one "), properties=GONE),
        paragraph(run("and two")),
        ["P: one and two"],
    ),
    "a deleted row": (
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>"
        + paragraph(run("x"))
        + "</w:tc></w:tr></w:tbl>",
        paragraph(run("P: a")),
        ["P: a"],
    ),
    "a table in a cell": (
        table(
            (
                paragraph(run("P:")),
                paragraph(run("Short."))
                + table(
                    (paragraph(run("I:")), paragraph(run("Why?"))),
                    (paragraph(run("P:")), paragraph(run("So."))),
                )
                + paragraph(),
            )
        ),
        paragraph(run("after")),
        ["P:\tShort.", "I:\tWhy?", "P:\tSo.", "after"],
    ),
    "three tables deep": (
        table(
            (
                paragraph(run("a")),
                table((paragraph(run("b")), table((paragraph(run("c")), paragraph(run("d")))))),
            ),
        ),
        "",
        ["a\t", "b\t", "c\td"],
    ),
    "a box of one cell around running text": (
        table((paragraph(run("I: one")) + paragraph(run("P: two")),)),
        "",
        ["I: one", "P: two"],
    ),
    "ruby": (
        paragraph(
            "<w:r><w:ruby><w:rt>",
            run("kan"),
            "</w:rt><w:rubyBase>",
            run("漢"),
            "</w:rubyBase></w:ruby></w:r>",
            run("字"),
        ),
        "",
        ["漢字"],
    ),
    "a text box": (
        paragraph(run("P: before."), TWICE.format(BOX)),
        paragraph(run("I: after")),
        ["P: before.", "I: one", "P: two", "I: after"],
    ),
    "a text box for old programs only": (
        paragraph(run("P: a"), f"<w:r><w:pict>{BOX}</w:pict></w:r>"),
        "",
        ["P: a", "I: one", "P: two"],
    ),
    "a box that stands in a paragraph, not a run": (
        paragraph(
            f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{BOX}</w:drawing>"
            "</mc:Choice></mc:AlternateContent>"
        ),
        "",
        ["", "I: one", "P: two"],
    ),
    "hidden words": (
        paragraph(
            run("They sent "), run("SECRET", HIDDEN), run("a leaflet", '<w:vanish w:val="0"/>')
        ),
        paragraph(run("all of it", HIDDEN), properties=f"<w:rPr>{HIDDEN}</w:rPr>"),
        ["They sent a leaflet"],
    ),
    "fields: the result, not the code": (
        paragraph(
            FIELD.format("begin"),
            "<w:r><w:instrText> IF </w:instrText></w:r>",
            FIELD.format("begin"),
            "<w:r><w:instrText>PAGE</w:instrText></w:r>",
            FIELD.format("separate"),
            run("code"),
            FIELD.format("end"),
            FIELD.format("separate"),
            run("shown"),
            FIELD.format("end"),
            "<w:fldSimple w:instr='DATE'>",
            run(" today"),
            "</w:fldSimple>",
        ),
        "",
        ["shown today"],
    ),
    "placeholders of forms": (
        paragraph(
            run("P: yes"),
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>",
            run("Click to enter text"),
            "</w:sdtContent></w:sdt>",
        ),
        "",
        ["P: yes"],
    ),
    "tabs, breaks, symbols": (
        paragraph(
            "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/>"
            '<w:sym w:font="Arial" w:char="00E9"/><w:sym w:font="Wingdings" w:char="F04A"/></w:r>'
        ),
        "",
        ["a\tb", "c-é"],
    ),
}


@pytest.mark.parametrize(("first", "second", "lines"), LINES.values(), ids=LINES)
@pytest.mark.parametrize("strict", [False, True], ids=["transitional", "strict"])
def test_read_docx_gives_words_once_as_word_shows_them(first, second, lines, strict):
    raw = word(first + second, strict=strict)
    assert text_of(read_docx, A_DOCX, raw).split("\n") == lines


def test_read_docx_hides_what_a_style_hides():
    styles = (
        '<w:style w:styleId="base"><w:rPr><w:vanish/><w:b/></w:rPr></w:style>'
        '<w:style w:styleId="note"><w:basedOn w:val="base"/></w:style>'
        '<w:style w:styleId="round"><w:basedOn w:val="round"/></w:style>'
    )
    raw = word(
        paragraph(run("P: a"))
        + paragraph(run("team note"), properties='<w:pStyle w:val="note"/>')
        + paragraph(
            run("P: b "),
            run("x", '<w:rStyle w:val="note"/>'),
            run("c", '<w:rStyle w:val="round"/>'),
        ),
        styles=styles,
    )
    document = read_word(raw, A_DOCX)
    assert document.text == "P: a\nP: b c"
    assert document.left_out["hidden word"] == 3


def test_read_docx_says_what_it_leaves_out():
    noted = (
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:endnoteReference w:id="2"/></w:r>'
        '<w:r><w:endnoteReference w:id="3"/></w:r>'
    )
    raw = word(
        paragraph(run("P: a"), noted, "<w:ins>", run(" b"), "</w:ins>") + paragraph(run("P: c")),
        comments=comment("0", "Ana", "why?"),
        header=paragraph(run("Interview 12")),
    )
    warnings = read_docx(source(A_DOCX, raw)).warnings
    assert warnings[-2:] == [
        "1 footnote, 2 endnotes, headers and footers, 1 comment without a place not read",
        "tracked changes are read as accepted",
    ]


def test_read_docx_keeps_comments_at_their_words():
    raw = word(
        paragraph(
            run("P: I "),
            '<w:commentRangeStart w:id="0"/>',
            run("lost "),
            run("my job", "<w:b/>"),
            '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>',
            run(" in May."),
        )
        + '<w:commentRangeStart w:id="1"/>'
        + paragraph(run("I: And then?"))
        + paragraph(run("P: Nothing."))
        + '<w:commentRangeEnd w:id="1"/>'
        + table(
            (
                paragraph(run("P:")),
                paragraph(
                    '<w:commentRangeStart w:id="2"/>',
                    run("no  money"),
                    '<w:commentRangeEnd w:id="2"/>',
                    run(" at all"),
                ),
            )
        )
        + paragraph(run("P: last"), '<w:r><w:commentReference w:id="3"/></w:r>'),
        comments="".join(
            comment(str(n), who, said)
            for n, who, said in (
                (0, "Ana", "CODE hardship"),
                (1, "Ben", "time"),
                (2, "Ana", "money"),
                (3, "Ben", "end"),
            )
        ),
    )
    document = read_word(raw, A_DOCX)
    assert [(c.author, c.words, c.span.of(document.text)) for c in document.comments] == [
        ("Ana", "CODE hardship", "lost my job"),
        ("Ben", "time", "I: And then?\nP: Nothing."),
        ("Ana", "money", "no money"),
        ("Ben", "end", "P: last"),
    ]


def test_read_word_says_what_sets_lines_apart():
    styles = (
        '<w:style w:styleId="Ttulo2"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:styleId="Mine"><w:basedOn w:val="Ttulo2"/></w:style>'
    )
    raw = word(
        paragraph(run("Mike"), properties='<w:pStyle w:val="Mine"/>')
        + paragraph(run("Ann Lee", "<w:b/>"), run(": yes"))
        + paragraph(run("a "), run("bold", "<w:b/>"))
        + paragraph(run("all", "<w:b/>"), run(" bold", "<w:bCs/><w:b/>"))
        + paragraph(run("Part"), properties='<w:outlineLvl w:val="0"/>')
        + table((paragraph(run("x")), paragraph(run("y")))),
        styles=styles,
    )
    lines = read_word(raw, A_DOCX).lines
    assert [(line.heading, line.bold, line.cells) for line in lines] == [
        (2, 0, False), (0, 7, False), (0, 0, False), (0, 8, False), (1, 0, False), (0, 0, True),
    ]  # fmt: skip


def test_read_docx_reads_what_python_docx_wrote_and_reads(shared):
    for path in sorted((shared / "interop").rglob("*.docx")):
        told = [p.text for p in docx.Document(str(path)).paragraphs]
        if not docx.Document(str(path)).tables:
            assert read_word(path.read_bytes(), path).text == "\n".join(told)
