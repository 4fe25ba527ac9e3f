"""What an encoder is, and a tiny deterministic one for tests and dry runs."""

from __future__ import annotations

import hashlib
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


class HashEncoder:
    """Counts hashed words and character trigrams: no model, no download, always the same.

    Texts that share words are near each other, nothing more. For tests and dry runs.
    """

    def __init__(self, *, n_dimensions: int = 64) -> None:
        self._n_dimensions = n_dimensions

    @property
    def name(self) -> str:
        """The name a person would use."""
        return "hash"

    @property
    def digest(self) -> str:
        """Names the algorithm and its width."""
        return hashlib.sha256(f"hash-encoder-1:{self._n_dimensions}".encode()).hexdigest()

    @property
    def n_dimensions(self) -> int:
        """Width of a vector."""
        return self._n_dimensions

    def encode(self, texts: Sequence[str], *, progress: Progress = silent) -> Vectors:
        """Vectors of `texts`, in their order; a text without letters is a row of zeros."""
        vectors = np.zeros((len(texts), self._n_dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for piece in _pieces(text):
                seed = int.from_bytes(hashlib.blake2b(piece.encode(), digest_size=8).digest())
                vectors[row, seed % self._n_dimensions] += 1.0 if seed >> 63 else -1.0
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        progress("Encoding", len(texts), len(texts))
        return np.asarray(vectors / np.where(norms == 0, 1, norms), dtype=np.float32)


def _pieces(text: str) -> list[str]:
    words = [word.strip(".,;:!?\"'()[]").casefold() for word in text.split()]
    words = [word for word in words if word]
    grams = [f"{word[:4]}*" for word in words if len(word) > 4]
    return words + grams
