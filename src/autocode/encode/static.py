"""The fast encoder: a text is the mean of stored vectors of its word pieces (model2vec).

Distilled from the default model (Tulkens and van Dongen 2024; `eval/distill_static_encoder.py` is
the recipe), about sixty times as fast, and coarser: context and the order of words are gone. The
files are in model2vec's format; `models/fast/README.md` is the card.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import EncoderError
from ..core.progress import Progress, silent
from .manifest import Manifest, find_models_folder, read_manifest, verify
from .protocol import IdentifiedEncoder, Vectors

FAST = "fast"
_AT_ONCE = 256
"""Texts in a batch: their rows of the table fit into a core's cache."""
_CHARACTERS = 1 << 20
"""Most characters in a batch, so that a few long texts do not fill the memory."""


class StaticEncoder(IdentifiedEncoder):
    """A table of vectors of word pieces, loaded at the first text.

    Files given with a `manifest` are compared with it before they are loaded.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        *,
        digest: str,
        n_dimensions: int,
        manifest: Manifest | None = None,
    ) -> None:
        super().__init__(name, digest=digest, n_dimensions=n_dimensions)
        self._manifest = manifest
        self._folder = folder
        self._loaded: tuple[Any, Vectors] | None = None

    def encode(self, texts: Sequence[str], *, progress: Progress = silent) -> Vectors:
        """Unit vectors of `texts`, in their order; a text without known pieces is a row of zeros.

        The whole of a text counts, however long it is.

        Raises:
            EncoderError: if the files are not those of the manifest.
        """
        vectors = np.zeros((len(texts), self._n_dimensions), dtype=np.float32)
        if texts:
            tokenizer, table = self._load()
            for rows in _cut_batches(texts):
                vectors[rows] = _encode_batch(tokenizer, table, texts[rows])
                progress("Encoding", rows.stop, len(texts))
        return vectors

    def _load(self) -> tuple[Any, Vectors]:
        if self._loaded is None:
            if self._manifest is not None:
                verify(self._folder, self._manifest)
            from safetensors.numpy import load_file
            from tokenizers import Tokenizer

            table = load_file(self._folder / "model.safetensors")["embeddings"]
            tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
            self._loaded = tokenizer, table.astype(np.float32)
        return self._loaded


def load_fast_encoder() -> StaticEncoder:
    """The fast encoder that comes with autocode.

    Raises:
        EncoderError: if its files are missing; at the first text, if they are altered.
    """
    manifest = read_manifest(FAST)
    folder = find_models_folder() / manifest.folder
    if not folder.is_dir():
        raise EncoderError(f"{folder} is missing. Install autocode again.")
    return StaticEncoder(
        manifest.name,
        folder,
        digest=manifest.digest,
        n_dimensions=manifest.n_dimensions,
        manifest=manifest,
    )


def _cut_batches(texts: Sequence[str]) -> list[slice]:
    batches, start, characters = [], 0, 0
    for row, text in enumerate(texts):
        if row > start and (row - start == _AT_ONCE or characters + len(text) > _CHARACTERS):
            batches.append(slice(start, row))
            start, characters = row, 0
        characters += len(text)
    return [*batches, slice(start, len(texts))]


def _encode_batch(tokenizer: Any, table: Vectors, texts: Sequence[str]) -> Vectors:  # noqa: ANN401 - untyped
    pieces = [
        encoding.ids
        for encoding in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    ]
    counts = np.array([len(ids) for ids in pieces])
    vectors = np.zeros((len(texts), table.shape[1]), dtype=np.float32)
    wordy = np.flatnonzero(counts)
    if not wordy.size:
        return vectors
    ids = np.fromiter((i for row in pieces for i in row), dtype=np.intp, count=int(counts.sum()))
    starts = np.concatenate([[0], np.cumsum(counts[wordy])[:-1]])
    # Sums, not means: the length of a vector is made 1 in any case.
    sums = np.add.reduceat(table[ids], starts, axis=0)
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    vectors[wordy] = sums / np.where(norms == 0, 1, norms)
    return vectors
