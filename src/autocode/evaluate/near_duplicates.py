"""Transcripts that share much of their wording, which a split must keep on one side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..core.transcript import Segment

FEWEST_WORDS = 8
"""A segment of fewer words may be repeated by chance ("Yes, I think so")."""

SHARED = 1 / 3
"""The share of longer segments from which transcripts are near-duplicates."""


def find_near_duplicates(segments: Iterable[Segment]) -> list[tuple[str, ...]]:
    """Groups of transcripts that share a third of their longer segments, each in order of name.

    A segment is longer when it has eight words; two are the same when they differ in case and
    blanks only. The third is of the transcript that has fewer longer segments. Groups are connected
    components: a transcript that shares wording with one of a group belongs to the group.
    """
    wording = _collect_wording(segments)
    names = sorted(wording)
    number = {name: index for index, name in enumerate(names)}
    pairs = [
        (number[a], number[b])
        for (a, b), n_shared in _count_shared(wording).items()
        if n_shared >= SHARED * min(len(wording[a]), len(wording[b]))
    ]
    groups: dict[int, list[str]] = {}
    for name, label in zip(names, _label_components(len(names), pairs), strict=True):
        groups.setdefault(label, []).append(name)
    return sorted(tuple(group) for group in groups.values() if len(group) > 1)


def _collect_wording(segments: Iterable[Segment]) -> dict[str, set[str]]:
    """The wording of each transcript's longer segments, case and blanks levelled."""
    wording: dict[str, set[str]] = {}
    for segment in segments:
        words = segment.excerpt.casefold().split()
        if len(words) >= FEWEST_WORDS:
            wording.setdefault(segment.transcript, set()).add(" ".join(words))
    return wording


def _count_shared(wording: Mapping[str, set[str]]) -> Counter[tuple[str, str]]:
    """How many longer segments each two transcripts have in common, where they have any."""
    by_text: dict[str, list[str]] = {}
    for name in sorted(wording):
        for text in wording[name]:
            by_text.setdefault(text, []).append(name)
    return Counter(pair for names in by_text.values() for pair in combinations(names, 2))


def _label_components(n: int, pairs: list[tuple[int, int]]) -> list[int]:
    if not pairs:
        return list(range(n))
    rows, columns = np.array(pairs, dtype=np.intp).T
    graph = coo_array((np.ones(len(pairs)), (rows, columns)), shape=(n, n))
    return [int(label) for label in connected_components(graph, directed=False)[1]]
