"""An exported model as onnxruntime runs it: the only adapter to onnxruntime and its tokenizers.

Neither torch nor transformers is loaded. A folder holds the graph with pooling and normalisation
inside, the tokenizer, and a record with the digests of both; `onnx_export` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..core.errors import EncoderError
from .cache_folder import RECORD
from .manifest import hash_file
from .protocol import Vectors

GRAPH, TOKENIZER = "model.onnx", "tokenizer.json"
EXPORT_SCHEMA = 1
"""Changes when exports of before can no longer be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRecord:
    """What an export is of, what it was verified with, and what its files must hash to.

    `fewest` is the smallest batch that gives the same bits as a full one, `max_difference` the
    largest absolute difference from the original's unit vectors at verification.
    """

    schema: int
    model_digest: str
    graph_digest: str
    tokenizer_digest: str
    n_dimensions: int
    fewest: int
    max_difference: float
    exported_with: str


class OnnxModel:
    """A loaded export. `tokenize` and `run` may be called by several threads at once."""

    def __init__(self, folder: Path, record: ExportRecord) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # One thread a call, which does not spin: callers bring as many threads as there are cores.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # Without this, memory grows with every new length of text.
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / GRAPH), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        except Exception as error:  # both libraries raise classes of their own, unexported
            raise EncoderError(
                f"{folder}: the exported model cannot be loaded"
                f" ({type(error).__name__}). Delete the folder; it is made again."
            ) from error
        self._inputs = {entry.name for entry in self._session.get_inputs()}
        self.record = record

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of the tokens of each text, cut at the model's own limit."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]

    def run(self, ids: npt.NDArray[np.int64]) -> Vectors:
        """Unit vectors (n_texts, n_dimensions) of texts of one token count (n_texts, n_tokens)."""
        missing = max(0, self.record.fewest - len(ids))
        filled = np.concatenate([ids, np.repeat(ids[:1], missing, axis=0)]) if missing else ids
        return self.run_as_given(filled)[: len(ids)]

    def run_as_given(self, ids: npt.NDArray[np.int64]) -> Vectors:
        """The same, for a batch of any size: of one too small, the last bits may differ."""
        given = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        fed = {name: array for name, array in given.items() if name in self._inputs}
        vectors: Vectors = self._session.run(None, fed)[0]
        return vectors


def locate_export(cache: Path, model_digest: str) -> Path:
    """Where the export of a model lies in a cache folder."""
    return cache / "models" / f"{model_digest[:32]}.{EXPORT_SCHEMA}"


def find_export(folder: Path, *, model_digest: str) -> OnnxModel | None:
    """The export in `folder`, or None where there is none of this model, or an altered one."""
    record = read_record(folder)
    if record is None or record.model_digest != model_digest:
        return None
    if hash_file(folder / GRAPH) != record.graph_digest:
        return None
    if hash_file(folder / TOKENIZER) != record.tokenizer_digest:
        return None
    return OnnxModel(folder, record)


def read_record(folder: Path) -> ExportRecord | None:
    """The record of the export in `folder`, or None where there is no whole one."""
    if not all((folder / name).is_file() for name in (GRAPH, TOKENIZER, RECORD)):
        return None
    try:
        row = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        record = ExportRecord(**row)
    except (ValueError, TypeError):
        return None
    return record if record.schema == EXPORT_SCHEMA else None


def write_record(folder: Path, record: ExportRecord) -> None:
    """Write the record; the last of the files, so that a folder with one is whole."""
    text = json.dumps(asdict(record), indent=2, sort_keys=True) + "\n"
    (folder / RECORD).write_text(text, encoding="utf-8")
