"""Tables of codings into a study, whoever exported them."""

from __future__ import annotations

from ..io.source import SourceFile
from ..io.tables.codings import read_codings
from ..store.codebook import codebook as read_codebook
from ..store.codings import add_codings, add_readings, coders
from ..store.transcripts import transcripts
from .import_report import ImportedFile, Into


def take_codings(into: Into, source: SourceFile) -> ImportedFile:
    """Take the codings and readings of a table whose words stand in the study's transcripts.

    Raises:
        FileRefused: if it lacks a column, or rows do not fit (all are listed); with the option
            `partial` the sound rows are taken all the same.
    """
    with into.study.reading() as connection:
        table = read_codings(
            source,
            transcripts(connection),
            read_codebook(connection),
            coder=into.options.coder,
            known_coders=[coder.name for coder in coders(connection)],
            partial=into.options.partial,
            assigned=dict(into.options.columns),
        )
    with into.study.writing(f"{source.path.name} imported") as connection:
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
        warnings=table.notes,
    )
