"""Topic sections of a long conversation: where the words that people use change for good.

Depth scores in the manner of TextTiling (Hearst 1997) over turns: at each turn the words of the
stretch before are compared with those of the stretch after, words weighted by rarity among
turns; the deepest valleys that lie apart begin sections.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np
import numpy.typing as npt

from ..transcript import Section, Transcript

Floats = npt.NDArray[np.float64]

USUAL_WORDS = 2500
"""Words of a section, on average over a conversation."""
_STRETCH = 500
_APART = 0.4
_WORDS = 2000
_WORD = re.compile(r"[^\W\d_]{3,}")


def sections(transcript: Transcript, *, usual_words: int = USUAL_WORDS) -> list[Section]:
    """Sections over the turns, in order and without a gap; a short conversation is one section."""
    if not transcript.turns:
        return []
    starts = section_starts([transcript.words_of(t) for t in transcript.turns], usual_words)
    return [
        Section(first, last)
        for first, last in zip(starts, [*starts[1:], len(transcript.turns)], strict=True)
    ]


def section_starts(turns: Sequence[str], usual_words: int = USUAL_WORDS) -> list[int]:
    """Numbers of the turns that begin a section; the first is always 0."""
    ends = np.cumsum([len(turn.split()) for turn in turns])
    n_cuts = int(ends[-1]) // usual_words if len(ends) else 0
    if n_cuts < 1:
        return [0]
    scores = _depths(_likeness(turns, ends))
    chosen: list[int] = []
    for at in np.argsort(-scores, kind="stable").tolist():
        if scores[at] <= 0:
            break
        near = [0, int(ends[-1]), *(int(ends[other]) for other in chosen)]
        if all(abs(int(ends[at]) - place) >= usual_words * _APART for place in near):
            chosen.append(at)
        if len(chosen) == n_cuts:
            break
    return [0, *sorted(at + 1 for at in chosen)]


def _likeness(turns: Sequence[str], ends: npt.NDArray[np.int64]) -> Floats:
    """Cosine of the words before and after the end of each turn, shape (turns,)."""
    said = [Counter(word.lower() for word in _WORD.findall(turn)) for turn in turns]
    used = Counter(word for counts in said for word in counts)
    words = sorted(used, key=lambda word: (-used[word], word))[:_WORDS]
    column = {word: number for number, word in enumerate(words)}
    summed = np.zeros((len(turns) + 1, len(words)), dtype=np.float32)
    for row, counts in enumerate(said, start=1):
        for word, count in counts.items():
            if word in column:
                summed[row, column[word]] = count
    summed = summed.cumsum(axis=0)
    weight = np.array([log((len(turns) + 1) / used[word]) for word in words])
    begin = np.searchsorted(ends, ends - _STRETCH, side="right")
    stop = np.searchsorted(ends, ends + _STRETCH, side="left") + 1
    likeness = np.ones(len(turns))
    for at in range(len(turns) - 1):
        here = summed[at + 1]
        before = np.log1p(here - summed[min(begin[at], at)]) * weight
        after = np.log1p(summed[min(stop[at], len(turns))] - here) * weight
        likeness[at] = _cosine(before, after)
    return likeness


def _cosine(a: Floats, b: Floats) -> float:
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size else 1.0


def _depths(likeness: Floats) -> Floats:
    """How deep each place lies below the hills on its two sides, climbed as far as they rise."""
    smooth = np.convolve(np.pad(likeness, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    depth = np.zeros(len(smooth))
    for at, value in enumerate(smooth):
        hills = 0.0
        for step in (-1, 1):
            place, top = at, value
            while 0 <= place + step < len(smooth) and smooth[place + step] > top:
                place += step
                top = smooth[place]
            hills += top
        depth[at] = hills - 2 * value
    return depth
