"""`autocode quotes`: on the terminal and in the four formats."""

from __future__ import annotations

import csv
import zipfile

import docx
import openpyxl
import pytest

from autocode.core.coding import Coding
from autocode.core.transcript import Span
from autocode.project import Project


def test_quotes_name_who_said_what_and_where(cli, plain):
    shown = cli("quotes", plain, "--code", "wait").stdout
    assert "I waited nine months on the waiting list for an assessment." in shown
    assert "A (north), t1_ann, Ann, turn 2; coded by Amina, Jonas" in shown


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "csv", "md"])
def test_each_format_holds_every_quote(cli, cli_json, plain, tmp_path, suffix):
    out = tmp_path / f"quotes.{suffix}"
    expected = [q["excerpt"] for q in cli_json("quotes", plain)["quotes"]]
    assert (
        f"{len(expected)} quotes" in cli("quotes", plain, "--by", "region", "--output", out).stdout
    )
    words = _words(out)
    assert len(expected) > 3
    assert all(excerpt in words for excerpt in expected)


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_the_same_quotes_give_the_same_bytes(cli, plain, tmp_path, suffix):
    first, second = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    cli("quotes", plain, "--output", first)
    cli("quotes", plain, "--output", second)
    assert first.read_bytes() == second.read_bytes()


def test_a_memo_that_looks_like_a_formula_stays_text(cli, plain, tmp_path):
    with Project.open(plain) as project:
        text = project.transcript("t1_ann").text
        start = text.index("My sister")
        made = Coding(
            transcript="t1_ann", span=Span(start, start + 9), code="wait", coder="Amina",
            memo='=HYPERLINK("x")\x07',
        )  # fmt: skip
        project.add_codings([made])
    out = tmp_path / "quotes.xlsx"
    cli("quotes", plain, "--code", "wait", "--output", out)
    sheet = openpyxl.load_workbook(out).active
    cells = [cell for row in sheet.iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
    assert [(cell.value, cell.data_type) for cell in cells] == [('=HYPERLINK("x")', "s")]


def test_another_format_is_refused_with_those_there_are(fails, plain, tmp_path):
    message = fails("quotes", plain, "--output", tmp_path / "quotes.pdf")
    assert ".docx, .xlsx, .csv or .md" in message
    assert not (tmp_path / "quotes.pdf").exists()


def _words(path):
    if path.suffix == ".docx":
        assert zipfile.is_zipfile(path)
        return "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
    if path.suffix == ".xlsx":
        rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        return "\n".join(str(cell) for row in rows for cell in row)
    if path.suffix == ".csv":
        with path.open(encoding="utf-8") as stream:
            return "\n".join(row["excerpt"] for row in csv.DictReader(stream))
    return path.read_text(encoding="utf-8")
