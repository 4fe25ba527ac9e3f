"""The texts of a corpus encoded, partition by partition, here or by workers."""

from __future__ import annotations

from functools import partial

from ..core.progress import Progress, silent
from ..encode.protocol import Encoder
from .engine import Engine
from .part_vectors import encode_partition
from .partitions import read_texts
from .theme_tree import Corpus, EncodedPartition


def encode_all(
    corpus: Corpus,
    encoder: Encoder,
    engine: Engine,
    *,
    progress: Progress = silent,
    within: Progress = silent,
) -> None:
    """Encode what no earlier run has.

    `within` is called while a partition is encoded, which may take minutes; not by other machines.
    """
    n_rows = sum(one.partition.n_rows for one in corpus.partitions)
    encode = partial(_encode_part, encoder=encoder, n_rows=n_rows, progress=within)
    for n_encoded in engine.map(encode, corpus.partitions):
        progress("Encoding", n_encoded, n_rows)  # as encoders name it


def _encode_part(
    encoded: EncodedPartition, *, encoder: Encoder, n_rows: int, progress: Progress
) -> int:
    """Encode a partition unless that is done; returns how many rows there are up to its end."""
    partition = encoded.partition

    def tell(stage: str, done: int, total: int) -> None:
        if done < total:  # the end of a partition is told by whoever maps this
            progress(stage, partition.first_row + partition.n_rows * done // total, n_rows)

    encode_partition(
        read_texts(partition, encoded.options), encoded.vectors, encoder, progress=tell
    )
    return partition.first_row + partition.n_rows
