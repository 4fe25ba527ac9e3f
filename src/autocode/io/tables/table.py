"""Tables in and out: rows under named columns, from CSV or Excel, and to CSV.

Columns go by their names in lower case, in any order. Cells that a spreadsheet would run as a
formula are written with a leading apostrophe, which reading takes away again.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from ...core.errors import FileRefused, NotFound
from ..files import write_atomically
from ..source import SourceFile
from ..url_path import AnyPath
from .arrange import assign_columns, choose_sheets, tell_apart
from .csv_rows import find_delimiter

# A spreadsheet runs a cell that begins so (OWASP, CSV Injection); line ends are skipped by some.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# A cell that itself begins with an apostrophe gets one more, so that none is lost on the way back.
_GUARDED = (*_FORMULA, "'")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table with its line number; keys are column names in lower case.

    `sheet` names the sheet it stands on where several are read.
    """

    line: int
    cells: Mapping[str, str]
    sheet: str = ""

    def get(self, *names: str) -> str:
        """The first of these columns that the row fills, without blanks and guards around it."""
        for name in names:
            if value := clean_cell(self.cells.get(name, "")):
                return value
        return ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table file: its columns in lower case, its rows, and what a reader should say of them.

    `spelled` gives each column's heading as the file has it, `wording` the words of a question
    where they stand in a row of their own, `answers` the columns that a person said hold answers.
    """

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    spelled: Mapping[str, str] = field(default_factory=dict)
    wording: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[str, ...] = ()

    def need(self, *alternatives: Sequence[str]) -> None:
        """Refuse the file unless each group of alternative columns has one present."""
        for names in alternatives:
            if not set(names) & set(self.columns):
                columns = ", ".join(self.columns) or "none"
                raise FileRefused.because(
                    self.path,
                    f"has no column '{names[0]}' (columns: {columns})",
                    remedy=f"Name a column {' or '.join(repr(n) for n in names)}.",
                    place="line 1",
                )

    def refuse(self, row: Row, fault: str, remedy: str) -> FileRefused:
        """An error that names this file and the row's line."""
        return FileRefused.because(self.path, fault, remedy=remedy, place=_place(row))

    def describe_unused(self, columns: Iterable[str]) -> list[str]:
        """A note that names the columns of which nothing is taken, or none."""
        unused = [column for column in columns if any(row.get(column) for row in self.rows)]
        shown = ", ".join(" ".join(column.split()) for column in unused[:8])
        more = f" and {len(unused) - 8} more" if len(unused) > 8 else ""
        return [f"columns not used: {shown}{more}"] if unused else []

    def match(
        self, row: Row, kind: str, name: str, known: Mapping[str, object] | Sequence[str]
    ) -> str:
        """`name` as it is spelled among the `known` names, whatever its case.

        Raises:
            FileRefused: with the nearest known name, if there is none.
        """
        if name in known:
            return name
        folded = {other.casefold(): other for other in known}
        if name.casefold() in folded:
            return folded[name.casefold()]
        raise self.refuse(
            row, str(NotFound.among(kind, name, known)), "Nothing of this file was imported."
        )


def read_table(file: SourceFile | Path) -> Table:
    """Read a CSV file, or the sheets of an Excel workbook that have the same headings.

    Titles above the headings and what survey services write below them are left out, and `notes`
    say so. Equal headings get a number. Columns that a person assigned are named by their role.

    Raises:
        FileRefused: if it is no table, has no columns, or lacks a sheet or column that was named.
    """
    source = SourceFile.of(file)
    chosen = choose_sheets(source)
    header = chosen.header
    headings = [" ".join(cell.split()) for cell in header.row.cells]
    while source.suffix == ".xlsx" and headings and not headings[-1]:
        headings.pop()
    if not any(headings):
        raise FileRefused.because(source.path, "holds no columns", remedy="Export it again.")
    columns, notes = tell_apart([heading.casefold() for heading in headings])
    columns, answers = assign_columns(source, columns)
    rows = [
        Row(row.line, dict(zip(columns, row.cells, strict=False)), sheet.name if several else "")
        for several in (len(chosen.sheets) > 1,)
        for sheet, first in chosen.sheets
        for row in sheet.rows[first:]
    ]
    doubts = () if source.suffix == ".xlsx" else source.decoded.doubts
    return Table(
        source.path,
        tuple(columns),
        tuple(row for row in rows if any(row.cells.values())),
        notes=(*doubts, *chosen.notes, *notes),
        spelled=dict(zip(columns, headings, strict=True)),
        wording={columns[n]: words for n, words in header.wording.items() if n < len(columns)},
        answers=answers,
    )


def read_headings(source: SourceFile) -> Table:
    """The columns alone, also of a CSV file whose rows cannot be read."""
    if source.suffix == ".xlsx":
        return replace(read_table(source), rows=())
    cells = source.text.split("\n", 1)[0].split(find_delimiter(source.text))
    return Table(source.path, tuple(c.strip().strip('"').casefold() for c in cells), ())


def write_table(
    path: AnyPath,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, object]],
    *,
    for_excel: bool = False,
) -> int:
    """Write CSV, or a workbook (.xlsx), whole or not at all; returns the number of rows.

    A cell that a spreadsheet would run as a formula gets an apostrophe in front. `for_excel` writes
    a byte order mark, by which Excel knows UTF-8.

    Raises:
        FileRefused: if the file cannot be written, or is named as something else than a table.
    """
    suffix = path.suffix.lower()
    if suffix == ".xlsx" and isinstance(path, Path):
        from .write_xlsx import write_xlsx

        return write_xlsx(path, columns, rows)
    if suffix not in ("", ".csv", ".txt"):
        raise FileRefused.because(
            path,
            f"is named like a '{path.suffix}' file, and tables are written as .csv or .xlsx",
            remedy="Name a file that ends so.",
        )
    with write_atomically(path) as stream:
        stream.write("\ufeff" if for_excel else "")
        return write_rows(stream, columns, rows)


def write_rows(
    stream: IO[str], columns: Sequence[str], rows: Iterable[Mapping[str, object]]
) -> int:
    """Write CSV, no cell of which a spreadsheet would run; returns the number of rows."""
    n_rows = 0
    writer = csv.writer(stream)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_guard_cell(row.get(column, "")) for column in columns])
        n_rows += 1
    return n_rows


def _place(row: Row) -> str:
    return f"sheet '{row.sheet}', line {row.line}" if row.sheet else f"line {row.line}"


def clean_cell(value: str) -> str:
    """A cell without blanks around it and without the apostrophe that keeps it from being run."""
    value = value.lstrip()
    is_guarded = value[:1] == "'" and value[1:2] in _GUARDED
    return (value[1:] if is_guarded else value).strip()


def _guard_cell(value: object) -> object:
    if isinstance(value, str):
        clean = value.replace("\x00", "")
        return f"'{clean}" if clean.startswith(_GUARDED) else clean
    return "" if value is None else value
