"""Ways of grouping vectors, ours and others', behind one small interface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..encode.protocol import Vectors
from ..text.terms import content_terms
from ..themes.deduplicate import is_long_enough
from ..themes.hdbscan import leaves, one_thread
from ..themes.partition import Cut, Method, grouped
from ..themes.preprocess import main_directions
from ..themes.ward import ward_tree

Ids = npt.NDArray[np.intp]

NOWHERE = -1
_DIRECTIONS = 50
_SEED = 0


class Grouper(Protocol):
    """Sorts vectors into groups."""

    @property
    def name(self) -> str:
        """What the method is called in reports."""

    def groups(self, vectors: Vectors, excerpts: Sequence[str]) -> Ids:
        """The group of each excerpt with its vector, `NOWHERE` for none."""


@dataclass(frozen=True, slots=True)
class OurGrouper:
    """The groups that draft themes are made of; what is too short for a draft is nowhere."""

    method: Method = "combined"

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return f"autocode ({self.method})"

    def groups(self, vectors: Vectors, excerpts: Sequence[str]) -> Ids:
        """The group of each row, `NOWHERE` for none."""
        found = np.full(len(vectors), NOWHERE, dtype=np.intp)
        placed = np.array([is_long_enough(content_terms(text)) for text in excerpts], dtype=bool)
        placed &= vectors.any(axis=1)
        if placed.any():
            found[placed] = grouped(vectors[placed], Cut(self.method)).group
        return found


@dataclass(frozen=True, slots=True)
class PlainWard:
    """Ward's tree on 50 main directions of the vectors as they are, cut at √(n/2)."""

    name: str = "Ward on PCA-50"

    def groups(self, vectors: Vectors, excerpts: Sequence[str]) -> Ids:
        """The group of each row."""
        with one_thread():
            return ward_tree(_directions(vectors)).cut(_usual_number(vectors))


@dataclass(frozen=True, slots=True)
class KMeans:
    """k-means++ on 50 main directions of the vectors as they are, √(n/2) groups, seed 0."""

    name: str = "k-means on PCA-50"

    def groups(self, vectors: Vectors, excerpts: Sequence[str]) -> Ids:
        """The group of each row."""
        from scipy.cluster.vq import kmeans2

        with one_thread():
            points = _directions(vectors)
            found = kmeans2(points, _usual_number(vectors), minit="++", seed=_SEED, missing="warn")
        return np.asarray(found[1], dtype=np.intp)


@dataclass(frozen=True, slots=True)
class PlainDense:
    """hdbscan's leaves on 20 main directions of the vectors as they are."""

    name: str = "hdbscan on PCA-20"

    def groups(self, vectors: Vectors, excerpts: Sequence[str]) -> Ids:
        """The group of each row, `NOWHERE` for none."""
        with one_thread():
            return leaves(_directions(vectors, 20))[0]


@dataclass(frozen=True, slots=True)
class BertopicDefaults:
    """BERTopic (Grootendorst 2022) with its defaults, on the same vectors, unseeded."""

    name: str = "BERTopic defaults"

    def groups(self, vectors: Vectors, excerpts: Sequence[str]) -> Ids:
        """The topic of each row; of a handful of rows it makes none."""
        try:
            found = (
                import_module("bertopic")
                .BERTopic(embedding_model=None)
                .fit_transform(list(excerpts), vectors)[0]
            )
        except (TypeError, ValueError):
            # UMAP's spectral layout has no room for a handful of rows.
            return np.full(len(vectors), NOWHERE, dtype=np.intp)
        return np.asarray(found, dtype=np.intp)


def others() -> list[Grouper]:
    """What ours is compared with; BERTopic where it is installed."""
    from importlib.util import find_spec

    found: list[Grouper] = [OurGrouper("ward"), OurGrouper("hdbscan"), PlainWard(), KMeans()]
    found.append(PlainDense())
    return [*found, BertopicDefaults()] if find_spec("bertopic") else found


def _directions(vectors: Vectors, most: int = _DIRECTIONS) -> npt.NDArray[np.float64]:
    rows = vectors.astype(np.float64)
    points = (rows - rows.mean(axis=0)) @ main_directions(rows, most)
    return np.asarray(np.round(points, 6), dtype=np.float64)


def _usual_number(vectors: Vectors) -> int:
    return max(2, round(float(np.sqrt(len(vectors) / 2))))
