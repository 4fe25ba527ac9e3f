"""Which segments show a theme: whole sentences of different participants, and edge cases.

Headings, single words and pieces of sentences are typical by their vectors and show nothing. What a
whole sentence looks like is seen from how the segments of the study are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..segment.sentence_marks import CLOSING, ENDING, OPENING
from ..segment.sentences import find_sentence_ends
from ..text.words import n_words
from .deduplicate import DistinctExcerpts
from .groups import Groups

FEWEST_WORDS = 8
N_EXEMPLARS = 4
N_EDGES = 2
_IS_USUAL = 0.5


@dataclass(frozen=True, slots=True)
class SentenceStyle:
    """How sentences are written: whether they end with a mark and begin with a capital."""

    has_marks: bool = True
    has_capitals: bool = True

    @classmethod
    def of(cls, texts: Iterable[str]) -> SentenceStyle:
        """As most of the texts that are long enough are written; a script may lack capitals."""
        long = [text for text in texts if n_words(text) >= FEWEST_WORDS]
        if not long:
            return cls()
        n_marks = sum(map(_ends, long))
        n_capitals = sum(not _begins_small(text) for text in long)
        return cls(n_marks >= _IS_USUAL * len(long), n_capitals >= _IS_USUAL * len(long))

    def is_whole(self, sentence: str) -> bool:
        """Whether a sentence has eight words, its beginning and its end."""
        if n_words(sentence) < FEWEST_WORDS:
            return False
        is_whole = _ends(sentence) or not self.has_marks
        return is_whole and not (self.has_capitals and _begins_small(sentence))

    def has_whole_sentence(self, text: str) -> bool:
        """Whether any sentence of a segment is whole."""
        return any(map(self.is_whole, list_sentences(text)))


def _ends(sentence: str) -> bool:
    return sentence.rstrip().rstrip(CLOSING).endswith(tuple(ENDING))


def _begins_small(sentence: str) -> bool:
    return sentence.lstrip().lstrip(OPENING)[:1].islower()


def list_sentences(text: str) -> list[str]:
    """The sentences of a segment, in order, without what transcribers noted in brackets."""
    sentences = []
    for line in text.splitlines():
        bounds = [0, *find_sentence_ends(line), len(line)]
        parts = [line[a:b] for a, b in pairwise(bounds)]
        plain = [" ".join(re.sub(r"\[[^\]]*\]", " ", part).split()) for part in parts]
        sentences += [part for part in plain if any(map(str.isalnum, part))]
    return sentences


def choose_exemplars(
    excerpts: DistinctExcerpts, ordered: Sequence[int], style: SentenceStyle
) -> list[int]:
    """Numbers of segments with a whole sentence, by different participants; the first rows first.

    Fewer than four where fewer participants said one.
    """
    chosen: list[int] = []
    participants: set[str] = set()
    for row in ordered:
        if len(chosen) == N_EXEMPLARS:
            break
        new = [
            i for i in excerpts.copies[row] if excerpts.segments[i].participant not in participants
        ]
        if new and style.has_whole_sentence(excerpts.segments[new[0]].excerpt):
            chosen.append(new[0])
            participants.add(excerpts.segments[new[0]].participant)
    return chosen


def choose_edge_cases(
    excerpts: DistinctExcerpts, ordered: Sequence[int], groups: Groups, taken: set[int]
) -> list[int]:
    """Numbers of segments with the least strength, from different participants, least first."""
    # A theme of a handful is shown whole by its exemplars.
    if len(ordered) <= N_EXEMPLARS:
        return []
    weakest = sorted(ordered, key=lambda row: (groups.strength[row], row))
    participants: set[str] = set()
    chosen = []
    for row in weakest:
        i = excerpts.copies[row][0]
        if i not in taken and excerpts.segments[i].participant not in participants:
            participants.add(excerpts.segments[i].participant)
            chosen.append(i)
    return chosen[:N_EDGES]
