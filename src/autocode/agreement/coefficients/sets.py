"""Agreement of coders who may give one unit several codes: distances of sets, and alpha on them.

The empty set says that the coder looked and gave no code; None that the coder did not code the
unit. Two empty sets agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations
from typing import Literal

import numpy as np

from ...core.errors import InputError
from ..arrays import Floats, Ints
from .alpha import build_alpha
from .observed import NO_PAIR
from .result import Coefficient, Detail, build_undefined

Codes = AbstractSet[str]
Codings = Sequence[Sequence[Codes | None]]
SetDistance = Literal["masi", "jaccard", "passonneau2004"]


def set_distances(sets: Sequence[Codes], *, distance: SetDistance = "masi") -> Floats:
    """Distances of all sets to each other, shape (n_sets, n_sets)."""
    return _measure_distances(distance, _index_members(sets))


def masi_distance(a: Codes, b: Codes) -> float:
    """Passonneau's (2006) 1 - J * M: Jaccard times 1, 2/3, 1/3 or 0 for how the sets nest."""
    return _measure_pair("masi", a, b)


def jaccard_distance(a: Codes, b: Codes) -> float:
    """Jaccard's (1912) distance: 1 minus shared codes over all codes of either set."""
    return _measure_pair("jaccard", a, b)


def passonneau_2004_distance(a: Codes, b: Codes) -> float:
    """Passonneau's (2004) scale: equal 0, nested 1/3, overlapping 2/3, disjoint 1.

    The empty set is nested in every other.
    """
    return _measure_pair("passonneau2004", a, b)


def krippendorff_alpha_sets(codings: Codings, *, distance: SetDistance = "masi") -> Coefficient:
    """Krippendorff's (2018) alpha where a coding is a set of codes and sets differ by degree.

    Args:
        codings: shape (n_coders, n_units) of sets; None where a coder did not code a unit.
        distance: how far two sets are apart: MASI (Passonneau 2006), Jaccard (1912) or the scale
            of Passonneau (2004).
    """
    ids, members = _index_codings(codings)
    if not ids.size:
        return build_undefined("krippendorff_alpha_sets", NO_PAIR)
    apart = _measure_distances(distance, members)
    counts = np.bincount(ids[ids >= 0], minlength=members.shape[0]).astype(np.float64)
    total = float(counts.sum())
    expected = float(counts @ apart @ counts) / (total * (total - 1))
    return _build_set_alpha("krippendorff_alpha_sets", ids, apart, expected)


def multi_valued_alpha(codings: Codings) -> Coefficient:
    """Krippendorff & Craggs' (2016) alpha of multi-valued coding, nominal codes.

    Sets differ by 1 - 2 |A & B| / (|A| + |B|). Chance pairs two sets of the sizes that occur, their
    codes drawn from all codes given, each coding of a code at most once.

    Args:
        codings: shape (n_coders, n_units) of sets; None where a coder did not code a unit.
    """
    ids, members = _index_codings(codings)
    if not ids.size:
        return build_undefined("multi_valued_alpha", NO_PAIR)
    shared, sizes = _count_overlaps(members)
    both = sizes[:, None] + sizes
    apart = np.where(both > 0, 1 - 2 * shared / np.maximum(both, 1), 0.0)
    times = np.bincount(ids[ids >= 0], minlength=members.shape[0]).astype(np.float64)
    # How often sets of each size were given: chance pairs sizes first, then codes in them.
    of_size = np.bincount(sizes.astype(np.int64), times).astype(np.float64)
    expected = _expect_distance(times @ members, of_size)
    return _build_set_alpha("multi_valued_alpha", ids, apart, expected)


def _build_set_alpha(name: str, ids: Ints, apart: Floats, expected: float) -> Coefficient:
    """Alpha of sets by their distances: `ids` -1 where missing, `apart` (n_sets, n_sets)."""
    there = ids >= 0
    per_unit = there.sum(axis=0)
    total = 0.0
    for a, b in combinations(range(ids.shape[0]), 2):
        both = there[a] & there[b]
        total += float((2 * apart[ids[a, both], ids[b, both]] / (per_unit[both] - 1)).sum())
    n_sets = int(per_unit.sum())
    observed, n_units = total / n_sets, ids.shape[1]
    details: dict[str, Detail] = {"pairable_values": n_sets}
    return build_alpha(name, observed, expected, n_units=n_units, details=details)


