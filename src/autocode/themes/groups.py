"""What a way of grouping returns: a group or a reason for every row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ids = npt.NDArray[np.intp]

NOWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Rows (n,) in groups numbered from 0 in order of their first row.

    `group` is `NOWHERE` for a row without one and `nearest` the group it would go to (`NOWHERE`
    where there are no groups); `part` numbers the smaller groups within, over all groups, and is
    `NOWHERE` for a row in none; `strength` lies in 0..1; `reason` is empty where `group` is set and
    says "between" (near two groups) or "alone" (near none) where it is not.
    """

    group: Ids
    strength: Floats
    nearest: Ids
    part: Ids
    reason: tuple[str, ...]
    parameters: dict[str, Any]

    @property
    def n_groups(self) -> int:
        """How many groups there are."""
        return int(self.group.max(initial=-1)) + 1


def no_groups(n_rows: int, parameters: dict[str, Any]) -> Groups:
    """Every row nowhere."""
    nobody = np.full(n_rows, NOWHERE, dtype=np.intp)
    return Groups(
        group=nobody,
        strength=np.zeros(n_rows),
        nearest=nobody,
        part=nobody,
        reason=("alone",) * n_rows,
        parameters=parameters,
    )


def by_first_row(numbers: Ids) -> Ids:
    """The same groups, numbered from 0 in order of their first row; `NOWHERE` stays."""
    _, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    first = np.where(np.unique(numbers) == NOWHERE, -1, first)
    rank = np.empty(len(first), dtype=np.intp)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    ranks = rank[inverse] - int((numbers == NOWHERE).any())
    return np.asarray(ranks, dtype=np.intp)


def centres(points: npt.NDArray[Any], group: Ids, n_groups: int) -> Floats:
    """Mean direction of each group as unit rows (n_groups, d), rounded; zero for no rows."""
    sums = np.zeros((n_groups, points.shape[1]))
    inside = np.flatnonzero(group >= 0)
    inside = inside[np.argsort(group[inside], kind="stable")]
    met, first = np.unique(group[inside], return_index=True)
    if len(met):
        sums[met] = np.add.reduceat(points[inside].astype(np.float64), first, axis=0)
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(np.round(sums / np.where(norms < 1e-9, 1, norms), 6))
