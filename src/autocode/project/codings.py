"""Tables of codings into a study, whoever exported them."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.codebook import Code
from ..io.source import SourceFile
from ..io.tables.codings import read_codings
from ..io.tables.grid import is_grid
from ..io.tables.table import read_table
from ..store.codebook import codebook as read_codebook
from ..store.codebook import put_codes
from ..store.codings import add_codings, add_readings, coders
from ..store.transcripts import transcripts
from .grids import take_grid
from .import_report import ImportedFile, Into

_SHOWN = 6


def take_codings(into: Into, source: SourceFile) -> ImportedFile:
    """Take the codings and readings of a table whose words stand in the study's transcripts.

    Raises:
        FileRefused: if it lacks a column, or rows do not fit (all are listed); with the option
            `partial` the sound rows are taken all the same.
    """
    if is_grid(read_table(source).columns):
        return take_grid(into, source)
    with into.study.reading() as connection:
        table = read_codings(
            source,
            transcripts(connection),
            read_codebook(connection),
            coder=into.options.coder,
            known_coders=[coder.name for coder in coders(connection)],
            partial=into.options.partial,
            makes_new_codes=into.options.new_codes,
        )
    with into.taking(source.path.name) as connection:
        put_codes(connection, table.new_codes)
        new = add_codings(connection, table.codings)
        new += add_readings(connection, table.readings)
    names = sorted({c.coder for c in table.codings} | {r.coder for r in table.readings})
    account = f"{len(table.codings)} codings by {', '.join(names)}"
    if table.n_left:
        account += f"; {table.n_left} rows left out"
    return ImportedFile(
        path=source.path,
        kind="codings",
        account=account if new else f"{account}; already in the study",
        new=bool(new),
        warnings=(*table.notes, *describe_new_codes(table.new_codes)),
    )


def describe_new_codes(codes: Sequence[Code]) -> list[str]:
    """A note that names the codes that a table brought, or none."""
    if not codes:
        return []
    shown = ", ".join(code.name for code in codes[:_SHOWN]) + ", …" * (len(codes) > _SHOWN)
    one = len(codes) == 1
    return [f"{len(codes)} new {'code' if one else 'codes'} without a definition: {shown}"]
