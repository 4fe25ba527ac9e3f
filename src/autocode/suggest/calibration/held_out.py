"""Held-out scores: each segment scored without the codings of its own transcript.

Whole transcripts are dealt into folds, since segments of one transcript are alike: a random split
of segments would let a scorer meet what it is measured on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..protocol import Floats, Rows, Task

UNCODED = -1
"""The fold of a segment in a transcript of which nothing is coded."""


def deal_folds(transcripts: Sequence[str], *, n_folds: int = 5) -> Rows:
    """A fold number for each row, whole transcripts together, folds of about equal size.

    Larger transcripts are dealt first, each to the fold that is smallest so far; no chance in it.
    """
    sizes: dict[str, int] = {}
    for name in transcripts:
        sizes[name] = sizes.get(name, 0) + 1
    loads = [0] * min(n_folds, len(sizes))
    fold_of: dict[str, int] = {}
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        fold = loads.index(min(loads))
        fold_of[name] = fold
        loads[fold] += sizes[name]
    return np.array([fold_of[name] for name in transcripts], dtype=np.intp)


def fold_segments(task: Task, *, n_folds: int) -> Rows | None:
    """The fold of each segment by its transcript, shape (n_segments,); see `UNCODED`.

    Folds are balanced by the segments people have read. None if fewer than two transcripts are
    coded, as then nothing is left to learn from.
    """
    names = task.corpus.transcripts
    coded = names[task.read_rows].tolist()
    if len(set(coded)) < 2:
        return None
    fold_of = dict(zip(coded, deal_folds(coded, n_folds=n_folds).tolist(), strict=True))
    return np.array([fold_of.get(name, UNCODED) for name in names.tolist()], dtype=np.intp)


def score_held_out(task: Task, fold: Rows, score: Callable[[Rows], Floats], *, of: Rows) -> Floats:
    """Logits of the segments `of`, each made without the codings of its fold.

    Args:
        task: whose corpus gives the zero-shot score to segments of transcripts that are not coded.
        fold: the fold of every segment, shape (n_segments,).
        score: the logits of some segments, (n_rows, n_codes), from the codings of all others.
        of: the segments to score.

    Returns:
        Shape (n_rows, n_codes), rows as in `of`.
    """
    fold = fold[of]
    logits = task.corpus.zero_shot.z[of]
    for number in range(int(fold.max(initial=UNCODED)) + 1):
        logits[fold == number] = score(of[fold == number])
    return logits
