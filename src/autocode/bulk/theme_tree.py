"""Themes in as many levels as the rows carry: drafted from samples, kept, and rows put into them.

The first draft is made of a sample of everything. A theme that holds enough rows is drafted anew
from a sample of its own, which shows what is too rare for the first sample. A sample is by content,
and whether a theme is cut by its number of rows: the tree is the same in any order of the input.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..io.url_path import AnyPath
from ..text.stop_words import StopWords
from .options import BulkOptions
from .partitions import Partition, PartitionTexts
from .theme_nodes import LONGEST_EXEMPLAR, Exemplar, ThemeNode


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedPartition:
    """A partition, the file with the vectors of its distinct texts, the folder of assignments."""

    partition: Partition
    vectors: AnyPath
    assignments: AnyPath
    options: BulkOptions


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

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all themes; those of a deeper tree begin with the same ones."""
        return tuple(theme.key for node in self.nodes.values() for theme in node.themes)

    @property
    def digest(self) -> str:
        """Of all that decides which theme a text is in."""
        digest = hashlib.sha256()
        for node in self.nodes.values():
            node.digest_into(digest)
        return digest.hexdigest()

    def find_exemplars(self, held: PartitionTexts) -> set[Exemplar]:
        """Those exemplars that are a row's words and group in a partition."""
        shown = {one for node in self.nodes.values() for t in node.themes for one in t.exemplars}
        wanted = {(one.text, one.group) for one in shown}
        rows = zip((text[:LONGEST_EXEMPLAR] for text in held.texts), held.groups, strict=True)
        present = wanted.intersection((text, group or "") for text, group in rows)
        return {Exemplar(text=text, group=group) for text, group in present}
