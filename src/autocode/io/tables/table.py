"""Tables in and out: codebooks, codings, cases and decisions as CSV, and in from Excel.

Columns are found by their names (several spellings are known), in any order; the delimiter is
recognised. Cells that a spreadsheet would run as a formula are written with a leading apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...core.codebook import Code, Codebook
from ...core.errors import FileRefused, InputError
from ..files import read_text, whole_file
from .xlsx import sheet_rows

_CODE_NAMES = {
    "id": ("code", "id", "code id", "tag", "path"),
    "name": ("name", "code name", "label", "title"),
    "definition": ("definition", "description", "comment", "meaning"),
    "inclusion": ("inclusion", "include", "inclusion criteria", "when to use"),
    "exclusion": ("exclusion", "exclude", "exclusion criteria", "when not to use"),
    "examples": ("example", "examples", "example quote", "typical exemplar"),
    "parent": ("parent", "parent code", "category", "parent name"),
    "colour": ("colour", "color"),
    "memo": ("memo", "note", "notes"),
    "domain": ("domain",),
}
# Columns of what we export for people to look at, and of tables of coded words in general.
_OUR_DRAFTS = {"suggestion", "theme"}
_CODED_WORDS = {"content", "excerpt", "text content", "document", "quotation content", "segment"}
_FORMULA = ("=", "+", "-", "@", "\t")
# A cell that itself begins with an apostrophe gets one more, so that none is lost on the way back.
_GUARDED = (*_FORMULA, "'")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table with its line number; keys are column names in lower case."""

    line: int
    cells: Mapping[str, str]

    def get(self, *names: str) -> str:
        """The first of these columns that the row fills, without blanks and guards around it."""
        for name in names:
            if value := plain_cell(self.cells.get(name, "").strip()):
                return value
        return ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table file: its columns in lower case, and its rows."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def need(self, *alternatives: Sequence[str]) -> None:
        """Refuse the file unless each group of alternative columns has one present."""
        for names in alternatives:
            if not set(names) & set(self.columns):
                found = ", ".join(self.columns) or "none"
                raise FileRefused.because(
                    self.path,
                    f"has no column '{names[0]}' (columns: {found})",
                    remedy=f"Name a column {' or '.join(repr(n) for n in names)}.",
                    place="line 1",
                )

    def refuse(self, row: Row, fault: str, remedy: str) -> FileRefused:
        """An error that names this file and the row's line."""
        return FileRefused.because(self.path, fault, remedy=remedy, place=f"line {row.line}")


def read_table(path: Path) -> Table:
    """Read a CSV file (comma, semicolon or tab) or the first filled sheet of an Excel workbook.

    Raises:
        FileRefused: if it is no table, or has no columns or one of them twice.
    """
    if path.suffix.lower() == ".xlsx":
        return _of_sheet(path)
    csv.field_size_limit(2**31 - 1)
    text = read_text(path).text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[Row] = []
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        for cells in reader:
            if any(cell.strip() for cell in cells[len(header) :]):
                raise FileRefused.because(
                    path,
                    f"has {len(cells)} cells under {len(header)} columns",
                    remedy="Put quotes around cells that hold the separator.",
                    place=f"line {reader.line_num}",
                )
            if any(cell.strip() for cell in cells):
                rows.append(Row(reader.line_num, dict(zip(header, cells, strict=False))))
    except csv.Error as error:
        raise FileRefused.because(
            path,
            f"not a readable table ({error})",
            remedy="Save it again as CSV (UTF-8).",
            place=f"line {reader.line_num}",
        ) from None
    return _checked(path, header, rows)


def _of_sheet(path: Path) -> Table:
    numbered = sheet_rows(path)
    header = [name.casefold() for name in numbered[0][1]] if numbered else []
    while header and not header[-1]:
        header.pop()
    rows = [Row(n, dict(zip(header, cells, strict=False))) for n, cells in numbered[1:]]
    return _checked(path, header, [row for row in rows if any(row.cells.values())])


def _checked(path: Path, header: list[str], rows: list[Row]) -> Table:
    if not any(header):
        raise FileRefused.because(path, "holds no columns", remedy="Export it again.")
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    if repeated:
        raise FileRefused.because(
            path,
            f"has the column '{repeated[0]}' twice",
            remedy="Rename one of them.",
            place="line 1",
        )
    return Table(path, tuple(header), tuple(rows))


