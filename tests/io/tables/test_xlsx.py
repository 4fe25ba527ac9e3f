from __future__ import annotations

import datetime

import pytest

from autocode.io.tables import xlsx
from autocode.io.tables.xlsx import sheet_rows

from ..samples import workbook, zipped


def test_sheet_rows_gives_cells_as_text(write):
    rows = [["a", "b"], [1, 2.5], [], [True, datetime.datetime(2024, 5, 1)], [3.0, "é\n👋"]]
    assert sheet_rows(write("a.xlsx", workbook(rows))) == [
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
def test_sheet_rows_refuses_in_one_line(write, refusal, raw, fault):
    assert fault in refusal(write("a.xlsx", raw), sheet_rows)["fault"]


def test_sheet_rows_refuses_more_cells_than_a_survey_has(write, refusal, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_CELLS", 3)
    path = write("a.xlsx", workbook([["a", "b"], ["c", "d"]]))
    facts = refusal(path, sheet_rows)
    assert (facts["place"], facts["fault"]) == ("line 2", "holds more than 3 cells")
