"""Tables of codings into a study, whoever exported them."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.codebook import Code
from ..core.coding import Coding
from ..core.counted import say_count
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
        n_new = add_codings(connection, table.codings)
        n_readings = add_readings(connection, table.readings)
    new = n_new + n_readings
    names = sorted({c.coder for c in table.codings} | {r.coder for r in table.readings})
    account = _count_new(table.codings, n_new, n_readings) + f" by {', '.join(names)}"
    if table.n_left:
        account += f"; {say_count(table.n_left, 'row')} left out"
    if not names:
        account = "headings of codings, and no coding below them"
    elif not new:
        account += "; already in the study"
    return ImportedFile(
        path=source.path,
        kind="codings",
        account=account,
        new=bool(new),
        warnings=(*table.notes, *describe_new_codes(table.new_codes)),
    )


def _count_new(codings: Sequence[Coding], n_new: int, n_readings: int) -> str:
    """How many codings there are; where some of them were known, how many are new."""
    n_codings = len({(c.transcript, c.span, c.code, c.coder) for c in codings})
    if n_new == n_codings or not n_new + n_readings:
        return say_count(len(codings), "coding")
    counts = [f"{n_new} new coding{'s' * (n_new != 1)}"] if n_new else []
    counts += [f"{n_readings} new reading{'s' * (n_readings != 1)}"] if n_readings else []
    return f"{' and '.join(counts)} ({say_count(n_codings - n_new, 'coding')} known)"


def describe_new_codes(codes: Sequence[Code]) -> list[str]:
    """A note that names the codes that a table brought, or none."""
    if not codes:
        return []
    shown = ", ".join(code.name for code in codes[:_SHOWN]) + ", …" * (len(codes) > _SHOWN)
    one = len(codes) == 1
    return [f"{len(codes)} new {'code' if one else 'codes'} without a definition: {shown}"]
