"""Drafting the themes of a corpus level by level, in passes over its partitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..core.progress import Progress
from ..io.url_path import AnyPath
from ..linalg import Ids
from ..text.stop_words import StopWords
from .engine import Engine
from .kept_files import is_kept, remove_others
from .part_assignments import (
    ASSIGNMENTS_NAMES,
    assign_partition,
    locate_assignments,
    read_assignments,
)
from .part_vectors import find_distinct, read_vectors
from .partitions import read_keys, read_texts
from .sample import Sample
from .theme_nodes import (
    REST,
    Exemplar,
    SampledExcerpts,
    ThemeNode,
    draft_node,
    read_node,
    write_node,
)
from .theme_tree import Corpus, EncodedPartition, ThemeTree

Count = Callable[[int, int], None]
"""Called with how many of how many steps are done."""
NODE_NAMES = r"(?:all|rest|T\d+(?:\.\d+)*)\.json"
"""The pattern of the names of kept drafts."""
_AT_ONCE = 64
"""Themes whose samples are in memory at once."""


def fit_tree(corpus: Corpus, folder: AnyPath, engine: Engine, *, progress: Progress) -> ThemeTree:
    """Draft themes level by level, and assign all texts; what an earlier run has made is kept.

    Raises:
        FileRefused: if a file cannot be read or written.
    """
    tree, level = ThemeTree({}), 1
    wanted, assigned = [""], set[AnyPath]()
    while wanted:
        missing = [key for key in wanted if not is_kept(locate_node(folder, key))]
        if missing:
            samples = _draw_samples(
                corpus, tree, missing, engine, partial(progress, f"Sampling level {level}")
            )
            _draft_missing(
                corpus, tree, samples, folder, engine, partial(progress, f"Drafting level {level}")
            )
        nodes = {key: read_node(locate_node(folder, key)) for key in wanted}
        before, tree = tree, ThemeTree({**tree.nodes, **nodes})
        counts = _assign(
            corpus, tree, before, engine, partial(progress, f"Assigning level {level}")
        )
        assigned |= {locate_assignments(encoded, tree) for encoded in corpus.partitions}
        if wanted == [""] and counts[REST] >= corpus.options.split_from:
            # Its themes stand beside the first ones: before any of these is drafted anew.
            wanted = [REST]
        elif level == corpus.options.most_levels:
            break
        else:
            last = tree.nodes if level == 1 else nodes
            keys = [theme.key for node in last.values() for theme in node.themes]
            wanted = [key for key in keys if counts[key] >= corpus.options.split_from]
            level += 1
    remove_others(corpus.partitions[0].assignments, assigned, ASSIGNMENTS_NAMES)
    return tree


def forget_exemplars(tree: ThemeTree, folder: AnyPath, held: Set[Exemplar]) -> ThemeTree:
    """The tree, and the kept drafts, without the words of rows that are there no more.

    Raises:
        FileRefused: if a file cannot be written.
    """
    nodes = {key: node.keep_exemplars(held) for key, node in tree.nodes.items()}
    for key, node in nodes.items():
        if node.themes != tree.nodes[key].themes:
            write_node(locate_node(folder, key), node)
    return ThemeTree(nodes)


def locate_node(folder: AnyPath, key: str) -> AnyPath:
    """Where the draft within a theme is kept."""
    return folder / f"{key or 'all'}.json"


def _draw_samples(
    corpus: Corpus, tree: ThemeTree, keys: Sequence[str], engine: Engine, progress: Count
) -> dict[str, Sample]:
    """A sample of each theme by key, in one pass over the partitions."""
    is_first_level = not tree.nodes or REST in keys
    size = corpus.options.first_sample if is_first_level else corpus.options.finer_sample
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


def _draft_missing(
    corpus: Corpus,
    tree: ThemeTree,
    samples: Mapping[str, Sample],
    folder: AnyPath,
    engine: Engine,
    progress: Count,
) -> None:
    """Draft the themes within each theme that has a sample, and keep them."""
    stop_words = tree.stop_words if tree.nodes else None
    keys, done = list(samples), 0
    for at in range(0, len(keys), _AT_ONCE):
        sampled = _gather(corpus, {key: samples[key] for key in keys[at : at + _AT_ONCE]}, engine)
        draft = partial(
            draft_and_keep, folder=folder, stop_words=stop_words, first=tree.nodes.get("")
        )
        for _ in engine.map(draft, sampled.items()):
            done += 1
            progress(done, len(keys))


def draft_and_keep(
    item: tuple[str, SampledExcerpts],
    *,
    folder: AnyPath,
    stop_words: StopWords | None,
    first: ThemeNode | None,
) -> None:
    """Draft themes of a sample and write them where they are kept."""
    key, sampled = item
    node = draft_node(key, sampled, stop_words=stop_words, first=first)
    write_node(locate_node(folder, key), node)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which texts of a partition samples hold: by key, places in the sample and text numbers."""

    encoded: EncodedPartition
    texts: Mapping[str, tuple[Ids, Ids]]


def _gather(
    corpus: Corpus, samples: Mapping[str, Sample], engine: Engine
) -> dict[str, SampledExcerpts]:
    """The texts and vectors of some samples, each in its order, in one pass."""
    width = read_vectors(corpus.partitions[0].vectors, np.zeros(0, dtype=np.intp)).shape[1]
    gathered = {
        key: SampledExcerpts(
            texts=[""] * len(sample.entries),
            groups=[None] * len(sample.entries),
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
            for place, text, group in zip(
                at.tolist(), excerpts.texts, excerpts.groups, strict=True
            ):
                into.texts[place], into.groups[place] = text, group
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
            vectors=read_vectors(encoded.vectors, numbers),
        )
        for key, (_, numbers) in wanted.texts.items()
    }


def _assign(
    corpus: Corpus, tree: ThemeTree, before: ThemeTree, engine: Engine, progress: Count
) -> Counter[str]:
    """Assign all texts to the themes of a tree; how many rows each theme has as its finest."""
    counts: Counter[str] = Counter()
    assign = partial(assign_partition, tree=tree, before=before)
    for done, some in enumerate(engine.map(assign, corpus.partitions), start=1):
        counts += some
        progress(done, len(corpus.partitions))
    return counts
