from __future__ import annotations

import docx
import pytest

from autocode.io.transcripts.paper import AUTHORS, HEADING, QUOTED
from autocode.io.transcripts.read import read_document

HEAD = "Title: Waiting\nAuthors: Lam, D.\nYear: 2016\n---\n\n"


def read(write, body, name="a.txt"):
    transcript, _ = read_document(write(name, HEAD + body))
    turns = [(turn.speaker, transcript.words_of(turn)) for turn in transcript.turns]
    return turns, transcript


def test_headings_quotations_and_the_authors_words_are_told_apart(write):
    turns, transcript = read(
        write,
        "Taking part\n\nMost people were told rather than asked. One woman said, “They had the "
        "meeting before I came in” (P3, nurse). Others found that “choice” was a word.\n\nMoney\n\n"
        "“The bus costs me a day, every week.” (P1)\n\nThe fares decided who came at all.\n",
    )
    assert turns == [
        (HEADING, "Taking part"),
        (AUTHORS, "Most people were told rather than asked. One woman said,"),
        (QUOTED, "“They had the meeting before I came in” (P3, nurse)."),
        (AUTHORS, "Others found that “choice” was a word."),
        (HEADING, "Money"),
        (QUOTED, "“The bus costs me a day, every week.” (P1)"),
        (AUTHORS, "The fares decided who came at all."),
    ]
    assert {s.name: (s.role, s.basis) for s in transcript.speakers} == {
        HEADING: ("note", "given"),
        AUTHORS: ("unknown", "given"),
        QUOTED: ("participant", "given"),
    }
    assert transcript.warnings == (
        "2 headings kept as structure, not coded",
        "2 quotations of participants (speaker 'Quoted participant') and 3 passages of the "
        "authors' own words (speaker 'Authors') told apart",
    )


@pytest.mark.parametrize(
    "quotation",
    ["“Nobody told me when it would be.”", '"Nobody told me when it would be."',
     "‘Nobody told me when it’d be, they don’t.’", "„Niemand hat mir gesagt, wann es ist.“",
     "«Personne ne m’a dit quand ce serait.»", "「誰も 私に いつ なのか 教えて くれなかった」"],
)  # fmt: skip
def test_quotation_marks_of_many_languages_are_known(write, quotation):
    turns, _ = read(write, f"People spoke of time at length: {quotation} They waited for months.\n")
    assert turns == [
        (AUTHORS, "People spoke of time at length:"),
        (QUOTED, quotation),
        (AUTHORS, "They waited for months."),
    ]


def test_indented_paragraphs_are_quotations(write):
    turns, _ = read(
        write,
        "People spoke of time at length, and of money.\n\n    I never knew who would be there.\n"
        "    It was somebody else.\n\nWe conclude that continuity matters to all of them.\n",
    )
    assert [speaker for speaker, _ in turns] == [AUTHORS, QUOTED, AUTHORS]


def test_a_labelled_line_is_a_quotation_and_no_more(write):
    turns, _ = read(
        write,
        "People spoke of time at length, and of money.\n\nP3: I never knew who would come.\n\n"
        "This was the case in both of the wards that we studied.\n",
    )
    assert [speaker for speaker, _ in turns] == [AUTHORS, QUOTED, AUTHORS]


@pytest.mark.parametrize(
    "body",
    ["People waited. They did so for long.\n\nIt was so everywhere.\n",
     "He didn't know, and wasn't told; it's the nurses' fault.\n\nThe patients' views differ.\n",
     "The so-called “gap” was wide.\n\nThe “gap” closed.\n"],
    ids=["plain", "apostrophes", "single words"],
)  # fmt: skip
def test_nobody_is_named_where_nothing_sets_anybody_apart(write, body):
    turns, _ = read(write, body)
    assert {speaker for speaker, _ in turns} == {None}


def test_headings_of_markdown_and_of_lines_above_paragraphs_are_structure(write):
    long = "The participants of this study spoke of little else than of time and of its loss."
    turns, _ = read(write, f"# Results\n\n## Time\n{long}\n\nMoney\n{long}\n", name="a.md")
    assert [words for speaker, words in turns if speaker == HEADING] == [
        "# Results",
        "## Time",
        "Money",
    ]
    assert [words for speaker, words in turns if speaker is None] == [long, long]


def test_headings_of_word_are_structure(tmp_path):
    document = docx.Document()
    for line in HEAD.strip().split("\n"):
        document.add_paragraph(line)
    document.add_heading("What people said of it, in a long heading that ends in a full stop.", 2)
    document.add_paragraph("They spoke of time.")
    document.add_paragraph().add_run("Bold and short").bold = True
    document.add_paragraph("They spoke of money.")
    document.save(tmp_path / "a.docx")
    transcript, _ = read_document(tmp_path / "a.docx")
    headings = [transcript.words_of(t) for t in transcript.turns if t.speaker == HEADING]
    assert [heading.split()[0] for heading in headings] == ["What", "Bold"]
