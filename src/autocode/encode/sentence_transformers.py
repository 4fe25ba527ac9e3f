"""sentence-transformers models: the only adapter to that library and to the model hub.

A model is exported to ONNX once and runs on onnxruntime from then on (`onnx_export`, `onnx_model`);
on torch where it cannot be exported, and where there is a GPU. Vectors must not depend on the order
of the texts or on the number of cores. Padding and the number of threads both change the last bits
of a vector, so texts are put in batches of equal token length, and each worker computes on one
thread; two workers then give the same bits as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import EncoderError
from ..core.progress import Progress, silent
from ..cores import count_usable_cores
from .cache_folder import find_cache_folder
from .equal_lengths import group_by_length
from .manifest import Manifest, find_carried_folder, hash_folder, read_manifest, verify
from .onnx_model import OnnxModel, find_export, locate_export, read_record
from .protocol import IdentifiedEncoder, Vectors

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_DEFAULT_NAMES = {DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"}
_FEWEST = 4
_AT_ONCE = 8192
"""Texts whose tokens are in memory at once."""
_GPU = Path("/dev/nvidia0")
"""There where the driver of an NVIDIA card is; asked before torch is loaded for it."""

Encoded = Iterator[tuple[list[int], Vectors]]
"""Numbers of rows, and their vectors, batch by batch."""
Compute = Callable[[Sequence[str]], Encoded]


class SentenceEncoder(IdentifiedEncoder):
    """A sentence-transformers model, loaded at the first text.

    Build it with `load_sentence_encoder`, which finds the files. Those of a pinned model, given
    with its `manifest`, are compared with it before anything is computed with them.
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
        self._folder = folder
        self._unverified = manifest
        self._model: Any = None
        self._exported: OnnxModel | None = None
        self._exported_sought = False

    def encode(self, texts: Sequence[str], *, progress: Progress = silent) -> Vectors:
        """Unit vectors of `texts`, in their order, shape (len(texts), n_dimensions).

        Long texts are cut at the model's own limit (256 word pieces for the default model).

        Raises:
            EncoderError: if the files of a pinned model are altered, or of no model.
        """
        vectors = np.zeros((len(texts), self._n_dimensions), dtype=np.float32)
        wordy = [i for i, text in enumerate(texts) if any(map(str.isalnum, text))]
        if not wordy:
            return vectors
        done = 0
        compute = self._choose_compute()
        for at in range(0, len(wordy), _AT_ONCE):
            rows = wordy[at : at + _AT_ONCE]
            for batch, encoded in compute([texts[row] for row in rows]):
                vectors[[rows[i] for i in batch]] = encoded
                done += len(batch)
                progress("Encoding", done, len(wordy))
        return vectors

    @property
    def runtime(self) -> str:
        """What computes the vectors here: "onnxruntime", "torch" or "torch on a GPU"."""
        self._verify()
        if _has_gpu():
            return "torch on a GPU"
        return "torch" if self._find_exported() is None else "onnxruntime"

    def _choose_compute(self) -> Compute:
        self._verify()
        if _has_gpu():
            return lambda texts: _compute_on_gpu(self._load(), texts)
        exported = self._find_exported()
        if exported is not None:
            return lambda texts: _compute_exported(exported, texts)
        return lambda texts: _compute_on_torch(self._load(), texts)

    def _find_exported(self) -> OnnxModel | None:
        """The verified export, made at the first call; None where the model cannot be exported."""
        if not self._exported_sought:
            folder = locate_export(find_cache_folder(), self._digest)
            self._exported = find_export(folder, model_digest=self._digest)
            if self._exported is None:
                from .onnx_export import export_model

                self._exported = export_model(self._load(), folder, model_digest=self._digest)
            self._exported_sought = True
        return self._exported

    def load_model(self) -> Any:  # noqa: ANN401 - the library has no public type for it
        """The model itself, for those who read its inner states."""
        return self._load()

    def _verify(self) -> None:
        """Compare the files with the manifest, once: a study whose vectors are kept needs none."""
        if self._unverified is not None:
            verify(self._folder, self._unverified)
            self._unverified = None

    def _load(self) -> Any:  # noqa: ANN401 - the library has no public type for it
        self._verify()
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
        EncoderError: if the files are missing, or a download would be needed; at the first text,
            if they are altered.
    """
    if model in _DEFAULT_NAMES:
        manifest = read_manifest(DEFAULT_MODEL)
        return SentenceEncoder(
            DEFAULT_MODEL,
            find_carried_folder(manifest),
            digest=manifest.digest,
            n_dimensions=manifest.n_dimensions,
            manifest=manifest,
        )
    local = Path(model).expanduser()
    folder = local if local.is_dir() else _hub_folder(model, allow_download=allow_download)
    if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
        raise EncoderError(
            f"{folder}: holds neither modules.json nor config.json. "
            "Give the folder of a sentence-transformers model."
        )
    digest = hash_folder(folder)
    record = read_record(locate_export(find_cache_folder(), digest))
    encoder = SentenceEncoder(
        model, folder, digest=digest, n_dimensions=0 if record is None else record.n_dimensions
    )
    if record is None:
        encoder._n_dimensions = _read_width(encoder.load_model())
    return encoder


def _read_width(model: Any) -> int:  # noqa: ANN401 - the library has no public type for it
    """The method has another name since sentence-transformers 5.4."""
    newer = getattr(model, "get_embedding_dimension", None)
    return int((newer or model.get_sentence_embedding_dimension)())


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


def _compute_exported(model: OnnxModel, texts: Sequence[str]) -> Encoded:
    ids = model.tokenize(texts)

    def encode_batch(batch: list[int]) -> tuple[list[int], Vectors]:
        return batch, model.run(np.array([ids[row] for row in batch], dtype=np.int64))

    with ThreadPoolExecutor(max_workers=count_usable_cores()) as pool:
        yield from pool.map(encode_batch, group_by_length([len(row) for row in ids]))


def _compute_on_torch(model: Any, texts: Sequence[str]) -> Encoded:  # noqa: ANN401 - untyped
    def encode_batch(batch: list[int]) -> tuple[list[int], Vectors]:
        # Matrix kernels differ by a bit with the size of a batch, so small ones are filled up.
        filled = [texts[row] for row in batch + batch[:1] * (_FEWEST - len(batch))]
        return batch, _encode_texts(model, filled)[: len(batch)]

    with _single_threaded_torch() as pool:
        yield from pool.map(encode_batch, group_by_length(_count_tokens(model, texts)))


def _compute_on_gpu(model: Any, texts: Sequence[str]) -> Encoded:  # noqa: ANN401 - untyped
    """One batch after the other: the card is parallel enough."""
    model.to("cuda")
    for batch in group_by_length(_count_tokens(model, texts), size=256):
        yield batch, _encode_texts(model, [texts[row] for row in batch])


def _encode_texts(model: Any, texts: Sequence[str]) -> Vectors:  # noqa: ANN401 - untyped
    vectors: Vectors = model.encode(
        list(texts), batch_size=len(texts), show_progress_bar=False, normalize_embeddings=True
    )
    return vectors


def _has_gpu() -> bool:
    if not _GPU.exists():
        return False
    import torch

    return bool(torch.cuda.is_available())


def _count_tokens(model: Any, texts: Sequence[str]) -> list[int]:  # noqa: ANN401 - untyped
    limit = model.max_seq_length or 512
    pieces = model.tokenizer(list(texts), truncation=True, max_length=limit)
    return [len(row) for row in pieces["input_ids"]]


@contextmanager
def _single_threaded_torch() -> Iterator[ThreadPoolExecutor]:
    """Workers in each of which torch runs on one thread; the host's own number is kept.

    torch's setting is a thread's own, except that threads begun later take the last one set.
    """
    import torch

    threads = torch.get_num_threads()
    try:
        with ThreadPoolExecutor(
            max_workers=count_usable_cores(), initializer=torch.set_num_threads, initargs=(1,)
        ) as pool:
            yield pool
    finally:
        torch.set_num_threads(threads)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
