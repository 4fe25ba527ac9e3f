"""The output: a file of rows for each partition, with theme, strength and reason of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pyarrow as pa

from ..core.progress import Progress
from ..io.url_path import AnyPath
from ..linalg import DECIMALS, Ids
from .engine import Engine
from .kept_files import write_whole
from .part_assignments import REASONS, Assignments, read_assignments
from .part_vectors import find_distinct
from .partitions import (
    Keys,
    Partition,
    PartitionTexts,
    read_carried,
    read_same_keys,
    read_texts,
    write_table,
)
from .theme_nodes import Exemplar
from .theme_tree import Corpus, EncodedPartition, ThemeTree

ROWS_NAMES = r"part-\d{5,}\.parquet"
"""The pattern of the names of files of rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Keys of words that several rows have (k,), in order, and how many rows (k,)."""

    keys: Keys
    counts: Keys
    n_distinct: int

    def count(self, keys: Keys) -> Keys:
        """How many rows have the same words as each of these (n,), itself included."""
        if not len(self.keys):
            return np.ones(len(keys), dtype=np.uint64)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        held: Keys = np.where(self.keys[at] == keys, self.counts[at], 1).astype(np.uint64)
        return held


def count_copies(partitions: Sequence[Partition]) -> Copies:
    """Which words stand in several rows: capitals, numbers and punctuation make no difference."""
    held = [read_same_keys(partition) for partition in partitions]
    keys, counts = np.unique(np.concatenate(held), return_counts=True)
    is_copied = (counts > 1) & (keys != 0)
    return Copies(
        keys=keys[is_copied],
        counts=counts[is_copied].astype(np.uint64),
        n_distinct=int((keys != 0).sum()),
    )


@dataclass(slots=True)
class Tally:
    """What is counted while rows are written: by theme, by reason, by partition.

    `exemplars` are those of the themes that are a row.
    """

    n_rows: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    strength: Counter[str] = field(default_factory=Counter)
    groups: dict[str, set[int]] = field(default_factory=dict)
    unplaced: list[int] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    exemplars: set[Exemplar] = field(default_factory=set)

    def add(self, other: Tally) -> None:
        """Add what was counted of the next partition."""
        self.n_rows += other.n_rows
        self.reasons += other.reasons
        self.strength += other.strength
        for key, groups in other.groups.items():
            self.groups.setdefault(key, set()).update(groups)
        self.unplaced += other.unplaced
        self.digests += other.digests
        self.exemplars |= other.exemplars


def write_rows(
    corpus: Corpus,
    tree: ThemeTree,
    copies: Copies,
    folder: AnyPath,
    engine: Engine,
    *,
    progress: Progress,
) -> Tally:
    """Write the rows of every partition into `folder`.

    Raises:
        FileRefused: if a file cannot be written.
    """
    tally = Tally()
    write = partial(write_partition, tree=tree, copies=copies, folder=folder)
    for done, some in enumerate(engine.map(write, corpus.partitions), start=1):
        tally.add(some)
        progress("Writing", done, len(corpus.partitions))
    return tally


def write_partition(
    encoded: EncodedPartition, *, tree: ThemeTree, copies: Copies, folder: AnyPath
) -> Tally:
    """Write the rows of a partition with their themes; returns what was counted."""
    held = read_texts(encoded.partition, encoded.options)
    of_row = find_distinct(held).of_row
    assigned = read_assignments(encoded, tree)
    table = _make_table(encoded, held, copies, (assigned, of_row))
    path = locate_rows(folder, encoded.partition)
    tally = Tally(
        digests=[write_whole(path, partial(write_table, table=table))],
        exemplars=tree.find_exemplars(held),
    )
    _count(tally, held, (assigned, of_row))
    return tally


def locate_rows(folder: AnyPath, partition: Partition) -> AnyPath:
    """Where the rows of a partition are written."""
    return folder / f"part-{partition.number:05d}.parquet"


def _make_table(
    encoded: EncodedPartition,
    held: PartitionTexts,
    copies: Copies,
    placed: tuple[Assignments, Ids],
) -> pa.Table:
    partition, options = encoded.partition, encoded.options
    assigned, of_row = placed
    theme, finest = assigned.shown_keys()
    n_same = copies.count(held.same_keys)
    columns = {
        "row": pa.array(np.arange(partition.first_row, partition.first_row + partition.n_rows)),
        "theme": _or_null(theme[of_row]),
        "sub_theme": _or_null(np.where(finest == theme, "", finest)[of_row]),
        "strength": pa.array(assigned.strength[of_row].astype(np.float32)),
        "reason": _or_null(np.array(REASONS, dtype=object)[assigned.reason[of_row]]),
        "n_same": pa.array(n_same.astype(np.int64)),
        "same_as": pa.array(
            [
                f"{key:016x}" if n > 1 else None
                for key, n in zip(held.same_keys, n_same, strict=True)
            ],
            pa.string(),
        ),
    }
    if options.group_column:
        columns["group"] = pa.array(held.groups, pa.string())
    table = pa.table(columns)
    carried = read_carried(partition, options)
    for name in carried.column_names:
        table = table.append_column(name, carried.column(name))
    return table


def _or_null(values: np.ndarray) -> pa.Array:
    return pa.array([value or None for value in values.tolist()], pa.string())


def _count(tally: Tally, held: PartitionTexts, placed: tuple[Assignments, Ids]) -> None:
    assigned, of_row = placed
    finest, reason = assigned.finest[of_row], assigned.reason[of_row]
    # In whole units, so that sums do not hang on their order.
    units = np.rint(assigned.strength[of_row] * 10**DECIMALS)
    for number, n in enumerate(np.bincount(reason, minlength=len(REASONS))[1:].tolist(), start=1):
        if n:
            tally.reasons[REASONS[number]] += n
    tally.unplaced.append(int((reason > 0).sum()))
    n_rows = np.bincount(finest + 1, minlength=len(assigned.keys) + 1)[1:]
    strength = np.bincount(finest + 1, weights=units, minlength=len(assigned.keys) + 1)[1:]
    has_group = (finest >= 0) & (held.group_keys != 0)
    order = np.argsort(finest[has_group], kind="stable")
    grouped, start = held.group_keys[has_group][order], 0
    numbers, sizes = np.unique(finest[has_group], return_counts=True)
    groups: dict[int, list[int]] = {}
    for number, size in zip(numbers.tolist(), sizes.tolist(), strict=True):
        groups[number] = np.unique(grouped[start : start + size]).tolist()
        start += size
    for number in np.flatnonzero(n_rows).tolist():
        for each in list_keys(assigned.keys[number]):
            tally.n_rows[each] += int(n_rows[number])
            tally.strength[each] += int(strength[number])
            if number in groups:
                tally.groups.setdefault(each, set()).update(groups[number])


def list_keys(key: str) -> list[str]:
    """The key of a theme and of all that it is within, the widest first."""
    parts = key.split(".")
    return [".".join(parts[: at + 1]) for at in range(len(parts))]
