"""Coding grids of a study: written for people to fill in, and what they filled in taken back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from ..core.alignment import align
from ..core.coding import Coding, Reading
from ..core.counted import say_count
from ..core.errors import NotFound, one_line
from ..core.transcript import CODABLE_ROLES, Segment
from ..io.source import SourceFile
from ..io.tables.codings_cells import CodeNames
from ..io.tables.faults import RowFault, refuse_rows
from ..io.tables.grid import GridCell, make_grid, read_grid
from ..io.tables.grid import GridOf as GridOf
from ..io.tables.table import read_table, write_table
from ..store.codebook import codebook as read_codebook
from ..store.codebook import put_codes
from ..store.codings import add_codings, add_readings
from ..store.codings import codings as read_codings
from ..store.codings import readings as read_readings
from ..store.segments import segments as read_segments
from ..store.transcripts import texts
from .import_report import ImportedFile, Into
from .reader import StudyReader


def export_grid(study: StudyReader, path: Path, of: GridOf, *, coders: Sequence[str] = ()) -> int:
    """Write the coding grid of a study as .xlsx or .csv; returns the number of segments.

    Rows are the segments that are coded: participants', and others that somebody coded.
    `coders` are the columns, or whose codings are shown; by default everybody who coded. A name
    that is not in the study is a column to fill in.

    Raises:
        NotFound: for columns of something else.
        FileRefused: if the file cannot be written.
    """
    if of not in get_args(GridOf):
        raise NotFound(f"No grid of '{one_line(of, 60)}'. Choose one of: coders, codes.")
    codings, readings = study.codings(), study.readings()
    segments = study.segments()
    aligned = align(segments, codings, readings)
    shown: list[Segment] = [
        segment
        for row, segment in enumerate(segments)
        if segment.role in CODABLE_ROLES or segment.given or aligned.codes(row)
    ]
    names = coders or sorted({c.coder for c in codings} | {r.coder for r in readings})
    grid = make_grid(shown, codings, readings, study.codebook(), of=of, coders=names)
    return write_table(path, grid.columns, grid.rows)


def take_grid(into: Into, source: SourceFile) -> ImportedFile:
    """Take what is new in a coding grid: codes that a coder has not given a segment, readings.

    A coding that the grid does not show stays: a grid adds, it takes nothing away.

    Raises:
        FileRefused: if rows do not fit the study; nothing is taken then.
    """
    table = read_table(source)
    with into.taking(source.path.name) as connection:
        words = texts(connection)
        cells = read_grid(table, words, _spell_columns(source, table.columns))
        names = CodeNames(read_codebook(connection), makes_new=into.options.new_codes)
        new = _find_new(
            cells,
            names,
            read_segments(connection),
            read_codings(connection),
            read_readings(connection),
            source,
        )
        put_codes(connection, names.made.values())
        counts = {
            "new coding": add_codings(connection, new[0]),
            "new reading": add_readings(connection, new[1]),
        }
    n_new = sum(counts.values())
    coders = sorted({cell.coder for cell in cells})
    n_codings = sum(len(cell.codes) for cell in cells)
    account = f"a grid with {say_count(n_codings, 'coding')} by {', '.join(coders) or 'nobody'}"
    taken = " and ".join(say_count(n, what) for what, n in counts.items() if n)
    account += f"; {taken or 'already in the study'}"
    notes = []
    if names.made:
        made = ", ".join(code.name for code in names.made.values())
        notes.append(f"new codes without a definition: {made}")
    return ImportedFile(
        path=source.path, kind="codings", account=account, new=bool(n_new), warnings=tuple(notes)
    )


def _spell_columns(source: SourceFile, columns: Sequence[str]) -> dict[str, str]:
    """The headings of a grid as they are written, by themselves in lower case."""
    wanted = {column for column in columns if column}
    for row in (row for sheet in source.sheets for row in sheet.rows):
        spelled = {cell.strip().casefold(): cell.strip() for cell in row.cells}
        if wanted <= set(spelled):
            return spelled
    return {column: column for column in columns}


def _find_new(
    cells: Sequence[GridCell],
    names: CodeNames,
    segments: Sequence[Segment],
    codings: Sequence[Coding],
    readings: Sequence[Reading],
    source: SourceFile,
) -> tuple[list[Coding], list[Reading]]:
    """The codings and readings of a grid that the study does not have, at any span."""
    # The grid's own rows stand in for segments that have been cut anew since.
    places = {(s.transcript, s.span): s for s in segments}
    rows: dict[tuple[str, object], Segment] = {}
    for cell in cells:
        place = (cell.transcript, cell.span)
        rows[place] = places.get(place) or Segment(
            transcript=cell.transcript, span=cell.span, excerpt=""
        )
    ordered = list(rows.values())
    numbers = {place: number for number, place in enumerate(rows)}
    aligned = align(ordered, codings, readings)
    new_codings: list[Coding] = []
    new_readings: list[Reading] = []
    faults: list[RowFault] = []
    for cell in cells:
        known = aligned.applied[numbers[cell.transcript, cell.span]].get(cell.coder)
        if not cell.codes and known is None:
            new_readings.append(Reading(cell.transcript, cell.span, cell.coder))
        for written in cell.codes:
            try:
                code = names.find(written).id
            except NotFound as error:
                faults.append(RowFault(cell.line, str(error), ""))
                continue
            if code not in (known or ()):
                new_codings.append(
                    Coding(
                        transcript=cell.transcript,
                        span=cell.span,
                        code=code,
                        coder=cell.coder,
                        basis="person",
                    )
                )
    if faults:
        way_on = ", or make them with --new-codes"
        raise refuse_rows(source.path, faults, len(ordered), way_on=way_on)
    return new_codings, new_readings
