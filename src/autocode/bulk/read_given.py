"""Rows that are in memory, or come one by one: data frames, tables, data sets, iterables of rows.

A data set of `datasets` is read in pieces, whether it is mapped into memory or streamed. What has
the Arrow stream interface (`__arrow_c_stream__`: pandas, Polars, pyarrow, DuckDB) is read through
it. Anything else that is iterated over gives a text, or a mapping of column to value, for each
row.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa

from ..core.errors import FileRefused, InputError
from .check_tables import check_table, find_columns, fit_kinds
from .options import BulkOptions

_PIECE = 16_384
"""Rows that are read at once."""


@runtime_checkable
class ArrowStream(Protocol):
    """A table that gives its rows through Arrow's C interface."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """A capsule with the stream."""
        ...


@runtime_checkable
class RowDataset(Protocol):
    """A `datasets.Dataset` or `datasets.IterableDataset`."""

    def with_format(self, type: str) -> Any:  # noqa: ANN401 - as datasets has it
        """The same rows as another kind of object."""
        ...

    def iter(self, batch_size: int) -> Iterator[Any]:
        """Some rows at a time."""
        ...


GivenRows = ArrowStream | RowDataset | Iterable[Mapping[str, Any]] | Iterable[str]
"""Rows that are no file; each kind is named in this module's head."""


def name_given(given: object) -> str:
    """What stands for the rows where a file's name would stand."""
    return type(given).__name__


def read_given_tables(given: GivenRows, options: BulkOptions) -> Iterator[pa.Table]:
    """The columns that `options` name, some rows at a time, in the order of the rows.

    Raises:
        FileRefused: for a column that is missing, or whose texts are no text.
        InputError: for what holds no rows of a table.
    """
    origin, kinds, first = name_given(given), dict[str, pa.DataType](), 0
    for table in _read_pieces(given, options):
        with _explained(origin, first):
            if not first:
                find_columns(origin, table.schema.names, options)
            checked = check_table(table, origin, options, first)
            for name, kind in zip(checked.schema.names, checked.schema.types, strict=True):
                # What later rows hold is not known: a column without values at first is of text.
                kinds.setdefault(name, pa.string() if pa.types.is_null(kind) else kind)
            checked = fit_kinds(checked, origin, kinds)
        yield checked
        first += table.num_rows


def _read_pieces(given: GivenRows, options: BulkOptions) -> Iterator[pa.Table]:
    if isinstance(given, RowDataset):
        return _read_dataset(given, options)
    if isinstance(given, ArrowStream):
        return _read_stream(given, options)
    if isinstance(given, Iterable) and not isinstance(given, (bytes, Mapping)):
        return _read_rows(given, options)
    # A data set in parts ("train", "test") is a mapping of their names.
    hint = f" Name one of its parts: {', '.join(map(str, given))}." if _has_parts(given) else ""
    raise InputError(
        f"{name_given(given)} holds no rows that can be read.{hint} Give a path, a data frame, a "
        "data set, or an iterable of texts or of rows, each a mapping of column to value."
    )


def _has_parts(given: object) -> bool:
    return isinstance(given, Mapping) and all(isinstance(one, RowDataset) for one in given.values())


def _read_dataset(given: RowDataset, options: BulkOptions) -> Iterator[pa.Table]:
    names = getattr(given, "column_names", None)  # of a streamed one they may be unknown
    if names is not None:
        find_columns(name_given(given), names, options)
        given = given.select_columns(list(options.columns))  # type: ignore[attr-defined]
    for batch in given.with_format("arrow").iter(batch_size=_PIECE):
        yield batch if isinstance(batch, pa.Table) else pa.table(batch)


def _read_stream(given: ArrowStream, options: BulkOptions) -> Iterator[pa.Table]:
    with _explained(name_given(given), 0):
        try:
            batches = iter(pa.RecordBatchReader.from_stream(given))
        except pa.ArrowInvalid:  # one column, not a table
            batches = iter(pa.table({options.text_column: pa.chunked_array(given)}).to_batches())
    for batch in batches:
        for at in range(0, max(1, batch.num_rows), _PIECE):
            yield pa.Table.from_batches([batch.slice(at, _PIECE)])


def _read_rows(
    given: Iterable[Mapping[str, Any] | str], options: BulkOptions
) -> Iterator[pa.Table]:
    rows, first, origin = iter(given), 0, name_given(given)
    while piece := [_to_row(row, options) for row in islice(rows, _PIECE)]:
        for at, row in enumerate(piece):
            if not isinstance(row, Mapping):
                raise InputError(
                    f"Row {first + at} of {origin} is {type(row).__name__}, neither a text nor a "
                    'mapping of column to value. Give rows as in {"text": "..."}.'
                )
        if not first:
            names = dict.fromkeys(str(name) for row in piece for name in row)
            find_columns(origin, list(names), options)
        with _explained(origin, first):
            table = pa.table({name: [row.get(name) for row in piece] for name in options.columns})
        yield table
        first += len(piece)


def _to_row(row: object, options: BulkOptions) -> Any:  # noqa: ANN401 - checked by the caller
    """A text by itself, or a missing one as pandas has it, as a row without other columns."""
    if row is None or (isinstance(row, float) and math.isnan(row)):
        return {options.text_column: None}
    return {options.text_column: row} if isinstance(row, str) else row


@contextmanager
def _explained(origin: str, first: int) -> Iterator[None]:
    """What pyarrow cannot take, in one line."""
    try:
        yield
    except (pa.ArrowException, UnicodeEncodeError, OverflowError) as error:
        said = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
        raise FileRefused.because(
            origin,
            f"cannot be read as a table ({said})",
            place=f"from row {first} on",
            remedy="Give each column values of one kind.",
        ) from None
