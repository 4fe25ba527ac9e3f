"""Segments as a `datasets.Dataset`, and coded tables that it reads: the adapter of `datasets`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..core.alignment import align
from ..core.coding import Coding, Reading
from ..core.errors import FileRefused, InputError
from ..core.transcript import Segment

READERS = {".jsonl": "json", ".json": "json", ".parquet": "parquet", ".arrow": "arrow"}
"""Table files that `datasets` reads for us, by ending."""


def build_dataset(
    segments: Sequence[Segment], codings: Sequence[Coding], readings: Sequence[Reading]
) -> Any:  # noqa: ANN401 - datasets is untyped
    """One row per segment: where it lies, who speaks, its words, codes and readers.

    `codes` are the codes anybody gave it; `readers` who went through it (empty: nobody).
    """
    from datasets import Dataset

    aligned = align(segments, codings, readings)
    return Dataset.from_dict(
        {
            "transcript": [s.transcript for s in segments],
            "start": [s.span.start for s in segments],
            "end": [s.span.end for s in segments],
            "speaker": [s.speaker for s in segments],
            "role": [s.role for s in segments],
            "participant": [s.participant for s in segments],
            "excerpt": [s.excerpt for s in segments],
            "codes": [sorted(aligned.codes(row)) for row in range(len(segments))],
            "readers": [sorted(aligned.applied[row]) for row in range(len(segments))],
        }
    )


def write_parquet(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> int:
    """Write rows as Parquet; a column holds numbers where all of its cells do, else text.

    Empty cells are null. Returns the number of rows.
    """
    from datasets import Dataset

    held = [dict(row) for row in rows]
    cells = {name: [row.get(name) for row in held] for name in columns}
    table = Dataset.from_dict({name: _of_one_type(values) for name, values in cells.items()})
    with _quiet_datasets():
        table.to_parquet(str(path))
    path.chmod(0o600)
    return len(held)


def _of_one_type(values: Sequence[object]) -> list[Any]:
    filled = [value for value in values if value not in (None, "")]
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in filled):
        return [None if value == "" else value for value in values]
    return [None if value in (None, "") else str(value) for value in values]


def save_dataset(dataset: Any, folder: Path) -> int:  # noqa: ANN401 - datasets is untyped
    """Save a `Dataset` in a new folder, for `datasets.load_from_disk`; returns its rows."""
    with _quiet_datasets():
        dataset.save_to_disk(str(folder))
    folder.chmod(0o700)  # participants' words
    return len(dataset)


def is_dataset(path: Path) -> bool:
    """Whether a path is a saved `Dataset` folder, or a table file that `datasets` reads."""
    if path.is_dir():
        return (path / "state.json").is_file() or (path / "dataset_dict.json").is_file()
    return path.suffix.lower() in READERS


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a saved `Dataset` or of a table file; all parts of it, one after the other.

    Raises:
        FileRefused: if `datasets` cannot read it, or it holds no row.
    """
    import datasets

    no_rows = FileRefused.because(
        path, "holds no rows", remedy="Save the coded segments into it and run again."
    )
    # What `datasets` says of an empty file differs from version to version.
    if path.is_file() and not path.stat().st_size:
        raise no_rows
    try:
        with _quiet_datasets():
            if path.is_dir():
                return list_rows(datasets.load_from_disk(str(path)))
            reader = READERS[path.suffix.lower()]
            with tempfile.TemporaryDirectory() as cache:
                table = datasets.load_dataset(reader, data_files=str(path), cache_dir=cache)
                return list_rows(table)
    except StopIteration:  # what datasets raises for a file without a row
        raise no_rows from None
    except (OSError, ValueError, datasets.exceptions.DatasetsError) as error:
        raise FileRefused.because(
            path,
            f"cannot be read as a data set ({_describe(error)})",
            remedy="Save it again as JSON lines or Parquet.",
        ) from None


def download_rows(name: str) -> list[dict[str, Any]]:
    """The rows of a data set on the hub; only for those who have allowed the download.

    Raises:
        InputError: if it cannot be fetched.
    """
    import datasets

    try:
        return list_rows(datasets.load_dataset(name))
    except (OSError, ValueError, datasets.exceptions.DatasetsError) as error:
        raise InputError(
            f"Data set '{name}' cannot be fetched ({_describe(error)}). Check the name and the "
            "network."
        ) from None


@contextmanager
def _quiet_datasets() -> Iterator[None]:
    """Keep bars and log lines of `datasets` off the terminal; its settings are then as before."""
    import datasets

    had_bars = not datasets.are_progress_bars_disabled()
    verbosity = datasets.logging.get_verbosity()
    datasets.disable_progress_bars()
    datasets.logging.set_verbosity(datasets.logging.CRITICAL)
    try:
        yield
    finally:
        datasets.logging.set_verbosity(verbosity)
        if had_bars:
            datasets.enable_progress_bars()


def _describe(error: Exception) -> str:
    """The first line of an error, or of the error that `datasets` wrapped into it."""
    cause = error.__cause__ or error
    lines = str(cause).splitlines()
    return lines[0] if lines else type(cause).__name__


def list_rows(dataset: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - datasets is untyped
    """The rows of a `Dataset`, or of all parts of a `DatasetDict`; numbers of classes as names."""
    if hasattr(dataset, "values"):
        return [row for part in dataset.values() for row in list_rows(part)]
    names = {column: _class_names(feature) for column, feature in dataset.features.items()}
    return [
        {
            column: _name_classes(value, names[column]) if names[column] else value
            for column, value in row.items()
        }
        for row in dataset
    ]


def _class_names(feature: Any) -> list[str]:  # noqa: ANN401 - datasets is untyped
    inner = getattr(feature, "feature", feature)
    return list(getattr(inner, "names", None) or ())


def _name_classes(value: Any, names: list[str]) -> Any:  # noqa: ANN401 - whatever the column holds
    if isinstance(value, list):
        return [_name_classes(number, names) for number in value]
    return names[value] if isinstance(value, int) and 0 <= value < len(names) else None
