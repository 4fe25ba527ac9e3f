"""A table file as sheets of raw rows: one of a CSV file, one or more of a workbook."""

from __future__ import annotations

from dataclasses import dataclass, field

from .csv_rows import NumberedRow


@dataclass(frozen=True, slots=True)
class RawSheet:
    """The filled rows of one sheet, headings and titles among them.

    `merged` are the line numbers of rows that a merged heading reaches down from: a heading of two
    rows. `name` is empty for a CSV file.
    """

    rows: tuple[NumberedRow, ...]
    name: str = ""
    merged: frozenset[int] = field(default_factory=frozenset)
    n_filled_by_merge: int = 0
