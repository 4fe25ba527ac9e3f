"""Vectors kept in a folder between runs, for those who ask for it."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from ..core.errors import FileRefused
from .protocol import Vectors


class FolderVectorCache:
    """One file of vectors per encoder in a folder, replaced whole; several threads may use it.

    Of two processes that add vectors at once, the later keeps its own and those it has read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, dict[str, Vectors]] = {}
        self._lock = threading.Lock()

    def get(self, encoder_digest: str, text_digests: Iterable[str]) -> dict[str, Vectors]:
        """The vectors known for these texts, by text digest.

        Raises:
            FileRefused: if the file is damaged or cannot be read.
        """
        with self._lock:
            known = self._load(encoder_digest)
        return {digest: known[digest] for digest in text_digests if digest in known}

    def put(self, encoder_digest: str, vectors: Mapping[str, Vectors]) -> None:
        """Store vectors by text digest.

        Raises:
            FileRefused: if the file is damaged or the folder cannot be written.
        """
        if not vectors:
            return
        with self._lock:
            known = self._load(encoder_digest) | dict(vectors)
            self._write(encoder_digest, known)
            self._known[encoder_digest] = known

    def _path(self, encoder_digest: str) -> Path:
        return self._folder / f"{encoder_digest}.npz"

    def _write(self, encoder_digest: str, known: Mapping[str, Vectors]) -> None:
        path = self._path(encoder_digest)
        digests = sorted(known)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # A name of its own, so that two processes never write into one file.
            handle, name = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
            try:
                with os.fdopen(handle, "wb") as stream:
                    np.savez(
                        stream,
                        digests=np.array(digests),
                        vectors=np.stack([known[digest] for digest in digests]),
                    )
                Path(name).replace(path)
            finally:
                Path(name).unlink(missing_ok=True)
        except OSError as error:
            raise FileRefused.because(
                path,
                f"cannot be written ({(error.strerror or str(error)).lower()})",
                remedy="Free some space or name another folder.",
            ) from None

    def _load(self, encoder_digest: str) -> dict[str, Vectors]:
        if encoder_digest in self._known:
            return self._known[encoder_digest]
        path = self._path(encoder_digest)
        known: dict[str, Vectors] = {}
        if path.is_file():
            try:
                with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
                    digests, rows = stored["digests"].tolist(), stored["vectors"]
                    known = dict(zip(digests, rows, strict=True))
            except OSError as error:
                raise FileRefused.because(
                    path,
                    f"cannot be read ({(error.strerror or str(error)).lower()})",
                    remedy="Check its rights or name another folder.",
                ) from None
            except (BadZipFile, ValueError, KeyError, EOFError):
                raise FileRefused.because(
                    path, "is no file of vectors, or damaged", remedy="Delete it and run again."
                ) from None
        self._known[encoder_digest] = known
        return known
