"""Tables written as Excel workbooks: every cell plain text or a number, nothing that runs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..files import write_bytes_atomically
from ..office import make_reproducible, printable

_WIDEST = 80
_MOST_LETTERS = 32_767
"""Characters that Excel keeps in one cell."""


def write_xlsx(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> int:
    """Write one sheet with a header row, whole or not at all; returns the number of rows.

    A cell that begins like a formula is stored as text, so that no spreadsheet runs it.

    Raises:
        FileRefused: if the file cannot be written.
    """
    import openpyxl
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    sheet = book.active
    widths = [len(name) for name in columns]
    n_rows = 0
    for number, cells in enumerate(_cells(columns, rows), start=1):
        for at, value in enumerate(cells, start=1):
            cell = sheet.cell(row=number, column=at, value=None)
            if isinstance(value, int | float) and not isinstance(value, bool):
                cell.value = value
            elif value:
                cell.value = value
                cell.data_type = "s"  # openpyxl would take "=1+1" for a formula
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.font = Font(bold=number == 1)
            widths[at - 1] = max(widths[at - 1], min(_WIDEST, len(str(value or ""))))
        n_rows = number - 1
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width + 2
    sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    with write_bytes_atomically(path) as out:
        out.write(make_reproducible(stream.getvalue()))
    return n_rows


def _cells(
    columns: Sequence[str], rows: Iterable[Mapping[str, object]]
) -> Iterable[list[str | int | float]]:
    yield list(columns)
    for row in rows:
        yield [_plain(row.get(column)) for column in columns]


def _plain(value: object) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return printable(str(value))[:_MOST_LETTERS]
