"""Excerpts drawn from all partitions: which ones, and their words and vectors.

A sample is by content (`sample`), so that drafts do not hang on the order or the cut of the input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..linalg import Ids
from .engine import Engine
from .part_assignments import read_assignments
from .part_vectors import find_distinct, read_vectors
from .partitions import read_keys, read_texts
from .sample import Sample
from .theme_nodes import SampledExcerpts
from .theme_tree import Corpus, EncodedPartition, ThemeTree

Count = Callable[[int, int], None]
"""Called with how many of how many steps are done."""


def draw_samples(
    corpus: Corpus,
    tree: ThemeTree,
    keys: Sequence[str],
    engine: Engine,
    *,
    size: int,
    progress: Count = lambda done, total: None,
) -> dict[str, Sample]:
    """A sample of at most `size` excerpts of each theme by key, in one pass over the partitions.

    The empty key stands for all excerpts, and needs no themes in the tree.
    """
    samples = {key: Sample.empty() for key in keys}
    drawn = engine.map(
        partial(sample_partition, tree=tree, keys=keys, size=size), corpus.partitions
    )
    for done, some in enumerate(drawn, start=1):
        samples |= {key: samples[key].join(more, size=size) for key, more in some.items()}
        progress(done, len(corpus.partitions))
    return samples


def sample_partition(
    encoded: EncodedPartition, *, tree: ThemeTree, keys: Sequence[str], size: int
) -> dict[str, Sample]:
    """A sample of each theme of some, of the rows of a partition; of all rows for the empty key."""
    held = read_keys(encoded.partition, encoded.options)
    first = find_distinct(held).first
    keyed = np.column_stack([held.same_keys, held.text_keys, held.group_keys])[first]
    if not tree.nodes:
        inside = {"": np.arange(len(first))}
    else:
        assigned = read_assignments(encoded, tree)
        inside = {key: np.flatnonzero(assigned.find_inside(key)) for key in keys}
    return {
        key: Sample.of(encoded.partition.number, keyed[rows], rows, size=size)
        for key, rows in inside.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which texts of a partition samples hold: by key, places in the sample and text numbers."""

    encoded: EncodedPartition
    texts: Mapping[str, tuple[Ids, Ids]]


def gather_excerpts(
    corpus: Corpus, samples: Mapping[str, Sample], engine: Engine
) -> dict[str, SampledExcerpts]:
    """The texts and vectors of some samples, each in its order, in one pass."""
    width = read_vectors(corpus.partitions[0].vectors, np.zeros(0, dtype=np.intp)).shape[1]
    gathered = {
        key: SampledExcerpts(
            texts=[""] * len(sample.entries),
            groups=[None] * len(sample.entries),
            domains=[""] * len(sample.entries),
            vectors=np.zeros((len(sample.entries), width), dtype=np.float32),
        )
        for key, sample in samples.items()
    }
    wanted = []
    for encoded in corpus.partitions:
        places = {
            key: np.flatnonzero(sample.partitions == encoded.partition.number)
            for key, sample in samples.items()
        }
        texts = {key: (at, samples[key].texts[at]) for key, at in places.items() if len(at)}
        if texts:
            wanted.append(Wanted(encoded=encoded, texts=texts))
    for some, read in zip(wanted, engine.map(read_wanted, wanted), strict=True):
        for key, excerpts in read.items():
            at, into = some.texts[key][0], gathered[key]
            into.vectors[at] = excerpts.vectors
            for number, place in enumerate(at.tolist()):
                into.texts[place] = excerpts.texts[number]
                into.groups[place] = excerpts.groups[number]
                into.domains[place] = excerpts.domains[number]
    return gathered


def read_wanted(wanted: Wanted) -> dict[str, SampledExcerpts]:
    """The texts of a partition that samples hold, by key."""
    encoded = wanted.encoded
    held = read_texts(encoded.partition, encoded.options)
    first = find_distinct(held).first
    return {
        key: SampledExcerpts(
            texts=[held.texts[row] for row in first[numbers]],
            groups=[held.groups[row] for row in first[numbers]],
            domains=[held.domains[row] for row in first[numbers]],
            vectors=read_vectors(encoded.vectors, numbers),
        )
        for key, (_, numbers) in wanted.texts.items()
    }
