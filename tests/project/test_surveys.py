"""Surveys: a case for each respondent, a transcript for each who wrote something."""

from __future__ import annotations

import pytest

from autocode.core.coding import Case
from autocode.project.importing import ImportOptions

LONG = "they took the time to listen to me and explained what comes next"


@pytest.fixture
def survey(tmp_path):
    path = tmp_path / "wave.csv"
    path.write_text(
        "id,age,what helped,what did not\n"
        f"A1,30,{LONG},the long wait in the corridor every single week\n"
        f"7,,,\nB2,41,the garden and the quiet room upstairs helped a lot,\n",
        encoding="utf-8",
    )
    return path


def test_survey_makes_cases_and_transcripts(empty, survey):
    (taken,) = empty.import_paths([survey]).imported
    assert taken.kind == "survey"
    assert "3 respondents, 2 of them with words" in taken.account
    assert empty.cases() == [
        Case("A1", {"age": "30"}),
        Case("B2", {"age": "41"}),
        Case("wave 7"),
    ]
    first, second = empty.transcripts()
    assert (first.name, first.case) == ("wave A1", "A1")
    assert first.text.startswith(f"what helped\n{LONG}\nwhat did not\n")
    assert first.words_of(first.turns[0]) == LONG
    assert len(second.turns) == 1


def test_survey_segments_belong_to_their_respondent(empty, survey):
    empty.import_paths([survey])
    assert [s.participant for s in empty.segments()] == ["A1", "A1", "B2"]


def test_survey_twice_changes_nothing(empty, survey):
    empty.import_paths([survey])
    before = empty.counts()
    (again,) = empty.import_paths([survey]).imported
    assert not again.new
    assert empty.counts() == before


def test_survey_with_the_name_of_another_is_refused_whole(empty, survey):
    empty.import_paths([survey])
    before = empty.counts()
    survey.write_text(survey.read_text(encoding="utf-8").replace("30", "31"), encoding="utf-8")
    (refused,) = empty.import_paths([survey]).refused
    assert "in the study already" in refused.reason
    assert empty.counts() == before


def test_a_paper_is_a_case_of_the_study(empty, tmp_path):
    path = tmp_path / "lee.txt"
    path.write_text("Title: T\nAuthors: Lee\nYear: 2019\n\nPeople waited.\n", encoding="utf-8")
    empty.import_paths([path])
    assert empty.cases()[0].attributes["year"] == "2019"
    assert empty.segments()[0].case == "Lee 2019"


def test_how_far_the_answers_are_cut_is_said(empty, survey):
    said = []
    options = ImportOptions(progress=lambda *step: said.append(step))
    empty.import_paths([survey], options)
    cut = [step for step in said if step[0] == "Segmenting"]
    assert cut == [("Segmenting", 1, 2), ("Segmenting", 2, 2)]
