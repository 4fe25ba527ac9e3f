"""Codebooks as tables: read under the column names that people and other tools use, and written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ...core.codebook import Codebook
from ...core.codebook_merge import CodebookFile
from ...core.errors import FileRefused
from ..source import SourceFile
from .codebook_columns import CodebookColumns, choose_columns
from .codebook_entries import build_codebook
from .codebook_headings import CODE_COLUMNS
from .codebook_levels import MOST_LEVELS
from .codebook_shapes import place_entries
from .table import Table, read_table

__all__ = [
    "CODE_COLUMNS",
    "MOST_LEVELS",
    "codebook_to_rows",
    "read_codebook",
    "read_codebook_table",
]


def read_codebook(file: SourceFile | Path) -> Codebook:
    """The codes that `read_codebook_table` reads.

    Raises:
        FileRefused: as there.
    """
    return read_codebook_table(file).codebook


def read_codebook_table(file: SourceFile | Path) -> CodebookFile:
    """A codebook from CSV or Excel: a column of codes, then definition, parent, example and so on.

    The tree may stand in a column of parents (by id, name or path), in a column for each level, or
    in the names: paths such as "Barriers > Cost", indents, bullets, numbers. A parent that is only
    named becomes a code that cannot be applied. Several examples stand in one cell, a line each.

    Raises:
        FileRefused: without a code column, on a repeated code, a circle, or too many levels.
    """
    table = read_table(file)
    columns = choose_columns(table.columns)
    if columns.name is None:
        shown = ", ".join(table.columns) or "none"
        raise FileRefused.because(
            table.path,
            f"has no column 'code' (columns: {shown})",
            remedy="Name a column 'code' or 'name'.",
            place="line 1",
        )
    placed = place_entries(table, columns)
    if not placed.entries:
        raise FileRefused.because(table.path, "holds no codes", remedy="Add a row for each code.")
    read = build_codebook(
        placed.entries,
        table.path,
        stated=columns.stated | ({"parent"} if placed.reading else set()),
        has_ids=columns.id is not None,
        reading=placed.reading,
        notes=placed.notes,
    )
    return replace(read, notes=(*table.notes, *read.notes, *_name_unused(table, columns)))


def _name_unused(table: Table, columns: CodebookColumns) -> list[str]:
    """A note of the filled columns that no part of a code was taken from."""
    unused = [c for c in columns.unused if any(row.get(c) for row in table.rows)]
    return [f"columns not used: {', '.join(unused[:8])}"] if unused else []


def codebook_to_rows(codebook: Codebook) -> Iterator[dict[str, object]]:
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
            "codable": "yes" if code.codable else "no",
            "guid": code.guid or "",
            "family": str(code.family or ""),
        }
