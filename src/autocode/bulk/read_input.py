"""The input of a run: its files in order, their columns checked, as a stream of tables.

A folder holds files of one kind, read in the order of their names; a text file in a folder is one
row, and in a text file by itself every line is one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..core.errors import FileRefused, NothingToDo
from ..io.url_path import AnyPath
from .check_tables import check_table, fit_kinds
from .options import BulkOptions
from .table_readers import (
    READERS,
    Reader,
    explain_faults,
    find_kind,
    read_arrow,
    read_schema,
    read_text_files,
)


def read_tables(path: AnyPath, options: BulkOptions) -> Iterator[pa.Table]:
    """The columns that `options` name, some rows at a time, in the order of the input.

    Raises:
        FileRefused: for a file of no known kind, damaged, without a column, or whose texts are no
            text.
        NothingToDo: if there is nothing to read.
    """
    kinds: dict[str, pa.DataType] = {}
    files = _list_files(path)
    for at, (file, reader) in enumerate(files):
        first = 0
        with explain_faults(file):
            for table in reader(file, options):
                checked = check_table(table, file, options, first)
                _find_kinds(checked.schema, files[at + 1 :], kinds)
                yield fit_kinds(checked, file, kinds)
                first += table.num_rows


def _list_files(path: AnyPath) -> list[tuple[AnyPath, Reader]]:
    if not path.exists():
        raise FileRefused.because(path, "there is no such file or folder", remedy="Check the path.")
    if path.is_file():
        return [(path, _choose_reader(path))]
    if (path / "state.json").is_file():
        return [(file, read_arrow) for file in _list_dataset(path)]
    if (path / "dataset_dict.json").is_file():
        splits = _read_names(path / "dataset_dict.json", lambda held: held["splits"])
        return [(file, read_arrow) for split in splits for file in _list_dataset(path / split)]
    files = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith((".", "_")))
    kinds = {find_kind(file) for file in files}
    if not files:
        has_folders = any(inside.is_dir() for inside in path.iterdir())
        remedy = (
            " Name one of the folders in it, or put their files into one." if has_folders else ""
        )
        raise NothingToDo(f"{path} holds no files.{remedy}")
    if len(kinds) > 1:
        raise FileRefused.because(
            path,
            f"holds files of several kinds ({', '.join(sorted(kinds))})",
            remedy="Name one file, or a folder with files of one kind.",
        )
    if kinds in ({".txt"}, {".txt.gz"}):
        return [(path, partial(read_text_files, files))]
    return [(file, _choose_reader(file)) for file in files]


def _choose_reader(path: AnyPath) -> Reader:
    reader = READERS.get(find_kind(path))
    if reader is None:
        kinds = ", ".join(kind for kind in READERS if not kind.endswith(".gz"))
        raise FileRefused.because(
            path,
            "is no table that can be read in pieces",
            remedy="Name a file in it, as in zip://NAME.csv::ARCHIVE.zip, or unpack it."
            if find_kind(path) == ".zip"
            else f"Give a file that ends with {kinds} (those of text also with .gz), or a saved "
            "data set.",
        )
    return reader


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


def _find_kinds(
    schema: pa.Schema, later: Sequence[tuple[AnyPath, Reader]], kinds: dict[str, pa.DataType]
) -> None:
    """Note the type of each column: of one without values here, that in the next file with some.

    So that all that is written has one type: what reads the output takes it from the first part.
    """
    for name, kind in zip(schema.names, schema.types, strict=True):
        if name in kinds:
            continue
        kinds[name] = kind
        for file, reader in later if pa.types.is_null(kind) else ():
            stated = read_schema(file, reader)
            if stated is None or name not in stated.names:
                continue
            kinds[name] = stated.field(name).type
            if not pa.types.is_null(kinds[name]):
                break
