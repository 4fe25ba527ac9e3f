from __future__ import annotations

import pytest

from autocode.project import Project
from autocode.project.history import UndoOptions

PAPER = (
    "Title: Waiting\nAuthors: Lam, D.\nYear: 2016\nSetting: ward\n---\n\nPeople waited for long, "
    "and nobody said why.\n"
)


@pytest.fixture
def study(tmp_path):
    (tmp_path / "lam.txt").write_text(PAPER, encoding="utf-8")
    (tmp_path / "g1.txt").write_text("Kofi: I came.\nAda: So did I.\nMod: Why?\n" * 3)
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        report = project.import_paths([tmp_path / "lam.txt", tmp_path / "g1.txt"])
        assert not report.refused
        yield project, tmp_path


def take(study, text, name="cases.csv"):
    project, folder = study
    (folder / name).write_text(text, encoding="utf-8")
    report = project.import_paths([folder / name])
    assert not report.refused, report.refused
    (file,) = report.imported
    assert file.kind == "cases"
    return file


def attributes(study):
    return {case.name: case.attributes for case in study[0].cases()}


def case_of(study, transcript, speaker=None):
    return {s.case for s in study[0].segments(transcript) if speaker in (None, s.speaker)}


def test_a_second_table_adds_to_the_case_of_a_paper(study):
    file = take(study, "case,transcript,casp\nLam_2016,lam,9\n")
    assert attributes(study) == {
        "Lam, D. 2016": {
            "title": "Waiting",
            "authors": "Lam, D.",
            "year": "2016",
            "setting": "ward",
            "casp": "9",
        }
    }
    assert case_of(study, "lam") == {"Lam, D. 2016"}
    assert file.warnings == (
        "'lam' is of the case 'Lam, D. 2016': the attributes were added to it. For a case of its "
        "own, give that case a row without transcript as well",
    )


def test_the_advice_for_a_case_of_its_own_can_be_followed(study):
    file = take(study, "case,transcript,casp\nLam_2016,,\nLam_2016,lam,9\n")
    assert case_of(study, "lam") == {"Lam_2016"}
    assert attributes(study)["Lam, D. 2016"]["setting"] == "ward"
    assert any("'lam' from 'Lam, D. 2016' to 'Lam_2016'" in note for note in file.warnings)
    take(study, 'case,transcript\n"Lam, D. 2016",lam\n', "back.csv")
    assert case_of(study, "lam") == {"Lam, D. 2016"}


def test_a_table_by_transcripts_alone_names_no_new_case(study):
    file = take(study, "transcript,quality\nlam.txt,high\n")
    assert list(attributes(study)) == ["Lam, D. 2016"]
    assert file.warnings == ()


def test_pointing_a_speaker_to_another_known_case_is_said(study):
    take(study, "case,transcript,speaker,age\nP1,g1,Kofi,40\nP2,g1,Ada,50\n")
    file = take(study, "case,transcript,speaker\nP2,g1,Kofi\n", "more.csv")
    assert case_of(study, "g1", "Kofi") == {"P2"}
    assert attributes(study)["P1"] == {"age": "40"}
    assert file.warnings[0].startswith("moved to another case: 'g1/Kofi' from 'P1' to 'P2'.")


def test_a_row_for_a_whole_group_adds_to_each_of_its_people(study):
    take(study, "case,transcript,speaker,age\nP1,g1,Kofi,40\nP2,g1,Ada,50\n")
    take(study, "case,transcript,region\nG1,g1,north\n", "more.csv")
    assert attributes(study)["P1"] == {"age": "40", "region": "north"}
    assert attributes(study)["P2"] == {"age": "50", "region": "north"}
    assert case_of(study, "g1", "Kofi") == {"P1"}


def test_changed_values_and_capitals_of_attributes(study):
    file = take(study, "transcript,SETTING,Year\nlam,clinic,2016\n")
    assert attributes(study)["Lam, D. 2016"]["setting"] == "clinic"
    assert "SETTING" not in attributes(study)["Lam, D. 2016"]
    assert file.warnings == ("setting of 'Lam, D. 2016' is now 'clinic' (was 'ward')",)


def test_an_empty_cell_clears_what_was_there_and_can_be_undone(study):
    take(study, "case,transcript,speaker,age,role\nP1,g1,Kofi,40,nurse\nP2,g1,Ada,50,nurse\n")
    before = study[0].content_digest()
    file = take(study, "case,AGE\nP1,\nP2,51\nP3,\n", "again.csv")
    assert attributes(study)["P1"] == {"role": "nurse"}
    assert attributes(study)["P2"] == {"age": "51", "role": "nurse"}
    assert "age of 'P1' is now empty (was '40'): its cell is" in file.warnings[1]
    study[0].undo(coder="Kim", options=UndoOptions(act=study[0].history()[-1].number))
    assert study[0].content_digest() == before


def test_an_empty_cell_clears_nothing_that_another_row_says_or_that_is_a_groups(study):
    take(study, "case,transcript,speaker,age\nP1,g1,Kofi,40\nP2,g1,Ada,50\n")
    take(study, "case,transcript,age\nG1,g1,\n", "group.csv")
    assert attributes(study)["P1"] == {"age": "40"}
    take(study, "case,transcript,speaker,age\nP1,g1,Kofi,41\nP1,,,\n", "twice.csv")
    assert attributes(study)["P1"] == {"age": "41"}


def test_a_case_named_like_a_transcript_or_a_speaker_is_that_one(study):
    file = take(study, "participant,age\nLam,1\nkofi,40\nZoe,3\n")
    assert attributes(study)["Lam, D. 2016"]["age"] == "1"
    assert case_of(study, "g1", "Kofi") == {"kofi"}
    assert file.warnings == (
        "cases named like a transcript or speaker: 'lam'; 'g1/Kofi'",
        "no words belong to 'Zoe': name the transcript (or speaker) in a column",
    )


def test_the_same_table_twice_changes_nothing(study):
    take(study, "case,transcript,casp\nLam_2016,lam,9\n")
    before = attributes(study)
    assert not take(study, "case,transcript,casp\nLam_2016,lam,9\n").new
    assert attributes(study) == before
