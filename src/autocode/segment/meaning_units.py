"""Meaning units: a paragraph, or a long one cut where the subject changes.

A writer's own paragraphs stay. One of more than `LONGEST` words is cut between sentences so that
the total cost is least (dynamic programming, exact and deterministic): a cut costs the likeness
of the words on its two sides, less a bonus for words with which speakers turn to something else
(Schiffrin 1987), and units far from the usual length cost more. Likeness is the cosine of vectors
where an encoder is given, else of counts of content words (Hearst 1997).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import log, sqrt
from typing import Any

from ..text.words import content_words, n_words

SHORTEST, USUAL, LONGEST = 6, 25, 60
"""Words of a unit: fewer are joined to a neighbour, the length aimed at, more are cut.

Scripts without blanks are counted by their characters (see `words`)."""

Vectors = Callable[[Sequence[str]], Any]
"""Unit vectors of texts, shape (texts, width)."""

_FEWEST_LETTERS = 4
_TURNING = re.compile(
    r"\W*(?:anyway|okay|ok|now|right|well|another|also|finally|first|second|next|then|so|but)\b",
    re.IGNORECASE,
)
_LEANING = re.compile(r"\W*(?:because|and|it|that|which|they|he|she|or)\b", re.IGNORECASE)
_TURN_BONUS, _LEAN_COST = 0.3, 0.2
_USUAL_COSINE = 0.3
"""Of neighbouring sentences' vectors; counts of their words are usually at 0."""


def find_meaning_cuts(sentences: Sequence[str], vectors: Vectors | None = None) -> list[int]:
    """Which sentences of one paragraph begin a new unit (the first is implied), in order."""
    lengths = [n_words(sentence) for sentence in sentences]
    if round(sum(lengths), 2) <= LONGEST or len(sentences) < 2:
        return []
    costs = [0.0, *_cut_costs(sentences, vectors)]
    before = [0.0, *_sums(lengths)]
    best, back = [0.0], [0]
    for end in range(1, len(sentences) + 1):
        total, begin = min(
            (best[begin] + costs[begin] + _length_cost(before[end] - before[begin]), begin)
            for begin in _begins(before, end)
        )
        best.append(total)
        back.append(begin)
    cuts: list[int] = []
    at = back[-1]
    while at:
        cuts.append(at)
        at = back[at]
    return cuts[::-1]


def _begins(before: Sequence[float], end: int) -> range:
    """Where a unit that ends before sentence `end` may begin: at most `LONGEST` words back."""
    begin = end - 1
    while begin and before[end] - before[begin - 1] <= LONGEST:
        begin -= 1
    return range(begin, end)


def _sums(lengths: Sequence[float]) -> list[float]:
    total, sums = 0.0, []
    for length in lengths:
        total = round(total + length, 2)
        sums.append(total)
    return sums


def _length_cost(length: float) -> float:
    short = 1.0 if length < SHORTEST else 0.0
    return short + log(max(length, 1) / USUAL) ** 2 / 4


def _cut_costs(sentences: Sequence[str], vectors: Vectors | None) -> list[float]:
    costs = _likeness(sentences, vectors)
    for at, sentence in enumerate(sentences[1:]):
        if _TURNING.match(sentence):
            costs[at] -= _TURN_BONUS
        elif _LEANING.match(sentence):
            costs[at] += _LEAN_COST
    return costs


def _likeness(sentences: Sequence[str], vectors: Vectors | None) -> list[float]:
    """Likeness of each sentence to the one before it, less what is usual: about 0 to 1."""
    if vectors is not None:
        rows = vectors(sentences)
        return [round(float(a @ b), 6) - _USUAL_COSINE for a, b in pairwise(rows)]
    counts = [Counter(content_words(sentence, _FEWEST_LETTERS)) for sentence in sentences]
    return [_cosine(a, b) for a, b in pairwise(counts)]


def _cosine(a: Counter[str], b: Counter[str]) -> float:
    shared = sum(count * b[word] for word, count in a.items())
    lengths = sum(n * n for n in a.values()) * sum(n * n for n in b.values())
    return shared / sqrt(lengths) if lengths else 0.0
