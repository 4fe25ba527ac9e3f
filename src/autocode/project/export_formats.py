"""What a study is exported as: tables as CSV, CSV for Excel, workbooks, Parquet, or a data set."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from ..core.errors import FileRefused, InputError
from ..exchange.refi.profiles import PROFILE_NAMES, ProfileName
from ..io.tables.table import write_table
from ..io.tables.write_xlsx import write_xlsx
from .dataset import is_dataset, write_parquet

ExportFormat = Literal["csv", "csv-excel", "xlsx", "parquet", "dataset"]
"""How tables are written. "csv-excel" begins with a byte order mark, without which Excel takes
UTF-8 for another encoding; "dataset" adds the segments as a `datasets.Dataset` on disk."""
EXPORT_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)

PROJECT_ENDINGS = (".qdpx", ".qde", ".qdc", ".sqlite3")
"""How files are named that a tool's project is written as."""

Tool: TypeAlias = ProfileName
TOOLS: tuple[Tool, ...] = PROFILE_NAMES
"""The tools that a project can be written for."""

DATASET_FOLDER = "segments"
"""The folder of the segments in an export as a data set."""

_FILE_ENDINGS = frozenset(
    (
        *PROJECT_ENDINGS,
        ".csv",
        ".xlsx",
        ".xls",
        ".parquet",
        ".docx",
        ".html",
        ".json",
        ".pdf",
        ".txt",
        # Of tools' own projects, as users name what they expect.
        *(".qda", ".rqda", ".requal", ".nvp", ".nvpx", ".nvcx", ".atlproj", ".hpr7", ".mex"),
        *(".mx18", ".mx20", ".mx22", ".mx24", ".mqda", ".zip"),
    )
)

_SUFFIXES: Mapping[ExportFormat, str] = {"xlsx": ".xlsx", "parquet": ".parquet"}


def is_named_like_file(path: Path) -> bool:
    """Whether a path that is no folder has the name of a file, so that no folder is meant."""
    return path.suffix.lower() in _FILE_ENDINGS and not path.is_dir()


def check_format(format: str, folder: Path) -> None:
    """Refuse what cannot be exported into a folder, before anything is written there.

    Raises:
        InputError: if there is no such format, with those that there are.
        FileRefused: if a folder that is no saved data set stands where one would be written, or if
            the folder is not there and its name is that of a file.
    """
    if format not in EXPORT_FORMATS:
        raise InputError(f"No format '{format}'. Choose one of: {', '.join(EXPORT_FORMATS)}.")
    ending = folder.suffix.lower()
    if is_named_like_file(folder):
        raise FileRefused.because(
            folder,
            "is named like a file, and the tables are written into a folder",
            remedy=f"For a project, name the tool as well: --for TOOL ({', '.join(PROFILE_NAMES)})."
            if ending in PROJECT_ENDINGS
            else f"Name a folder, such as {folder.with_suffix('')}; --format says how tables are.",
        )
    place = folder / DATASET_FOLDER
    if format == "dataset" and place.exists() and not (place.is_dir() and is_dataset(place)):
        raise FileRefused.because(
            place,
            "is something else than a saved data set",
            remedy="Move it away, or export into another folder.",
        )


def write_in_format(
    folder: Path,
    stem: str,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, object]],
    format: ExportFormat,
) -> tuple[str, int]:
    """Write one table into a folder; returns the file's name and the number of rows.

    Raises:
        FileRefused: if it cannot be written.
    """
    name = f"{stem}{_SUFFIXES.get(format, '.csv')}"
    if format == "xlsx":
        return name, write_xlsx(folder / name, columns, rows)
    if format == "parquet":
        return name, write_parquet(folder / name, columns, rows)
    return name, write_table(folder / name, columns, rows, for_excel=format == "csv-excel")


def put_in_place(made: Path, place: Path) -> None:
    """Move a file or a saved data set to where it belongs, in place of an earlier one.

    Raises:
        OSError: if it cannot be moved.
    """
    if made.is_dir() and is_dataset(place):
        shutil.rmtree(place)
    made.replace(place)
