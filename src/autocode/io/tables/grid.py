"""The coding grid: a row a segment, a column a coder or a code; written, filled in, and read back.

A cell under `coder: Amina` holds codes, under `code: waiting` coders, separated by semicolons. A
coder who read a segment and applied nothing has `(read)`; an empty cell says that nobody read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ...core.alignment import Aligned, align
from ...core.codebook import Codebook
from ...core.coding import Coding, Reading
from ...core.transcript import Segment, Span
from .table import Row, Table

GridOf = Literal["coders", "codes"]
_PLACE = ("transcript", "start", "end", "speaker", "excerpt")
_CODER, _CODE = "coder: ", "code: "
_READ = "(read)"
_READ_BY = "read by"


@dataclass(frozen=True, slots=True)
class Grid:
    """A coding grid: its columns and rows."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class GridCell:
    """What a grid says of one segment: who applied which codes, none for "(read)"."""

    line: int
    transcript: str
    span: Span
    coder: str
    codes: tuple[str, ...]


def make_grid(
    segments: Sequence[Segment],
    codings: Iterable[Coding],
    readings: Iterable[Reading],
    codebook: Codebook,
    *,
    of: GridOf,
    coders: Sequence[str],
) -> Grid:
    """A grid of these segments with a column for each of `coders`, or for each code."""
    aligned = align(segments, codings, readings)
    if of == "coders":
        heads = [f"{_CODER}{name}" for name in coders]
    else:
        heads = [f"{_CODE}{code.id}" for _, code in codebook.walk()] + [_READ_BY]
    return Grid(
        (*_PLACE, *heads),
        tuple(
            {
                "transcript": segment.transcript,
                "start": segment.span.start,
                "end": segment.span.end,
                "speaker": segment.speaker or "",
                "excerpt": segment.excerpt,
                **(
                    _cells_of_coders(aligned, row, coders)
                    if of == "coders"
                    else _cells_of_codes(aligned, row, coders)
                ),
            }
            for row, segment in enumerate(segments)
        ),
    )


def _cells_of_coders(aligned: Aligned, row: int, coders: Sequence[str]) -> dict[str, object]:
    cells: dict[str, object] = {}
    for coder in coders:
        applied = aligned.applied[row].get(coder)
        if applied is not None:
            cells[f"{_CODER}{coder}"] = "; ".join(sorted(applied)) or _READ
    return cells


def _cells_of_codes(aligned: Aligned, row: int, coders: Sequence[str]) -> dict[str, object]:
    cells: dict[str, object] = {}
    applied = {name: codes for name, codes in aligned.applied[row].items() if name in coders}
    for code in sorted(frozenset().union(*applied.values())):
        names = sorted(name for name, codes in applied.items() if code in codes)
        cells[f"{_CODE}{code}"] = "; ".join(names)
    read = sorted(name for name, codes in applied.items() if not codes)
    return cells | ({_READ_BY: "; ".join(read)} if read else {})


def is_grid(columns: Iterable[str]) -> bool:
    """Whether a table with these columns (in lower case) is a coding grid."""
    known = set(columns)
    return {"transcript", "start", "end"} <= known and any(
        name.startswith((_CODER, _CODE)) for name in known
    )


def read_grid(table: Table, texts: Mapping[str, str], names: Mapping[str, str]) -> list[GridCell]:
    """What the cells of a grid say; `names` gives columns as they are spelled, by lower case.

    Raises:
        FileRefused: on an unknown transcript, offsets that are none, or an excerpt that does not
            stand there.
    """
    return [cell for row in table.rows for cell in _read_row(table, row, texts, names)]


def _read_row(
    table: Table, row: Row, texts: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[GridCell]:
    transcript = table.match(row, "transcript", row.get("transcript"), texts)
    span = _read_span(table, row, texts[transcript])
    by_coder: dict[str, list[str]] = {}
    for column in table.columns:
        for coder, code in _read_cell(column, row.get(column), names):
            known = by_coder.setdefault(coder, [])
            if code:
                known.append(code)
    for coder, codes in by_coder.items():
        yield GridCell(row.line, transcript, span, coder, tuple(dict.fromkeys(codes)))


def _read_cell(column: str, value: str, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Pairs of coder and code that a cell says; no code for what was read."""
    if not value:
        return
    if column.startswith(_CODER):
        coder = names[column][len(_CODER) :].strip()
        yield from ((coder, code) for code in ([""] if value == _READ else _split(value)))
    elif column.startswith(_CODE):
        code = names[column][len(_CODE) :].strip()
        yield from ((coder, code) for coder in _split(value))
    elif column == _READ_BY:
        yield from ((coder, "") for coder in _split(value))


def _read_span(table: Table, row: Row, text: str) -> Span:
    start, end = row.get("start"), row.get("end")
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end) <= len(text)):
        raise table.refuse(
            row,
            f"'{start}' to '{end}' is no place in the transcript",
            "Keep the columns start and end of the grid as they were; nothing of this file was "
            "imported.",
        )
    span = Span(int(start), int(end))
    excerpt = row.get("excerpt")
    if excerpt and "".join(excerpt.split()) != "".join(span.of(text).split()):
        raise table.refuse(
            row,
            "the excerpt is not what stands there",
            "Export the grid again: the transcript or its segments have changed.",
        )
    return span


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(";") if part.strip()]
