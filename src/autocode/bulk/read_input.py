"""Parquet, CSV, JSON lines, text and saved data sets as a stream of tables: an adapter of pyarrow.

A file is read a piece at a time, so that memory does not grow with it. A folder holds files of one
kind, read in the order of their names; a text file in a folder is one row, and in a text file by
itself every line is one.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet

from ..core.errors import FileRefused, NothingToDo
from ..io.source import explain_os_error
from .options import BulkOptions

_PIECE = 16_384
"""Rows that are read at once."""
_CSV_BLOCK = 8 << 20
LONGEST_TEXT = 1 << 20
"""Characters beyond which a text is no excerpt."""

Reader = Callable[[Path, BulkOptions], Iterator[pa.Table]]


def read_tables(path: Path, options: BulkOptions) -> Iterator[pa.Table]:
    """The columns that `options` name, some rows at a time, in the order of the input.

    Raises:
        FileRefused: for a file of no known kind, damaged, without a column, or whose texts are no
            text.
        NothingToDo: if there is nothing to read.
    """
    for file, reader in _list_files(path):
        first = 0
        with _explained(file):
            for table in reader(file, options):
                yield _check(table, file, options, first)
                first += table.num_rows


def _list_files(path: Path) -> list[tuple[Path, Reader]]:
    if not path.exists():
        raise FileRefused.because(path, "there is no such file or folder", remedy="Check the path.")
    if path.is_file():
        return [(path, _choose_reader(path))]
    if (path / "state.json").is_file():
        return [(file, _read_arrow) for file in _list_dataset(path)]
    if (path / "dataset_dict.json").is_file():
        splits = json.loads((path / "dataset_dict.json").read_text("utf-8"))["splits"]
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
        return [(path, _read_text_folder)]
    return [(file, _choose_reader(file)) for file in files]


def _choose_reader(path: Path) -> Reader:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise FileRefused.because(
            path,
            "is no table that can be read in pieces",
            remedy=f"Give a file that ends with {', '.join(_READERS)}, or a saved data set.",
        )
    return reader


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Faults of a file in one line."""
    try:
        yield
    except pa.ArrowInvalid as error:
        raise FileRefused.because(
            path,
            f"is damaged or cut short ({str(error).splitlines()[0]})",
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


def _read_parquet(path: Path, options: BulkOptions) -> Iterator[pa.Table]:
    with pa.parquet.ParquetFile(path, memory_map=True) as file:
        _find_columns(path, file.schema_arrow.names, options)
        for batch in file.iter_batches(batch_size=_PIECE, columns=list(options.columns)):
            yield pa.Table.from_batches([batch])


def _read_arrow(path: Path, options: BulkOptions) -> Iterator[pa.Table]:
    with pa.memory_map(str(path)) as source, pa.ipc.open_stream(source) as stream:
        _find_columns(path, stream.schema.names, options)
        for batch in stream:
            for at in range(0, batch.num_rows, _PIECE):
                piece = pa.Table.from_batches([batch.slice(at, _PIECE)])
                yield piece.select(list(options.columns))


def _list_dataset(folder: Path) -> list[Path]:
    """The files of a saved data set, in its order."""
    state = json.loads((folder / "state.json").read_text("utf-8"))
    return [folder / file["filename"] for file in state["_data_files"]]


def _read_csv(path: Path, options: BulkOptions) -> Iterator[pa.Table]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        sample = lines.readline()
    delimiter = "\t" if path.suffix.lower() == ".tsv" else max(",;\t", key=sample.count)
    names = next(csv.reader([sample], delimiter=delimiter), [])
    _find_columns(path, names, options)
    reader = pa.csv.open_csv(
        path,
        read_options=pa.csv.ReadOptions(block_size=_CSV_BLOCK),
        parse_options=pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            # As text: what a later block holds may look like something else.
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=list(options.columns),
            strings_can_be_null=False,
        ),
    )
    with reader:
        for batch in reader:
            yield pa.Table.from_batches([batch])


def _read_json_lines(path: Path, options: BulkOptions) -> Iterator[pa.Table]:
    with path.open(encoding="utf-8-sig") as lines:
        numbered = ((n, line) for n, line in enumerate(lines, start=1) if line.strip())
        known: set[str] = set()
        while piece := list(islice(numbered, _PIECE)):
            rows = [_parse_line(path, number, line) for number, line in piece]
            if not known:
                known = set().union(*rows)
                _find_columns(path, sorted(known), options)
            yield _to_table(path, [n for n, _ in piece], rows, options)


def _parse_line(path: Path, number: int, line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
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
    path: Path, numbers: Sequence[int], rows: Sequence[Mapping[str, Any]], options: BulkOptions
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
    return pa.table(
        {name: pa.array([_write(row.get(name)) for row in rows], pa.string())
         for name in options.columns}
    )  # fmt: skip


def _write(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _read_text(path: Path, options: BulkOptions) -> Iterator[pa.Table]:
    _find_columns(path, ["text"], options)
    with path.open(encoding="utf-8-sig") as stream:
        while piece := [line.rstrip("\n") for line in islice(stream, _PIECE)]:
            yield pa.table({"text": pa.array(piece, pa.string())})


def _read_text_folder(path: Path, options: BulkOptions) -> Iterator[pa.Table]:
    _find_columns(path, ["text", "file"], options)
    files = iter(sorted(path.glob("*.txt")))
    while piece := list(islice(files, 256)):
        held = {
            "text": [file.read_text("utf-8-sig") for file in piece],
            "file": [file.name for file in piece],
        }
        yield pa.table({name: pa.array(held[name], pa.string()) for name in options.columns})


_READERS: dict[str, Reader] = {
    ".parquet": _read_parquet,
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".jsonl": _read_json_lines,
    ".txt": _read_text,
    ".arrow": _read_arrow,
}


def _find_columns(path: Path, names: Sequence[str], options: BulkOptions) -> None:
    """Refuse an input without a column, and say which there are."""
    missing = [name for name in options.columns if name not in names]
    if missing:
        shown = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
        option = (
            "--text-column" if missing[0] == options.text_column else "--group-column or --keep"
        )
        raise FileRefused.because(
            path,
            f"has no column '{missing[0]}' (it has: {shown})",
            remedy=f"Name one of these with {option}.",
        )


def _check(table: pa.Table, path: Path, options: BulkOptions, first: int) -> pa.Table:
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
    table = table.set_column(at, options.text_column, table.column(at).cast(pa.string()))
    lengths = pa.compute.utf8_length(table.column(at)).fill_null(0).to_numpy()
    if len(lengths) and lengths.max() > LONGEST_TEXT:
        raise FileRefused.because(
            path,
            f"a text of {lengths.max() / 1e6:.1f} million characters is no excerpt "
            f"(at most {LONGEST_TEXT / 1e6:.1f})",
            place=f"row {first + int(lengths.argmax())}",
            remedy="Cut it into excerpts first.",
        )
    if options.group_column and options.group_column != options.text_column:
        at = table.schema.get_field_index(options.group_column)
        table = table.set_column(at, options.group_column, table.column(at).cast(pa.string()))
    return table
