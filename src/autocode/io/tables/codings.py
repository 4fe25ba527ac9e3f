"""Tables of codings that refer to transcripts already in a study, as any tool exports them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ...core.codebook import Code, Codebook
from ...core.coding import Coding, Reading
from ...core.transcript import Transcript
from ..source import SourceFile
from .codings_reader import CodingsReader
from .faults import list_faults, refuse_rows
from .table import read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingTable:
    """The codings and readings of a table, placed in the study's transcripts, and what to say.

    `new_codes` are those that the table names and the codebook does not have, where they are made.
    `n_left` rows were left out because they do not fit (only where that was asked for).
    """

    codings: tuple[Coding, ...]
    readings: tuple[Reading, ...]
    notes: tuple[str, ...] = ()
    new_codes: tuple[Code, ...] = ()
    n_left: int = 0


def read_codings(
    file: SourceFile | Path,
    transcripts: Iterable[Transcript],
    codebook: Codebook,
    *,
    coder: str = "",
    known_coders: Iterable[str] = (),
    partial: bool = False,
    assigned: Mapping[str, str] | None = None,
    makes_new_codes: bool = False,
) -> CodingTable:
    """Read codings that are given by the words (`excerpt`), by offsets (`start`, `end`), or both.

    The columns go by the names of many tools (`codings_columns`), or by what `assigned` says. One
    cell may name several codes. A row with an empty code, in a table with our own column names,
    says that the coder read the span, or without a span the whole transcript; in other tables it
    is left out. An excerpt is found whatever its typography (`text.excerpts`) and must stand in
    one place, unless its turn, paragraph or offset tells several apart. `coder` is whose codings
    they are where a row names nobody; `known_coders` are those of the study, whose names the notes
    compare with the table's. With `makes_new_codes` an unknown code becomes a new one.

    Raises:
        FileRefused: if a column is missing, or rows do not fit: unknown transcripts or codes,
            words that are not there or there twice. All faulty rows are listed. With `partial`
            sound rows are taken all the same, and the notes list the others.
    """
    table = read_table(file)
    reader = CodingsReader(
        table,
        list(transcripts),
        codebook,
        coder,
        assigned or {},
        makes_new_codes=makes_new_codes,
    )
    reader.need_columns()
    for row in table.rows:
        reader.read(row)
    reader.explain_faults()
    if reader.faults and (not partial or not (reader.codings or reader.readings)):
        way_on = "" if partial else ", or take the sound rows with --partial"
        raise refuse_rows(table.path, reader.faults, len(table.rows), way_on=way_on)
    notes = [*reader.tally.notes(reader.columns, known_coders)]
    notes += [*table.notes, *table.describe_unused(reader.columns.unused)]
    if reader.faults:
        notes.append(f"{len(reader.faults)} of {len(table.rows)} rows left out, which do not fit")
        notes += list_faults(reader.faults)
    return CodingTable(
        codings=tuple(reader.codings),
        readings=tuple(reader.readings),
        notes=tuple(notes),
        new_codes=reader.new_codes,
        n_left=len(reader.faults),
    )
