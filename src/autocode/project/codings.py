"""Tables of codings into a study, whoever exported them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..core.codebook import Code
from ..core.coding import Coding, Reading
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
    account = _count_taken(table.codings, table.readings, n_new, n_readings)
    account += f" by {', '.join(names)}"
    n_repeated = len(table.codings) - len(set(map(_identify, table.codings)))
    if n_repeated:
        account += f"; {say_count(n_repeated, 'row')} repeat{'s' * (n_repeated == 1)} another"
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


def _count_taken(
    codings: Sequence[Coding], readings: Sequence[Reading], n_new: int, n_new_readings: int
) -> str:
    """How many codings and readings are new, and how many the study had; of each only once."""
    n_codings = len(set(map(_identify, codings)))
    n_readings = len({(r.transcript, r.span, r.coder) for r in readings})
    if not n_new + n_new_readings:
        return _join_counts({"coding": n_codings, "reading": n_readings})
    new = _join_counts({"new coding": n_new, "new reading": n_new_readings})
    n_known = n_codings - n_new + n_readings - n_new_readings
    return f"{new} ({n_known} already in the study)" if n_known else new


def _join_counts(counts: Mapping[str, int]) -> str:
    return " and ".join(say_count(n, what) for what, n in counts.items() if n)


def _identify(coding: Coding) -> tuple[object, ...]:
    return coding.transcript, coding.span, coding.code, coding.coder


def describe_new_codes(codes: Sequence[Code]) -> list[str]:
    """A note that names the codes that a table brought, or none."""
    if not codes:
        return []
    shown = ", ".join(code.name for code in codes[:_SHOWN]) + ", …" * (len(codes) > _SHOWN)
    one = len(codes) == 1
    return [f"{len(codes)} new {'code' if one else 'codes'} without a definition: {shown}"]
