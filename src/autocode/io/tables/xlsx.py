"""Excel workbooks (.xlsx) as rows of text; the only adapter to openpyxl."""

from __future__ import annotations

import datetime
import io
import warnings
from collections.abc import Iterator
from pathlib import Path

from ...core.errors import FileRefused
from ..archive import DAMAGE, LOST_PARTS, open_archive, refuse_broken
from .csv_rows import NumberedRow

MOST_CELLS = 5_000_000
_WHAT = "Excel workbook"


def read_sheet_rows(raw: bytes, path: Path) -> list[NumberedRow]:
    """Rows with their numbers of the first sheet that holds any; dates as ISO 8601.

    Formulas give the value that was last computed.

    Raises:
        FileRefused: if it has a password, is broken, a zip bomb, or larger than a survey can be.
    """
    open_archive(raw, path, what=_WHAT, needs="xl/workbook.xml")
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions, which hold no words.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
            sheets = [list(_filled(sheet, path)) for sheet in book.worksheets]
    except FileRefused:
        raise
    except (*DAMAGE, *LOST_PARTS, InvalidFileException, SyntaxError) as error:
        raise refuse_broken(path, error, what=_WHAT) from None
    return next((rows for rows in sheets if rows), [])


def _filled(sheet: object, path: Path) -> Iterator[NumberedRow]:
    sheet.reset_dimensions()  # type: ignore[attr-defined] # what a sheet says of its size may be wrong
    n_cells = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):  # type: ignore[attr-defined]
        n_cells += len(row)
        if n_cells > MOST_CELLS:
            raise FileRefused.because(
                path,
                f"holds more than {MOST_CELLS} cells",
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
