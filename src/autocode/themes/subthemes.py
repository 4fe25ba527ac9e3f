"""Sub-themes of guided themes: they are no branch of the tree of the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ..linalg import Ids, one_thread
from .groups import UNASSIGNED, Groups
from .partition import FEWEST_FOR_DIRECTIONS, sample_space
from .preprocess import Vectors
from .ward import ward_tree

# Three smaller groups are sought a share: cut finer than six rows each, most would fall to bits.
_ROWS_A_SHARE = 18


def split_guided_themes(
    groups: Groups, vectors: Vectors, match_guiding_phrases: Iterable[int]
) -> Groups:
    """Groups of rows (n, d) with smaller ones within the `guided`, from a tree of each by itself.

    As elsewhere a smaller group takes three rows, and two such. As many are sought as the other
    groups have for their sizes, three at least, but none that would hold fewer than six on average.
    """
    part, match_guiding_phrases = groups.part.copy(), list(match_guiding_phrases)
    membership_threshold = _usual_size(groups, match_guiding_phrases)
    for number in match_guiding_phrases:
        rows = np.flatnonzero(groups.group == number)
        if len(rows) < FEWEST_FOR_DIRECTIONS:
            continue
        share = min(round(len(rows) / membership_threshold), len(rows) // _ROWS_A_SHARE)
        smaller = _parts(vectors[rows], share=max(1, share))
        first = int(part.max(initial=UNASSIGNED)) + 1
        part[rows] = np.where(smaller == UNASSIGNED, UNASSIGNED, smaller + first)
    return replace(groups, part=part)


def _usual_size(groups: Groups, match_guiding_phrases: list[int]) -> float:
    """How many rows a group holds on average that nobody asked for; no bound without such."""
    held = groups.group[~np.isin(groups.group, [UNASSIGNED, *match_guiding_phrases])]
    return len(held) / len(np.unique(held)) if len(held) else np.inf


def _parts(rows: Vectors, *, share: int) -> Ids:
    with one_thread():
        return ward_tree(sample_space(rows).points).parts(
            np.zeros(len(rows), dtype=np.intp), 1, share=share
        )
