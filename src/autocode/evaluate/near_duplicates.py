"""Transcripts that share much of their wording, which a split must not tear apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from ..core.transcript import Segment

FEWEST_WORDS = 8
"""A segment of fewer words may be repeated by chance ("Yes, I think so")."""

SHARED = 1 / 3


def twins(segments: Iterable[Segment]) -> list[tuple[str, ...]]:
    """Groups of transcripts that share a third of their longer segments, each in order of name.

    A segment is longer when it has eight words; two are the same when they differ in case and
    blanks only. The third is of the transcript that has fewer longer segments, and sharing goes on
    from one to the next, so that all copies of a text are one group.
    """
    said = _longer(segments)
    parent = {name: name for name in said}
    for (one, other), n in sorted(_shared(said).items()):
        if n >= SHARED * min(len(said[one]), len(said[other])):
            parent[_root(parent, other)] = _root(parent, one)
    groups: dict[str, list[str]] = {}
    for name in sorted(parent):
        groups.setdefault(_root(parent, name), []).append(name)
    return sorted(tuple(group) for group in groups.values() if len(group) > 1)


def _longer(segments: Iterable[Segment]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for segment in segments:
        words = segment.excerpt.casefold().split()
        if len(words) >= FEWEST_WORDS:
            found.setdefault(segment.transcript, set()).add(" ".join(words))
    return found


def _shared(said: Mapping[str, set[str]]) -> Counter[tuple[str, str]]:
    """How many longer segments each two transcripts have in common, where they have any."""
    by_text: dict[str, list[str]] = {}
    for name in sorted(said):
        for text in said[name]:
            by_text.setdefault(text, []).append(name)
    return Counter(pair for names in by_text.values() for pair in _pairs(names))


def _pairs(names: Sequence[str]) -> Iterable[tuple[str, str]]:
    return combinations(names, 2)


def _root(parent: dict[str, str], name: str) -> str:
    while parent[name] != name:
        parent[name] = parent[parent[name]]
        name = parent[name]
    return name
