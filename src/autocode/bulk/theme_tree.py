"""Themes in as many levels as the rows carry: drafted from samples, kept, and rows put into them.

The first draft is made of a sample of everything. A theme that holds enough rows is drafted anew
from a sample of its own, which shows what is too rare for the first sample. A sample is by content,
and whether a theme is cut by its number of rows: the tree is the same in any order of the input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..core.progress import Progress
from ..core.theme import UnassignedReason
from ..encode.protocol import Vectors
from ..linalg import Floats, Ids
from ..text.stop_words import StopWords
from ..text.terms import has_content
from .kept_files import is_kept
from .options import BulkOptions
from .part_vectors import Distinct, find_distinct, read_vectors
from .partitions import Partition, PartitionTexts, read_texts
from .sample import Sample
from .theme_nodes import SampledExcerpts, ThemeNode, draft_node, read_node, write_node

_AT_ONCE = 64
"""Themes whose samples are in memory at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """All partitions in their order, and where the vectors of each are."""

    partitions: Sequence[Partition]
    vectors: Sequence[Path]
    options: BulkOptions


@dataclass(frozen=True, slots=True)
class ThemeTree:
    """All drafts, by the key of the theme they are within; that of everything has an empty one."""

    nodes: Mapping[str, ThemeNode]

    @property
    def stop_words(self) -> StopWords:
        """Those of the language of the corpus."""
        return StopWords(self.nodes[""].languages)

    def assign(self, held: PartitionTexts, vectors: Vectors, distinct: Distinct) -> TreeAssignment:
        """The themes of the distinct texts of a partition, in all levels."""
        n_texts = len(distinct.first)
        result = TreeAssignment.none(n_texts)
        stop_words = self.stop_words
        is_wordy = np.array(
            [has_content(held.texts[row], stop_words) for row in distinct.first], dtype=bool
        )
        is_wordy &= vectors.any(axis=1)
        result.reason[~is_wordy] = UnassignedReason.TOO_SHORT.value
        pending: list[tuple[str, Ids]] = [("", np.flatnonzero(is_wordy))]
        while pending:
            key, rows = pending.pop()
            node = self.nodes.get(key)
            if node is None or not len(rows) or not node.themes:
                continue
            pending += result.take(node, rows, vectors[rows])
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeAssignment:
    """Of each distinct text (m,) the keys of its theme and of the finest one that holds it.

    Both are empty where `reason` says why; `strength` is that in its theme.
    """

    theme: npt.NDArray[np.object_]
    finest: npt.NDArray[np.object_]
    strength: Floats
    reason: npt.NDArray[np.object_]

    @classmethod
    def none(cls, n_texts: int) -> TreeAssignment:
        """So many texts, to be put into themes."""
        return cls(
            theme=np.full(n_texts, "", dtype=object),
            finest=np.full(n_texts, "", dtype=object),
            strength=np.zeros(n_texts),
            reason=np.full(n_texts, UnassignedReason.OUTLIER.value, dtype=object),
        )

    def take(self, node: ThemeNode, rows: Ids, vectors: Vectors) -> list[tuple[str, Ids]]:
        """Put some texts into the themes of a node; returns those of each theme by its key."""
        placed = node.assign(vectors)
        keys = np.array([*(theme.key for theme in node.themes), ""], dtype=object)
        is_in = placed.theme >= 0
        self.finest[rows[is_in]] = keys[placed.theme[is_in]]
        if not node.key:
            self.theme[rows] = keys[placed.theme]
            self.strength[rows] = placed.strength
            self.reason[rows] = placed.reason
        return [
            (str(keys[number]), rows[placed.theme == number]) for number in range(len(node.themes))
        ]


