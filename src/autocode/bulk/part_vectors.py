"""The vectors of a partition: one for each distinct text, kept by encoder and content."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..core.errors import InputError
from ..core.progress import Progress, silent
from ..encode.protocol import Encoder, Vectors
from ..io.url_path import AnyPath
from ..linalg import Ids, unit_rows
from .kept_files import is_kept, reach, write_kept
from .partitions import Partition, PartitionKeys, PartitionTexts

VECTORS_NAMES = r".{1,16}-[0-9a-f]{32}\.npy"
"""The pattern of the names of files of vectors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct:
    """The distinct texts of a partition in the order of their keys.

    `first` (m,) is the row that stands for each text, the one whose group has the smallest key;
    `of_row` (n,) the number of each row's text.
    """

    first: Ids
    of_row: Ids


def find_distinct(held: PartitionKeys) -> Distinct:
    """Which rows of a partition hold the same text."""
    order = np.lexsort((held.group_keys, held.text_keys))
    _, first, inverse = np.unique(held.text_keys[order], return_index=True, return_inverse=True)
    of_row = np.empty(len(order), dtype=np.intp)
    of_row[order] = inverse
    return Distinct(first=order[first].astype(np.intp), of_row=of_row)


def locate_vectors(partition: Partition, encoder: Encoder, folder: AnyPath) -> AnyPath:
    """Where the vectors of a partition are kept."""
    return folder / f"{encoder.digest[:16]}-{partition.texts_digest[:32]}.npy"


def encode_partition(
    held: PartitionTexts, path: AnyPath, encoder: Encoder, *, progress: Progress = silent
) -> None:
    """Encode the distinct texts of a partition, in half precision, unless that is done.

    Raises:
        InputError: if a vector holds values that are no numbers.
        FileRefused: if the file cannot be written.
    """
    if is_kept(path):
        return
    texts = [held.texts[row] for row in find_distinct(held).first]
    vectors = encoder.encode(texts, progress=progress)
    if not np.isfinite(vectors).all():
        raise InputError(
            f"The encoder '{encoder.name}' gave vectors with values that are no numbers. Use "
            "another encoder; finished partitions are kept."
        )
    half = vectors.astype(np.float16)
    write_kept(path, lambda stream: np.save(stream, half, allow_pickle=False))


def read_stored_vectors(path: AnyPath) -> npt.NDArray[np.float16]:
    """The vectors of the distinct texts (m, d) of a partition as they are stored, not of length 1.

    On a local disk they stay there until they are used.
    """
    is_local = isinstance(path, Path)
    stored: npt.NDArray[np.float16] = np.load(
        reach(path), mmap_mode="r" if is_local else None, allow_pickle=False
    )
    return stored


def read_vectors(path: AnyPath, rows: Ids) -> Vectors:
    """Unit vectors of some of the distinct texts of a partition."""
    chosen = read_stored_vectors(path)[rows]
    return unit_rows(chosen.astype(np.float32)).astype(np.float32)
