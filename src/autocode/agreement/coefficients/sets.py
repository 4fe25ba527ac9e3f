"""Agreement of coders who may give one unit several codes: distances of sets, and alpha on them.

The empty set says that the coder looked and gave no code; None that the coder did not code the
unit. Two empty sets agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Floats, Ints
from .alpha import build_alpha, linearise_alpha_error
from .inference import (
    build_by_clusters,
    check_clusters,
    leave_out_clusters,
    report_bounded,
    report_error,
)
from .labels import read_codes
from .observed import NO_PAIR
from .result import Coefficient, Detail, build_undefined

Codes = AbstractSet[str]
Codings = Sequence[Sequence[Codes | None]]
SetDistance = Literal["masi", "jaccard", "passonneau2004"]

_METHOD = "t, linearised (Gwet 2014)"


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


def krippendorff_alpha_sets(
    codings: Codings, *, distance: SetDistance = "masi", clusters: npt.ArrayLike | None = None
) -> Coefficient:
    """Krippendorff's (2018) alpha where a coding is a set of codes and sets differ by degree.

    Interval and p-value as for `krippendorff_alpha`: by t, linearised.

    Args:
        codings: shape (n_coders, n_units) of sets; None where a coder did not code a unit.
        distance: how far two sets are apart: MASI (Passonneau 2006), Jaccard (1912) or the scale
            of Passonneau (2004).
        clusters: the group of each unit, such as its transcript, where units of one group are
            alike; interval and p-value then come from leaving out one group at a time.
    """
    ids, members = _index_codings(codings)
    apart = _measure_distances(distance, members)
    return build_by_clusters(
        lambda kept: _compute_set_alpha(ids[:, kept], apart), clusters, n_units=ids.shape[1]
    )


def _compute_set_alpha(ids: Ints, apart: Floats) -> Coefficient:
    ids = _select_shared(ids)
    if not ids.size:
        return build_undefined("krippendorff_alpha_sets", NO_PAIR)
    there = ids >= 0
    counts = np.bincount(ids[there], minlength=apart.shape[0]).astype(np.float64)
    total = float(counts.sum())
    mean_distance = apart @ counts / total
    expected = float(counts @ mean_distance) / (total - 1)
    within = _sum_within(ids, apart)
    alpha = _build_set_alpha("krippendorff_alpha_sets", ids, within, expected)
    if alpha.value is None or alpha.n_units < 2:
        return report_error(alpha, None, method=_METHOD)
    error = linearise_alpha_error(within, mean_distance[ids[there]], there=there)
    return report_error(alpha, error, df=alpha.n_units - 1, method=_METHOD)


def multi_valued_alpha(codings: Codings, *, clusters: npt.ArrayLike | None = None) -> Coefficient:
    """Krippendorff & Craggs' (2016) alpha of multi-valued coding, nominal codes.

    Sets differ by 1 - 2 |A & B| / (|A| + |B|). Chance pairs two sets of the sizes that occur, their
    codes drawn from all codes given, each coding of a code at most once. The interval comes from
    leaving out each unit in turn (jackknife), with t on Fisher's z.

    Args:
        codings: shape (n_coders, n_units) of sets; None where a coder did not code a unit.
        clusters: the group of each unit where units of one group are alike, as for
            `krippendorff_alpha_sets`.
    """
    ids, members = _index_codings(codings)
    shared, sizes = _count_overlaps(members)
    both = sizes[:, None] + sizes
    apart = np.where(both > 0, 1 - 2 * shared / np.maximum(both, 1), 0.0)

    def compute(ids: Ints) -> Coefficient:
        return _compute_multi_valued(ids, members, apart)

    if clusters is not None:
        check_clusters(clusters, n_units=ids.shape[1])
        return leave_out_clusters(lambda kept: compute(ids[:, kept]), clusters)
    alpha, ids = compute(ids), _select_shared(ids)
    if alpha.value is None or alpha.n_units < 2:
        return report_error(alpha, None, method=_METHOD)
    # Units coded alike leave the same behind, so each kind of unit is left out once.
    _, kind_of, n_alike = np.unique(ids, axis=1, return_index=True, return_counts=True)
    left = [compute(np.delete(ids, at, axis=1)).value for at in kind_of]
    if any(value is None for value in left):
        return replace(alpha, no_interval="no interval: without one of the units there is no value")
    values, n = np.array(left, dtype=np.float64), alpha.n_units
    mean = float(n_alike @ values) / n
    error = float(np.sqrt((n - 1) / n * (n_alike @ (values - mean) ** 2)))
    return report_bounded(alpha, error, df=n - 1, method="jackknife of units, t")


def _compute_multi_valued(ids: Ints, members: Floats, apart: Floats) -> Coefficient:
    ids = _select_shared(ids)
    if not ids.size:
        return build_undefined("multi_valued_alpha", NO_PAIR)
    times = np.bincount(ids[ids >= 0], minlength=members.shape[0]).astype(np.float64)
    # How often sets of each size were given: chance pairs sizes first, then codes in them.
    of_size = np.bincount(members.sum(axis=1).astype(np.int64), times).astype(np.float64)
    expected = _expect_distance(times @ members, of_size)
    return _build_set_alpha("multi_valued_alpha", ids, _sum_within(ids, apart), expected)


def _build_set_alpha(name: str, ids: Ints, within: Floats, expected: float) -> Coefficient:
    """Alpha of sets from the disagreement in each unit and that by chance."""
    n_sets = int((ids >= 0).sum())
    details: dict[str, Detail] = {"pairable_values": n_sets}
    observed = float(within.sum()) / n_sets
    return build_alpha(name, observed, expected, n_units=ids.shape[1], details=details)


def _sum_within(ids: Ints, apart: Floats) -> Floats:
    """Distances over ordered pairs of a unit's sets, over sets - 1: shape (n_units,)."""
    there = ids >= 0
    total = np.zeros(ids.shape[1])
    for a, b in combinations(range(ids.shape[0]), 2):
        both = there[a] & there[b]
        total[both] += 2 * apart[ids[a, both], ids[b, both]]
    return np.asarray(total / (there.sum(axis=0) - 1))


def _select_shared(ids: Ints) -> Ints:
    """The units that two or more coders coded."""
    return ids[:, (ids >= 0).sum(axis=0) >= 2]


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
        Shape (n_coders, n_units), -1 where missing; and shape (n_sets, n_codes), 0 or 1.
    """
    if len({len(row) for row in codings}) > 1:
        raise InputError("The coders have different numbers of units. Give all the same units.")
    known: dict[frozenset[str], int] = {}
    sets = [[read_codes(codes) for codes in row] for row in codings]
    ids = np.array(
        [[-1 if own is None else known.setdefault(own, len(known)) for own in row] for row in sets],
        dtype=np.int64,
    ).reshape(len(codings), len(codings[0]) if codings else 0)
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
    sets = [read_codes(codes) or frozenset() for codes in (a, b)]
    return float(_measure_distances(distance, _index_members(sets))[0, 1])
