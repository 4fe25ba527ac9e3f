"""Parquet, CSV, JSON lines, text and saved data sets as a stream of tables: an adapter of pyarrow.

A file is read a piece at a time, so that memory does not grow with it. A folder holds files of one
kind, read in the order of their names; a text file in a folder is one row, and in a text file by
itself every line is one.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet

from ..core.errors import FileRefused, NothingToDo
from ..io.source import explain_os_error
from ..io.url_path import AnyPath, UrlPath
from .options import BulkOptions

_PIECE = 16_384
"""Rows that are read at once."""
_CSV_BLOCK = 8 << 20
LONGEST_TEXT = 1 << 20
"""Characters beyond which a text is no excerpt."""

Reader = Callable[[AnyPath, BulkOptions], Iterator[pa.Table]]


def read_tables(path: AnyPath, options: BulkOptions) -> Iterator[pa.Table]:
    """The columns that `options` name, some rows at a time, in the order of the input.

    Raises:
        FileRefused: for a file of no known kind, damaged, without a column, or whose texts are no
            text.
        NothingToDo: if there is nothing to read.
    """
    kinds: dict[str, pa.DataType] = {}
    for file, reader in _list_files(path):
        first = 0
        with _explained(file):
            for table in reader(file, options):
                yield _fit_kinds(_check(table, file, options, first), file, kinds)
                first += table.num_rows


def _list_files(path: AnyPath) -> list[tuple[AnyPath, Reader]]:
    if not path.exists():
        raise FileRefused.because(path, "there is no such file or folder", remedy="Check the path.")
    if path.is_file():
        return [(path, _choose_reader(path))]
    if (path / "state.json").is_file():
        return [(file, _read_arrow) for file in _list_dataset(path)]
    if (path / "dataset_dict.json").is_file():
        splits = _read_names(path / "dataset_dict.json", lambda held: held["splits"])
        return [(file, _read_arrow) for split in splits for file in _list_dataset(path / split)]
    files = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith((".", "_")))
    kinds = {file.suffix.lower() for file in files}
    if not files:
        raise NothingToDo(f"{path} holds no files.")
    if len(kinds) > 1:
        raise FileRefused.because(
            path,
            f"holds files of several kinds ({', '.join(sorted(kinds))})",
            remedy="Name one file, or a folder with files of one kind.",
        )
    if kinds == {".txt"}:
        return [(path, partial(_read_text_files, files))]
    return [(file, _choose_reader(file)) for file in files]


def _choose_reader(path: AnyPath) -> Reader:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise FileRefused.because(
            path,
            "is no table that can be read in pieces",
            remedy=f"Give a file that ends with {', '.join(_READERS)}, or a saved data set.",
        )
    return reader


@contextmanager
def _explained(path: AnyPath) -> Iterator[None]:
    """Faults of a file in one line."""
    try:
        yield
    except pa.ArrowInvalid as error:
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
        _find_columns(path, file.schema_arrow.names, options)
        for batch in file.iter_batches(batch_size=_PIECE, columns=list(options.columns)):
            yield pa.Table.from_batches([batch])


def _read_arrow(path: AnyPath, options: BulkOptions) -> Iterator[pa.Table]:
    with _open_binary(path, mapped=True) as source, pa.ipc.open_stream(source) as stream:
        _find_columns(path, stream.schema.names, options)
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


def _list_dataset(folder: AnyPath) -> list[AnyPath]:
    """The files of a saved data set, in its order."""
    names = _read_names(
        folder / "state.json", lambda held: [file["filename"] for file in held["_data_files"]]
    )
    return [folder / name for name in names]


def _read_names(path: AnyPath, find: Callable[[Any], list[str]]) -> list[str]:
    """The names that a file of a saved data set gives of others beside it."""
    try:
        names = find(json.loads(path.read_text("utf-8")))
        # Bare names: what lies elsewhere is no part of the data set.
        is_sound = isinstance(names, list) and all(
            Path(name).name == name and name not in ("", "..") for name in names
        )
    except FileRefused:
        raise
    except (ValueError, LookupError, TypeError, RecursionError):
        is_sound = False
    if not is_sound:
        raise FileRefused.because(
            path, "does not name the parts of a saved data set", remedy="Save the data set again."
        )
    return names


def _read_csv(path: AnyPath, options: BulkOptions) -> Iterator[pa.Table]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        sample = lines.readline()
    delimiter = "\t" if path.suffix.lower() == ".tsv" else max(",;\t", key=sample.count)
    names = next(csv.reader([sample], delimiter=delimiter), [])
    _find_columns(path, names, options)
    with _open_binary(path) as source, _open_csv(source, delimiter, names, options) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch])


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
    with path.open(encoding="utf-8-sig") as lines:
        numbered = ((n, line) for n, line in enumerate(lines, start=1) if line.strip())
        known: set[str] = set()
        while piece := list(islice(numbered, _PIECE)):
            rows = [_parse_line(path, number, line) for number, line in piece]
            if not known:
                known = set().union(*rows)
                _find_columns(path, sorted(known), options)
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
    _find_columns(path, ["text"], options)
    with path.open(encoding="utf-8-sig") as stream:
        while piece := [line.rstrip("\n") for line in islice(stream, _PIECE)]:
            yield pa.table({"text": pa.array(piece, pa.string())})


def _read_text_files(
    files: Sequence[AnyPath], path: AnyPath, options: BulkOptions
) -> Iterator[pa.Table]:
    _find_columns(path, ["text", "file"], options)
    for at in range(0, len(files), 256):
        piece = files[at : at + 256]
        held = {
            "text": [_read_whole_text(file) for file in piece],
            "file": [file.name for file in piece],
        }
        yield pa.table({name: pa.array(held[name], pa.string()) for name in options.columns})


def _read_whole_text(path: AnyPath) -> str:
    with _explained(path):
        return path.read_text("utf-8-sig")


_READERS: dict[str, Reader] = {
    ".parquet": _read_parquet,
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".jsonl": _read_json_lines,
    ".txt": _read_text,
    ".arrow": _read_arrow,
}


def _find_columns(path: AnyPath, names: Sequence[str], options: BulkOptions) -> None:
    """Refuse an input without a column, and say which there are."""
    for name in options.columns:
        if names.count(name) > 1:
            raise FileRefused.because(
                path, f"has several columns '{name}'", remedy="Rename all but one of them."
            )
    missing = [name for name in options.columns if name not in names]
    if missing:
        shown = ", ".join(names[:20]) + (", …" if len(names) > 20 else "") or "none"
        option = (
            "--text-column" if missing[0] == options.text_column else "--group-column or --keep"
        )
        raise FileRefused.because(
            path,
            f"has no column '{missing[0]}' (it has: {shown})",
            remedy=f"Name one of these with {option}.",
        )


def _check(table: pa.Table, path: AnyPath, options: BulkOptions, first: int) -> pa.Table:
    """The table with texts and groups as strings; says where a text is none, or far too long."""
    table = table.select(list(options.columns))
    at = table.schema.get_field_index(options.text_column)
    kind = table.schema.field(at).type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)):
        raise FileRefused.because(
            path,
            f"the column '{options.text_column}' holds {kind}, not text",
            remedy="Name another with --text-column.",
        )
    table = table.set_column(at, options.text_column, _to_strings(table, options.text_column, path))
    lengths = pa.compute.utf8_length(table.column(at)).fill_null(0).to_numpy()
    if len(lengths) and lengths.max() > LONGEST_TEXT:
        raise FileRefused.because(
            path,
            f"a text of {lengths.max() / 1e6:.1f} million characters is no excerpt "
            f"(at most {LONGEST_TEXT / 1e6:.1f})",
            place=f"row {first + int(lengths.argmax())}",
            remedy="Cut it into excerpts first.",
        )
    for name in options.columns[1:]:
        strings = _to_strings(table, name, path)
        if name == options.group_column:
            table = table.set_column(table.schema.get_field_index(name), name, strings)
    return table


def _to_strings(table: pa.Table, name: str, path: AnyPath) -> pa.ChunkedArray:
    """A column as strings; says where it holds what is none."""
    try:
        column = table.column(name)
        if pa.types.is_floating(column.type):
            # What pandas writes for "missing" in a column of numbers.
            column = pa.compute.if_else(pa.compute.is_nan(column), None, column)
        strings = column.cast(pa.string())
        strings.validate(full=True)
    except pa.ArrowNotImplementedError:
        raise FileRefused.because(
            path,
            f"the column '{name}' holds {table.schema.field(name).type}, which is no text",
            remedy="Name another column with --group-column or --keep.",
        ) from None
    except pa.ArrowInvalid:
        raise FileRefused.because(
            path, f"the column '{name}' is not in UTF-8", remedy="Write it again in UTF-8."
        ) from None
    return strings


def _fit_kinds(table: pa.Table, path: AnyPath, kinds: dict[str, pa.DataType]) -> pa.Table:
    """The columns as they are in the files before; what they hold is kept in `kinds`."""
    for at, (name, kind) in enumerate(zip(table.schema.names, table.schema.types, strict=True)):
        before = kinds.get(name, kind)
        if pa.types.is_null(before):
            before = kind
        kinds[name] = before
        if kind == before or pa.types.is_null(kind):
            continue
        try:
            table = table.set_column(at, name, table.column(at).cast(before))
        except pa.ArrowException:
            raise FileRefused.because(
                path,
                f"the column '{name}' holds {kind}, and {before} in a file before",
                remedy="Write it alike in all files, or leave it out of --keep.",
            ) from None
    return table
