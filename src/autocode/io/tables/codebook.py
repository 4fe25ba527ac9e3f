"""Codebooks as tables: read under the column names that other tools use, and written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ...core.codebook import Code, Codebook
from ...core.errors import FileRefused, InputError
from ..source import SourceFile
from .table import Row, Table, read_table

MOST_LEVELS = 100
"""How deep codes may be nested; people work with a handful of levels."""

CODE_COLUMNS = {
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
"""The columns of a codebook, each with the names under which it is known."""


def read_codebook(file: SourceFile | Path) -> Codebook:
    """A codebook from CSV: a `code` or `name` column, then definition, parent, example and so on.

    A parent may be named by id or by name. Several examples stand in one cell, a line each.

    Raises:
        FileRefused: without a code column, on a repeated id or an unknown parent.
    """
    table = read_table(file)
    table.need((*CODE_COLUMNS["id"], *CODE_COLUMNS["name"]))
    rows: dict[str, tuple[Row, dict[str, str]]] = {}
    for row in table.rows:
        cells = {field: row.get(*names) for field, names in CODE_COLUMNS.items()}
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
        raise FileRefused.because(table.path, "holds no codes", remedy="Add a row for each code.")
    codes = [
        _code(code_id, cells, _parent(table, row, code_id, rows))
        for code_id, (row, cells) in rows.items()
    ]
    return check_codebook(codes, table.path)


def check_codebook(codes: Sequence[Code], path: Path) -> Codebook:
    """The codebook of these codes, if they form a tree that is not nested too deeply.

    Raises:
        FileRefused: on a repeated id, an unknown parent, a circle, or more than `MOST_LEVELS`.
    """
    try:
        codebook = Codebook(tuple(codes))
    except InputError as error:
        raise FileRefused.because(path, str(error), remedy="Nothing was imported.") from None
    if codebook.n_levels > MOST_LEVELS:
        raise FileRefused.because(
            path,
            f"nests codes {codebook.n_levels} levels deep, more than the limit of {MOST_LEVELS}",
            remedy="Take out levels, or check the parents; nothing was imported.",
        )
    return codebook


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
        }


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
