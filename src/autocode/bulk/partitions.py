"""The input cut into partitions of rows, each a file named by its number and content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet

from ..core.errors import NothingToDo
from ..core.progress import Progress, silent
from ..io.url_path import AnyPath
from .kept_files import is_kept, reach, write_kept
from .options import BulkOptions

Keys = npt.NDArray[np.uint64]

PARTITION_NAMES = r"\d{5,}-[0-9a-f]{16}\.parquet"
"""The pattern of the names of partitions."""
_NO_LETTERS = re.compile(r"[\W\d_]+")
_NULL = b"\xff" * 8
_TEXT_KEY, _SAME_KEY = "__text_key", "__same_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """Consecutive rows of the input; `number` counts from 0.

    `digest` is of all that they hold, `texts_digest` of their texts alone.
    """

    number: int
    first_row: int
    n_rows: int
    digest: str
    texts_digest: str
    path: AnyPath


def cut_partitions(
    tables: Iterable[pa.Table],
    folder: AnyPath,
    options: BulkOptions,
    *,
    progress: Progress = silent,
) -> list[Partition]:
    """Write the rows of tables as partitions; those that an earlier run finished are kept.

    Raises:
        NothingToDo: if there are no rows.
        FileRefused: if a table cannot be used or the folder cannot be written.
    """
    partitions: list[Partition] = []
    n_rows = 0
    for table in _regroup(tables, options.partition_rows):
        partitions.append(_keep_partition(table, folder, options, len(partitions), n_rows))
        n_rows += table.num_rows
        progress("Reading", n_rows, 0)  # how many there are is known at the end
    if not partitions:
        raise NothingToDo("The input holds no rows. Check that it is the right file.")
    return partitions


def _regroup(tables: Iterable[pa.Table], size: int) -> Iterator[pa.Table]:
    """The same rows in tables of exactly `size` rows, the last one smaller."""
    held: list[pa.Table] = []
    n_held = 0
    for table in tables:
        held.append(table)
        n_held += table.num_rows
        while n_held >= size:
            joined = pa.concat_tables(held, promote_options="default")
            yield joined.slice(0, size).combine_chunks()
            held, n_held = [joined.slice(size)], n_held - size
    if n_held:
        yield pa.concat_tables(held, promote_options="default").combine_chunks()


def _keep_partition(
    table: pa.Table, folder: AnyPath, options: BulkOptions, number: int, first_row: int
) -> Partition:
    texts = table.column(options.text_column).to_pylist()
    digest = _digest_rows(table)
    path = folder / f"{number:05d}-{digest[:16]}.parquet"
    if not is_kept(path):
        text_keys, same_keys = _make_keys(texts)
        keyed = table.append_column(_TEXT_KEY, pa.array(text_keys, pa.uint64()))
        keyed = keyed.append_column(_SAME_KEY, pa.array(same_keys, pa.uint64()))
        write_kept(path, partial(write_table, table=keyed))
    return Partition(
        number=number,
        first_row=first_row,
        n_rows=len(texts),
        digest=digest,
        texts_digest=_digest_rows(table.select([options.text_column])),
        path=path,
    )


def write_table(stream: Any, table: pa.Table) -> None:  # noqa: ANN401 - any binary stream
    """A table as Parquet; the same table gives the same bytes."""
    pa.parquet.write_table(table, stream, compression="zstd")


def _digest_rows(table: pa.Table) -> str:
    """SHA-256 of names, types and values, however the rows came in."""
    digest = hashlib.sha256(str(table.schema.remove_metadata()).encode())
    for column in table.columns:
        for text in column.cast(pa.string()).to_pylist():
            raw = None if text is None else text.encode("utf-8", "surrogatepass")
            # The length first: a text may hold any character that would part it from the next.
            digest.update(_NULL if raw is None else len(raw).to_bytes(8) + raw)
    return digest.hexdigest()


def _make_keys(texts: Iterable[str | None]) -> tuple[Keys, Keys]:
    """64 bits of the digest of each text, and of its words alone, 0 for one without letters."""
    text_keys, same_keys = [], []
    for text in texts:
        raw = (text or "").encode("utf-8", "surrogatepass")
        words = _NO_LETTERS.sub(" ", (text or "").casefold()).strip()
        text_keys.append(_key(raw))
        same_keys.append(_key(words.encode("utf-8", "surrogatepass")) if words else 0)
    return np.array(text_keys, np.uint64), np.array(same_keys, np.uint64)


def _make_group_keys(groups: list[str | None]) -> Keys:
    known = {name: _key(name.encode("utf-8", "surrogatepass")) for name in set(groups) if name}
    return np.array([known[name] if name else 0 for name in groups], np.uint64)


def _key(raw: bytes) -> int:
    return int.from_bytes(hashlib.sha256(raw).digest()[:8])


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionKeys:
    """What stands for the rows (n,) of a partition.

    `text_keys` differ where texts do, `same_keys` where their words do (capitals, numbers and
    punctuation aside); they are 0 for a text without letters. `group_keys` stand for who they are
    from, 0 for nobody.
    """

    text_keys: Keys
    same_keys: Keys
    group_keys: Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionTexts(PartitionKeys):
    """The rows (n,) of a partition: texts, who they are from, and what they are answers to.

    A text or a domain is empty where there is none.
    """

    texts: list[str]
    groups: list[str | None]
    domains: list[str]


def read_keys(partition: Partition, options: BulkOptions) -> PartitionKeys:
    """The keys of a partition, without its texts."""
    group = options.group_column
    columns = [*([group] if group else []), _TEXT_KEY, _SAME_KEY]
    table = pa.parquet.read_table(reach(partition.path), columns=columns)
    return PartitionKeys(
        text_keys=table.column(_TEXT_KEY).to_numpy(),
        same_keys=table.column(_SAME_KEY).to_numpy(),
        group_keys=_make_group_keys(_list_names(table, group)),
    )


def read_texts(partition: Partition, options: BulkOptions) -> PartitionTexts:
    """The texts, groups, domains and keys of a partition."""
    group, domain = options.group_column, options.domain_column
    about = [name for name in (group, domain) if name]
    columns = list(dict.fromkeys([options.text_column, *about]))
    table = pa.parquet.read_table(reach(partition.path), columns=[*columns, _TEXT_KEY, _SAME_KEY])
    groups = _list_names(table, group)
    return PartitionTexts(
        texts=[text or "" for text in table.column(options.text_column).to_pylist()],
        groups=groups,
        domains=[(name or "").strip() for name in _list_names(table, domain)],
        text_keys=table.column(_TEXT_KEY).to_numpy(),
        same_keys=table.column(_SAME_KEY).to_numpy(),
        group_keys=_make_group_keys(groups),
    )


def _list_names(table: pa.Table, column: str | None) -> list[str | None]:
    return table.column(column).to_pylist() if column else [None] * table.num_rows


def read_same_keys(partition: Partition) -> Keys:
    """The keys of the words of each row (n,)."""
    keys: Keys = pa.parquet.read_table(reach(partition.path), columns=[_SAME_KEY])[
        _SAME_KEY
    ].to_numpy()
    return keys


def read_carried(partition: Partition, options: BulkOptions) -> pa.Table:
    """The columns that are carried into the output."""
    return pa.parquet.read_table(reach(partition.path), columns=list(options.keep))
