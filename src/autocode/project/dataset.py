"""Segments as a `datasets.Dataset`, and coded tables that it reads; the only door to datasets."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..core.alignment import align
from ..core.coding import Coding, Reading
from ..core.errors import FileRefused, InputError
from ..core.transcript import Segment

READERS = {".jsonl": "json", ".json": "json", ".parquet": "parquet", ".arrow": "arrow"}
"""Table files that `datasets` reads for us, by ending."""


def segments_dataset(
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


def is_dataset(place: Path) -> bool:
    """Whether a place is a saved `Dataset` folder, or a table file that `datasets` reads."""
    if place.is_dir():
        return (place / "state.json").is_file() or (place / "dataset_dict.json").is_file()
    return place.suffix.lower() in READERS


def rows_at(place: Path) -> list[dict[str, Any]]:
    """The rows of a saved `Dataset` or of a table file; all parts of it, one after the other.

    Raises:
        FileRefused: if `datasets` cannot read it.
    """
    import datasets

    try:
        if place.is_dir():
            return rows_of(datasets.load_from_disk(str(place)))
        with tempfile.TemporaryDirectory() as passing:
            reader = READERS[place.suffix.lower()]
            return rows_of(datasets.load_dataset(reader, data_files=str(place), cache_dir=passing))
    except (OSError, ValueError, datasets.exceptions.DatasetsError) as error:
        told = str(error).splitlines()
        raise FileRefused.because(
            place,
            f"cannot be read as a data set ({told[0] if told else type(error).__name__})",
            remedy="Save it again as JSON lines or Parquet.",
        ) from None


def rows_on_hub(name: str) -> list[dict[str, Any]]:
    """The rows of a data set on the hub; only for those who have allowed the download.

    Raises:
        InputError: if it cannot be fetched.
    """
    import datasets

    try:
        return rows_of(datasets.load_dataset(name))
    except (OSError, ValueError, datasets.exceptions.DatasetsError) as error:
        told = str(error).splitlines()
        raise InputError(
            f"Data set '{name}' cannot be fetched ({told[0] if told else type(error).__name__}). "
            "Check the name and the network."
        ) from None


def rows_of(dataset: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - datasets is untyped
    """The rows of a `Dataset`, or of all parts of a `DatasetDict`; numbers of classes as names."""
    if hasattr(dataset, "values"):
        return [row for part in dataset.values() for row in rows_of(part)]
    names = {column: _class_names(feature) for column, feature in dataset.features.items()}
    return [
        {
            column: _named(value, names[column]) if names[column] else value
            for column, value in row.items()
        }
        for row in dataset
    ]


def _class_names(feature: Any) -> list[str]:  # noqa: ANN401 - datasets is untyped
    inner = getattr(feature, "feature", feature)
    return list(getattr(inner, "names", None) or ())


def _named(value: Any, names: list[str]) -> Any:  # noqa: ANN401 - whatever the column holds
    if isinstance(value, list):
        return [_named(one, names) for one in value]
    return names[value] if isinstance(value, int) and 0 <= value < len(names) else None
