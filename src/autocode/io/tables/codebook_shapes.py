"""The tree of a codebook's table, whichever way it is laid out: parents, levels, or names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...core.errors import FileRefused, InputError
from .codebook_columns import CodebookColumns
from .codebook_entries import EntryTree
from .codebook_levels import describe_unsplit, number_parts, read_number_column, read_tree
from .codebook_parents import read_parent_column
from .codebook_rows import (
    PlacedEntries,
    describe_filled,
    describe_repeated,
    is_written_once,
    make_entry,
    name_of,
)
from .codebook_sheets import put_under_sheets
from .table import Table, clean_cell


def place_entries(table: Table, columns: CodebookColumns) -> PlacedEntries:
    """The entries of a table with their parents.

    Raises:
        FileRefused: on a row without a name, an unknown or ambiguous parent, or a repeated code.
    """
    if columns.levels:
        return _read_levels(table, columns)
    if columns.parent is not None and _is_staircase(table, columns):
        return _read_levels(table, replace(columns, levels=(columns.parent,)))
    if columns.parent is not None:
        return read_parent_column(table, columns)
    return _read_names(table, columns)


def _is_staircase(table: Table, columns: CodebookColumns) -> bool:
    """Whether categories stand in rows of their own above their codes, whose category is blank."""
    name, category = columns.name or "", columns.parent or ""
    if columns.names_parent or columns.id:
        return False
    filled = {(bool(row.get(category)), bool(row.get(name))) for row in table.rows}
    return {(True, False), (False, True)} <= filled


# Names alone


def _read_names(table: Table, columns: CodebookColumns) -> PlacedEntries:
    names = [name_of(table, row, columns) for row in table.rows]
    tree = EntryTree(table.path)
    notes: tuple[str, ...] = ()
    paths, reading = _read_number_column(table, columns, names)
    if paths is None:
        raw = [
            row.cells.get(columns.name or "", "") or name
            for row, name in zip(table.rows, names, strict=True)
        ]
        try:
            written = read_tree(
                [clean_cell(cell) if cell.startswith("'") else cell for cell in raw]
            )
        except InputError as error:
            raise FileRefused.because(
                table.path, str(error), remedy="Take out levels; nothing of this file was imported."
            ) from None
        if written is None:
            paths, notes = [(name,) for name in names], describe_unsplit(names)
        else:
            paths, reading = written.paths, written.account
    paths, by_sheet = put_under_sheets(table, paths)
    reading = "; ".join(filter(None, (reading, by_sheet)))
    for path, row in zip(paths, table.rows, strict=True):
        tree.add(path, make_entry(row, columns, path[-1]))
    return PlacedEntries(tree.entries, reading, (*notes, *describe_repeated(tree.n_repeated)))


def _read_number_column(
    table: Table, columns: CodebookColumns, names: Sequence[str]
) -> tuple[Sequence[tuple[str, ...]] | None, str]:
    """Paths by a column of numbers such as 1.1, where there is one; and how to say so."""
    column = columns.number or columns.id
    if column is None:
        return None, ""
    paths = read_number_column([number_parts(row.get(column)) for row in table.rows], names)
    return paths, "" if paths is None else f"numbers in '{column}' read as levels"


# A column for each level


def _read_levels(table: Table, columns: CodebookColumns) -> PlacedEntries:
    """A column for each level: the last filled one names the code that the row defines."""
    names = [*columns.levels, columns.name or ""]
    paths, n_filled = _walk_levels(table, names)
    paths, by_sheet = put_under_sheets(table, paths)
    tree = EntryTree(table.path)
    for path, row in zip(paths, table.rows, strict=True):
        tree.add(path, make_entry(row, columns, path[-1]))
    notes = describe_repeated(tree.n_repeated)
    if n_filled:
        notes.append(describe_filled(n_filled, columns.levels))
    shown = ", ".join(f"'{column}'" for column in names)
    reading = f"columns {shown} read as levels" + (f"; {by_sheet}" if by_sheet else "")
    return PlacedEntries(tree.entries, reading, tuple(notes))


def _walk_levels(table: Table, names: Sequence[str]) -> tuple[list[tuple[str, ...]], int]:
    """The path of each row by its columns of levels, and in how many rows blanks were filled."""
    cells = [[row.get(column) for column in names] for row in table.rows]
    once = [is_written_once([row[level] for row in cells]) for level in range(len(names))]
    paths: list[tuple[str, ...]] = []
    above: list[str] = []
    sheet = ""
    n_filled = 0
    for row, own in zip(table.rows, cells, strict=True):
        if not any(own):
            raise table.refuse(row, "a code without id and name", "Fill in the code's name.")
        if row.sheet != sheet:
            above, sheet = [], row.sheet
        first = next(level for level, name in enumerate(own) if name)
        kept = [
            above[level] if level < len(above) and once[level] else "" for level in range(first)
        ]
        n_filled += any(kept)
        above = [*kept, *own[first:]]
        while above and not above[-1]:
            above.pop()
        path = [name for name in above if name]
        if len(path) > 1 and path[-1] == path[-2]:
            path.pop()  # a category that is repeated in the column of codes
        paths.append(tuple(path))
    return paths, n_filled
