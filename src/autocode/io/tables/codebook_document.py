"""Codebooks in documents (.docx, .odt, .rtf, .txt, .md): which are some, and what codes they hold.

A document is judged as a whole, so that a conversation is not taken for a codebook: tables, paths
and lines such as "CODE: Fares" speak for themselves; an outline or headings do under a title that
says what they are, or where a person says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...core.codebook_merge import CodebookFile
from ...core.errors import FileRefused, InputError
from ..source import SourceFile
from ..transcripts.turn_marks import find_blocks
from .codebook_columns import CodebookColumns, choose_columns
from .codebook_entries import Entry, EntryTree, build_codebook
from .codebook_levels import read_tree
from .codebook_prose import (
    LONGEST_NAME,
    Reading,
    name_title,
    read_headings,
    read_labelled,
    read_outline,
    read_path_lines,
    read_plain_path_lines,
)
from .codebook_rows import read_parts
from .document_lines import DocumentLine, read_lines
from .table import Row

_SUFFIXES = (".docx", ".odt", ".rtf", ".txt", ".md")
_TITLE_LINES = 4
_MOST_LOOKED_AT = 4000
_LONGEST_HEADING = 40
_REMEDY = "Save it as a table with the columns code, parent and definition (.csv or .xlsx)."


def weigh_codebook_document(source: SourceFile) -> tuple[float, str]:
    """How well a document fits a codebook (0..1), and what in it says so.

    Raises:
        FileRefused: if the document cannot be read.
    """
    title = name_title(source.stem)
    if source.suffix == ".pdf":
        return (0.8, f"named '{title}'") if title else (0.0, "")
    if source.suffix not in _SUFFIXES:
        return 0.0, ""
    lines = read_lines(source, most=_MOST_LOOKED_AT)
    for read, score, reason in (
        (_read_tables, 0.95, "a table of codes and what they mean"),
        (read_labelled, 0.9, "lines that name codes and what they mean"),
        (read_plain_path_lines, 0.85, "a path of codes in each line"),
    ):
        if read(lines) is not None:
            return score, reason
    if not title:
        titles = (name_title(line.words) for line in lines[:_TITLE_LINES])
        title = next(filter(None, titles), "")
    if not title:
        return 0.0, ""
    is_readable = any(read(lines) for read in (read_headings, read_path_lines, read_outline))
    _, layout = find_blocks("\n".join(line.words for line in lines))
    if not is_readable and layout != "paragraphs":
        return 0.0, ""  # people who talk about a codebook
    return (0.85 if is_readable else 0.75), f"named '{title}'"


def read_codebook_document(source: SourceFile) -> CodebookFile:
    """The codebook of a document.

    Raises:
        FileRefused: if no codes can be made out in it, or they contradict each other.
    """
    readers: tuple[Callable[[Sequence[DocumentLine]], Reading | None], ...] = (
        _read_tables,
        read_labelled,
        read_path_lines,
        read_headings,
        read_outline,
    )
    lines = [] if source.suffix == ".pdf" else read_lines(source)
    try:
        readings = (read(lines) for read in readers)
        reading = next((reading for reading in readings if reading is not None), None)
    except InputError as error:
        raise FileRefused.because(source.path, str(error), remedy=_REMEDY) from None
    if reading is None:
        raise FileRefused.because(
            source.path,
            "looks like a codebook, but its codes cannot be told from its other words",
            remedy=f"{_REMEDY} If it is talk, import it with --as transcript.",
        )
    tree = EntryTree(source.path)
    for path, entry in reading.entries:
        tree.add(path, entry)
    parts = {part for entry in tree.entries for part in entry.parts}
    return build_codebook(
        tree.entries,
        source.path,
        stated=frozenset({"name", "parent", "definition", *parts}),
        has_ids=False,
        reading=reading.account,
        notes=reading.notes,
    )


class _TableReader:
    """Rows of tables of codes; a row of one cell, or a heading above the table, is a parent."""

    def __init__(self) -> None:
        self.entries: list[tuple[tuple[str, ...], Entry]] = []
        self._columns: CodebookColumns | None = None
        self._header: tuple[str, ...] = ()
        self._title: tuple[str, ...] = ()
        self._above: tuple[str, ...] = ()

    def take(self, line: DocumentLine) -> None:
        """Read one more line."""
        if line.heading and not line.cells:
            self._title = () if name_title(line.words) else (line.words.strip(),)
            self._columns = None
        elif line.cells and (columns := _find_header(line)):
            self._columns, self._above = columns, self._title
            self._header = tuple(cell.casefold() for cell in line.cells)
        elif self._columns and line.cells:
            self._take_row(line, self._columns)

    def _take_row(self, line: DocumentLine, columns: CodebookColumns) -> None:
        filled = [cell for cell in line.cells if cell]
        if len(filled) == 1 and len(filled[0]) <= LONGEST_NAME:
            self._above = (*self._title, filled[0])
            return
        row = Row(line.number, dict(zip(self._header, line.cells, strict=False)))
        parent = (columns.parent,) if columns.parent else ()
        places = (*columns.levels, *parent, columns.name or "")
        own = [name for column in places if (name := row.get(column))]
        if own:
            entry = Entry(name=own[-1], line=line.number, parts=read_parts(row, columns))
            self.entries.append(((*self._above, *own), entry))


def _find_header(line: DocumentLine) -> CodebookColumns | None:
    """The columns of a row of headings, if it is one of codes and what they mean."""
    if max(map(len, line.cells)) > _LONGEST_HEADING:
        return None
    columns = choose_columns([cell.casefold() for cell in line.cells])
    return columns if columns.name and columns.fields else None


def _read_tables(lines: Sequence[DocumentLine]) -> Reading | None:
    reader = _TableReader()
    for line in lines:
        reader.take(line)
    entries = reader.entries
    n_rows = sum(bool(line.cells) for line in lines)
    if len(entries) < 2 or len(entries) * 2 < n_rows or n_rows * 2 < len(lines):
        return None
    if any(len(path) > 1 for path, _ in entries):
        return Reading(entries, "parents above the rows of a table")
    tree = read_tree([path[-1] for path, _ in entries])
    if tree is None:
        return Reading(entries, "")
    placed = [(path, entry) for path, (_, entry) in zip(tree.paths, entries, strict=True)]
    return Reading(placed, tree.account)
