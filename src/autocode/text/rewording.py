"""Where spans of an old version of a text stand in a new one, by the words the two share.

Words that occur once in both versions, with their neighbours, anchor the alignment (the longest
chain of them that keeps the order, as in patience diff); between anchors words are compared one by
one. So time grows with the text and not with its square.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from ..core.transcript import Span

_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_](?:[\w'’\u0300-\u036f-]*[^\W_])?|[^\w\s]|_"
)
_MARKS = ".,;:!?…\"'“”‘’«»()[]-–—"
_RUNS = (5, 3, 2, 1)
"""Lengths of runs of words that may be unique in both versions, tried one after the other."""
_COMPARED = 40_000
"""Pairs of words up to which two stretches are compared word by word."""
_LEAST_KEPT = 0.6
"""Share of a span's words that must stand in the new version for it to be the same passage."""
_MOST_GROWN = 1.7
"""How many times as many words as before a span may hold."""
_SHARED_RUN = 4
_LEAST_SHARED = 0.05


class Rewording:
    """An old and a new version of a text, aligned."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self._before, self._after = _tokens(old), _tokens(new)
        self._ends = [end for _, _, end in self._before]
        self._starts = [start for _, start, _ in self._before]
        self._match = _align([t for t, _, _ in self._before], [t for t, _, _ in self._after])

    @property
    def share_in_common(self) -> float:
        """The share of runs of four words of the shorter version that the other has too."""
        one, other = (_grams([t for t, _, _ in side]) for side in (self._before, self._after))
        return len(one & other) / max(1, min(len(one), len(other)))

    @property
    def has_words_in_common(self) -> bool:
        """Whether they are versions of one text, and not two texts."""
        return self.share_in_common >= _LEAST_SHARED

    def move(self, span: Span) -> Span | None:
        """Where a span stands now; None where its ends or too many of its words are gone.

        Ends are anchored at words that are the same in both versions, or at a changed stretch that
        begins or ends with the span.
        """
        first = bisect_left(self._ends, span.start + 1)
        last = bisect_left(self._starts, span.end) - 1
        if first > last:
            return None
        kept = [at for at in range(first, last + 1) if self._match[at] >= 0]
        words = [at for at in range(first, last + 1) if _is_word(self._before[at][0])] or kept
        n_kept = sum(self._match[at] >= 0 for at in words)
        if not kept or n_kept < _LEAST_KEPT * len(words):
            return None
        begin, end = self._begin(first, kept[0]), self._end(last, kept[-1])
        if end < begin or end - begin + 1 > _MOST_GROWN * (last - first + 1) + 3:
            return None
        start, stop = self._after[begin][1], self._after[end][2]
        if self._match[first] == begin:
            start += max(0, span.start - self._before[first][1])
        if self._match[last] == end:
            stop -= max(0, self._before[last][2] - span.end)
        return self._with_marks(span, start, stop)

    def _with_marks(self, span: Span, start: int, stop: int) -> Span:
        """A span of the new version with the marks around its words that the old one has."""
        words = span.of(self.old).strip()
        before = words[: len(words) - len(words.lstrip(_MARKS))]
        after = words[len(words.rstrip(_MARKS)) :]
        now = self.new[start:stop]
        if not now.startswith(before) and self.new[:start].endswith(before):
            start -= len(before)
        if not now.endswith(after) and self.new.startswith(after, stop):
            stop += len(after)
        return Span(start, stop)

    def _begin(self, first: int, kept: int) -> int:
        """The word of the new version with which a span begins."""
        if kept == first:
            return self._match[first]
        starts_there = first == 0 or self._match[first - 1] >= 0
        if not starts_there:
            return self._match[kept]
        return self._match[first - 1] + 1 if first else 0

    def _end(self, last: int, kept: int) -> int:
        """The word of the new version with which a span ends."""
        if kept == last:
            return self._match[last]
        is_last = last + 1 == len(self._match)
        if not is_last and self._match[last + 1] < 0:
            return self._match[kept]
        return len(self._after) - 1 if is_last else self._match[last + 1] - 1


def _is_word(token: str) -> bool:
    return token[0].isalnum()


def _tokens(text: str) -> list[tuple[str, int, int]]:
    return [(m[0].casefold(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def _grams(tokens: Sequence[str]) -> set[tuple[str, ...]]:
    words = [token for token in tokens if _is_word(token)]
    n = min(_SHARED_RUN, len(words))
    return {tuple(words[at : at + n]) for at in range(len(words) - n + 1)} if n else set()


def _align(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """For each token of `old` the position of its match in `new`, -1 without one; in order."""
    match = [-1] * len(old)
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        a, b, c, d = _match_ends(old, new, waiting.pop(), match)
        if a == b or c == d:
            continue
        if (b - a) * (d - c) <= _COMPARED:
            blocks = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
            for i, j, n in blocks.get_matching_blocks():
                match[a + i : a + i + n] = range(c + j, c + j + n)
        elif anchors := _anchors(old[a:b], new[c:d]):
            for at, to in anchors:
                match[a + at] = c + to
            before = [(a, c), *((a + at + 1, c + to + 1) for at, to in anchors)]
            after = [*((a + at, c + to) for at, to in anchors), (b, d)]
            pairs = zip(before, after, strict=True)
            waiting += [(i, x, j, y) for (i, j), (x, y) in pairs]
    return match


def _match_ends(
    old: Sequence[str], new: Sequence[str], area: tuple[int, int, int, int], match: list[int]
) -> tuple[int, int, int, int]:
    """Match equal tokens at the beginning and end of two stretches; returns what is between."""
    a, b, c, d = area
    while a < b and c < d and old[a] == new[c]:
        match[a] = c
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        match[b - 1] = d - 1
        b, d = b - 1, d - 1
    return a, b, c, d


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Positions of runs that are unique in both, the longest chain of them in order."""
    for n in _RUNS:
        one, other = _unique_runs(old, n), _unique_runs(new, n)
        pairs = sorted((at, other[run]) for run, at in one.items() if run in other)
        if pairs:
            return _longest_chain(pairs)
    return []


def _unique_runs(tokens: Sequence[str], n: int) -> dict[tuple[str, ...], int]:
    runs = [tuple(tokens[at : at + n]) for at in range(len(tokens) - n + 1)]
    counts = Counter(runs)
    return {run: at for at, run in enumerate(runs) if counts[run] == 1}


def _longest_chain(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that grow on both sides; the pairs come in order of the first."""
    ends: list[int] = []
    rows: list[int] = []
    before: list[int] = []
    for row, (_, to) in enumerate(pairs):
        at = bisect_left(ends, to)
        before.append(rows[at - 1] if at else -1)
        ends[at : at + 1] = [to]
        rows[at : at + 1] = [row]
    chain, row = [], rows[-1]
    while row >= 0:
        chain.append(pairs[row])
        row = before[row]
    return chain[::-1]
