"""Who counts as right, which codes are candidates, and what cannot be evaluated."""

from __future__ import annotations

import pytest

from autocode.core.errors import FileRefused, NotFound, NothingToDo
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.gold import build_gold_data

from .support import write_folder


def test_reference_is_who_applied_most_codes(gold):
    assert set(gold.reference_coder.values()) == {"Amina"}
    assert gold.coders == ("Amina", "Jonas")


def test_ties_go_to_the_first_name(tmp_path):
    gold = build_gold_data(read_coded_corpus(write_folder(tmp_path / "c", coders=("Zoe", "Ben"))))
    assert set(gold.reference_coder.values()) == {"Ben"}


def test_named_reference_is_taken(folder):
    gold = build_gold_data(read_coded_corpus(folder), reference="Jonas")
    assert set(gold.reference_coder.values()) == {"Jonas"}
    usual = build_gold_data(read_coded_corpus(folder))
    assert gold.reference_codings.applied.sum() < usual.reference_codings.applied.sum()


def test_headings_nobody_applied_are_no_candidates(gold):
    assert [code.id for code in gold.codes] == ["wait", "bus", "shame"]


def test_consensus_counts_where_there_is_one(folder):
    (folder / "consensus.csv").write_text(
        "segment_id,code\nAyr:00,bus\nAyr:01,\nBath:00,shame\n", encoding="utf-8"
    )
    gold = build_gold_data(read_coded_corpus(folder), reference="consensus")
    assert gold.transcripts == ("Ayr", "Bath")
    assert gold.scored.sum() == 3
    assert gold.reference_codings.applied.sum() == 2
    assert gold.coders == ("Amina", "Jonas")
    assert "4 transcripts" in gold.remarks[0]


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
    gold = build_gold_data(read_coded_corpus(folder))
    assert gold.reference_coder["Ayr"] == "consensus"
    assert {who for name, who in gold.reference_coder.items() if name != "Ayr"} == {"Amina"}
    ayr = gold.transcript_index == gold.transcripts.index("Ayr")
    assert gold.scored[ayr].sum() == 2
    assert gold.reference_codings.applied[ayr].sum() == 1
    assert gold.coders == ("Amina", "Jonas")


def test_consensus_of_an_unknown_segment_is_refused(folder):
    (folder / "consensus.csv").write_text("segment_id,code\nElsewhere:00,bus\n", encoding="utf-8")
    with pytest.raises(FileRefused, match="line 2"):
        read_coded_corpus(folder)


def test_consensus_where_there_is_none_is_said(folder):
    with pytest.raises(NothingToDo, match="no moderated coding"):
        build_gold_data(read_coded_corpus(folder), reference="consensus")


def test_unknown_reference_names_the_nearest(folder):
    with pytest.raises(NotFound, match="Did you mean 'Amina'"):
        build_gold_data(read_coded_corpus(folder), reference="Amian")


def test_one_transcript_is_too_few(tmp_path):
    with pytest.raises(NothingToDo, match="coded 1 transcript"):
        build_gold_data(read_coded_corpus(write_folder(tmp_path / "c", towns=("Ayr",))))


def test_no_codings_are_said(folder):
    (folder / "codings.csv").unlink()
    with pytest.raises(NothingToDo, match="nobody has applied"):
        build_gold_data(read_coded_corpus(folder))


def test_readings_without_a_code_are_no_codings(folder):
    (folder / "codings.csv").write_text("segment_id,coder,code\nAyr:00,Amina,\n", encoding="utf-8")
    with pytest.raises(NothingToDo, match="nobody has applied"):
        build_gold_data(read_coded_corpus(folder))


def test_empty_folder_is_refused(tmp_path):
    with pytest.raises(FileRefused):
        read_coded_corpus(tmp_path)
