"""sentence-transformers models: the only adapter to torch and the model hub.

Vectors must not depend on the order of the texts or on the number of cores. Padding and the
number of torch threads both change the last bits of a vector, so texts are put in batches of
equal token length (no padding, at least four rows), and each worker runs torch on one thread; two
workers then give the same bits as one. Measured on 600 interview turns and 2 cores this is also
faster than the library's own batching (6.5 s against 8.1 s).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import EncoderError
from ..core.progress import Progress, silent
from .manifest import find_carried_folder, hash_folder, read_manifest, verify
from .protocol import Vectors

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_DEFAULT_NAMES = {DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"}
_BATCH = 32
_FEWEST = 4


class SentenceEncoder:
    """A sentence-transformers model, loaded at the first text.

    Build it with `load_sentence_encoder`, which finds and checks the files.
    """

    def __init__(self, name: str, folder: Path, *, digest: str, n_dimensions: int) -> None:
        self._name = name
        self._folder = folder
        self._digest = digest
        self._n_dimensions = n_dimensions
        self._model: Any = None

    @property
    def name(self) -> str:
        """The name a person would use."""
        return self._name

    @property
    def digest(self) -> str:
        """SHA-256 over the files of the model."""
        return self._digest

    @property
    def n_dimensions(self) -> int:
        """Width of a vector."""
        return self._n_dimensions

    def encode(self, texts: Sequence[str], *, progress: Progress = silent) -> Vectors:
        """Unit vectors of `texts`, in their order, shape (len(texts), n_dimensions).

        Long texts are cut at the model's own limit (256 word pieces for the default model).
        """
        vectors = np.zeros((len(texts), self._n_dimensions), dtype=np.float32)
        wordy = [i for i, text in enumerate(texts) if any(map(str.isalnum, text))]
        if not wordy:
            return vectors
        model = self._load()
        batches = _equal_batches(_token_counts(model, [texts[i] for i in wordy]))
        done = 0

        def encode_batch(batch: list[int]) -> tuple[list[int], Vectors]:
            rows = [wordy[i] for i in batch]
            # Matrix kernels differ by a bit with the size of a batch, so small ones are filled up.
            filled = [texts[i] for i in rows + rows[:1] * (_FEWEST - len(rows))]
            encoded: Vectors = model.encode(
                filled,
                batch_size=len(filled),
                show_progress_bar=False,
                normalize_embeddings=True,
            )
            return rows, encoded[: len(rows)]

        with _single_threaded_torch() as pool:
            for rows, encoded in pool.map(encode_batch, batches):
                vectors[rows] = encoded
                done += len(rows)
                progress("Encoding", done, len(wordy))
        return vectors

    def load_model(self) -> Any:  # noqa: ANN401 - the library has no public type for it
        """The model itself, for those who read its inner states."""
        return self._load()

    def _load(self) -> Any:  # noqa: ANN401 - the library has no public type for it
        if self._model is None:
            from safetensors import SafetensorError
            from sentence_transformers import SentenceTransformer

            try:
                with _without_progress_bars():
                    self._model = SentenceTransformer(
                        str(self._folder), device="cpu", local_files_only=True
                    )
            except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
                raise EncoderError(
                    f"{self._folder}: not a sentence-transformers model ({_first_line(error)}). "
                    "Give the folder that holds modules.json, or another model."
                ) from error
        return self._model


def load_sentence_encoder(
    model: str = DEFAULT_MODEL, *, allow_download: bool = False
) -> SentenceEncoder:
    """A sentence-transformers model: the carried default, a folder, or a name on the model hub.

    Nothing is fetched unless `allow_download` is true and the model is named.

    Raises:
        EncoderError: if the files are missing or altered, or a download would be needed.
    """
    if model in _DEFAULT_NAMES:
        manifest = read_manifest(DEFAULT_MODEL)
        folder = find_carried_folder(manifest)
        verify(folder, manifest)
        return SentenceEncoder(
            DEFAULT_MODEL, folder, digest=manifest.digest, n_dimensions=manifest.n_dimensions
        )
    local = Path(model).expanduser()
    folder = local if local.is_dir() else _hub_folder(model, allow_download=allow_download)
    if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
        raise EncoderError(
            f"{folder}: holds neither modules.json nor config.json. "
            "Give the folder of a sentence-transformers model."
        )
    encoder = SentenceEncoder(model, folder, digest=hash_folder(folder), n_dimensions=0)
    loaded = encoder._load()
    width = getattr(loaded, "get_embedding_dimension", loaded.get_sentence_embedding_dimension)()
    encoder._n_dimensions = int(width)
    return encoder


def _hub_folder(model: str, *, allow_download: bool) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, local_files_only=not allow_download))
    except HFValidationError:
        raise EncoderError(
            f"'{model}' is neither a folder here nor a model name. "
            "Give the path of a model folder, or a name such as 'BAAI/bge-small-en-v1.5'."
        ) from None
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        if allow_download:
            raise EncoderError(
                f"The model '{model}' could not be fetched ({_first_line(error)}). "
                "Check the name and the connection, or give a folder."
            ) from error
        raise EncoderError(
            f"The model '{model}' is not on this machine. Nothing is downloaded unless you ask: "
            "add --allow-download, or give the path of a folder that holds it."
        ) from None


@contextmanager
def _without_progress_bars() -> Iterator[None]:
    """Keep transformers from drawing its own bars while we load; then as the host had it."""
    from transformers.utils import logging

    had_bars = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if had_bars:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _token_counts(model: Any, texts: Sequence[str]) -> list[int]:  # noqa: ANN401 - untyped
    limit = model.max_seq_length or 512
    pieces = model.tokenizer(list(texts), truncation=True, max_length=limit)
    return [len(row) for row in pieces["input_ids"]]


def _equal_batches(counts: Sequence[int]) -> list[list[int]]:
    """Row numbers in batches of one token count each, longest first (steadier progress)."""
    by_count: dict[int, list[int]] = {}
    for row, count in enumerate(counts):
        by_count.setdefault(count, []).append(row)
    return [
        rows[at : at + _BATCH]
        for _, rows in sorted(by_count.items(), reverse=True)
        for at in range(0, len(rows), _BATCH)
    ]


@contextmanager
def _single_threaded_torch() -> Iterator[ThreadPoolExecutor]:
    """Workers in each of which torch runs on one thread; the host's own number is kept.

    torch's setting is a thread's own, except that threads begun later take the last one set.
    """
    import torch

    threads = torch.get_num_threads()
    try:
        with ThreadPoolExecutor(
            max_workers=os.cpu_count() or 1, initializer=torch.set_num_threads, initargs=(1,)
        ) as pool:
            yield pool
    finally:
        torch.set_num_threads(threads)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
