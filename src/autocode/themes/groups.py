"""What a way of grouping returns: a group or a reason for every row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.theme import UnassignedReason
from ..core.theme_diagnostics import PartitionDiagnostics
from ..linalg import DECIMALS, Floats, Ids, unit_rows

UNASSIGNED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Rows (n,) in groups numbered from 0 in order of their first row.

    `group` is `UNASSIGNED` for a row without one and `nearest` the group it would go to, if any;
    `part` numbers the smaller groups within, over all groups, and is `UNASSIGNED` for a row in
    none; `strength` lies in 0..1; `reason` is None where `group` is set and says why not elsewhere.
    """

    group: Ids
    strength: Floats
    nearest: Ids
    part: Ids
    reason: tuple[UnassignedReason | None, ...]
    diagnostics: PartitionDiagnostics

    @property
    def n_groups(self) -> int:
        """How many groups there are."""
        return int(self.group.max(initial=-1)) + 1


def group_nothing(n_rows: int, diagnostics: PartitionDiagnostics) -> Groups:
    """Every row unassigned."""
    nobody = np.full(n_rows, UNASSIGNED, dtype=np.intp)
    return Groups(
        group=nobody,
        strength=np.zeros(n_rows),
        nearest=nobody,
        part=nobody,
        reason=(UnassignedReason.OUTLIER,) * n_rows,
        diagnostics=diagnostics,
    )


def number_by_first_row(numbers: Ids) -> Ids:
    """The same groups, numbered from 0 in order of their first row; `UNASSIGNED` stays."""
    _, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    first = np.where(np.unique(numbers) == UNASSIGNED, -1, first)
    rank = np.empty(len(first), dtype=np.intp)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    ranks = rank[inverse] - int((numbers == UNASSIGNED).any())
    return np.asarray(ranks, dtype=np.intp)


def compute_centroids(points: npt.NDArray[Any], group: Ids, n_groups: int) -> Floats:
    """Mean direction of each group as unit rows (n_groups, d), rounded; zero for no rows."""
    sums = np.zeros((n_groups, points.shape[1]))
    inside = np.flatnonzero(group >= 0)
    inside = inside[np.argsort(group[inside], kind="stable")]
    met, first = np.unique(group[inside], return_index=True)
    if len(met):
        sums[met] = np.add.reduceat(points[inside].astype(np.float64), first, axis=0)
    return np.asarray(np.round(unit_rows(sums), DECIMALS))


def to_reasons(codes: npt.NDArray[Any]) -> tuple[UnassignedReason | None, ...]:
    """An array (n,) of reasons as strings, empty for none, as reasons."""
    return tuple(UnassignedReason(code) if code else None for code in codes.tolist())
