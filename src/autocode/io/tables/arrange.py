"""Which sheets of a file make up its table, and what its columns are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...core.errors import FileRefused
from ..source import SourceFile
from .csv_rows import NumberedRow, check_widths
from .header import Header, count_known, find_header
from .headings import fold_heading
from .sheets import RawSheet

ANSWER = "answer"
"""The role of columns that a person says hold answers; several may have it."""
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class ChosenSheets:
    """The sheets that are read together, each with its first row, and their headings."""

    header: Header
    sheets: tuple[tuple[RawSheet, int], ...]
    notes: tuple[str, ...] = ()


def choose_sheets(source: SourceFile) -> ChosenSheets:
    """The sheet that a person named, or the one that looks most like a table and all its like.

    Raises:
        FileRefused: if there is no table, no such sheet, or a row is wider than the headings.
    """
    options = source.options
    sheets = source.sheets
    if options.sheet is not None and source.suffix == ".xlsx":
        sheets = (_named_sheet(source, options.sheet),)
    headed = [(s, h) for s in sheets if (h := find_header(s, at_line=options.header_row))]
    if not headed:
        raise FileRefused.because(
            source.path,
            "holds no columns",
            remedy="Give the row of the headings with --header-row, or export it again.",
        )
    main, header = max(headed, key=lambda item: _fitness(*item))
    like = _key(header)
    taken = [(s, h) for s, h in headed if s is main or _key(h) == like]
    if source.suffix != ".xlsx":
        header = _with_row_names(header, main)
        check_widths(header.row, main.rows[header.first :], source.path)
    return ChosenSheets(
        header,
        tuple((s, h.first) for s, h in taken),
        (*_describe_sheets(sheets, [s for s, _ in taken]), *_describe_merged(taken), *header.notes),
    )


def tell_apart(columns: Sequence[str]) -> tuple[list[str], list[str]]:
    """The columns with equal headings numbered from the second on, and a note of them."""
    counts = Counter(column for column in columns if column)
    seen: Counter[str] = Counter()
    named = []
    for column in columns:
        seen[column] += 1
        named.append(f"{column} ({seen[column]})" if column and seen[column] > 1 else column)
    notes = [
        f"{n} columns are headed '{column}'; read as '{column}' to '{column} ({n})'"
        for column, n in counts.items()
        if n > 1
    ]
    return named, notes


def assign_columns(source: SourceFile, columns: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The columns under the roles that a person gave them, and those said to hold answers.

    Raises:
        FileRefused: if there is no column of a name that was given.
    """
    named = list(columns)
    answers = []
    for role, heading in source.options.columns:
        folded = " ".join(heading.split()).casefold()
        at = next((n for n, column in enumerate(columns) if column == folded), None)
        if at is None:
            shown = ", ".join(c for c in columns if c)
            raise FileRefused.because(
                source.path,
                f"has no column '{heading}' (columns: {shown})",
                remedy=f"Correct --column {role}=NAME, or import the file in a call of its own.",
            )
        if role == ANSWER:
            answers.append(at)
            continue
        named = [f"{c} (as headed)" if c == role and n != at else c for n, c in enumerate(named)]
        named[at] = role
    return named, tuple(named[n] for n in answers)


def _named_sheet(source: SourceFile, name: str) -> RawSheet:
    for sheet in source.sheets:
        if sheet.name.casefold() == name.casefold():
            return sheet
    names = ", ".join(f"'{sheet.name}'" for sheet in source.sheets)
    raise FileRefused.because(
        source.path, f"has no filled sheet '{name}' (sheets: {names})", remedy="Correct --sheet."
    )


def _fitness(sheet: RawSheet, header: Header) -> tuple[bool, bool, int]:
    """A table has known headings and rows below them; of two such the larger one counts."""
    n_rows = len(sheet.rows) - header.first
    known = count_known(header.row.cells) > 0
    width = sum(bool(cell.strip()) for cell in header.row.cells)
    return known and n_rows > 0, n_rows > 0 and width > 1, n_rows * width


def _key(header: Header) -> tuple[str, ...]:
    cells = [fold_heading(cell) for cell in header.row.cells]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _describe_sheets(sheets: Sequence[RawSheet], taken: Sequence[RawSheet]) -> list[str]:
    notes = []
    if len(taken) > 1:
        notes.append(f"{len(taken)} sheets with the same headings read: {_list(taken)}")
    if left := [sheet for sheet in sheets if sheet not in taken]:
        only = f"; only '{taken[0].name}' is" if len(taken) == 1 else ""
        word = "sheet" if len(left) == 1 else "sheets"
        notes.append(
            f"{len(left)} {word} not read: {_list(left)}{only} (name another with --sheet)"
        )
    return notes


def _describe_merged(taken: Sequence[tuple[RawSheet, Header]]) -> list[str]:
    n_filled = sum(sheet.n_filled_by_merge for sheet, _ in taken)
    return [f"{n_filled} cells filled from the merged cell they are part of"] if n_filled else []


def _with_row_names(header: Header, sheet: RawSheet) -> Header:
    """The headings with an empty one in front where R wrote row names without a heading."""
    width = len(header.row.cells)
    rows = sheet.rows[header.first :]
    names = [row.cells[0] for row in rows[:500]]
    if not rows or any(len(row.cells) != width + 1 for row in rows) or len(set(names)) < len(names):
        return header
    if not all(row.cells[-1].strip() or row.cells[0].strip() for row in rows):
        return header
    # A row that merely has one cell too many is told apart by what stands in front of it.
    if not all(name.strip().isdecimal() for name in names):
        return header
    return Header(
        row=NumberedRow(header.row.line, ["", *header.row.cells]),
        first=header.first,
        wording={n + 1: words for n, words in header.wording.items()},
        notes=header.notes,
    )


def _list(sheets: Sequence[RawSheet]) -> str:
    shown = ", ".join(f"'{sheet.name}'" for sheet in sheets[:_SHOWN])
    return shown + (f" and {len(sheets) - _SHOWN} more" if len(sheets) > _SHOWN else "")
