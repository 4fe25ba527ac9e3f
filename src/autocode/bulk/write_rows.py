"""The output: a file of rows for each partition, with theme, strength and reason of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from ..core.progress import Progress
from ..linalg import DECIMALS
from .engine import Engine
from .kept_files import write_whole
from .partitions import (
    Keys,
    Partition,
    PartitionTexts,
    read_carried,
    read_same_keys,
    write_table,
)
from .theme_nodes import Exemplar
from .theme_tree import Corpus, EncodedPartition, ThemeTree, TreeAssignment

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
    folder: Path,
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
        progress("Assigning", done, len(corpus.partitions))
    return tally


def write_partition(
    encoded: EncodedPartition, *, tree: ThemeTree, copies: Copies, folder: Path
) -> Tally:
    """Write the rows of a partition with their themes; returns what was counted."""
    held, distinct, vectors = encoded.read()
    of_text = tree.assign(held, vectors, distinct)
    table = _make_table(encoded, held, copies, (of_text, distinct.of_row))
    path = locate_rows(folder, encoded.partition)
    tally = Tally(
        digests=[write_whole(path, partial(write_table, table=table))],
        exemplars=tree.find_exemplars(held),
    )
    _count(tally, table, held)
    return tally


def locate_rows(folder: Path, partition: Partition) -> Path:
    """Where the rows of a partition are written."""
    return folder / f"part-{partition.number:05d}.parquet"


def _make_table(
    encoded: EncodedPartition,
    held: PartitionTexts,
    copies: Copies,
    placed: tuple[TreeAssignment, np.ndarray],
) -> pa.Table:
    partition, options = encoded.partition, encoded.options
    of_text, of_row = placed
    finest, theme = of_text.finest[of_row], of_text.theme[of_row]
    n_same = copies.count(held.same_keys)
    columns = {
        "row": pa.array(np.arange(partition.first_row, partition.first_row + partition.n_rows)),
        "theme": _or_null(theme),
        "sub_theme": _or_null(np.where(finest == theme, "", finest)),
        "strength": pa.array(np.round(of_text.strength[of_row], DECIMALS).astype(np.float32)),
        "reason": _or_null(of_text.reason[of_row]),
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


def _count(tally: Tally, table: pa.Table, held: PartitionTexts) -> None:
    theme = table.column("theme").to_pylist()
    finest = table.column("sub_theme").to_pylist()
    reasons = [reason for reason in table.column("reason").to_pylist() if reason]
    tally.reasons.update(reasons)
    tally.unplaced.append(len(reasons))
    whole = table.column("strength").to_numpy()
    groups = held.group_keys.tolist()
    for key, sub, group, strength in zip(theme, finest, groups, whole.tolist(), strict=True):
        if key is None:
            continue
        for each in list_keys(sub or key):
            tally.n_rows[each] += 1
            tally.strength[each] += round(strength * 10**DECIMALS)
            if group:
                tally.groups.setdefault(each, set()).add(group)


def list_keys(key: str) -> list[str]:
    """The key of a theme and of all that it is within, the widest first."""
    parts = key.split(".")
    return [".".join(parts[: at + 1]) for at in range(len(parts))]
