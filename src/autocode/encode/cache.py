"""Encode each text once: vectors are cached by (encoder digest, text digest)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np

from ..core.errors import InputError
from ..core.progress import Progress, silent
from ..core.transcript import text_digest
from .protocol import Encoder, Vectors

_SHOWN = 60
"""Characters of a text that an error quotes."""


class VectorCache(Protocol):
    """Where vectors are kept between runs; what was put for a digest is what `get` returns."""

    def get(self, encoder_digest: str, text_digests: Iterable[str]) -> dict[str, Vectors]:
        """The vectors known for these texts, by text digest."""

    def put(self, encoder_digest: str, vectors: Mapping[str, Vectors]) -> None:
        """Store vectors by text digest."""


class MemoryVectorCache:
    """Vectors kept in memory only; for notebooks and tests."""

    def __init__(self) -> None:
        self._vectors: dict[tuple[str, str], Vectors] = {}

    def get(self, encoder_digest: str, text_digests: Iterable[str]) -> dict[str, Vectors]:
        """The vectors known for these texts, by text digest."""
        keys = ((encoder_digest, digest) for digest in text_digests)
        return {key[1]: self._vectors[key] for key in keys if key in self._vectors}

    def put(self, encoder_digest: str, vectors: Mapping[str, Vectors]) -> None:
        """Store vectors by text digest."""
        self._vectors.update({(encoder_digest, key): row for key, row in vectors.items()})


class LayeredVectorCache:
    """Two caches: what the first lacks is taken from the second; new vectors go to both."""

    def __init__(self, first: VectorCache, second: VectorCache) -> None:
        self._first, self._second = first, second

    def get(self, encoder_digest: str, text_digests: Iterable[str]) -> dict[str, Vectors]:
        """The vectors known for these texts, by text digest; the first cache has them then."""
        wanted = set(text_digests)
        known = self._first.get(encoder_digest, wanted)
        lent = self._second.get(encoder_digest, wanted - known.keys())
        self._first.put(encoder_digest, lent)
        return known | lent

    def put(self, encoder_digest: str, vectors: Mapping[str, Vectors]) -> None:
        """Store vectors by text digest in both."""
        self._first.put(encoder_digest, vectors)
        self._second.put(encoder_digest, vectors)


def encode_once(
    encoder: Encoder, texts: Sequence[str], *, cache: VectorCache, progress: Progress = silent
) -> Vectors:
    """Vectors of `texts` in their order, shape (len(texts), n_dimensions).

    New texts go to the encoder once each and in the order of their digests, so that what is
    stored does not depend on the order of import.

    Raises:
        InputError: if a vector holds values that are no numbers; nothing is stored then.
    """
    digests = [text_digest(text) for text in texts]
    by_digest = dict(zip(digests, texts, strict=True))
    known = cache.get(encoder.digest, by_digest)
    missing = sorted(digest for digest in by_digest if digest not in known)
    if missing:
        fresh = encoder.encode([by_digest[digest] for digest in missing], progress=progress)
        _check_numbers(fresh, [by_digest[digest] for digest in missing])
        encoded = {digest: fresh[row] for row, digest in enumerate(missing)}
        cache.put(encoder.digest, encoded)
        known = {**known, **encoded}
    if not digests:
        return np.zeros((0, encoder.n_dimensions), dtype=np.float32)
    return np.stack([known[digest] for digest in digests])


def _check_numbers(vectors: Vectors, texts: Sequence[str]) -> None:
    """Refuse vectors that would make every score and distance they meet undefined."""
    wrong = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if wrong.size:
        raise InputError(
            f"The encoder gave {wrong.size} of {len(texts)} texts a vector with values that are no"
            f" numbers (the first: '{texts[int(wrong[0])][:_SHOWN]}'). Use another encoder; nothing"
            " in the study was changed."
        )
