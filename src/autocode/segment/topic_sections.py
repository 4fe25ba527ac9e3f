"""Topic sections of a long conversation: where people open something and its words are new.

Every turn is scored as the beginning of a section: by how little the 500 words before it are like
the 500 from it on (Hearst 1997; words weighted by rarity among turns), and by how people open and
close a matter: "okay, next ...", "thank you", a long turn (Schiffrin 1987; Passonneau & Litman
1997). The weights are those of a logistic regression on meetings (`eval/bench_topics.py --fit`).
Turns with the highest scores begin sections, where the words are less alike than usual and the
section before is not too short.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from ..core.transcript import Section, Transcript
from ..text.words import content_words, n_words

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionConfig:
    """The constants of the method (eval/NOTES.md, Segmenting, Sections).

    `weights` add each column of `score_features` to a turn's score: the coefficients of a logistic
    regression on 38 meetings (`eval/bench_topics.py --fit`). `window` is how many words before and
    from a turn on are compared, `vocabulary` how many of the commonest words count, `head` how many
    words of a turn are its opening. `shortest` is a share of the `usual_words` of a section.
    """

    usual_words: int = 2500
    weights: tuple[float, ...] = (0.67, 0.60, 0.72, 0.66, 0.51, 0.44, 0.29)
    window: int = 500
    vocabulary: int = 2000
    head: int = 30
    shortest: float = 0.1
    fewest_letters: int = 3


SECTIONS = SectionConfig()
_OPENS = re.compile(r"\W*(?:okay|ok|alright|all right|right|so|well|now|next|anyway|um|uh)\b", re.I)
_TURNS_TO = re.compile(
    r"\b(?:next|move on|moving on|go on|go back|turn to|let['’]s|let us|agenda|presentation|item"
    r"|motion|first|second|last|questions?|start|begin|finally|another)\b",
    re.I,
)
_THANKS = re.compile(r"\b(?:thank you|thanks)\b", re.I)


def find_sections(transcript: Transcript, *, config: SectionConfig = SECTIONS) -> list[Section]:
    """Sections over the turns, in order and without a gap; a short conversation is one section."""
    if not transcript.turns:
        return []
    starts = find_section_starts([transcript.words_of(t) for t in transcript.turns], config)
    return [
        Section(first, last)
        for first, last in zip(starts, [*starts[1:], len(transcript.turns)], strict=True)
    ]


def find_section_starts(turns: Sequence[str], config: SectionConfig = SECTIONS) -> list[int]:
    """Numbers of the turns that begin a section; the first is always 0.

    There are as many sections as the usual length fits into the conversation. Turns are taken by
    their score, highest first, unless they lie too near a section that begins already.
    """
    ends = np.cumsum([n_words(turn) for turn in turns])
    n_cuts = int(ends[-1]) // config.usual_words if len(ends) else 0
    if n_cuts < 1:
        return [0]
    features = score_features(turns, config)
    # Rounded, so that the order of equal scores does not hang on the last bits of a sum.
    scores = np.round(features @ np.array(config.weights), 9)
    shortest = config.usual_words * config.shortest
    chosen: list[int] = []
    for at in np.argsort(-scores, kind="stable").tolist():
        if len(chosen) == n_cuts:
            break
        near = [0, int(ends[-1]), *(int(ends[other - 1]) for other in chosen)]
        is_apart = all(abs(int(ends[at - 1]) - offset) >= shortest for offset in near)
        # Column 0: the words here are less alike than they usually are.
        if at and is_apart and features[at, 0] > 0:
            chosen.append(at)
    return [0, *sorted(chosen)]


def score_features(turns: Sequence[str], config: SectionConfig = SECTIONS) -> Floats:
    """How each turn looks as the beginning of a section, shape (turns, 7).

    Unlikeness of the words before and after (standardised), opening word, turning to something,
    thanks in it, thanks in the one before, and log words of it and of the next.
    """
    likeness = _likeness(turns, config)
    spread = float(likeness.std())
    unlike = (likeness.mean() - likeness) / spread if spread > 1e-9 else np.zeros(len(turns))
    heads = [" ".join(turn.split()[: config.head]) for turn in turns]
    lengths = np.log1p([n_words(turn) for turn in turns])
    return np.column_stack(
        [
            unlike,
            [_OPENS.match(turn) is not None for turn in turns],
            [_TURNS_TO.search(head) is not None for head in heads],
            [_THANKS.search(head) is not None for head in heads],
            [_THANKS.search(turn) is not None for turn in ["", *turns[:-1]]],
            lengths,
            [*lengths[1:], 0.0],
        ]
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """The counted words of one turn: columns and counts."""

    columns: npt.NDArray[np.intp]
    counts: Floats


def _likeness(turns: Sequence[str], config: SectionConfig) -> Floats:
    """Cosine of the words before each turn and from it on, shape (turns,); 1 at the first."""
    said, weights = _count_words(turns, config)
    ends = np.cumsum([n_words(turn) for turn in turns])
    # The window before a turn begins with turn `begin`, the one from it on ends before `stop`.
    starts = np.concatenate([[0], ends[:-1]])
    begin = np.searchsorted(ends, starts - config.window, side="right")
    stop = np.minimum(np.searchsorted(ends, starts + config.window, side="left") + 1, len(turns))
    before, after = np.zeros(len(weights)), np.zeros(len(weights))
    first = last = 0
    likeness = np.ones(len(turns))
    # Both windows slide by a turn at a time, so each turn is added and taken away once.
    for at in range(len(turns)):
        if at:
            _add(before, said[at - 1], 1)
            _add(after, said[at - 1], -1)
        while first < begin[at] and first < at:
            _add(before, said[first], -1)
            first += 1
        while last < stop[at]:
            _add(after, said[last], 1)
            last += 1
        if at:
            likeness[at] = _cosine(np.log1p(before) * weights, np.log1p(after) * weights)
    return likeness


def _count_words(turns: Sequence[str], config: SectionConfig) -> tuple[list[_Said], Floats]:
    """The commonest words of each turn, and the weight of each word by its rarity."""
    said = [Counter(content_words(turn, config.fewest_letters)) for turn in turns]
    used = Counter(word for counts in said for word in counts)
    words = sorted(used, key=lambda word: (-used[word], word))[: config.vocabulary]
    column = {word: number for number, word in enumerate(words)}
    counted = []
    for counts in said:
        known = [word for word in counts if word in column]
        columns = np.array([column[word] for word in known], dtype=np.intp)
        counted.append(_Said(columns, np.array([counts[w] for w in known], dtype=np.float64)))
    return counted, np.array([log((len(turns) + 1) / used[word]) for word in words])


def _add(counts: Floats, said: _Said, sign: int) -> None:
    counts[said.columns] += sign * said.counts


def _cosine(a: Floats, b: Floats) -> float:
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size else 1.0
