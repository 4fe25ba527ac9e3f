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


HEADS = {
    "two rules": "---\n{}---\n",
    "one rule": "{}---\n",
    "one rule apart": "\n{}\n---\n\n",
    "stars": "{}* * *\n",
    "no rule": "{}\n",
    "dots close": "---\n{}...\n",
}
LINES = "Title: Living: a study\nAuthors: Lam, D.; Okafor, P.\nYear: 2016\nSetting: ward\n"


@pytest.mark.parametrize("form", HEADS.values(), ids=HEADS)
def test_a_head_is_read_with_any_number_of_rules(form):
    text = form.format(LINES) + "Results\n\nPeople waited.\n"
    head = find_front_matter(text)
    assert dict(head.values) == {
        "title": "Living: a study",
        "authors": "Lam, D.; Okafor, P.",
        "year": "2016",
        "setting": "ward",
    }
    assert text[head.ends :].strip() == "Results\n\nPeople waited."


def test_yaml_is_read_as_it_is_meant():
    text = (
        '---\ntitle: "Living: with it"\nauthors:\n  - Lam, D.\n  - Okafor, P.\nyear: 2016-01-01\n'
        "clinicians: [nurses, social workers]\nabstract: >\n  One\n  two.\n"
        "empty:\n# a comment\n---\nx"
    )
    assert dict(find_front_matter(text).values) == {
        "title": "Living: with it",
        "authors": "Lam, D.; Okafor, P.",
        "year": "2016-01-01",
        "clinicians": "nurses; social workers",
        "abstract": "One two.",
    }


@pytest.mark.parametrize(
    "bad",
    ["a: &x [1]\nb: *x\n", "a: " + "[" * 9000 + "\n", "? [\n", "a: b: c: {\n", "- 1\n- 2\n"],
    ids=["alias", "deep", "broken", "colons", "list"],
)
def test_what_is_no_plain_yaml_is_read_as_lines_or_left(bad):
    head = find_front_matter(f"---\n{bad}---\nwords\n")
    assert head.ends in (0, len(f"---\n{bad}---\n"))


def test_headings_of_other_languages_are_known():
    text = "Titel: Leben\nAutoren: Lam\nJahr: 2016\n---\nErgebnisse\n"
    assert find_front_matter(text).case == "Lam 2016"


def test_an_oral_history_under_a_title_stays_talk(write):
    text = "---\ntitle: Ann\nauthor: Lee\ndate: 2020\n---\n" + "Lee: So?\n\nAnn: I came.\n\n" * 4
    transcript, case = read_document(write("a.md", text))
    assert {turn.speaker for turn in transcript.turns} == {"Lee", "Ann"}
    assert case.attributes["title"] == "Ann"
