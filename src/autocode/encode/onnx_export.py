"""Export a sentence-transformers model to ONNX, and use it only if it gives the same vectors.

Tokens in, unit vectors out: pooling and normalisation are inside the graph, so that nothing but
onnxruntime is needed to run it.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from .equal_lengths import group_by_length
from .manifest import hash_file
from .onnx_model import EXPORT_SCHEMA, GRAPH, TOKENIZER, ExportRecord, OnnxModel, write_record
from .protocol import Vectors

_log = logging.getLogger("autocode.encode")

_OPSET = 17
_MOST_DIFFERENCE = 1e-5
"""Between the original's vectors and the export's; what sums in another order makes is 1e-7."""
_SIZES = (1, 2)
_FULL = 4
"""Rows in a batch from which on none has been seen to give other bits."""
_TYPE_IDS = "token_type_ids"

_SAMPLES = (
    "Sure.",
    "I was on a waiting list for months, and nobody rang.",
    "NOBODY RANG. Not once!",
    "It's in the minutes now; they've “put on” a Friday one…",
    "Well, um, yeah: 10:30, 2,5 km, https://example.org/a?b=c, a@b.org, #42.",
    "Ich hätte mir mehr Zeit gewünscht, ehrlich gesagt, für das Gespräch.",
    "Je n'ai rien compris à l'époque, ni à l'été d'après.",
    "我們等了三個月。没有人打电话来。",
    "Мы ждали три месяца, и никто не позвонил.",
    "لم يتصل بنا أحد",
    "👩‍👧‍👦 we cried 😭😭 and then we laughed 🤷🏽",
    "e\u0301 and \u00e9, a\u00a0b, tab\tand\nline",
    "a" * 400,
    "word " * 600,
    "She said that the letter, which had come in March, told them nothing they did not know. " * 4,
    "The sister of the neighbour rang the ward about it, and then again on Monday. " * 9,
)
"""Short and long (also beyond the model's limit), several scripts, marks, emoji, white space."""


def export_model(model: Any, folder: Path, *, model_digest: str) -> OnnxModel | None:  # noqa: ANN401 - untyped
    """Write `model` (a SentenceTransformer) to `folder`, verified; None where that cannot be done.

    It cannot if the folder cannot be written, the exporter fails, or the vectors differ by more
    than 1e-5; the reason is logged, and the original has to be used.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".", suffix=".part"))
    except OSError as error:
        _log.warning("No exported model is kept: %s cannot be written (%s).", folder.parent, error)
        return None
    try:
        exported = _export_verified(model, part, model_digest=model_digest)
        if exported is None:
            return None
        if folder.exists():
            shutil.rmtree(folder)
        part.replace(folder)
    except OSError as error:
        # Another process may just have put the same export there.
        _log.warning("The exported model was not kept in %s (%s).", folder, error)
        return None
    else:
        return exported
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _export_verified(model: Any, part: Path, *, model_digest: str) -> OnnxModel | None:  # noqa: ANN401 - untyped
    import torch

    try:
        _write_tokenizer(model, part / TOKENIZER)
        _write_graph(model, part / GRAPH)
    except Exception as error:  # the exporter may raise anything; the original runs all the same
        _log.warning("This model cannot be exported (%s); it runs on torch.", type(error).__name__)
        return None
    trial = ExportRecord(
        schema=EXPORT_SCHEMA,
        model_digest=model_digest,
        graph_digest=hash_file(part / GRAPH),
        tokenizer_digest=hash_file(part / TOKENIZER),
        n_dimensions=0,
        fewest=_FULL,
        max_difference=0.0,
        exported_with=f"torch {torch.__version__}, opset {_OPSET}",
    )
    try:
        record = _verify(model, OnnxModel(part, trial))
        exported = None if record is None else OnnxModel(part, record)
    except Exception as error:
        _log.warning("The exported model fails (%s); torch is used.", type(error).__name__)
        return None
    if record is not None:
        write_record(part, record)
    return exported


def _write_tokenizer(model: Any, path: Path) -> None:  # noqa: ANN401 - untyped
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    tokenizer.no_padding()
    tokenizer.enable_truncation(model.max_seq_length or 512)
    tokenizer.save(str(path))


def _write_graph(model: Any, path: Path) -> None:  # noqa: ANN401 - untyped
    import torch

    if getattr(model, "default_prompt_name", None):
        raise ValueError("the model puts a prompt before each text")
    model.eval()
    ids = torch.randint(1000, 2000, (4, 12))
    given = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    if _TYPE_IDS in model.tokenizer.model_input_names:
        given[_TYPE_IDS] = torch.zeros_like(ids)
    with torch.no_grad(), _quiet():
        torch.onnx.export(
            _build_graph_module(model, list(given)),
            tuple(given.values()),
            str(path),
            input_names=list(given),
            output_names=["vectors"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in given}
            | {"vectors": {0: "texts"}},
            opset_version=_OPSET,
            dynamo=False,
        )
    # Tracing may leave a model in another state than it was in.
    model.eval()


def _build_graph_module(model: Any, names: Sequence[str]) -> Any:  # noqa: ANN401 - untyped
    """Tokens to unit vectors, as one torch module.

    The mean over tokens is a product of matrices: unlike a sum, it gives the same bits for one
    text as for thirty-two, so that a text alone need not be computed twice.
    """
    import torch

    takes_mean = len(model) > 1 and _takes_only_the_mean(model[1])

    class TokensToVectors(torch.nn.Module):  # type: ignore[misc]  # torch is untyped here
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: Any) -> Any:  # noqa: ANN401 - torch's own signature
            features = dict(zip(names, tensors, strict=True))
            if takes_mean:
                features = self.model[0](features)
                states = features["token_embeddings"]
                mask = features["attention_mask"].to(states.dtype)[:, None, :]
                n_tokens = torch.clamp(mask.sum(-1), min=1e-9)
                features["sentence_embedding"] = torch.matmul(mask, states)[:, 0] / n_tokens
                for module in list(self.model)[2:]:
                    features = module(features)
            else:
                features = self.model(features)
            return torch.nn.functional.normalize(features["sentence_embedding"], p=2, dim=1)

    return TokensToVectors().eval()


def _takes_only_the_mean(pooling: Any) -> bool:  # noqa: ANN401 - untyped
    modes = getattr(pooling, "pooling_mode", None)
    if isinstance(modes, str):
        return modes == "mean"
    describe = getattr(pooling, "get_pooling_mode_str", None)
    return describe is not None and describe() == "mean"


def _verify(model: Any, exported: OnnxModel) -> ExportRecord | None:  # noqa: ANN401 - untyped
    """The record of an export that gives the original's vectors, in batches of any size."""
    original: Vectors = np.vstack(
        [
            model.encode([text], show_progress_bar=False, normalize_embeddings=True)
            for text in _SAMPLES
        ]
    )
    ids = exported.tokenize(_SAMPLES)
    vectors = np.zeros_like(original)
    fewest = 0
    for batch in group_by_length([len(row) for row in ids]):
        for row in batch:
            tokens = np.array([ids[row]] * _FULL, dtype=np.int64)
            full = exported.run(tokens)
            vectors[row] = full[0]
            fewest = max(fewest, _find_fewest(exported, tokens, full))
    difference = float(np.abs(vectors - original).max())
    if not difference <= _MOST_DIFFERENCE:
        _log.warning("The exported model's vectors differ by %.1e; torch is used.", difference)
        return None
    if fewest > max(_SIZES):
        _log.warning("The exported model's vectors depend on their batch; torch is used.")
        return None
    seen = exported.record
    return ExportRecord(
        schema=seen.schema,
        model_digest=seen.model_digest,
        graph_digest=seen.graph_digest,
        tokenizer_digest=seen.tokenizer_digest,
        n_dimensions=original.shape[1],
        fewest=fewest,
        max_difference=difference,
        exported_with=seen.exported_with,
    )


def _find_fewest(exported: OnnxModel, tokens: Any, full: Vectors) -> int:  # noqa: ANN401 - array
    """The smallest batch from which on every row has the bits it has in a full one."""
    fewest = max(_SIZES) + 1
    for size in sorted(_SIZES, reverse=True):
        if exported.run_as_given(tokens[:size]).tobytes() != full[:size].tobytes():
            break
        fewest = size
    return fewest


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporter's warnings about tracing to itself: the export is verified."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
