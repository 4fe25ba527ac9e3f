"""Set packing: which groups to take so that no unit is in two of them and most is saved.

Exact. The relaxed programme, in which groups may be taken in part, is far quicker than the one in
whole numbers and mostly answers in whole numbers all the same. Where it does not, its prices say
by how much a group falls short of what its units are worth; no group that falls short by more than
the relaxed optimum exceeds a packing at hand can be in a better one (reduced-cost fixing,
Dantzig, Fulkerson & Johnson 1954), so that few groups are left to search among.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Booleans, Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csc_array

NONE = -1
"""Stands in a group where a coder has no unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackingConfig:
    """Sizes and tolerances of the search for the best alignment; the answer is exact with any.

    `pairs_at_once` and `groups_at_once` bound memory. `shortfall` says how far groups may fall
    short in the first search; a second follows if that proves too little. `whole` and `rounding`
    are the solver's tolerances for whole numbers and for sums (eval/results/agreement.md, 2.).
    """

    pairs_at_once: int = 2_000_000
    groups_at_once: int = 5_000
    shortfall: float = 0.1
    whole: float = 1e-6
    rounding: float = 1e-6


PACKING_CONFIG = PackingConfig()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Relaxed:
    """The best packing with groups in part; arrays of shape (n_groups,).

    `taken` is how much of each group to take, `short` what its units are worth beyond `saving`.
    """

    members: Ints
    saving: Floats
    taken: Floats
    short: Floats

    def of(self, rows: Ints) -> _Relaxed:
        """Some of the groups; the whole of a separate problem is again its best packing."""
        return _Relaxed(
            members=self.members[rows],
            saving=self.saving[rows],
            taken=self.taken[rows],
            short=self.short[rows],
        )


def find_components(members: Ints) -> Ints:
    """Numbers of the separate problems that groups (n_groups, n_coders) belong to, (n_groups,).

    Units that no group joins, even by way of others, are separate.
    """
    from scipy.sparse import coo_array  # Slow to load, as all of scipy that is imported below.
    from scipy.sparse.csgraph import connected_components

    group, coder = np.nonzero(members != NONE)
    unit = members[group, coder]
    head = members.max(axis=1)
    n_units = int(head.max(initial=-1)) + 1
    links = coo_array((np.ones(unit.size), (unit, head[group])), shape=(n_units, n_units))
    _, number = connected_components(links, directed=False)
    return np.asarray(number[head], dtype=np.int64)


def pack_groups(members: Ints, saving: Floats, blocks: Sequence[Ints]) -> Booleans:
    """Which groups to take, shape (n_groups,); only those in a block are looked at.

    Args:
        members: units of each group, shape (n_groups, n_coders), `NONE` where a coder has none.
        saving: of each group, shape (n_groups,).
        blocks: the groups of each separate problem.
    """
    chosen = np.zeros(saving.size, dtype=bool)
    for batch in _batch_blocks(blocks):
        rows = np.concatenate(batch)
        relaxed = _relax(members[rows], saving[rows])
        block_of = np.repeat(np.arange(len(batch)), [block.size for block in batch])
        # Most problems come out in whole numbers; only those that do not are searched.
        torn = np.unique(block_of[_find_fractions(relaxed.taken)])
        taken = ~np.isin(block_of, torn) & (relaxed.taken > 0.5)
        for number in torn:
            here = np.flatnonzero(block_of == number)
            taken[here] = _pack_whole(relaxed.of(here))
        chosen[rows] = taken
    return chosen


def _pack_whole(relaxed: _Relaxed) -> Booleans:
    """The best packing of one problem, by searching the groups that do not fall far short."""
    bound = float(relaxed.taken @ relaxed.saving)
    reach = PACKING_CONFIG.shortfall
    while True:
        near = np.flatnonzero(relaxed.short <= reach + PACKING_CONFIG.rounding)
        taken = near[_search(relaxed.of(near))]
        # No packing saves more than the relaxed optimum: `gap` bounds what more search can win.
        gap = bound - float(relaxed.saving[taken].sum())
        if gap <= reach + PACKING_CONFIG.rounding:
            break
        reach = gap
    chosen = np.zeros(relaxed.saving.size, dtype=bool)
    chosen[taken] = True
    return chosen


def _search(relaxed: _Relaxed) -> Booleans:
    """The best packing of groups that may have come apart; a part taken whole is its best."""
    number = find_components(relaxed.members)
    chosen = relaxed.taken > 0.5
    for torn in np.unique(number[_find_fractions(relaxed.taken)]):
        here = np.flatnonzero(number == torn)
        chosen[here] = _solve(relaxed.members[here], relaxed.saving[here])
    return np.asarray(chosen)


def _batch_blocks(blocks: Sequence[Ints]) -> list[list[Ints]]:
    """Blocks in lists of about `PACKING_CONFIG.groups_at_once` groups."""
    batches: list[list[Ints]] = []
    capacity = 0
    for block in blocks:
        if capacity < block.size:
            batches.append([])
            capacity = PACKING_CONFIG.groups_at_once
        batches[-1].append(block)
        capacity -= block.size
    return batches


def _relax(members: Ints, saving: Floats) -> _Relaxed:
    from scipy.optimize import linprog

    holds = _build_incidence(members)
    answer = linprog(-saving, A_ub=holds, b_ub=np.ones(holds.shape[0]), method="highs")
    if answer.x is None:
        raise InputError(_explain_failure(holds, answer.message))
    # The dual prices of the units; a group's reduced cost says how far it falls short of them.
    prices = -np.asarray(answer.ineqlin.marginals, dtype=np.float64)
    return _Relaxed(
        members=members,
        saving=saving,
        taken=np.asarray(answer.x),
        short=np.asarray(holds.T @ prices - saving),
    )


def _solve(members: Ints, saving: Floats) -> Booleans:
    from scipy.optimize import Bounds, LinearConstraint, milp

    holds = _build_incidence(members)
    answer = milp(
        -saving,
        integrality=np.ones(saving.size),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(holds, -np.inf, 1),
        options={"mip_rel_gap": 0.0},
    )
    if answer.x is None:
        raise InputError(_explain_failure(holds, answer.message))
    return np.asarray(answer.x > 0.5)


def _build_incidence(members: Ints) -> csc_array:
    """Which units each group holds, shape (n_units, n_groups)."""
    from scipy.sparse import coo_array

    group, coder = np.nonzero(members != NONE)
    unit, row = np.unique(members[group, coder], return_inverse=True)
    shape = (unit.size, members.shape[0])
    return coo_array((np.ones(row.size), (row, group)), shape=shape).tocsc()


def _find_fractions(taken: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray(np.abs(taken - taken.round()) > PACKING_CONFIG.whole)


def _explain_failure(holds: csc_array, message: str) -> str:
    return f"The best alignment of {holds.shape[0]} units was not found: {message}"