def fit_tree(
    corpus: Corpus,
    folder: Path,
    *,
    progress: Progress,
    draft: Callable[..., ThemeNode] = draft_node,
) -> ThemeTree:
    """Draft themes level by level; drafts that an earlier run has made are kept.

    Raises:
        FileRefused: if a file cannot be read or written.
    """
    nodes: dict[str, ThemeNode] = {}
    wanted = [""]
    for level in range(corpus.options.most_levels):
        missing = [key for key in wanted if not is_kept(_locate(folder, key))]
        stop_words = StopWords(nodes[""].languages) if level else None
        samples = _draw_samples(corpus, ThemeTree(nodes), missing, level, progress)
        for at in range(0, len(missing), _AT_ONCE):
            some = missing[at : at + _AT_ONCE]
            sampled = _gather(corpus, {key: samples[key] for key in some})
            for key in some:
                write_node(_locate(folder, key), draft(key, sampled[key], stop_words=stop_words))
                progress(f"Drafting level {level + 1}", missing.index(key) + 1, len(missing))
        nodes |= {key: read_node(_locate(folder, key)) for key in wanted}
        if level + 1 == corpus.options.most_levels:
            break
        wanted = _find_large(corpus, ThemeTree(nodes), wanted, progress)
        if not wanted:
            break
    return ThemeTree(nodes)


def _locate(folder: Path, key: str) -> Path:
    return folder / f"{key or 'all'}.json"


def _draw_samples(
    corpus: Corpus, tree: ThemeTree, keys: Sequence[str], level: int, progress: Progress
) -> dict[str, Sample]:
    """A sample of each theme by key, in one pass over the partitions."""
    samples = {key: Sample.empty() for key in keys}
    size = corpus.options.finer_sample if level else corpus.options.first_sample
    for done, partition in enumerate(corpus.partitions if keys else (), start=1):
        held = read_texts(partition, corpus.options)
        distinct = find_distinct(held)
        keyed = np.column_stack([held.same_keys, held.text_keys, held.group_keys])[distinct.first]
        if level:
            vectors = read_vectors(corpus.vectors[partition.number])
            finest = tree.assign(held, vectors, distinct).finest
            inside = {key: np.flatnonzero(finest == key) for key in keys}
        else:
            inside = {"": np.arange(len(distinct.first))}
        for key, rows in inside.items():
            samples[key] = samples[key].add(partition.number, keyed[rows], rows, size=size)
        progress(f"Sampling level {level + 1}", done, len(corpus.partitions))
    return samples


def _gather(corpus: Corpus, samples: Mapping[str, Sample]) -> dict[str, SampledExcerpts]:
    """The texts and vectors of some samples, each in its order, in one pass."""
    width = read_vectors(corpus.vectors[0], np.zeros(0, dtype=np.intp)).shape[1]
    sampled = {
        key: SampledExcerpts(
            texts=[""] * len(sample.entries),
            groups=[None] * len(sample.entries),
            vectors=np.zeros((len(sample.entries), width), dtype=np.float32),
        )
        for key, sample in samples.items()
    }
    met = sorted({int(n) for sample in samples.values() for n in np.unique(sample.partitions)})
    for number in met:
        held = read_texts(corpus.partitions[number], corpus.options)
        first = find_distinct(held).first
        for key, sample in samples.items():
            at = np.flatnonzero(sample.partitions == number)
            into, numbers = sampled[key], sample.texts[at]
            into.vectors[at] = read_vectors(corpus.vectors[number], numbers)
            for place, row in zip(at.tolist(), first[numbers].tolist(), strict=True):
                into.texts[place], into.groups[place] = held.texts[row], held.groups[row]
    return sampled


def _find_large(
    corpus: Corpus, tree: ThemeTree, keys: Sequence[str], progress: Progress
) -> list[str]:
    """The themes of the last level that hold rows enough to be drafted anew, in their order."""
    last = [theme.key for key in keys for theme in tree.nodes[key].themes]
    counts = dict.fromkeys(last, 0)
    for done, partition in enumerate(corpus.partitions if last else (), start=1):
        held = read_texts(partition, corpus.options)
        distinct = find_distinct(held)
        vectors = read_vectors(corpus.vectors[partition.number])
        finest = tree.assign(held, vectors, distinct).finest[distinct.of_row]
        met, n_rows = np.unique(finest.astype(str), return_counts=True)
        for key, n in zip(met.tolist(), n_rows.tolist(), strict=True):
            if key in counts:
                counts[key] += n
        progress("Counting", done, len(corpus.partitions))
    return [key for key in last if counts[key] >= corpus.options.split_from]
