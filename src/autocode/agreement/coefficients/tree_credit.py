"""Credit that respects the code tree: a sibling is a smaller error than a stranger.

This is a convention of ours, kept apart from the standard coefficients: two codes are alike by 1
when they are the same, by 1/2 when they have the same parent or one is the other's parent, and by 0
otherwise. Sets of codes are compared by the best match of each of their codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..arrays import Floats

KIN = 0.5
"""Credit for a sibling, a parent or a child."""


def similarity(code_a: str, code_b: str, parents: Mapping[str, str | None]) -> float:
    """How alike two codes are, 0 to 1."""
    if code_a == code_b:
        return 1.0
    parent_a, parent_b = parents.get(code_a), parents.get(code_b)
    are_siblings = parent_a is not None and parent_a == parent_b
    related = code_a == parent_b or code_b == parent_a or are_siblings
    return KIN if related else 0.0


def tree_distance(
    first: frozenset[str], second: frozenset[str], parents: Mapping[str, str | None]
) -> float:
    """1 minus the mean best match of all codes of both sets; two empty sets are at 0."""
    if not first and not second:
        return 0.0
    if not first or not second:
        return 1.0
    best = sum(max(similarity(a, b, parents) for b in second) for a in first)
    best += sum(max(similarity(a, b, parents) for a in first) for b in second)
    return 1.0 - best / (len(first) + len(second))


def tree_distances(sets: Sequence[frozenset[str]], parents: Mapping[str, str | None]) -> Floats:
    """Distances of all sets to each other, shape (n_sets, n_sets)."""
    codes = sorted(set().union(*sets))
    alike = np.array([[similarity(a, b, parents) for b in codes] for a in codes])
    column = {code: at for at, code in enumerate(codes)}
    # best[i, c]: how well the codes of set i match code c at best.
    best = np.zeros((len(sets), len(codes)))
    members = np.zeros((len(sets), len(codes)))
    for row, codes_given in enumerate(sets):
        if codes_given:
            columns = [column[code] for code in codes_given]
            best[row] = alike[columns].max(axis=0)
            members[row, columns] = 1.0
    matched = members @ best.T
    size = members.sum(axis=1)
    total = size[:, None] + size
    distances = 1.0 - (matched + matched.T) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, distances, 0.0)