def table_kind(path: Path) -> Literal["codebook", "codings", "cases"] | None:
    """What a table holds, from its column names."""
    columns = _columns(path)
    if columns & _OUR_DRAFTS:
        return None
    # Without its coders it is refused for that, rather than taken for a codebook.
    if "code" in columns and columns & {"coder", "transcript"}:
        return "codings"
    if columns & {"case", "participant"} or ("transcript" in columns and "code" not in columns):
        return "cases"
    if columns & {*_CODE_NAMES["id"], *_CODE_NAMES["name"]} and not columns & _CODED_WORDS:
        return "codebook"
    return None


def _columns(path: Path) -> set[str]:
    if path.suffix.lower() == ".xlsx":
        return set(_of_sheet(path).columns)
    text = read_text(path).text
    first = text.split("\n", 1)[0]
    return {c.strip().strip('"').casefold() for c in first.split(_delimiter(text))}


def read_codebook(path: Path) -> Codebook:
    """A codebook from CSV: a `code` or `name` column, then definition, parent, example and so on.

    A parent may be named by id or by name. Several examples stand in one cell, a line each.

    Raises:
        FileRefused: without a code column, on a repeated id or an unknown parent.
    """
    table = read_table(path)
    table.need((*_CODE_NAMES["id"], *_CODE_NAMES["name"]))
    rows: dict[str, tuple[Row, dict[str, str]]] = {}
    for row in table.rows:
        cells = {field: row.get(*names) for field, names in _CODE_NAMES.items()}
        code_id = cells["id"] or cells["name"]
        if not code_id:
            raise table.refuse(row, "a code without id and name", "Fill in the code's name.")
        if code_id in rows:
            raise table.refuse(
                row,
                f"code '{code_id}' is already on line {rows[code_id][0].line}",
                "Give each code its own id; nothing was imported.",
            )
        rows[code_id] = (row, cells)
    if not rows:
        raise FileRefused.because(path, "holds no codes", remedy="Add a row for each code.")
    codes = [
        _code(code_id, cells, _parent(table, row, code_id, rows))
        for code_id, (row, cells) in rows.items()
    ]
    try:
        return Codebook(tuple(codes))
    except InputError as error:
        raise FileRefused.because(path, str(error), remedy="Nothing was imported.") from None


def _parent(
    table: Table, row: Row, code_id: str, rows: Mapping[str, tuple[Row, Mapping[str, str]]]
) -> str | None:
    """The id of a code's parent, which its row names by id or by name."""
    named = rows[code_id][1]["parent"]
    if not named or named in rows:
        return named or None
    for other, (_, cells) in rows.items():
        if cells["name"].casefold() == named.casefold():
            return other
    raise table.refuse(
        row,
        f"parent '{named}' of '{code_id}' is not in the codebook",
        "Add a row for it or leave the parent empty.",
    )


def codebook_rows(codebook: Codebook) -> Iterator[dict[str, object]]:
    """The codebook as rows that `read_codebook` reads back."""
    for code in codebook:
        yield {
            "code": code.id,
            "name": code.name,
            "parent": code.parent or "",
            "definition": code.definition,
            "inclusion": code.inclusion,
            "exclusion": code.exclusion,
            "example": "\n".join(code.examples),
            "colour": code.colour or "",
            "memo": code.memo,
            "domain": code.domain or "",
        }


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> int:
    """Write a CSV file whole or not at all; returns the number of rows.

    Raises:
        FileRefused: if the place cannot be written.
    """
    n_rows = 0
    with whole_file(path) as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_cell(row.get(column, "")) for column in columns])
            n_rows += 1
    return n_rows


def plain_cell(value: str) -> str:
    """Undo the apostrophe that keeps spreadsheets from running a cell."""
    return value[1:] if value[:1] == "'" and value[1:2] in _GUARDED else value


def _cell(value: object) -> object:
    if isinstance(value, str):
        clean = value.replace("\x00", "")
        return f"'{clean}" if clean.startswith(_GUARDED) else clean
    return "" if value is None else value


def _code(code_id: str, cells: Mapping[str, str], parent: str | None) -> Code:
    return Code(
        id=code_id,
        name=cells["name"] or code_id,
        definition=cells["definition"],
        inclusion=cells["inclusion"],
        exclusion=cells["exclusion"],
        examples=tuple(e.strip() for e in cells["examples"].split("\n") if e.strip()),
        parent=parent,
        colour=cells["colour"] or None,
        memo=cells["memo"],
        domain=cells["domain"] or None,
    )


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)
