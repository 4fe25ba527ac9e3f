"""Excel workbooks (.xlsx) as rows of text; the only adapter to openpyxl."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from ...core.errors import FileRefused
from ..archive import DAMAGE, LOST_PARTS, open_archive, refuse_broken
from .csv_rows import NumberedRow
from .sheets import RawSheet

MOST_CELLS = 5_000_000
_MERGED = re.compile(rb'mergeCell\s[^>]{0,80}?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_MOST = 20_000
"""Merged ranges looked at in one sheet."""
_MOST_FILLED = 1_000_000
"""Rows that the merged cells of one sheet are repeated in, all together."""
_MOST_ROWS = 1_048_576
"""What Excel can hold; up to a higher number openpyxl would make rows without end."""
_WHAT = "Excel workbook"


def read_sheets(raw: bytes, path: Path) -> list[RawSheet]:
    """The sheets that hold any rows, in their order; dates as ISO 8601, merged cells filled down.

    Formulas give the value that was last computed.

    Raises:
        FileRefused: if it has a password, is broken, a zip bomb, or larger than a survey can be.
    """
    archive = open_archive(raw, path, what=_WHAT, needs="xl/workbook.xml")
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions, which hold no words.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
            sheets = [
                fill_merged(list(_filled(sheet, path)), sheet.title, _merged_ranges(archive, sheet))
                for sheet in book.worksheets
            ]
    except FileRefused:
        raise
    # A LookupError: XML that says it is in an encoding that does not exist.
    except (*DAMAGE, *LOST_PARTS, InvalidFileException, SyntaxError, LookupError) as error:
        raise refuse_broken(path, error, what=_WHAT) from None
    return [sheet for sheet in sheets if sheet.rows]


def fill_merged(
    rows: list[NumberedRow], name: str, ranges: list[tuple[int, int, int, int]]
) -> RawSheet:
    """A sheet whose merged cells repeat their value in every row they reach down to.

    A range is (column, first row, last column, last row), columns from 0, rows from 1. Cells merged
    across are not repeated: a title stays one cell.
    """
    by_line = {row.line: row for row in rows}
    width = max((len(row.cells) for row in rows), default=0)
    reaching: set[int] = set()
    n_filled = 0
    budget = _MOST_FILLED
    for column, first, _, last in ranges:
        head = by_line.get(first)
        value = head.cells[column] if head and column < len(head.cells) else ""
        if not value or last <= first or column >= width:
            continue
        reaching.add(first)
        for line in range(first + 1, min(last, first + budget) + 1):
            row = by_line.get(line)
            # A row that is empty but for the merged cell is no row of the table.
            if row is not None:
                row.cells.extend("" for _ in range(column + 1 - len(row.cells)))
                row.cells[column] = row.cells[column] or value
                n_filled += 1
        budget -= last - first
        if budget <= 0:
            break
    return RawSheet(tuple(rows), name, frozenset(reaching), n_filled)


def _merged_ranges(archive: zipfile.ZipFile, sheet: Any) -> list[tuple[int, int, int, int]]:  # noqa: ANN401 - openpyxl is untyped
    """The merged ranges of a sheet, which openpyxl leaves out where it reads row by row."""
    part = getattr(sheet, "_worksheet_path", "")
    if part not in archive.namelist():
        return []
    content = archive.read(part)
    ranges = []
    for match in islice(_MERGED.finditer(content, max(content.rfind(b"</sheetData>"), 0)), _MOST):
        first, top, last, bottom = (group.decode() for group in match.groups())
        ranges.append((_column(first), int(top), _column(last), int(bottom)))
    return ranges


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _filled(sheet: object, path: Path) -> Iterator[NumberedRow]:
    sheet.reset_dimensions()  # type: ignore[attr-defined] # what a sheet says of its size may be wrong
    n_cells = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):  # type: ignore[attr-defined]
        if not row and number <= _MOST_ROWS:
            continue  # openpyxl makes the rows that are not in the file
        n_cells += len(row)
        if n_cells > MOST_CELLS or number > _MOST_ROWS:
            most = f"{MOST_CELLS} cells" if n_cells > MOST_CELLS else f"{_MOST_ROWS} rows"
            raise FileRefused.because(
                path,
                f"holds more than {most}",
                remedy="Save the columns you need as .csv.",
                place=f"line {number}",
            )
        cells = [_text(value) for value in row]
        if any(cells):
            yield NumberedRow(number, cells)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        bare = value.time() == datetime.time(0)
        return value.date().isoformat() if bare else value.isoformat(" ", "seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()
