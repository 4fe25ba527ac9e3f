from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest

from autocode.io.transcripts import pdf as reader
from autocode.io.transcripts.pdf import read_lines
from autocode.io.transcripts.read import read_transcript

from ..support import pdf

A_PDF = Path("a.pdf")
TALK = ["Interviewer: What was it like for you when you came here?", "Lee: At first I was lost."]


def locked(raw, password):
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(raw)))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_read_pdf_gives_the_lines_in_order():
    assert read_lines(pdf([TALK, ["And then I was not."]]), A_PDF) == (
        [*TALK, "And then I was not."],
        [],
    )


def test_read_pdf_opens_what_only_forbids_printing():
    assert read_lines(locked(pdf([TALK]), ""), A_PDF)[0] == TALK


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (locked(pdf([TALK]), "secret"), "password"),
        (pdf([[], [], []]), "no text on its 3 pages"),
        (b"%PDF-1.4\nnothing", "not a whole PDF"),
    ],
    ids=["password", "scan", "cut off"],
)
def test_read_pdf_refuses_in_one_line(refusal, raw, fault):
    assert fault in refusal(A_PDF, lambda path: read_lines(raw, path))["fault"]


def test_read_pdf_names_pages_without_text():
    _, warnings = read_lines(pdf([TALK, [], TALK]), A_PDF)
    assert warnings == ["page 2 of 3 hold no text; if scanned, run OCR on the file"]


def test_read_pdf_refuses_more_pages_than_it_can_read(refusal, monkeypatch):
    monkeypatch.setattr(reader, "MOST_PAGES", 2)
    facts = refusal(A_PDF, lambda path: read_lines(pdf([TALK] * 3), path))
    assert "3 pages" in facts["fault"]


def test_pdf_turns_run_over_lines_and_pages(write):
    pages = [
        ["Study 4", "Interviewer: How was it?", "Lee: I was at the inter-", "view and", "1"],
        ["Study 4", "then went home.", "Interviewer: And then?", "2"],
        ["Study 4", "Lee: Nothing.", "Interviewer: I see.", "3"],
    ]
    transcript = read_transcript(write("a.pdf", pdf(pages)))
    assert [(t.speaker, transcript.words_of(t)) for t in transcript.turns] == [
        ("Interviewer", "How was it?"),
        ("Lee", "I was at the interview and then went home."),
        ("Interviewer", "And then?"),
        ("Lee", "Nothing."),
        ("Interviewer", "I see."),
    ]
    assert transcript.source.format == "pdf"
