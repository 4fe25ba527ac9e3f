"""Sentence vectors made ready for grouping: neighbour means, main directions, unit length.

Raw sentence vectors of talk are scattered so evenly that no method sees groups in them. The mean of
a row and its nearest rows keeps what near rows share; the main directions of the cloud (PCA) drop
the rest; unit length makes remarks far from the mean and remarks near it count alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..linalg import DECIMALS, Floats, Ids, fix_signs, main_directions, top_k, unit_rows

Vectors = npt.NDArray[np.float32]

_SHORTEST = 1e-6
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Nearest:
    """For each vector (n,) the nearest row, itself if it is one, and its cosine with another."""

    row: Ids
    cosine: Floats

    @classmethod
    def none(cls, n_vectors: int) -> Nearest:
        """Arrays for so many vectors, to be filled."""
        return cls(np.zeros(n_vectors, dtype=np.intp), np.ones(n_vectors))


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Where points lie: the rows they are means of, and the directions of greatest spread.

    `rows` is (m, d), `mean` (d,), `directions` (d, k).
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
            points[block] = unit_rows((means - self.mean) @ self.directions, smallest=_SHORTEST)
            nearest.row[block], nearest.cosine[block] = near.row, near.cosine
        return np.round(points, DECIMALS), nearest


@dataclass(frozen=True, slots=True)
class Embedded:
    """Rows in their space: points (m, k), and each row's cosine with the nearest other (m,)."""

    space: Space
    points: Floats
    nn_cosine: Floats


def embed_rows(rows: Vectors, *, n_neighbours: int, n_directions: int) -> Embedded:
    """The space that unit rows (m, d) span, and their points in it."""
    means, nn_cosine = np.empty(rows.shape), np.ones(len(rows))
    # Block by block: the table of all cosines would not fit into memory.
    for at in range(0, len(rows), _BLOCK):
        block = slice(at, at + _BLOCK)
        means[block], near = neighbour_means(rows[block], rows, n_neighbours)
        nn_cosine[block] = near.cosine
    mean = means.mean(axis=0)
    kept = max(1, min(n_directions, len(rows) - 1, rows.shape[1]))
    directions = fix_signs(main_directions(means, kept))
    points = np.round(unit_rows((means - mean) @ directions, smallest=_SHORTEST), DECIMALS)
    space = Space(rows=rows, n_neighbours=n_neighbours, mean=mean, directions=directions)
    return Embedded(space, points, nn_cosine)


def neighbour_means(vectors: Vectors, rows: Vectors, n_neighbours: int) -> tuple[Floats, Nearest]:
    """Unit means of each vector and its nearest rows by cosine, and what is nearest to each.

    A vector that is itself one of the rows counts once. Equal cosines go to the earlier row.
    """
    near = top_k(vectors @ rows.T, min(n_neighbours + 1, len(rows)))
    nearest, closest = near.columns, near.values[:, :2]
    itself = np.isclose(closest[:, 0], 1, atol=1e-5)
    means = rows[nearest].astype(np.float64).sum(axis=1)
    # A vector that is no row takes the place of the furthest of its neighbours.
    new = np.flatnonzero(~itself)
    means[new] += vectors[new].astype(np.float64) - rows[nearest[new, -1]]
    return unit_rows(means, smallest=_SHORTEST), Nearest(
        nearest[:, 0], np.where(itself, closest[:, -1], closest[:, 0])
    )
