"""Tables that `datasets` reads give the same gold data as the corpus folder they were made from."""

from __future__ import annotations

import json

import datasets
import pytest
from datasets import ClassLabel, Dataset, Features, Value

from autocode.core.errors import FileRefused, InputError
from autocode.evaluate.coded_corpus import read_coded_corpus, read_coded_dataset
from autocode.evaluate.gold import build_gold_data
from autocode.evaluate.rows import build_study_from_rows


def rows_of(gold):
    return [
        {
            "doc_id": segment.transcript,
            "segment_id": segment.name,
            "text": segment.excerpt,
            "coder": coder,
            "codes": sorted(codes),
        }
        for segment, given in zip(gold.segments, gold.codes_by_person, strict=True)
        for coder, codes in given.items()
    ]


def assert_same(made, gold):
    assert made.transcripts == gold.transcripts
    assert made.codes_by_person == gold.codes_by_person
    assert (made.reference_codings.applied == gold.reference_codings.applied).all()


def test_json_lines_are_read(gold, folder, tmp_path):
    path = tmp_path / "towns.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows_of(gold)), encoding="utf-8")
    corpus = read_coded_corpus(path, codebook=folder / "codebook.csv")
    assert_same(build_gold_data(corpus), gold)
    assert corpus.name == "towns"
    assert {code.id: code.definition for code in corpus.study.codebook}["bus"]


def test_a_saved_dataset_and_one_in_memory_are_read(gold, folder, tmp_path):
    made = Dataset.from_list(rows_of(gold))
    made.save_to_disk(str(tmp_path / "saved"))
    book = folder / "codebook.csv"
    assert_same(build_gold_data(read_coded_corpus(tmp_path / "saved", codebook=book)), gold)
    assert_same(build_gold_data(read_coded_dataset(made, codebook=book)), gold)


def test_classes_are_known_by_name():
    features = Features(
        {"doc_id": Value("string"), "text": Value("string"), "label": ClassLabel(names=["x", "y"])}
    )
    made = Dataset.from_list(
        [
            {"doc_id": "a", "text": "one", "label": 1},
            {"doc_id": "b", "text": "two", "label": 0},
        ],
        features=features,
    )
    assert [c.code for c in read_coded_dataset(made).study.codings] == ["y", "x"]


def test_what_nobody_has_read_is_not_read():
    study = build_study_from_rows(
        [
            {"transcript": "a", "excerpt": "one", "codes": [], "readers": ["Ana"]},
            {"transcript": "a", "excerpt": "two", "codes": [], "readers": []},
        ],
        "x",
    )
    assert len(study.segments) == 2
    assert len(study.readings) == 1


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="no column text or excerpt"):
        build_study_from_rows([{"doc_id": "a", "codes": []}], "x")


def test_a_code_the_codebook_lacks_is_named(folder):
    made = Dataset.from_list([{"doc_id": "a", "text": "one", "code": "train"}])
    with pytest.raises(InputError, match="'train' is not in the codebook"):
        read_coded_dataset(made, codebook=folder / "codebook.csv")


def test_a_broken_table_is_refused(tmp_path):
    (tmp_path / "t.jsonl").write_text("{broken", encoding="utf-8")
    with pytest.raises(FileRefused, match=r"t\.jsonl"):
        read_coded_corpus(tmp_path / "t.jsonl")


def test_an_empty_table_is_refused(tmp_path):
    (tmp_path / "t.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(FileRefused, match="holds no rows"):
        read_coded_corpus(tmp_path / "t.jsonl")


def test_reading_a_table_prints_nothing_and_leaves_datasets_as_it_was(gold, tmp_path, capfd):
    path = tmp_path / "towns.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows_of(gold)), encoding="utf-8")
    before = datasets.are_progress_bars_disabled(), datasets.logging.get_verbosity()
    read_coded_corpus(path)
    path.write_text('{"text": "\\ud800"}', encoding="utf-8")
    with pytest.raises(FileRefused, match="surrogate"):
        read_coded_corpus(path)
    assert capfd.readouterr() == ("", "")
    assert (datasets.are_progress_bars_disabled(), datasets.logging.get_verbosity()) == before
