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
from autocode.io.transcripts.word import read_docx

from ..support import text_of

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


def test_read_docx_refuses_a_relationship_without_a_target(refusal):
    def without_target(name, content):
        if name != "_rels/.rels":
            return name, content
        return name, re.sub(rb' Target="[^"]*"', b"", content, count=1)

    raw = repacked(PLAIN, without_target)
    facts = refusal(A_DOCX, lambda path: text_of(read_docx, path, raw))
    assert facts["fault"].endswith("(a part of it refers to one that is not there)")


def test_read_docx_says_in_plain_words_that_a_paragraph_is_too_long(refusal):
    raw = saved(document("word " * 2_200_000))
    facts = refusal(A_DOCX, lambda path: text_of(read_docx, path, raw))
    assert facts["fault"].endswith("(one piece of text is over 10 MB)")
