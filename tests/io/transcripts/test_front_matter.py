from __future__ import annotations

import pytest

from autocode.io.transcripts.front_matter import find_front_matter
from autocode.io.transcripts.read import read_document

PAPER = (
    "Title: Living with the waiting list\nAuthors: Lee and Ochieng\nYear: 2019\nCountry: Kenya\n\n"
    "Results\n\nMost people spoke of time: time lost, time given.\n\nOthers: none.\n"
)


def test_front_matter_reads_the_head_of_a_paper():
    head = find_front_matter(PAPER)
    assert head.values["country"] == "Kenya"
    assert head.case == "Lee and Ochieng 2019"
    assert PAPER[head.ends :].strip().startswith("Results")


def test_front_matter_reads_lines_between_rules():
    text = '---\nstudy: "Lee 2019"\nsetting: ward\n---\nAnn: Hi\n'
    head = find_front_matter(text)
    assert (head.case, dict(head.values)) == ("Lee 2019", {"study": "Lee 2019", "setting": "ward"})
    assert text[head.ends :] == "Ann: Hi\n"


@pytest.mark.parametrize(
    "text",
    [
        "Ann: Hi\nBen: Ho\n\nAnn: So\n",
        "Interviewer: Ann\nParticipant: P3\nDate: 3 May\n\nAnn: Hi\n",
        "Title: what I do is odd\nBen: yes\nYear: no\nAnn: so\n\nBen: ho\n",
        "---\nnot a key\n---\nwords\n",
        "---\nnever: closed\n",
        "",
        "---",
    ],
)
def test_front_matter_takes_no_talk_for_a_head(text):
    assert find_front_matter(text).ends == 0


def test_a_paper_is_a_case_with_its_characteristics(write):
    transcript, case = read_document(write("lee.txt", PAPER))
    assert transcript.text == PAPER
    assert [transcript.words_of(turn) for turn in transcript.turns] == [
        "Results",
        "Most people spoke of time: time lost, time given.",
        "Others: none.",
    ]
    assert (case.name, case.attributes["year"]) == ("Lee and Ochieng 2019", "2019")
    assert transcript.case == case.name
