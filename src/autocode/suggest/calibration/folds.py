"""Dealing transcripts into folds, so that what is measured was never seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def folds(transcripts: Sequence[str], *, most: int = 5) -> npt.NDArray[np.intp]:
    """A fold number for each row, whole transcripts together, folds of about equal size.

    Larger transcripts are dealt first, each to the fold that is smallest so far; no chance in it.
    """
    sizes: dict[str, int] = {}
    for name in transcripts:
        sizes[name] = sizes.get(name, 0) + 1
    n_folds = min(most, len(sizes))
    loads = [0] * n_folds
    fold_of: dict[str, int] = {}
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        fold = loads.index(min(loads))
        fold_of[name] = fold
        loads[fold] += sizes[name]
    return np.array([fold_of[name] for name in transcripts], dtype=np.intp)
