"""Vectors kept in a folder between runs, for those who ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from ..core.errors import FileRefused
from .protocol import Vectors


class FolderVectorCache:
    """One file of vectors per encoder in a folder; files are replaced whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, dict[str, Vectors]] = {}

    def get(self, encoder_digest: str, text_digests: Iterable[str]) -> dict[str, Vectors]:
        """The vectors known for these texts, by text digest.

        Raises:
            FileRefused: if the file is damaged.
        """
        known = self._load(encoder_digest)
        return {digest: known[digest] for digest in text_digests if digest in known}

    def put(self, encoder_digest: str, vectors: Mapping[str, Vectors]) -> None:
        """Store vectors by text digest."""
        known = self._load(encoder_digest) | dict(vectors)
        self._known[encoder_digest] = known
        path = self._path(encoder_digest)
        self._folder.mkdir(parents=True, exist_ok=True)
        passing = path.with_suffix(".part")
        with passing.open("wb") as stream:
            np.savez(
                stream,
                digests=np.array(sorted(known)),
                vectors=np.stack([known[digest] for digest in sorted(known)]),
            )
        passing.replace(path)

    def _path(self, encoder_digest: str) -> Path:
        return self._folder / f"{encoder_digest}.npz"

    def _load(self, encoder_digest: str) -> dict[str, Vectors]:
        if encoder_digest in self._known:
            return self._known[encoder_digest]
        path, found = self._path(encoder_digest), {}
        if path.is_file():
            try:
                with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
                    digests, rows = stored["digests"].tolist(), stored["vectors"]
                    found = dict(zip(digests, rows, strict=True))
            except (BadZipFile, ValueError, KeyError, EOFError):
                raise FileRefused.because(
                    path, "is no file of vectors, or damaged", remedy="Delete it and run again."
                ) from None
        self._known[encoder_digest] = found
        return found
