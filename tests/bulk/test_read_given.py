"""Rows that are no file give what the same rows in a file give."""

from __future__ import annotations

import datasets
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from autocode.bulk import read_given
from autocode.bulk.options import BulkOptions
from autocode.bulk.read_given import read_given_tables
from autocode.bulk.run import draft_corpus
from autocode.core.errors import AutocodeError, FileRefused, InputError, NothingToDo
from autocode.encode.hashing import HashEncoder

from .support import FEW, make_rows, write_parquet

ROWS = make_rows(400)


def stream(rows):
    """A data set that is streamed, of which nothing is known before it is read."""
    return datasets.IterableDataset.from_generator(lambda: iter(rows))


KINDS = {
    "data set": datasets.Dataset.from_list,
    "data set, streamed": stream,
    "data set, streamed from another": lambda rows: datasets.Dataset.from_list(
        rows
    ).to_iterable_dataset(num_shards=3),
    "data frame": pd.DataFrame,
    "table": pa.Table.from_pylist,
    "reader": lambda rows: pa.Table.from_pylist(rows).to_reader(max_chunksize=37),
    "list of rows": list,
    "generator": iter,
}


def read(given, options=FEW):
    return [row for table in read_given_tables(given, options) for row in table.to_pylist()]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_the_same_rows(kind, monkeypatch):
    monkeypatch.setattr(read_given, "_PIECE", 64)
    assert read(KINDS[kind](ROWS)) == ROWS


@pytest.mark.parametrize("kind", ["data set", "data set, streamed", "data frame", "generator"])
def test_the_themes_are_those_of_a_file(kind, tmp_path):
    path = write_parquet(tmp_path / "rows.parquet", ROWS)
    expected = draft_corpus(path, tmp_path / "file", HashEncoder(), FEW)
    result = draft_corpus(KINDS[kind](ROWS), tmp_path / "given", HashEncoder(), FEW)
    assert result.themes == expected.themes
    assert result.n_rows == len(ROWS)
    files = {one.name: one.read_bytes() for one in (tmp_path / "file" / "rows").iterdir()}
    given = {one.name: one.read_bytes() for one in (tmp_path / "given" / "rows").iterdir()}
    assert given == files


def test_a_stream_that_broke_off_is_gone_on_with(tmp_path):
    def break_off():
        yield from ROWS[:250]
        raise ConnectionError("the server is gone")

    with pytest.raises(ConnectionError):
        draft_corpus(break_off(), tmp_path / "out", HashEncoder(), FEW)
    result = draft_corpus(iter(ROWS), tmp_path / "out", HashEncoder(), FEW)
    assert result.themes == draft_corpus(ROWS, tmp_path / "at once", HashEncoder(), FEW).themes


@pytest.mark.parametrize("kind", [list, pd.Series, np.array, pa.chunked_array, iter])
def test_texts_by_themselves_are_rows(kind):
    texts = [row["text"] for row in ROWS[:5]]
    given = [texts] if kind is pa.chunked_array else texts
    assert read(kind(given), BulkOptions()) == [{"text": text} for text in texts]


@pytest.mark.parametrize("kind", [list, pd.Series, lambda texts: pd.DataFrame({"text": texts})])
def test_texts_that_are_missing_are_rows_too(kind):
    assert read(kind(["a", None, float("nan")]), BulkOptions()) == [
        {"text": "a"}, {"text": None}, {"text": None},
    ]  # fmt: skip


def test_a_column_without_values_at_first_has_one_type(monkeypatch):
    monkeypatch.setattr(read_given, "_PIECE", 2)
    rows = [{"text": "a", "wave": wave} for wave in (None, None, 3, None, 5)]
    tables = list(read_given_tables(rows, BulkOptions(keep=("wave",))))
    assert {table.schema.field("wave").type for table in tables} == {pa.string()}
    assert [row["wave"] for table in tables for row in table.to_pylist()] == [
        None, None, "3", None, "5",
    ]  # fmt: skip


WRONG = [
    ([{"words": "a"}], FileRefused, r"list: has no column 'text' \(it has: words\)"),
    (datasets.Dataset.from_list([{"a": 1}]), FileRefused, "Dataset: has no column 'text'"),
    (pd.DataFrame({"text": [1, 2]}), FileRefused, "DataFrame: the column 'text' holds int64"),
    (pd.DataFrame({"text": ["a", 2]}), FileRefused, "DataFrame, from row 0 on: cannot be read"),
    ([{"text": "a"}, {"text": 5}], FileRefused, "list, from row 0 on: cannot be read as a table"),
    ([{"text": "a"}, 5], InputError, "Row 1 of list is int, neither a text nor a mapping"),
    ([{"text": "a\ud800"}], FileRefused, "list, from row 0 on: cannot be read"),
    (b"abc", InputError, "bytes holds no rows"),
    (17, InputError, "int holds no rows"),
    (None, InputError, "NoneType holds no rows"),
    ({"text": ["a"]}, InputError, "dict holds no rows"),
    (
        datasets.DatasetDict(train=datasets.Dataset.from_list([{"text": "a"}])),
        InputError,
        "Name one of its parts: train",
    ),
    ([], NothingToDo, "list holds no rows"),
]


@pytest.mark.parametrize(("given", "fault", "words"), WRONG, ids=[words for _, _, words in WRONG])
def test_what_is_no_table_is_said_in_one_line_and_nothing_is_written(given, fault, words, tmp_path):
    with pytest.raises(AutocodeError, match=words) as refused:
        draft_corpus(given, tmp_path / "out", HashEncoder())
    assert type(refused.value) is fault
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out").exists()
