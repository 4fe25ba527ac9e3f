"""Vectors to groups: one tree for a partition, dense cores for membership and strength.

Three methods. "combined" (the default) cuts Ward's tree, which always gives a partition, and asks
hdbscan which rows sit in no dense core: these go to the nearest group, and the ones as near to
another or far from all are left out, and so is a row like no other. "ward" is the tree alone
(everything is placed), "hdbscan" the dense groups alone.

Rows must be distinct and in the order of their content digest. That order makes the result the
same however segments come in, and makes the first rows a sample of all: beyond `MOST_IN_TREE` the
tree is made of these and the other rows go to the nearest group.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import numpy.typing as npt

from ..core.errors import InputError
from ..core.theme import UnassignedReason
from ..core.theme_diagnostics import Method as Method
from ..core.theme_diagnostics import PartitionDiagnostics
from ..linalg import DECIMALS, Floats, Ids, one_thread
from .groups import UNASSIGNED, Groups, compute_centroids, group_nothing, to_reasons
from .hdbscan import cores, leaves
from .preprocess import Embedded, Space, Vectors, embed_rows
from .theme_count import N_NULL, ThemeCount, count_themes
from .ward import Tree, n_themes_for, ward_tree

METHODS: tuple[Method, ...] = get_args(Method)

# Ward's tree takes the square of the rows in memory.
MOST_IN_TREE = 5000
FEWEST_FOR_DIRECTIONS = 6
# Chosen on seven human-coded corpora, with what other values gave: eval/NOTES.md, Themes, "Kept"
# and "Dropped".
_NEIGHBOURS, _DIRECTIONS = 5, 50
CLOSE_CALL = 0.03
FAR = 0.4
_LIKE_NO_OTHER = 0.3


@dataclass(frozen=True, slots=True)
class PartitionOptions:
    """How to group: by which method, into how many groups (None: see `theme_count`).

    `n_null` is how often noise is drawn to find the number of groups.
    """

    method: Method = "combined"
    n_groups: int | None = None
    n_null: int = N_NULL

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise InputError(f"No method '{self.method}'. Choose one of: {', '.join(METHODS)}.")
        if self.n_groups is not None and self.n_groups < 1:
            raise InputError(f"At least one theme is needed, not {self.n_groups}.")


def partition(vectors: Vectors, options: PartitionOptions | None = None) -> Groups:
    """Group distinct unit rows (n, d) in canonical order; see the module for the methods."""
    options = options or PartitionOptions()
    method = options.method
    with one_thread():
        if len(vectors) < 2:
            return group_nothing(len(vectors), PartitionDiagnostics(method=method))
        if len(vectors) < FEWEST_FOR_DIRECTIONS:
            return _partition_few(vectors, method)
        embedded = sample_space(vectors[:MOST_IN_TREE])
        points = embedded.points
        if not points.any():
            return _one_group(len(vectors), method)
        diagnostics = PartitionDiagnostics(
            method=method,
            n_in_tree=len(points),
            n_neighbours=embedded.space.n_neighbours,
            n_directions=points.shape[1],
        )
        if method == "hdbscan":
            dense = leaves(points)
            sample = _Sample(
                embedded=embedded, group=dense.group, core_strength=dense.strength, tree=None
            )
            diagnostics = replace(diagnostics, min_cluster_size=dense.min_cluster_size)
        else:
            tree = ward_tree(points)
            count = _count_themes(vectors[:MOST_IN_TREE], options)
            core_strength = cores(points) if method == "combined" else np.ones(len(points))
            sample = _Sample(
                embedded=embedded,
                group=tree.cut(count.n_themes),
                core_strength=core_strength,
                tree=tree,
            )
            diagnostics = replace(
                diagnostics,
                n_themes_asked=count.n_themes,
                n_themes_source=count.source,
                gap=count.gap,
                gap_error=count.gap_error,
            )
        return _assign_rows(vectors, sample, method, diagnostics)


def _count_themes(sample: Vectors, options: PartitionOptions) -> ThemeCount:
    if options.n_groups is not None:
        return ThemeCount(n_themes=options.n_groups, source="asked")
    return count_themes(
        sample,
        n_themes_for(len(sample)),
        n_neighbours=n_neighbours_for(len(sample)),
        n_directions=_DIRECTIONS,
        n_null=options.n_null,
    )


def sample_space(sample: Vectors) -> Embedded:
    """The space that rows (m, d) span, six or more, and their points in it."""
    smooth = n_neighbours_for(len(sample))
    return embed_rows(sample, n_neighbours=smooth, n_directions=_DIRECTIONS)


def plain_space(rows: Vectors) -> Embedded:
    """The rows (m, d) as they are, where main directions would say nothing of them."""
    points = rows.astype(np.float64)
    width = points.shape[1]
    space = Space(rows=rows, n_neighbours=0, mean=np.zeros(width), directions=np.eye(width))
    return Embedded(space, points, np.ones(len(rows)))


def n_neighbours_for(n_rows: int) -> int:
    """Of how many neighbours a mean is taken: five, fewer below thirty rows."""
    return int(np.clip(n_rows // 6, 1, _NEIGHBOURS))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """Rows that were grouped: where they lie, their groups and core strengths (m,), their tree."""

    embedded: Embedded
    group: Ids
    core_strength: Floats
    tree: Tree | None


def _assign_rows(
    vectors: Vectors, sample: _Sample, method: Method, diagnostics: PartitionDiagnostics
) -> Groups:
    """Every row in a group of the sample, or unassigned with a reason."""
    n_groups = int(sample.group.max(initial=-1)) + 1
    if not n_groups:
        return group_nothing(len(vectors), diagnostics)
    centroids = compute_centroids(sample.embedded.points, sample.group, n_groups)
    rows = _extend_sample(vectors, sample, centroids, method)
    group = rows.group
    if method == "combined":
        # The tree merges once and for good: what no dense core holds may move to a nearer group.
        moved = closeness(rows.points, centroids, group).nearest
        group = np.where(rows.core_strength == 0, moved, group)
    near = closeness(rows.points, centroids, group)
    reasons = _reasons(group, near, core_strength=rows.core_strength, method=method)
    if method == "combined":
        # Neighbour means hide a remark that is like no other: it would take on its neighbours.
        reasons[rows.nn_cosine < nn_threshold(rows.nn_cosine)] = UnassignedReason.OUTLIER
    group = np.where(reasons == "", group, UNASSIGNED)
    # A group of one segment is no theme: its segment is an outlier.
    small = np.bincount(group[group >= 0], minlength=n_groups) < 2
    reasons[(group >= 0) & small[group]] = UnassignedReason.OUTLIER
    group = np.where((group >= 0) & small[group], UNASSIGNED, group).astype(np.intp)
    number = np.where(small, UNASSIGNED, np.cumsum(~small) - 1).astype(np.intp)
    # Typical of its theme, and in a dense core: each counts half.
    strength = np.round(np.clip(near.own, 0, 1) * (1 + rows.core_strength) / 2, DECIMALS)
    return Groups(
        group=np.where(group >= 0, number[group], UNASSIGNED),
        strength=np.where(group >= 0, strength, 0.0),
        nearest=_nearest_kept(rows.points, centroids, small, nearest=number[near.nearest]),
        part=_parts(rows.points, group, sample, n_groups),
        reason=to_reasons(reasons),
        diagnostics=diagnostics,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """All rows: points (n, k), groups, core strengths, cosines with the nearest other row (n,)."""

    points: Floats
    group: Ids
    core_strength: Floats
    nn_cosine: Floats


def _extend_sample(vectors: Vectors, sample: _Sample, centroids: Floats, method: Method) -> _Rows:
    """The rows of the sample and those beyond it, which go to the nearest group."""
    known = _Rows(
        points=sample.embedded.points,
        group=sample.group,
        core_strength=sample.core_strength,
        nn_cosine=sample.embedded.nn_cosine,
    )
    if len(vectors) == len(known.points):
        return known
    points, like = sample.embedded.space.points(vectors[len(known.points) :])
    group = np.argmax(np.round(points @ centroids.T, DECIMALS), axis=1)
    if method == "hdbscan":
        group = np.where(sample.group[like.row] == UNASSIGNED, UNASSIGNED, group)
    return _Rows(
        points=np.vstack([known.points, points]),
        group=np.concatenate([known.group, group]),
        core_strength=np.concatenate([known.core_strength, known.core_strength[like.row]]),
        nn_cosine=np.concatenate([known.nn_cosine, like.cosine]),
    )


@dataclass(frozen=True, slots=True)
class Closeness:
    """Cosines of rows (n,) with the centroid of their own group and of the best other group.

    `nearest` is the number of the group with the nearest centroid; a row without a group has that
    one for its own.
    """

    own: Floats
    other: Floats
    nearest: Ids


def closeness(points: Floats, centroids: Floats, group: Ids) -> Closeness:
    """How close points (n, k) are to the centroids (g, k), given their groups (n,)."""
    cosine = np.round(points @ centroids.T, DECIMALS)
    nearest = np.argmax(cosine, axis=1)
    at = np.where(group == UNASSIGNED, nearest, group)[:, None]
    own = np.take_along_axis(cosine, at, axis=1)[:, 0]
    np.put_along_axis(cosine, at, -1.0, axis=1)
    return Closeness(own, cosine.max(axis=1), np.asarray(nearest, dtype=np.intp))


def _reasons(
    group: Ids, near: Closeness, *, core_strength: Floats, method: Method
) -> npt.NDArray[np.object_]:
    """Why rows are unassigned, empty where they are not.

    "ward" assigns every row, "hdbscan" only those in its groups; "combined" leaves out a row in no
    dense core that is far from its centroid or near two.
    """
    is_close_call = near.own - near.other < CLOSE_CALL
    is_far = near.own < FAR
    if method == "ward":
        is_out = np.zeros(len(group), dtype=bool)
    elif method == "hdbscan":
        is_out, is_far = group == UNASSIGNED, ~is_close_call
    else:
        is_out = (core_strength == 0) & (is_far | is_close_call)
    kind = np.where(is_far, UnassignedReason.OUTLIER.value, UnassignedReason.NEAR_TWO_THEMES.value)
    return np.where(is_out, kind, "").astype(object)


def nn_threshold(nn_cosine: Floats) -> float:
    """The cosine with its nearest other below which a row is an outlier, given those of all (m,).

    Below it a row is far by any measure: in itself (0.3), and among these rows (three standard
    deviations below the median). A fixed bound alone would leave out most of a few rows of
    wide-ranging talk, where every row is far from the next.
    """
    median = float(np.median(nn_cosine))
    # 1.4826 times the median absolute deviation estimates the standard deviation (Hampel 1974).
    spread = 1.4826 * float(np.median(np.abs(nn_cosine - median)))
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
    known = sample.tree.parts(group[: len(sample.embedded.points)], n_groups)
    n_parts = int(known.max(initial=-1)) + 1
    if not n_parts or len(points) == len(known):
        return np.concatenate([known, unassigned[len(known) :]])
    _, first = np.unique(known[known >= 0], return_index=True)
    home = group[: len(known)][known >= 0][first]
    cosine = np.round(
        points[len(known) :] @ compute_centroids(sample.embedded.points, known, n_parts).T, DECIMALS
    )
    cosine[home[None, :] != group[len(known) :, None]] = -2.0
    added = np.where(cosine.max(axis=1) > -2.0, np.argmax(cosine, axis=1), UNASSIGNED)
    return np.asarray(np.concatenate([known, added]), dtype=np.intp)


def _one_group(n_rows: int, method: Method) -> Groups:
    """Rows that are all alike."""
    first, none = np.zeros(n_rows, dtype=np.intp), np.full(n_rows, UNASSIGNED, dtype=np.intp)
    return Groups(
        group=first,
        strength=np.ones(n_rows),
        nearest=first,
        part=none,
        reason=(None,) * n_rows,
        diagnostics=PartitionDiagnostics(method=method),
    )


def _partition_few(vectors: Vectors, method: Method) -> Groups:
    """A handful of rows: main directions say nothing of them, so plain cosines decide."""
    embedded = plain_space(vectors)
    # Between unit rows a cosine c is a distance of √(2 - 2c).
    group = ward_tree(embedded.points).cut_at(float(np.sqrt(2 - 2 * FAR)))
    sample = _Sample(embedded=embedded, group=group, core_strength=np.ones(len(vectors)), tree=None)
    return _assign_rows(vectors, sample, method, PartitionDiagnostics(method=method))
