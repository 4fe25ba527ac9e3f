"""Whether words of somebody stand in other texts: runs of five words, or a whole short text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

_PARTS = re.compile(r"[\n\"“”«»]")
_WORD = re.compile(r"[^\W_]+")
_RUN = 5
"""Words in a row that two people hardly ever say alike by chance."""
_SHORTEST = 3


class SpokenWords:
    """The words of some texts, to see what quotes them; `others` are texts of other people.

    What the others have said as well quotes nobody; a word that none of them has said is theirs.
    """

    def __init__(self, texts: Iterable[str], others: Iterable[str] = ()) -> None:
        self._runs: set[tuple[str, ...]] = set()
        self._joined: list[str] = []
        spoken_by_others = [_words(text) for text in others]
        self._others = [f" {' '.join(words)} " for words in spoken_by_others]
        for text in texts:
            words = _words(text)
            self._runs.update(_runs(words))
            self._joined.append(f" {' '.join(words)} ")
        said = {word for text in self._joined for word in text.split()}
        self._own = said.difference(*spoken_by_others)
        for words in spoken_by_others:
            self._runs.difference_update(_runs(words))

    def count_quotes(self, text: str) -> int:
        """How many stretches of a text are theirs, word for word.

        They have five words or more, or three where they stand alone on a line or in quotes.
        """
        return sum(self._count_in(part) for part in _PARTS.split(text))

    def _count_in(self, part: str) -> int:
        words = _words(part)
        held = [run in self._runs for run in _runs(words)]
        n = sum(now and not before for before, now in pairwise([False, *held]))
        return n or int(self._is_whole(words))

    def _is_whole(self, words: list[str]) -> bool:
        joined = f" {' '.join(words)} "
        said = len(words) >= _SHORTEST and any(joined in text for text in self._joined)
        return said and not any(joined in text for text in self._others)

    def is_quote(self, text: str) -> bool:
        """Whether a short text is taken from them, quotes them, or has a word of theirs alone."""
        words = _words(text)
        return not self._own.isdisjoint(words) or self.count_quotes(text) > 0


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]
