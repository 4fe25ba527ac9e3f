"""Themes in as many levels as the rows carry: drafted from samples, kept, and rows put into them.

The first draft is made of a sample of everything. A theme that holds enough rows is drafted anew
from a sample of its own, which shows what is too rare for the first sample. A sample is by content,
and whether a theme is cut by its number of rows: the tree is the same in any order of the input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..core.theme import UnassignedReason
from ..encode.protocol import Vectors
from ..linalg import Floats, Ids
from ..text.stop_words import StopWords
from ..text.terms import has_content
from .options import BulkOptions
from .part_vectors import Distinct, find_distinct, read_vectors
from .partitions import Partition, PartitionTexts, read_texts
from .theme_nodes import LONGEST_EXEMPLAR, REST, Exemplar, ThemeNode

_AT_ONCE = 64
"""Themes whose samples are in memory at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedPartition:
    """A partition and the file with the vectors of its distinct texts."""

    partition: Partition
    vectors: Path
    options: BulkOptions

    def read(self) -> tuple[PartitionTexts, Distinct, Vectors]:
        """Its texts, which of them differ, and the vectors of those."""
        held = read_texts(self.partition, self.options)
        return held, find_distinct(held), read_vectors(self.vectors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """All partitions in their order."""

    partitions: Sequence[EncodedPartition]
    options: BulkOptions


@dataclass(frozen=True, slots=True)
class ThemeTree:
    """All drafts, by the key of the theme they are within; that of everything has an empty one."""

    nodes: Mapping[str, ThemeNode]

    @property
    def stop_words(self) -> StopWords:
        """Those of the language of the corpus."""
        return StopWords(self.nodes[""].languages)

    def find_exemplars(self, held: PartitionTexts) -> set[Exemplar]:
        """Those exemplars that are a row's words and group in a partition."""
        shown = {one for node in self.nodes.values() for t in node.themes for one in t.exemplars}
        wanted = {(one.text, one.group) for one in shown}
        rows = zip((text[:LONGEST_EXEMPLAR] for text in held.texts), held.groups, strict=True)
        present = wanted.intersection((text, group or "") for text, group in rows)
        return {Exemplar(text=text, group=group) for text, group in present}

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
            if not key:
                pending.append((REST, rows[result.reason[rows] == UnassignedReason.OUTLIER.value]))
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

    def find_inside(self, key: str) -> npt.NDArray[np.bool_]:
        """The texts (m,) whose finest theme it is; for the rest, those far from all themes."""
        if key == REST:
            return np.asarray(self.reason == UnassignedReason.OUTLIER.value)
        return np.asarray(self.finest == key)

    def take(self, node: ThemeNode, rows: Ids, vectors: Vectors) -> list[tuple[str, Ids]]:
        """Put some texts into the themes of a node; returns those of each theme by its key."""
        placed = node.assign(vectors)
        keys = np.array([*(theme.key for theme in node.themes), ""], dtype=object)
        is_in = placed.theme >= 0
        self.finest[rows[is_in]] = keys[placed.theme[is_in]]
        if node.is_first_level:
            self.theme[rows] = keys[placed.theme]
            self.strength[rows] = placed.strength
            self.reason[rows] = placed.reason
        return [
            (str(keys[number]), rows[placed.theme == number]) for number in range(len(node.themes))
        ]
