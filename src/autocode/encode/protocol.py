"""What an encoder is: texts to vectors, under a digest that names what made them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from ..core.progress import Progress, silent

Vectors = npt.NDArray[np.float32]
"""One row per text, `n_dimensions` columns, rows of length 1 (or 0 for a text without words)."""


@runtime_checkable
class Encoder(Protocol):
    """Turns texts into vectors; `digest` names exactly what made them."""

    @property
    def name(self) -> str:
        """The name a person would use."""

    @property
    def digest(self) -> str:
        """SHA-256 over everything that decides the vectors; the cache key."""

    @property
    def n_dimensions(self) -> int:
        """Width of a vector."""

    def encode(self, texts: Sequence[str], *, progress: Progress = silent) -> Vectors:
        """Vectors of `texts`, in their order, shape (len(texts), n_dimensions)."""


class IdentifiedEncoder:
    """The name, digest and width of an encoder that knows them from the start.

    A subclass computes the vectors.
    """

    def __init__(self, name: str, *, digest: str, n_dimensions: int) -> None:
        self._name, self._digest, self._n_dimensions = name, digest, n_dimensions

    @property
    def name(self) -> str:
        """The name that `load_encoder` knows it by."""
        return self._name

    @property
    def digest(self) -> str:
        """SHA-256 over everything that decides the vectors, such as the files of a model."""
        return self._digest

    @property
    def n_dimensions(self) -> int:
        """Width of a vector."""
        return self._n_dimensions
