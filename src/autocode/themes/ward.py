"""One tree over all points, by Ward's criterion (Ward 1963), cut where an analyst wants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..linalg import Floats, Ids
from .groups import UNASSIGNED, number_by_first_row

# Chosen on seven human-coded corpora of 97 to 4,738 segments (eval/NOTES.md, Themes, "Kept"): 10
# themes from 100 segments, 27 from 1,000, 68 from 10,000. Agreement with people's codes is flat for
# half and twice as many.
_FACTOR, _POWER = 1.7, 0.4
_PARTS = 3
_FEWEST_IN_PART = 3


@dataclass(frozen=True, slots=True)
class Tree:
    """The merges of n points: scipy's linkage matrix (n - 1, 4), empty for fewer than two."""

    merges: Floats
    n_points: int

    def cut(self, n_groups: int) -> Ids:
        """Groups (n,) of at most `n_groups`, numbered in order of their first point."""
        if self.n_points < 2:
            return np.zeros(self.n_points, dtype=np.intp)
        from scipy.cluster.hierarchy import fcluster

        return number_by_first_row(fcluster(self.merges, n_groups, "maxclust").astype(np.intp))

    def cut_at(self, height: float) -> Ids:
        """Groups (n,) of points that merge below a height, numbered in order of first point."""
        if self.n_points < 2:
            return np.zeros(self.n_points, dtype=np.intp)
        from scipy.cluster.hierarchy import fcluster

        return number_by_first_row(fcluster(self.merges, height, "distance").astype(np.intp))

    def parts(self, group: Ids, n_groups: int, *, share: int = 1) -> Ids:
        """Smaller groups (n,) within `group`, of three points at least, where there are two such.

        `group` is an earlier cut into `n_groups`, points of some groups possibly taken out; as many
        smaller groups are sought as if it were `share` times as many.
        """
        finer = self.cut(_PARTS * n_groups * share)
        parts = np.where(group == UNASSIGNED, UNASSIGNED, finer)
        numbers, sizes = np.unique(parts, return_counts=True)
        parts[np.isin(parts, numbers[sizes < _FEWEST_IN_PART])] = UNASSIGNED
        for number in range(n_groups):
            inside = group == number
            if len(set(parts[inside].tolist()) - {UNASSIGNED}) < 2:
                parts[inside] = UNASSIGNED
        return number_by_first_row(parts)


def ward_tree(points: Floats) -> Tree:
    """The tree of points (n, d), which must come in a canonical order."""
    if len(points) < 2:
        return Tree(np.zeros((0, 4)), len(points))
    from scipy.cluster.hierarchy import linkage

    return Tree(np.asarray(linkage(points, "ward"), dtype=np.float64), len(points))


def n_themes_for(n_points: int) -> int:
    """How many themes to draft from so many distinct segments."""
    return int(np.clip(round(_FACTOR * n_points**_POWER), 1, max(1, n_points // 3)))
