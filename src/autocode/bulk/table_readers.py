"""Parquet, CSV, JSON lines, text and Arrow files as streams of tables: an adapter of pyarrow.

A reader gives the columns that are asked for, some rows at a time, so that memory does not grow
with the file. CSV, JSON lines and text are unpacked as they are read if their name ends with .gz.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet

from ..core.errors import FileRefused
from ..io.source import explain_os_error
from ..io.url_path import AnyPath, UrlPath
from .check_tables import find_columns
from .options import BulkOptions

_PIECE = 16_384
"""Rows that are read at once."""
_CSV_BLOCK = 8 << 20

Reader = Callable[[AnyPath, BulkOptions], Iterator[pa.Table]]


@contextmanager
def explain_faults(path: AnyPath) -> Iterator[None]:
    """Faults of a file in one line."""
    try:
        yield
    except (pa.ArrowInvalid, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileRefused.because(
            path,
            f"is damaged or cut short ({_say_first(error)})",
            remedy="Write it again; what is finished is kept.",
        ) from None
    except (pa.ArrowException, RecursionError) as error:
        raise FileRefused.because(
            path,
            f"cannot be read ({_say_first(error)})",
            remedy="Write it again; what is finished is kept.",
        ) from None
    except csv.Error as error:
        raise FileRefused.because(
            path,
            f"has headings that cannot be read ({_say_first(error)})",
            remedy="Look for a quotation mark that is not closed.",
        ) from None
    except UnicodeDecodeError as error:
        raise FileRefused.because(
            path, f"is not in UTF-8 (byte {error.start})", remedy="Save it as UTF-8."
        ) from None
    except OSError as error:
        raise FileRefused.because(
            path,
            f"cannot be read ({explain_os_error(error)})",
            remedy="Check it; what is finished is kept.",
        ) from None


def _say_first(error: Exception) -> str:
    """The first line of an error."""
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")


def _read_parquet(path: AnyPath, options: BulkOptions) -> Iterator[pa.Table]:
    with (
        _open_binary(path) as source,
        pa.parquet.ParquetFile(source, memory_map=True) as file,
    ):
        find_columns(path, file.schema_arrow.names, options)
        for batch in file.iter_batches(batch_size=_PIECE, columns=list(options.columns)):
            yield pa.Table.from_batches([batch])


def read_arrow(path: AnyPath, options: BulkOptions) -> Iterator[pa.Table]:
    """The rows of a file of a saved data set."""
    with _open_binary(path, mapped=True) as source, pa.ipc.open_stream(source) as stream:
        find_columns(path, stream.schema.names, options)
        for batch in stream:
            for at in range(0, batch.num_rows, _PIECE):
                piece = pa.Table.from_batches([batch.slice(at, _PIECE)])
                yield piece.select(list(options.columns))


def _open_binary(
    path: AnyPath, *, mapped: bool = False
) -> AbstractContextManager[Path | IO[bytes] | pa.MemoryMappedFile]:
    """What pyarrow reads a file from: a local one by its name, or `mapped`, others as a stream."""
    if isinstance(path, UrlPath):
        return path.open("rb")
    return pa.memory_map(str(path)) if mapped else nullcontext(path)


@contextmanager
def _open_unpacked(path: AnyPath) -> Iterator[IO[bytes]]:
    with path.open("rb") as stream:
        if path.suffix.lower() == _PACKED:
            with gzip.open(stream) as unpacked:
                yield cast("IO[bytes]", unpacked)
        else:
            yield stream


@contextmanager
def _open_text(path: AnyPath, *, newline: str | None = None) -> Iterator[IO[str]]:
    with (
        _open_unpacked(path) as stream,
        io.TextIOWrapper(stream, "utf-8-sig", newline=newline) as text,
    ):
        yield text


def _read_csv(path: AnyPath, options: BulkOptions) -> Iterator[pa.Table]:
    with _open_text(path, newline="") as lines:
        first = lines.readline(_CSV_BLOCK)
        delimiter = "\t" if find_kind(path).startswith(".tsv") else max(",;\t", key=first.count)
        # A heading may go over several lines, as a question in an export of a survey.
        names = next(csv.reader(chain([first], lines), delimiter=delimiter), [])
    find_columns(path, names, options)
    is_packed = path.suffix.lower() == _PACKED
    try:
        with (
            (_open_unpacked if is_packed else _open_binary)(path) as source,
            _open_csv(source, delimiter, names, options) as reader,
        ):
            for batch in reader:
                yield pa.Table.from_batches([batch])
    except pa.ArrowInvalid:
        _refuse_odd_row(path, delimiter, len(names))
        raise


def _refuse_odd_row(path: AnyPath, delimiter: str, n_names: int) -> None:
    """Say where a row has more or fewer values than there are headings: pyarrow does not."""
    line, n_values = 1, n_names
    with _open_text(path, newline="") as lines:
        rows = csv.reader(lines, delimiter=delimiter)
        try:
            for row in rows:
                if row and len(row) != n_names:
                    n_values = len(row)
                    break
                line = rows.line_num + 1
        except csv.Error:  # a quotation mark that goes on and on
            n_values = 1
    if n_values != n_names:
        raise FileRefused.because(
            path,
            f"is damaged or cut short (values expected: {n_names}, found: {n_values})",
            place=f"line {line}",
            remedy=f"Look for a quotation mark that is not closed, and for a '{delimiter}' in a "
            "value without quotation marks; what is finished is kept.",
        )


def _open_csv(
    source: Path | IO[bytes], delimiter: str, names: Sequence[str], options: BulkOptions
) -> pa.csv.CSVStreamingReader:
    return pa.csv.open_csv(
        source,
        read_options=pa.csv.ReadOptions(block_size=_CSV_BLOCK),
        parse_options=pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            # As text: what a later block holds may look like something else.
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=list(options.columns),
            strings_can_be_null=False,
        ),
    )


def _read_json_lines(path: AnyPath, options: BulkOptions) -> Iterator[pa.Table]:
    with _open_text(path) as lines:
        numbered = ((n, line) for n, line in enumerate(lines, start=1) if line.strip())
        known: set[str] = set()
        while piece := list(islice(numbered, _PIECE)):
            rows = [_parse_line(path, number, line) for number, line in piece]
            if not known:
                known = set().union(*rows)
                find_columns(path, sorted(known), options)
            yield _to_table(path, [n for n, _ in piece], rows, options)


def _parse_line(path: AnyPath, number: int, line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise FileRefused.because(
            path,
            "is no JSON object",
            place=f"line {number}",
            remedy='Write one object a line, as in {"text": "..."}.',
        )
    return row


def _to_table(
    path: AnyPath, numbers: Sequence[int], rows: Sequence[Mapping[str, Any]], options: BulkOptions
) -> pa.Table:
    """Rows as a table of text; what is no text in a column carried along is written as JSON."""
    for number, row in zip(numbers, rows, strict=True):
        text = row.get(options.text_column)
        if text is not None and not isinstance(text, str):
            raise FileRefused.because(
                path,
                f"'{options.text_column}' holds {type(text).__name__}, not text",
                place=f"line {number}",
                remedy="Name another column with --text-column.",
            )
    held = {name: [_write(row.get(name)) for row in rows] for name in options.columns}
    try:
        return pa.table({name: pa.array(values, pa.string()) for name, values in held.items()})
    except UnicodeEncodeError:
        at = next(at for values in held.values() for at, one in enumerate(values) if _is_cut(one))
        raise FileRefused.because(
            path,
            "holds half a character (a lone surrogate)",
            place=f"line {numbers[at]}",
            remedy="Write the text again.",
        ) from None


def _is_cut(text: str | None) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text or "")


def _write(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _read_text(path: AnyPath, options: BulkOptions) -> Iterator[pa.Table]:
    find_columns(path, ["text"], options)
    with _open_text(path) as stream:
        while piece := [line.rstrip("\n") for line in islice(stream, _PIECE)]:
            yield pa.table({"text": pa.array(piece, pa.string())})


def read_text_files(
    files: Sequence[AnyPath], path: AnyPath, options: BulkOptions
) -> Iterator[pa.Table]:
    """A row for each text file, with its name; `path` is their folder."""
    find_columns(path, ["text", "file"], options)
    for at in range(0, len(files), 256):
        piece = files[at : at + 256]
        held = {
            "text": [_read_whole_text(file) for file in piece],
            "file": [file.name for file in piece],
        }
        yield pa.table({name: pa.array(held[name], pa.string()) for name in options.columns})


def _read_whole_text(path: AnyPath) -> str:
    with explain_faults(path), _open_text(path) as stream:
        return stream.read()


_PACKED = ".gz"
_TEXT_READERS: dict[str, Reader] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".jsonl": _read_json_lines,
    ".ndjson": _read_json_lines,
    ".txt": _read_text,
}
READERS: dict[str, Reader] = {
    ".parquet": _read_parquet,
    ".arrow": read_arrow,
    **_TEXT_READERS,
    **{kind + _PACKED: reader for kind, reader in _TEXT_READERS.items()},
}
"""By what `find_kind` answers."""


def find_kind(path: AnyPath) -> str:
    """How the name of a file ends, in lower case, as in `.csv` or `.csv.gz`."""
    kind = path.suffix.lower()
    return Path(path.stem).suffix.lower() + kind if kind == _PACKED else kind


def read_schema(path: AnyPath, reader: Reader) -> pa.Schema | None:
    """The columns of a file with their types; None for a file of text, which states none.

    Raises:
        FileRefused: if the file is damaged.
    """
    with explain_faults(path):
        if reader is _read_parquet:
            with _open_binary(path) as source:
                return pa.parquet.read_schema(source)
        if reader is read_arrow:
            with _open_binary(path, mapped=True) as source, pa.ipc.open_stream(source) as stream:
                return stream.schema
    return None
