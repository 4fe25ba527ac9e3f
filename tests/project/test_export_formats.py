"""Exports as CSV for Excel, workbooks, Parquet and data sets hold what the CSV holds."""

from __future__ import annotations

import csv

import openpyxl
import pytest

from autocode.core.coding import Coding
from autocode.core.errors import FileRefused, InputError
from autocode.core.transcript import Span
from autocode.project import Project

FORMULA = '=HYPERLINK("http://example.org")'


@pytest.fixture
def coded(suggesting: Project) -> Project:
    """A study with a memo that is a formula."""
    suggesting.add_codings(
        [Coding(transcript="t4_dev", span=Span(13, 20), code="shame", coder="Zoë", memo=FORMULA)]
    )
    return suggesting


def plain_rows(folder, name="codings.csv"):
    with (folder / name).open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def test_csv_for_excel_begins_with_a_mark_and_is_read_back(coded, tmp_path):
    coded.export(tmp_path / "plain")
    coded.export(tmp_path / "excel", format="csv-excel")
    written = (tmp_path / "excel" / "codings.csv").read_bytes()
    assert written == b"\xef\xbb\xbf" + (tmp_path / "plain" / "codings.csv").read_bytes()
    assert f"'{FORMULA}" in {row["memo"] for row in plain_rows(tmp_path / "excel")}
    before = coded.codings()
    coded.import_paths([tmp_path / "excel" / "codings.csv"])
    assert coded.codings() == before


def test_a_workbook_holds_the_same_and_no_formula(coded, tmp_path):
    coded.export(tmp_path)
    written = coded.export(tmp_path, format="xlsx")
    assert {path.suffix for path in written} == {".xlsx", ".qdc"}
    sheet = openpyxl.load_workbook(tmp_path / "codings.xlsx").active
    header, *rows = sheet.iter_rows()
    memo = next(cell.column - 1 for cell in header if cell.value == "memo")
    assert [row[memo].value or "" for row in rows] == [
        row["memo"].removeprefix("'") for row in plain_rows(tmp_path)
    ]
    assert all(cell.data_type != "f" for row in rows for cell in row)
    assert FORMULA in {row[memo].value for row in rows}


@pytest.mark.slow
def test_parquet_holds_numbers_as_numbers_and_words_as_they_are(coded, tmp_path):
    import pyarrow.parquet

    coded.export(tmp_path)
    written = coded.export(tmp_path, format="parquet")
    table = pyarrow.parquet.read_table(tmp_path / "codings.parquet")
    assert table.num_rows == written[tmp_path / "codings.parquet"] == len(plain_rows(tmp_path))
    assert str(table.schema.field("start").type) == "int64"
    assert [str(start) for start in table["start"]] == [r["start"] for r in plain_rows(tmp_path)]
    assert FORMULA in table["memo"].to_pylist()
    assert (tmp_path / "codings.parquet").stat().st_mode & 0o077 == 0


def test_a_data_set_is_loaded_from_disk_and_replaced_by_the_next(coded, tmp_path):
    import datasets

    for _ in range(2):
        written = coded.export(tmp_path, format="dataset")
    loaded = datasets.load_from_disk(str(tmp_path / "segments"))
    assert len(loaded) == written[tmp_path / "segments"] == len(coded.segments())
    assert any("shame" in codes for codes in loaded["codes"])
    assert (tmp_path / "segments").stat().st_mode & 0o077 == 0


def test_a_folder_that_is_no_data_set_is_left_alone(coded, tmp_path):
    (tmp_path / "segments").mkdir()
    (tmp_path / "segments" / "mine.txt").write_text("keep", "utf-8")
    with pytest.raises(FileRefused, match="something else than a saved data set"):
        coded.export(tmp_path, format="dataset")
    assert (tmp_path / "segments" / "mine.txt").read_text("utf-8") == "keep"
    assert [path.name for path in tmp_path.glob("*.csv")] == []


def test_an_unknown_format_is_refused_with_those_there_are(coded, tmp_path):
    with pytest.raises(InputError, match="csv, csv-excel, xlsx, parquet, dataset"):
        coded.export(tmp_path / "out", format="docx")
    assert not (tmp_path / "out").exists()
