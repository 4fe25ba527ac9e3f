"""Which units of different coders go together: the groups worth considering, and the best of them.

Source: Mathet, Widlöcher & Métivier (2015), Computational Linguistics 41(3):437-479.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import comb

import numpy as np

from ..arrays import Booleans, Floats, Ints
from .gamma_units import Units, expand_ranges
from .set_packing import NONE, PACKING_CONFIG, find_components, pack_groups


@dataclass(frozen=True, slots=True, eq=False)
class Dissimilarity:
    """How unlike two units are: `alpha` times position plus `beta` times code.

    Position is ((shift of start + shift of end) / (sum of lengths)) squared. `categories`, shape
    (n_codes, n_codes), says how far two codes are apart, from 0 to 1; without it, differing codes
    are 1 apart.
    """

    alpha: float = 1.0
    beta: float = 1.0
    categories: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Groups of two or more units: `members` (n_groups, n_coders), what each saves (n_groups,)."""

    members: Ints
    saving: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Pairs of units, `left` of the lower coder, and how far they are `apart`; each (n_pairs,)."""

    left: Ints
    right: Ints
    apart: Floats


def find_useful_groups(units: Units, dissimilarity: Dissimilarity) -> Groups:
    """Groups of two or more units that are not better split: all a best alignment can need.

    With C pairs of coders, moving one unit out of a group of k pays once its dissimilarities to
    the others sum to C + k - 1 or more; the paper's bound (cost above that of the units alone)
    follows from it.
    """
    n_pairs = comb(units.n_coders, 2)
    near = _find_near_pairs(units, dissimilarity, limit=n_pairs + units.n_coders - 1)
    left, right = near.left, near.right
    members = np.full((left.size, units.n_coders), NONE)
    rows = np.arange(left.size)
    members[rows, units.coder[left]], members[rows, units.coder[right]] = left, right
    sums = np.zeros((left.size, units.n_coders))
    sums[members != NONE] = np.repeat(near.apart, 2)
    edges = _Edges.of(near, units)
    parts_by_size = []
    for size in range(2, units.n_coders + 1):
        if size > 2:
            members, sums = _extend_groups(members, sums, edges, units)
        keep = sums.max(axis=1, initial=0.0) < n_pairs + size - 1
        # Mean over pairs of coders; where one of a pair has no unit, the empty unit costs 1.
        cost = (sums[keep].sum(axis=1) / 2 + n_pairs - comb(size, 2)) / n_pairs
        parts_by_size.append((members[keep], size - cost))
    return Groups(*(np.concatenate(parts) for parts in zip(*parts_by_size, strict=True)))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Edges:
    """Near pairs, from the unit of the lower coder, sorted: by `key` any pair can be looked up."""

    key: Ints
    right: Ints
    apart: Floats
    first: Ints
    n_units: int

    @classmethod
    def of(cls, pairs: _Pairs, units: Units) -> _Edges:
        left, right, n_units = pairs.left, pairs.right, int(units.text.size)
        key = left * n_units + right
        order = np.argsort(key)
        first = np.searchsorted(left[order], np.arange(n_units + 1))
        return cls(
            key=key[order],
            right=right[order],
            apart=pairs.apart[order],
            first=first,
            n_units=n_units,
        )

    def between(self, left: Ints, right: Ints) -> Floats:
        """Dissimilarity of each pair, infinite for a pair that is not near."""
        key = left * self.n_units + right
        at = np.minimum(np.searchsorted(self.key, key), self.key.size - 1)
        return np.where(self.key[at] == key, self.apart[at], np.inf)


def _extend_groups(members: Ints, sums: Floats, edges: _Edges, units: Units) -> tuple[Ints, Floats]:
    """Every group with one more unit, of a later coder than it has, near to all its units."""
    n_groups, n_coders = members.shape
    if not n_groups:
        return members, sums
    present = members != NONE
    head = members[np.arange(n_groups), present.argmax(axis=1)]
    last = n_coders - 1 - present[:, ::-1].argmax(axis=1)
    group, at = expand_ranges(edges.first[head], edges.first[head + 1])
    new = edges.right[at]
    later = units.coder[new] > last[group]
    group, new = group[later], new[later]
    members, sums = members[group], sums[group]
    rows = np.arange(group.size)
    added = np.zeros(group.size)
    for coder in range(n_coders - 1):
        there = members[:, coder] != NONE
        apart = np.where(there, edges.between(members[:, coder], new), 0.0)
        sums[:, coder] += apart
        added += apart
    members[rows, units.coder[new]], sums[rows, units.coder[new]] = new, added
    # The bound for the largest group: what exceeds it can be part of no useful group of any size.
    keep = sums.max(axis=1, initial=0.0) < comb(n_coders, 2) + n_coders - 1
    return members[keep], sums[keep]


def _find_near_pairs(units: Units, dissimilarity: Dissimilarity, *, limit: float) -> _Pairs:
    """Pairs of units of one text and two coders less than `limit` apart, lower coder first."""
    order = np.lexsort((units.start, units.text))
    stop = _find_window_ends(units, order, dissimilarity, limit=limit)
    first = np.arange(1, order.size + 1)
    size = np.maximum(stop - first, 0).cumsum()
    step = PACKING_CONFIG.pairs_at_once
    full = np.arange(step, size[-1], step)
    bounds = [0, *np.searchsorted(size, full).tolist(), order.size]
    blocks = []
    for low, high in pairwise(bounds):
        row, later = expand_ranges(first[low:high], stop[low:high])
        left, right = order[row + low], order[later]
        keep = units.coder[left] != units.coder[right]
        left, right = left[keep], right[keep]
        apart = _measure_pairs(units, left, right, dissimilarity)
        near = apart < limit
        blocks.append((left[near], right[near], apart[near]))
    left, right, apart = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    # Groups list their units by coder, so a pair starts with the lower coder.
    swap = units.coder[left] > units.coder[right]
    return _Pairs(np.where(swap, right, left), np.where(swap, left, right), apart)


def _find_window_ends(
    units: Units, order: Ints, dissimilarity: Dissimilarity, *, limit: float
) -> Ints:
    """For each unit in order of start, where the later units end that can be near it.

    From |ds| + |de| >= 2 ds + l_v - l_u follows, with r the greatest ratio that is still near,
    2 ds < (r + 1) l_u + (r - 1) l_v.
    """
    text, start = units.text[order], units.start[order] - units.start.min()
    length = units.end[order] - units.start[order]
    longest = np.zeros(units.n_texts)
    np.maximum.at(longest, text, length)
    ratio = np.sqrt(limit / dissimilarity.alpha) if dissimilarity.alpha > 0 else np.inf
    reach = (ratio + 1) * length / 2 + max(ratio - 1, 0.0) * longest[text] / 2
    width = start.max() + 1
    offset = text * width
    far = offset + np.minimum(start + reach, width - 0.5)
    return np.asarray(np.searchsorted(offset + start, far, side="right"))


def _measure_pairs(units: Units, left: Ints, right: Ints, dissimilarity: Dissimilarity) -> Floats:
    start, end, code = units.start, units.end, units.code
    shift = np.abs(start[left] - start[right]) + np.abs(end[left] - end[right])
    length = end[left] - start[left] + end[right] - start[right]
    if dissimilarity.categories is None:
        differing = (code[left] != code[right]).astype(np.float64)
    else:
        differing = dissimilarity.categories[code[left], code[right]]
    return np.asarray(dissimilarity.alpha * (shift / length) ** 2 + dissimilarity.beta * differing)


def choose_best_groups(groups: Groups, units: Units) -> Booleans:
    """Which groups to take so that no unit is in two and most is saved, shape (n_groups,).

    Units that no group joins, even by way of others, are separate problems.
    """
    chosen = np.zeros(groups.saving.size, dtype=bool)
    if not chosen.size:
        return chosen
    block = find_components(groups.members)
    order = np.argsort(block, kind="stable")
    heads = np.flatnonzero(np.diff(block[order], prepend=-1))
    sizes = np.diff(heads, append=order.size)
    chosen[order[heads[sizes == 1]]] = True
    blocks = [order[i : i + n] for i, n in zip(heads, sizes, strict=True) if n > 1]
    if units.n_coders == 2:
        for rows in blocks:
            chosen[rows[_match_two_coders(groups.members[rows], groups.saving[rows])]] = True
    else:
        chosen |= pack_groups(groups.members, groups.saving, blocks)
    return chosen


def _match_two_coders(members: Ints, saving: Floats) -> Ints:
    """Two coders: the assignment of most saving; the numbers of the groups taken."""
    from scipy.optimize import linear_sum_assignment  # Slow to load.

    first, row = np.unique(members[:, 0], return_inverse=True)
    second, column = np.unique(members[:, 1], return_inverse=True)
    # With two coders the problem is an assignment, solved exactly and fast.
    table = np.zeros((first.size, second.size))
    table[row, column] = saving
    number = np.full(table.shape, NONE)
    number[row, column] = np.arange(saving.size)
    taken = number[linear_sum_assignment(table, maximize=True)]
    return np.asarray(taken[taken != NONE])
