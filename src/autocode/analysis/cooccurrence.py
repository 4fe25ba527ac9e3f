"""Which draft themes come up next to each other in talk, more than their sizes make us expect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, sqrt

from ..core.theme import Theme
from ..core.transcript import Span

_NEAR = 400
_FEWEST = 2
_TIMES_EXPECTED = 2.0
_MOST_PER_THEME = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Two themes (keys), how often they are next to each other, and how often by chance."""

    one: str
    other: str
    n: int
    expected: float


def relations(themes: Sequence[Theme]) -> list[Relation]:
    """The relations worth a line, strongest first: at least twice, and twice as often as expected.

    Two segments are next to each other where no other segment of a theme lies between them and the
    gap is at most 400 characters, room for a question. Expected is what a random pairing with the
    same number of neighbours per theme has (the configuration model; Newman 2003).
    """
    pairs = _neighbours(themes)
    ends: Counter[str] = Counter()
    for (one, other), n in pairs.items():
        ends[one] += n
        ends[other] += n
    total = sum(pairs.values())
    relations = [
        Relation(one=one, other=other, n=n, expected=ends[one] * ends[other] / (2 * total))
        for (one, other), n in pairs.items()
        if one != other
    ]
    kept = [r for r in relations if r.n >= _FEWEST and r.n >= _TIMES_EXPECTED * r.expected]
    kept.sort(key=lambda r: (-(r.n - r.expected) / sqrt(r.expected), r.one, r.other))
    return kept[: ceil(_MOST_PER_THEME * len(themes))]


def _neighbours(themes: Sequence[Theme]) -> Counter[tuple[str, str]]:
    """How often a segment of one theme follows one of another, by keys in order."""
    talk: dict[str, list[tuple[Span, str]]] = {}
    for theme in themes:
        for member in theme.members:
            segment = member.segment
            talk.setdefault(segment.transcript, []).append((segment.span, theme.key))
    counts: Counter[tuple[str, str]] = Counter()
    for said in talk.values():
        said.sort(key=lambda one: (one[0].start, one[0].end, one[1]))
        for (before, one), (after, other) in pairwise(said):
            if after.start - before.end <= _NEAR:
                counts[(one, other) if one <= other else (other, one)] += 1
    return counts
