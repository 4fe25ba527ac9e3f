"""CSV text as numbered rows of cells: comma, semicolon, tab or bar, judged from many rows."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ...core.errors import FileRefused

_LIMIT = threading.Lock()
DELIMITERS = ",;\t|"
_SAMPLE = 65_536
"""Characters from the beginning of a text from which its separator is judged."""
_SEP_LINE = re.compile(r'"?sep=(?P<mark>[^\n"]?)"?[,;]*[ \t]*(?:\n|$)', re.IGNORECASE)
"""What Excel writes and reads as a first line that names the separator."""


@dataclass(frozen=True, slots=True)
class NumberedRow:
    """The cells of one row and the line of the file on which it ends."""

    line: int
    cells: list[str]


def read_csv_rows(text: str, path: Path) -> list[NumberedRow]:
    """Every row that has a filled cell, whatever stands above the headings.

    Raises:
        FileRefused: if quotes do not match.
    """
    rows: list[NumberedRow] = []
    delimiter = find_delimiter(text)
    body, n_above = _drop_sep_line(text)
    with _long_fields(len(body)):
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    rows.append(NumberedRow(reader.line_num + n_above, cells))
        except csv.Error as error:
            raise FileRefused.because(
                path,
                f"not a readable table ({error})",
                remedy="Save it again as CSV (UTF-8).",
                place=f"line {reader.line_num + n_above}",
            ) from None
    return rows


def check_widths(header: NumberedRow, rows: Sequence[NumberedRow], path: Path) -> None:
    """Refuse a table of which a row has filled cells beyond the headings.

    Raises:
        FileRefused: with the row's line.
    """
    width = len(header.cells)
    for row in rows:
        if len(row.cells) > width and any(cell.strip() for cell in row.cells[width:]):
            raise FileRefused.because(
                path,
                f"has {len(row.cells)} cells under {width} columns",
                remedy="Put quotes around cells that hold the separator.",
                place=f"line {row.line}",
            )


def find_delimiter(text: str) -> str:
    """The separator named on a first line `sep=`, else the one under which most rows are alike.

    Quotes are respected. Where no separator makes rows of the same width, the first line's most
    frequent one is taken.
    """
    if (named := _SEP_LINE.match(text)) and named["mark"]:
        return named["mark"]
    sample, _ = _drop_sep_line(text[:_SAMPLE])
    first = sample.split("\n", 1)[0]
    whole = len(text) <= _SAMPLE
    scores = {mark: _score(sample, mark, whole=whole) for mark in DELIMITERS}
    best = max(DELIMITERS, key=lambda mark: (scores[mark], first.count(mark)))
    return best if scores[best] > 0 else max(DELIMITERS, key=first.count)


def _score(sample: str, delimiter: str, *, whole: bool) -> float:
    """The share of rows that have as many cells as most rows, if those are several."""
    widths: list[int] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    with suppress(csv.Error):  # too long a field: what was read until then tells enough
        widths.extend(len(row) for row in reader if any(cell.strip() for cell in row))
    if not whole:
        widths = widths[:-1]
    # Rows of a single cell are titles, or not parted by this mark.
    several = Counter(width for width in widths if width > 1)
    if not several:
        return 0.0
    width, n_rows = max(several.items(), key=lambda item: (item[1], item[0]))
    return n_rows / len(widths) + 0.001 * min(width, 100)


def _drop_sep_line(text: str) -> tuple[str, int]:
    match = _SEP_LINE.match(text)
    return (text[match.end() :], 1) if match else (text, 0)


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
