"""CSV text as numbered rows of cells: comma, semicolon or tab, whichever the header uses most."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...core.errors import FileRefused

_LIMIT = threading.Lock()


@dataclass(frozen=True, slots=True)
class NumberedRow:
    """The cells of one row and the line of the file on which it ends."""

    line: int
    cells: list[str]


def read_csv_rows(text: str, path: Path) -> list[NumberedRow]:
    """The header, then every row that has a filled cell.

    Raises:
        FileRefused: if quotes do not match, or a row has filled cells beyond the header's.
    """
    rows: list[NumberedRow] = []
    with _long_fields(len(text)):
        reader = csv.reader(
            io.StringIO(text, newline=""), delimiter=find_delimiter(text), strict=True
        )
        try:
            header = next(reader, [])
            rows.append(NumberedRow(reader.line_num, header))
            for cells in reader:
                if any(cell.strip() for cell in cells[len(header) :]):
                    raise FileRefused.because(
                        path,
                        f"has {len(cells)} cells under {len(header)} columns",
                        remedy="Put quotes around cells that hold the separator.",
                        place=f"line {reader.line_num}",
                    )
                if any(cell.strip() for cell in cells):
                    rows.append(NumberedRow(reader.line_num, cells))
        except csv.Error as error:
            raise FileRefused.because(
                path,
                f"not a readable table ({error})",
                remedy="Save it again as CSV (UTF-8).",
                place=f"line {reader.line_num}",
            ) from None
    return rows


def find_delimiter(text: str) -> str:
    """The separator that the first line uses most: comma, semicolon or tab."""
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


@contextmanager
def _long_fields(n_characters: int) -> Iterator[None]:
    """Allow fields of this length while we read; Python's limit is one for the whole process."""
    with _LIMIT:
        before = csv.field_size_limit()
        if n_characters <= before:
            yield
            return
        csv.field_size_limit(n_characters)
        try:
            yield
        finally:
            csv.field_size_limit(before)
