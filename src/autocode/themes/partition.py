"""Vectors to groups: one tree for a partition, dense cores for who belongs where, how firmly.

Three methods. "combined" (the default) cuts Ward's tree, which always gives a partition, and asks
hdbscan which rows sit in no dense core: these go to the nearest group, and the ones as near to
another or far from all are left out, and so is a row like no other. "ward" is the tree alone
(everything is placed), "hdbscan" the dense groups alone.

Rows must be distinct and in the order of their content digest. That order makes the result the
same however segments come in, and makes the first rows a sample of all: beyond `MOST_IN_TREE` the
tree is made of these and the other rows go to the nearest group.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from ..core.errors import InputError
from ..core.theme import UnassignedReason
from ..linalg import DECIMALS, Floats, Ids, one_thread
from .groups import UNASSIGNED, Groups, compute_centroids, no_groups, to_reasons
from .hdbscan import cores, leaves
from .preprocess import Space, Vectors, space_of
from .ward import Tree, n_themes_for, ward_tree

Method = Literal["combined", "ward", "hdbscan"]
METHODS: tuple[Method, ...] = get_args(Method)

MOST_IN_TREE = 5000
FEWEST_FOR_DIRECTIONS = 6
_NEIGHBOURS, _DIRECTIONS = 5, 50
CLOSE_CALL = 0.03
FAR = 0.4
_LIKE_NO_OTHER = 0.3


@dataclass(frozen=True, slots=True)
class PartitionOptions:
    """How to group: by which method, into how many groups (None: as the number of rows says)."""

    method: Method = "combined"
    n_groups: int | None = None

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise InputError(f"No method '{self.method}'. Choose one of: {', '.join(METHODS)}.")
        if self.n_groups is not None and self.n_groups < 1:
            raise InputError(f"At least one theme is needed, not {self.n_groups}.")


def partition(vectors: Vectors, options: PartitionOptions | None = None) -> Groups:
    """Group distinct unit rows (n, d) in canonical order; see the module for the methods."""
    options = options or PartitionOptions()
    with one_thread():
        if len(vectors) < 2:
            return no_groups(len(vectors), {"method": options.method})
        if len(vectors) < FEWEST_FOR_DIRECTIONS:
            return _few(vectors, options)
        sample = vectors[:MOST_IN_TREE]
        space, points, others = sample_space(sample)
        if not points.any():
            return _one_group(len(vectors), options)
        if options.method == "hdbscan":
            group, core_strength, found = _by_density(points)
            tree = None
        else:
            tree, group, found = _by_tree(points, options)
            core_strength = cores(points) if options.method == "combined" else np.ones(len(points))
        parameters = {
            "method": options.method,
            "n_in_tree": len(sample),
            "n_neighbours": space.n_neighbours,
        }
        parameters |= {"n_directions": points.shape[1]} | found
        return _placed(
            vectors,
            _Sample(
                space=space,
                points=points,
                group=group,
                core_strength=core_strength,
                tree=tree,
                others=others,
            ),
            parameters,
        )


def sample_space(sample: Vectors) -> tuple[Space, Floats, Floats]:
    """The space of rows (m, d), six or more, their points (m, k), how near others are (m,)."""
    smooth = n_neighbours_for(len(sample))
    return space_of(sample, n_neighbours=smooth, n_directions=_DIRECTIONS)


def plain_space(rows: Vectors) -> tuple[Space, Floats, Floats]:
    """The rows (m, d) as they are, where main directions would say nothing of them."""
    points = rows.astype(np.float64)
    width = points.shape[1]
    return (
        Space(rows=rows, n_neighbours=0, mean=np.zeros(width), directions=np.eye(width)),
        points,
        np.ones(len(rows)),
    )


def n_neighbours_for(n_rows: int) -> int:
    """Of how many neighbours a mean is taken: five, fewer below thirty rows."""
    return int(np.clip(n_rows // 6, 1, _NEIGHBOURS))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """Rows that were grouped: their space, points (m, k), groups and firmness (m,), tree.

    `others` (m,) is the cosine of each row's vector with the nearest other one.
    """

    space: Space
    points: Floats
    group: Ids
    core_strength: Floats
    tree: Tree | None
    others: Floats


def _by_tree(points: Floats, options: PartitionOptions) -> tuple[Tree, Ids, dict[str, Any]]:
    tree = ward_tree(points)
    asked = options.n_groups or n_themes_for(len(points))
    return tree, tree.cut(asked), {"n_themes_asked": asked}


def _by_density(points: Floats) -> tuple[Ids, Floats, dict[str, Any]]:
    group, strength, size = leaves(points)
    return group, strength, {"min_cluster_size": size}


def _placed(vectors: Vectors, sample: _Sample, parameters: dict[str, Any]) -> Groups:
    """Every row beside the groups of the sample, with a reason where it is left out."""
    n_groups = int(sample.group.max(initial=-1)) + 1
    if not n_groups:
        return no_groups(len(vectors), parameters)
    centroids = compute_centroids(sample.points, sample.group, n_groups)
    points, group, core_strength, others = _all_rows(
        vectors, sample, centroids, parameters["method"]
    )
    if parameters["method"] == "combined":
        # The tree merges once and for good: what no dense core holds may move to a nearer group.
        group = np.where(core_strength == 0, closeness(points, centroids, group)[2], group)
    own, other, nearest = closeness(points, centroids, group)
    reasons = _reasons(group, own, other, core_strength=core_strength, method=parameters["method"])
    if parameters["method"] == "combined":
        # Neighbour means hide a remark that is like no other: it would take on its neighbours.
        reasons[others < least_alike(others)] = UnassignedReason.OUTLIER
    group = np.where(reasons == "", group, UNASSIGNED)
    small = np.bincount(group[group >= 0], minlength=n_groups) < 2
    reasons[(group >= 0) & small[group]] = UnassignedReason.OUTLIER
    group = np.where((group >= 0) & small[group], UNASSIGNED, group).astype(np.intp)
    number = np.where(small, UNASSIGNED, np.cumsum(~small) - 1).astype(np.intp)
    strength = np.round(np.clip(own, 0, 1) * (1 + core_strength) / 2, DECIMALS)
    return Groups(
        group=np.where(group >= 0, number[group], UNASSIGNED),
        strength=np.where(group >= 0, strength, 0.0),
        nearest=_nearest_kept(points, centroids, small, nearest=number[nearest]),
        part=_parts(points, group, sample, n_groups),
        reason=to_reasons(reasons),
        parameters=parameters,
    )


def _all_rows(
    vectors: Vectors, sample: _Sample, centroids: Floats, method: Method
) -> tuple[Floats, Ids, Floats, Floats]:
    """Points, groups, firmness and nearness to others; rows beyond the sample go to the nearest."""
    if len(vectors) == len(sample.points):
        return sample.points, sample.group, sample.core_strength, sample.others
    points, like = sample.space.points(vectors[len(sample.points) :])
    group = np.argmax(np.round(points @ centroids.T, DECIMALS), axis=1)
    if method == "hdbscan":
        group = np.where(sample.group[like.row] == UNASSIGNED, UNASSIGNED, group)
    return (
        np.vstack([sample.points, points]),
        np.concatenate([sample.group, group]),
        np.concatenate([sample.core_strength, sample.core_strength[like.row]]),
        np.concatenate([sample.others, like.cosine]),
    )


def closeness(points: Floats, centroids: Floats, group: Ids) -> tuple[Floats, Floats, Ids]:
    """Cosine with the middle of the own group and the best other (n,), and the nearest group."""
    cosine = np.round(points @ centroids.T, DECIMALS)
    nearest = np.argmax(cosine, axis=1)
    at = np.where(group == UNASSIGNED, nearest, group)[:, None]
    own = np.take_along_axis(cosine, at, axis=1)[:, 0]
    np.put_along_axis(cosine, at, -1.0, axis=1)
    return own, cosine.max(axis=1), np.asarray(nearest, dtype=np.intp)


def _reasons(
    group: Ids, own: Floats, other: Floats, *, core_strength: Floats, method: Method
) -> npt.NDArray[np.object_]:
    """Why rows are left out, empty where they are not."""
    loose = group == UNASSIGNED if method == "hdbscan" else core_strength == 0
    if method == "ward":
        loose = np.zeros(len(group), dtype=bool)
    far = own < FAR
    out = loose & (far | (own - other < CLOSE_CALL))
    if method == "hdbscan":
        out = loose
        far = own - other >= CLOSE_CALL
    kind = np.where(far, UnassignedReason.OUTLIER.value, UnassignedReason.NEAR_TWO_THEMES.value)
    return np.where(out, kind, "").astype(object)


def least_alike(others: Floats) -> float:
    """The cosine with its nearest other below which a row is like none, given those of all (m,).

    Below it a row is far by any measure: in itself (0.3), and for these rows (three standard
    deviations, by the median absolute one, below the median): among a few rows of wide-ranging talk
    every row is far from the next.
    """
    median = float(np.median(others))
    spread = 1.4826 * float(np.median(np.abs(others - median)))
    return min(_LIKE_NO_OTHER, median - 3 * spread)


def _nearest_kept(
    points: Floats, centroids: Floats, small: npt.NDArray[np.bool_], *, nearest: Ids
) -> Ids:
    """The nearest group of each row among those that are kept."""
    if small.all():
        return np.full(len(points), UNASSIGNED, dtype=np.intp)
    if not small.any():
        return nearest
    return np.asarray(np.argmax(np.round(points @ centroids[~small].T, DECIMALS), axis=1))


def _parts(points: Floats, group: Ids, sample: _Sample, n_groups: int) -> Ids:
    """Smaller groups within the groups; rows beyond the sample go to the nearest of their group."""
    unassigned = np.full(len(points), UNASSIGNED, dtype=np.intp)
    if sample.tree is None:
        return unassigned
    known = sample.tree.parts(group[: len(sample.points)], n_groups)
    n_parts = int(known.max(initial=-1)) + 1
    if not n_parts or len(points) == len(known):
        return np.concatenate([known, unassigned[len(known) :]])
    _, first = np.unique(known[known >= 0], return_index=True)
    home = group[: len(known)][known >= 0][first]
    cosine = np.round(
        points[len(known) :] @ compute_centroids(sample.points, known, n_parts).T, DECIMALS
    )
    cosine[home[None, :] != group[len(known) :, None]] = -2.0
    added = np.where(cosine.max(axis=1) > -2.0, np.argmax(cosine, axis=1), UNASSIGNED)
    return np.asarray(np.concatenate([known, added]), dtype=np.intp)


def _one_group(n_rows: int, options: PartitionOptions) -> Groups:
    """Rows that are all alike."""
    first, none = np.zeros(n_rows, dtype=np.intp), np.full(n_rows, UNASSIGNED, dtype=np.intp)
    return Groups(
        group=first,
        strength=np.ones(n_rows),
        nearest=first,
        part=none,
        reason=(None,) * n_rows,
        parameters={"method": options.method},
    )


def _few(vectors: Vectors, options: PartitionOptions) -> Groups:
    """A handful of rows: main directions say nothing of them, so plain cosines decide."""
    space, rows, core_strength = plain_space(vectors)
    group = ward_tree(rows).cut_at(float(np.sqrt(2 - 2 * FAR)))
    return _placed(
        vectors,
        _Sample(
            space=space,
            points=rows,
            group=group,
            core_strength=core_strength,
            tree=None,
            others=core_strength,
        ),
        {"method": options.method},
    )
