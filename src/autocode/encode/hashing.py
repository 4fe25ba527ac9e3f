"""A tiny deterministic encoder without a model, for tests and dry runs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from ..core.progress import Progress, silent
from .protocol import IdentifiedEncoder, Vectors


class HashEncoder(IdentifiedEncoder):
    """Counts hashed words and character trigrams: no model, no download, always the same.

    Texts that share words are near each other, nothing more. For tests and dry runs.
    """

    def __init__(self, *, n_dimensions: int = 64) -> None:
        super().__init__(
            f"hash:{n_dimensions}",
            digest=hashlib.sha256(f"hash-encoder-1:{n_dimensions}".encode()).hexdigest(),
            n_dimensions=n_dimensions,
        )

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
