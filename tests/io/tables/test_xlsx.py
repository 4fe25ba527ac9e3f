from __future__ import annotations

import datetime
import io
import zipfile

import pytest

from autocode.io.tables import xlsx
from autocode.io.tables.xlsx import read_sheets

from ..support import workbook, zipped


def read(path):
    return [row for sheet in read_sheets(path.read_bytes(), path) for row in sheet.rows]


def test_read_sheets_gives_cells_as_text(write):
    rows = [["a", "b"], [1, 2.5], [], [True, datetime.datetime(2024, 5, 1)], [3.0, "é\n👋"]]
    found = read(write("a.xlsx", workbook(rows)))
    assert [(row.line, row.cells) for row in found] == [
        (1, ["a", "b"]),
        (2, ["1", "2.5"]),
        (4, ["true", "2024-05-01"]),
        (5, ["3", "é\n👋"]),
    ]


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(100), "password or in the old .xls format"),
        (workbook([["a"]])[:500], "not a whole Excel workbook"),
        (zipped(("a.txt", "a")), "not a Excel workbook"),
        (zipped(("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>')), "XML entities"),
    ],
    ids=["old or locked", "cut off", "an archive", "entities"],
)
def test_read_sheets_refuses_in_one_line(write, refusal, raw, fault):
    assert fault in refusal(write("a.xlsx", raw), read)["fault"]


def test_read_sheets_refuses_more_cells_than_a_survey_has(write, refusal, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_CELLS", 3)
    path = write("a.xlsx", workbook([["a", "b"], ["c", "d"]]))
    facts = refusal(path, read)
    assert (facts["place"], facts["fault"]) == ("line 2", "holds more than 3 cells")


def restyled(raw, old, new):
    """A workbook whose styles part has `old` replaced."""
    return reworked(raw, "xl/styles.xml", old, new)


def reworked(raw, part, old, new):
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    return zipped(*((n, b.replace(old, new) if n == part else b) for n, b in parts))


@pytest.mark.parametrize("font", ["7", "4294967296"])
def test_read_sheets_refuses_a_style_with_a_missing_font(write, refusal, font):
    raw = restyled(workbook([["a"]]), b'fontId="0"', f'fontId="{font}"'.encode())
    assert "not a whole Excel workbook" in refusal(write("a.xlsx", raw), read)["fault"]


@pytest.mark.parametrize("number", ["1048577", "99999999999999999999"])
def test_read_sheet_rows_refuses_a_row_that_no_sheet_has(write, refusal, number):
    sheet = workbook([["a"], ["b"]])
    raw = reworked(sheet, "xl/worksheets/sheet1.xml", b'<row r="2"', f'<row r="{number}"'.encode())
    assert "more than 1048576 rows" in refusal(write("a.xlsx", raw), read)["fault"]


def test_read_sheets_refuses_xml_in_an_encoding_that_does_not_exist(write, refusal):
    sheet = "xl/worksheets/sheet1.xml"
    odd = b'<?xml version="1.0" encoding="x-none"?><worksheet'
    raw = reworked(workbook([["a"]]), sheet, b"<worksheet", odd)
    assert "not a whole Excel workbook" in refusal(write("a.xlsx", raw), read)["fault"]
