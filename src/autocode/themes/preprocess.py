"""Sentence vectors made ready for grouping: neighbour means, main directions, unit length.

Raw sentence vectors of talk are scattered so evenly that no method sees groups in them. The mean of
a row and its nearest rows keeps what near rows share; the main directions of the cloud (PCA) drop
the rest; unit length makes remarks far from the middle and remarks near it count alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .groups import Floats, Ids

Vectors = npt.NDArray[np.float32]

DECIMALS = 6
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Nearest:
    """For each vector (n,) the nearest row, itself if it is one, and its cosine with another."""

    row: Ids
    cosine: Floats

    @classmethod
    def none(cls, n_vectors: int) -> Nearest:
        """Room for so many."""
        return cls(np.zeros(n_vectors, dtype=np.intp), np.ones(n_vectors))


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Where points lie: the rows they are means of, and the directions of greatest spread.

    `rows` is (m, d), `middle` (d,), `directions` (d, k).
    """

    rows: Vectors
    n_neighbours: int
    mean: Floats
    directions: Floats

    def points(self, vectors: Vectors) -> tuple[Floats, Nearest]:
        """Unit points (n, k) of vectors (n, d), rounded, and the nearest of `rows` for each."""
        points = np.empty((len(vectors), self.directions.shape[1]))
        nearest = Nearest.none(len(vectors))
        for at in range(0, len(vectors), _BLOCK):
            block = slice(at, at + _BLOCK)
            means, near = neighbour_means(vectors[block], self.rows, self.n_neighbours)
            points[block] = unit((means - self.mean) @ self.directions)
            nearest.row[block], nearest.cosine[block] = near.row, near.cosine
        return np.round(points, DECIMALS), nearest


def space_of(
    rows: Vectors, *, n_neighbours: int, n_directions: int
) -> tuple[Space, Floats, Floats]:
    """The space spanned by unit rows (m, d), their points (m, k), and how near others are (m,)."""
    means, others = np.empty(rows.shape), np.ones(len(rows))
    for at in range(0, len(rows), _BLOCK):
        block = slice(at, at + _BLOCK)
        means[block], near = neighbour_means(rows[block], rows, n_neighbours)
        others[block] = near.cosine
    mean = means.mean(axis=0)
    directions = main_directions(means, n_directions)
    points = np.round(unit((means - mean) @ directions), DECIMALS)
    return (
        Space(rows=rows, n_neighbours=n_neighbours, mean=mean, directions=directions),
        points,
        others,
    )


def neighbour_means(vectors: Vectors, rows: Vectors, n_neighbours: int) -> tuple[Floats, Nearest]:
    """Unit means of each vector and its nearest rows by cosine, and what is nearest to each.

    A vector that is itself one of the rows counts once. Equal cosines go to the earlier row.
    """
    nearest, cosine = largest(vectors @ rows.T, min(n_neighbours + 1, len(rows)))
    closest = cosine[:, :2]
    itself = np.isclose(closest[:, 0], 1, atol=1e-5)
    means = rows[nearest].astype(np.float64).sum(axis=1)
    # A vector that is no row takes the place of the furthest of its neighbours.
    new = np.flatnonzero(~itself)
    means[new] += vectors[new].astype(np.float64) - rows[nearest[new, -1]]
    return unit(means), Nearest(nearest[:, 0], np.where(itself, closest[:, -1], closest[:, 0]))


def main_directions(means: Floats, n_directions: int) -> Floats:
    """Directions (d, k) of greatest spread, by the eigenvectors of the covariance; signs fixed."""
    centred = means - means.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred / len(means))
    keep = max(1, min(n_directions, len(means) - 1, means.shape[1]))
    directions = directions[:, np.argsort(-values, kind="stable")[:keep]]
    signs = np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(keep)])
    return np.asarray(directions * signs)


def unit(rows: Floats) -> Floats:
    """Rows brought to length 1; rows of next to no length become 0."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.where(norms < 1e-6, 0.0, rows / np.where(norms < 1e-6, 1, norms)))


def largest(values: npt.NDArray[np.floating[Any]], n_wanted: int) -> tuple[Ids, Floats]:
    """Columns of the largest values of each row, rounded: largest first, of equals the earlier.

    Both are (n, n_wanted). Only values near the last one wanted and above are rounded and sorted.
    """
    n_rows, n_columns = values.shape
    last = np.partition(values, n_columns - n_wanted, axis=1)[:, n_columns - n_wanted]
    row, column = np.nonzero(values >= (last - 2 / 10**DECIMALS)[:, None])
    # Whole numbers, so that what is equal once rounded is equal.
    whole = np.rint(values[row, column].astype(np.float64) * 10**DECIMALS).astype(np.int64)
    order = np.lexsort((column, -whole, row))
    picked = order[np.searchsorted(row, np.arange(n_rows))[:, None] + np.arange(n_wanted)]
    return column[picked].astype(np.intp), whole[picked] / 10**DECIMALS
