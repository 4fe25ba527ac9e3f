from __future__ import annotations

import csv
import gzip

import pytest

from autocode.core.errors import FileRefused
from autocode.io.tables.table import read_table, write_table


def test_read_table_gives_rows_with_their_lines(write):
    path = write("a.csv", ' Code ,NAME\na,"one\ntwo"\n,\nb,"say ""no"""\n')
    table = read_table(path)
    assert table.columns == ("code", "name")
    assert [dict(row.cells) for row in table.rows] == [
        {"code": "a", "name": "one\ntwo"},
        {"code": "b", "name": 'say "no"'},
    ]
    assert table.rows[-1].line == 5


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_read_table_knows_the_delimiter(write, delimiter):
    path = write("a.csv", f"code{delimiter}name\na{delimiter}A\n")
    assert read_table(path).rows[0].cells == {"code": "a", "name": "A"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_read_table_takes_what_excel_writes(write, encoding):
    path = write("a.csv", "code;definition\r\na;“Café” – it’s so\r\n", encoding)
    assert read_table(path).rows[0].cells == {"code": "a", "definition": "“Café” – it’s so"}


def test_read_table_unpacks_gz(write):
    path = write("a.csv.gz", gzip.compress(b"code,name\na,A\n", mtime=0))
    assert read_table(path).rows[0].cells["name"] == "A"


def test_read_table_takes_long_cells(write):
    assert (
        len(read_table(write("a.csv", f"code\n{'x' * 200_000}\n")).rows[0].get("code")) == 200_000
    )


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_read_table_refuses_an_empty_file(write, refusal, content):
    assert "empty" in refusal(write("a.csv", content), read_table)["fault"]


def test_read_table_refuses_a_file_of_nothing_but_a_mark(write, refusal):
    facts = refusal(write("a.csv", b"\xef\xbb\xbf"), read_table)
    assert "()" not in facts["fault"]
    assert facts["place"] != "line 0"


def test_read_table_refuses_broken_quotes_with_their_line(write, refusal):
    facts = refusal(write("a.csv", 'code,name\na,A\nb,"B" x\n'), read_table)
    assert facts["place"] == "line 3"


def test_read_table_numbers_equal_headings_and_says_so(write):
    table = read_table(write("a.csv", "id,Why?,Why?\n1,rain,snow\n"))
    assert table.columns == ("id", "why?", "why? (2)")
    assert table.rows[0].cells["why? (2)"] == "snow"
    assert "2 columns are headed 'why?'" in table.notes[0]


def test_read_table_refuses_more_cells_than_columns(write, refusal):
    path = write("a.csv", "code,name,definition\na,A,I agree\nb,B,I trust, mostly\n")
    assert refusal(path, read_table)["place"] == "line 3"


@pytest.mark.parametrize("words", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\tx", "\r=x", "\n=x"])
def test_write_table_writes_nothing_a_spreadsheet_would_run(tmp_path, words):
    write_table(tmp_path / "a.csv", ["a"], [{"a": words}])
    with (tmp_path / "a.csv").open(newline="") as stream:
        assert list(csv.reader(stream)) == [["a"], [f"'{words}"]]


def test_write_table_writes_numbers_as_they_are(tmp_path):
    n_rows = write_table(tmp_path / "a.csv", ["a", "b"], [{"a": -1, "c": "x"}, {"a": None}])
    assert (tmp_path / "a.csv").read_bytes() == b"a,b\r\n-1,\r\n,\r\n"
    assert n_rows == 2


def test_write_table_refuses_a_place_it_cannot_write(write):
    path = write("a.txt", "x") / "b.csv"
    with pytest.raises(FileRefused, match=r"cannot be written"):
        write_table(path, ["a"], [])


def test_write_table_makes_a_workbook_of_what_is_named_like_one(tmp_path):
    path = tmp_path / "a.XLSX"
    assert write_table(path, ["a", "b"], [{"a": "=1+1", "b": 2}]) == 1
    assert path.read_bytes().startswith(b"PK")
    table = read_table(path)
    assert (table.columns, table.rows[0].cells) == (("a", "b"), {"a": "=1+1", "b": "2"})


@pytest.mark.parametrize("name", ["a.ods", "a.xls", "a.docx"])
def test_write_table_refuses_a_name_of_another_kind_of_file(tmp_path, name):
    with pytest.raises(FileRefused, match=r"tables are written as \.csv or \.xlsx"):
        write_table(tmp_path / name, ["a"], [])
    assert not (tmp_path / name).exists()