def _expect_distance(uses: Floats, sizes: Floats) -> float:
    """Chance distance of two sets, from how often each code and each size of set occurs.

    Only sizes and overlaps matter, so pairs of sets need not be listed: the ways to place codes
    into the first set, the second or both are the coefficients of a product over codes
    (1 + u x + u y + u (u - 1) x y z), u being a code's uses.
    """
    top = sizes.size
    ways = np.zeros((top, top, top))
    ways[0, 0, 0] = 1.0
    scale = max(float(uses.sum()), 1.0)
    for use in uses:
        single, double = use / scale, use * (use - 1) / scale**2
        grown = ways.copy()
        grown[1:] += single * ways[:-1]
        grown[:, 1:] += single * ways[:, :-1]
        grown[1:, 1:, 1:] += double * ways[:-1, :-1, :-1]
        ways = grown
    # 1 - 2 |A & B| / (|A| + |B|) for every pair of sizes (rows, columns) and overlap (last axis).
    size = np.arange(top)
    both = np.maximum(size[:, None] + size, 1)[:, :, None]
    apart = np.where((size[:, None] + size)[:, :, None] > 0, 1 - 2 * size / both, 0.0)
    possible = ways.sum(axis=2)
    mean = (ways * apart).sum(axis=2) / np.where(possible > 0, possible, 1.0)
    # Sizes that the codes given cannot fill twice over add nothing, as in the paper's tables.
    chance = sizes / sizes.sum()
    return float(chance @ mean @ chance)


def _index_codings(codings: Codings) -> tuple[Ints, Floats]:
    """Each coding as the number of its set, and which codes each set has.

    Returns:
        Shape (n_coders, n_units), -1 where missing, units with two or more codings only; and shape
        (n_sets, n_codes), 0 or 1. Both are empty when no unit has two codings.
    """
    if len({len(row) for row in codings}) > 1:
        raise InputError("The coders have different numbers of units. Give all the same units.")
    known: dict[frozenset[str], int] = {}
    ids = np.array(
        [
            [
                -1 if codes is None else known.setdefault(frozenset(codes), len(known))
                for codes in row
            ]
            for row in codings
        ],
        dtype=np.int64,
    ).reshape(len(codings), len(codings[0]) if codings else 0)
    ids = ids[:, (ids >= 0).sum(axis=0) >= 2]
    return ids, _index_members(list(known))


def _index_members(sets: Sequence[Codes]) -> Floats:
    column_of = {code: column for column, code in enumerate(sorted(set().union(*sets)))}
    members = np.zeros((len(sets), len(column_of)))
    rows = [row for row, codes_of in enumerate(sets) for _ in codes_of]
    members[rows, [column_of[code] for codes_of in sets for code in codes_of]] = 1.0
    return members


def _count_overlaps(members: Floats) -> tuple[Floats, Floats]:
    """Codes shared by each two sets, shape (n_sets, n_sets), and the size of each set."""
    return members @ members.T, members.sum(axis=1)


def _masi(members: Floats) -> Floats:
    shared, sizes = _count_overlaps(members)
    either = sizes[:, None] + sizes - shared
    likeness = np.where(either > 0, shared / np.maximum(either, 1), 1.0)
    # Exact thirds: rounding them to .67 and .33 is what older programs do.
    monotonicity = np.select(
        [shared == either, shared == np.minimum(sizes[:, None], sizes), shared > 0],
        [1.0, 2 / 3, 1 / 3],
        0.0,
    )
    return np.asarray(1 - likeness * monotonicity)


def _jaccard(members: Floats) -> Floats:
    shared, sizes = _count_overlaps(members)
    either = sizes[:, None] + sizes - shared
    return np.asarray(1 - np.where(either > 0, shared / np.maximum(either, 1), 1.0))


def _passonneau_2004(members: Floats) -> Floats:
    shared, sizes = _count_overlaps(members)
    equal = shared == np.maximum(sizes[:, None], sizes)
    nested = shared == np.minimum(sizes[:, None], sizes)
    return np.select([equal, nested, shared > 0], [0.0, 1 / 3, 2 / 3], 1.0)


_DISTANCES: dict[str, Callable[[Floats], Floats]] = {
    "masi": _masi,
    "jaccard": _jaccard,
    "passonneau2004": _passonneau_2004,
}


def _measure_distances(distance: str, members: Floats) -> Floats:
    if distance not in _DISTANCES:
        raise InputError(f"'{distance}' is no distance of sets. Known: {', '.join(_DISTANCES)}.")
    return _DISTANCES[distance](members)


def _measure_pair(distance: SetDistance, a: Codes, b: Codes) -> float:
    return float(_measure_distances(distance, _index_members([a, b]))[0, 1])
