"""Who counts as right, which codes are candidates, and what cannot be examined."""

from __future__ import annotations

import pytest

from autocode.core.errors import FileRefused, NotFound, NothingToDo
from autocode.evaluate.gold import exam_of
from autocode.evaluate.source import source_of

from .small_exam import write_folder


def test_reference_is_who_applied_most_codes(exam):
    assert set(exam.reference.values()) == {"Amina"}
    assert exam.coders == ("Amina", "Jonas")


def test_ties_go_to_the_first_name(tmp_path):
    exam = exam_of(source_of(write_folder(tmp_path / "c", coders=("Zoe", "Ben"))))
    assert set(exam.reference.values()) == {"Ben"}


def test_named_reference_is_taken(folder):
    exam = exam_of(source_of(folder), reference="Jonas")
    assert set(exam.reference.values()) == {"Jonas"}
    assert exam.work.applied.sum() < exam_of(source_of(folder)).work.applied.sum()


def test_headings_nobody_applied_are_no_candidates(exam):
    assert [code.id for code in exam.codes] == ["wait", "bus", "shame"]


def test_consensus_counts_where_there_is_one(folder):
    (folder / "consensus.csv").write_text(
        "segment_id,code\nAyr:00,bus\nAyr:01,\nBath:00,shame\n", encoding="utf-8"
    )
    exam = exam_of(source_of(folder), reference="consensus")
    assert exam.transcripts == ("Ayr", "Bath")
    assert exam.scored.sum() == 3
    assert exam.work.applied.sum() == 2
    assert exam.coders == ("Amina", "Jonas")
    assert "4 transcripts" in exam.remarks[0]


def test_a_transcript_nobody_coded_goes_by_its_consensus(folder):
    kept = [
        row
        for row in (folder / "codings.csv").read_text(encoding="utf-8").splitlines()
        if not row.startswith("Ayr:")
    ]
    (folder / "codings.csv").write_text("\n".join(kept), encoding="utf-8")
    (folder / "consensus.csv").write_text(
        "segment_id,code\nAyr:00,bus\nAyr:01,\nBath:00,shame\n", encoding="utf-8"
    )
    exam = exam_of(source_of(folder))
    assert exam.reference["Ayr"] == "consensus"
    assert {who for name, who in exam.reference.items() if name != "Ayr"} == {"Amina"}
    ayr = exam.place == exam.transcripts.index("Ayr")
    assert exam.scored[ayr].sum() == 2
    assert exam.work.applied[ayr].sum() == 1
    assert exam.coders == ("Amina", "Jonas")


def test_consensus_of_an_unknown_segment_is_refused(folder):
    (folder / "consensus.csv").write_text("segment_id,code\nNowhere:00,bus\n", encoding="utf-8")
    with pytest.raises(FileRefused, match="line 2"):
        source_of(folder)


def test_consensus_where_there_is_none_is_said(folder):
    with pytest.raises(NothingToDo, match="no moderated coding"):
        exam_of(source_of(folder), reference="consensus")


def test_unknown_reference_names_the_nearest(folder):
    with pytest.raises(NotFound, match="Did you mean 'Amina'"):
        exam_of(source_of(folder), reference="Amian")


def test_one_transcript_is_too_few(tmp_path):
    with pytest.raises(NothingToDo, match="coded 1 transcript"):
        exam_of(source_of(write_folder(tmp_path / "c", towns=("Ayr",))))


def test_no_codings_are_said(folder):
    (folder / "codings.csv").unlink()
    with pytest.raises(NothingToDo, match="nobody has applied"):
        exam_of(source_of(folder))


def test_readings_without_a_code_are_no_codings(folder):
    (folder / "codings.csv").write_text("segment_id,coder,code\nAyr:00,Amina,\n", encoding="utf-8")
    with pytest.raises(NothingToDo, match="nobody has applied"):
        exam_of(source_of(folder))


def test_empty_folder_is_refused(tmp_path):
    with pytest.raises(FileRefused):
        source_of(tmp_path)
