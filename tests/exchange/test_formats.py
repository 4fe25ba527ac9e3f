"""Which reader takes a file, and what is said of one that none can read."""

from __future__ import annotations

import sqlite3

import pytest

from autocode.core.errors import FileRefused
from autocode.exchange.formats import READERS, find_reader, read_project


@pytest.mark.parametrize("suffix", [".qda", ".rqda", ".requal", ".mex"])
def test_a_damaged_project_is_called_damaged_and_not_unknown(tmp_path, suffix):
    path = tmp_path / f"a{suffix.upper()}"
    path.write_bytes(b"SQLite format 3\x00 and no more")
    with pytest.raises(
        FileRefused, match=r"is damaged, or not a whole SQLite file\. Copy it again"
    ):
        read_project(path)


@pytest.mark.parametrize(
    ("suffix", "tool"),
    [(".qda", "QualCoder"), (".rqda", "RQDA"), (".requal", "requal"), (".mex", "MAXQDA")],
)
def test_another_database_under_a_tools_suffix_lacks_that_tools_tables(tmp_path, suffix, tool):
    path = tmp_path / f"a{suffix}"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(FileRefused, match=f"has no table '.*', which every project of {tool} has"):
        read_project(path)


def test_a_database_under_a_suffix_of_many_programs_is_no_project(tmp_path):
    path = tmp_path / "a.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    assert find_reader(path) is None


def test_a_folder_with_a_tools_suffix_and_nothing_in_it_is_no_project(tmp_path):
    (tmp_path / "a.qda").mkdir()
    assert find_reader(tmp_path / "a.qda") is None


def test_every_reader_says_what_it_is_called():
    assert len({reader.name for reader in READERS}) == len(READERS)
