"""Exported models: the original's vectors, the same bits in any batch, or the original itself."""

from __future__ import annotations

import dataclasses
import logging
import subprocess
import sys

import numpy as np
import pytest

from autocode.core.errors import EncoderError
from autocode.encode import onnx_export, onnx_model
from autocode.encode.cache_folder import RECORD
from autocode.encode.load import load_encoder
from autocode.encode.onnx_model import GRAPH, TOKENIZER, find_export, locate_export

from .test_sentence_transformers import talk

pytestmark = [pytest.mark.model, pytest.mark.slow]

TEXTS = [*talk(12), "Sure.", "", "word " * 400, "我們等了三個月。", "👩‍👧‍👦 cried 😭"]


def build_model(folder, *, pooling="mean", **options):
    """A sentence-transformers model of one tiny layer with the default model's tokenizer."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel

    try:
        from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    except ImportError:  # before 5.4
        from sentence_transformers.models import Pooling, Transformer

    whole = load_encoder().load_model()
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(whole.tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
    )
    inner = folder.parent / f"{folder.name}-inner"
    BertModel(config).save_pretrained(inner)
    whole.tokenizer.save_pretrained(inner)
    first = Transformer(str(inner))
    first.max_seq_length = 64
    SentenceTransformer(
        modules=[first, Pooling(32, pooling_mode=pooling)], device="cpu", **options
    ).save(str(folder))
    return str(folder)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache folder of its own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("AUTOCODE_CACHE", str(folder))
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return build_model(tmp_path_factory.mktemp("models") / "tiny")


def encode_on_torch(encoder):
    return np.vstack(
        [
            encoder.load_model().encode([text], normalize_embeddings=True, show_progress_bar=False)
            for text in TEXTS
        ]
    )


@pytest.mark.parametrize("pooling", ["mean", "cls", "max"])
def test_any_model_is_exported_and_gives_its_own_vectors(tmp_path, cache, pooling):
    encoder = load_encoder(build_model(tmp_path / "model", pooling=pooling))
    wordy = [bool(text) for text in TEXTS]
    assert encoder.runtime == "onnxruntime"
    found = encoder.encode(TEXTS)
    assert np.abs(found - encode_on_torch(encoder))[wordy].max() < 1e-5
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    assert alone.tobytes() == found.tobytes()


def test_second_time_the_export_is_read_and_torch_is_not(tmp_path, cache, tiny):
    first = load_encoder(tiny).encode(TEXTS)
    np.save(tmp_path / "texts.npy", np.array(TEXTS))
    code = (
        "import sys, numpy as np, autocode\n"
        f"encoder = autocode.load_encoder({tiny!r})\n"
        f"texts = np.load({str(tmp_path / 'texts.npy')!r}).tolist()\n"
        f"np.save({str(tmp_path / 'vectors.npy')!r}, encoder.encode(texts))\n"
        "print(sorted({'torch', 'transformers', 'sklearn', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"
    assert np.load(tmp_path / "vectors.npy").tobytes() == first.tobytes()


def test_altered_export_is_made_again(cache, tiny):
    encoder = load_encoder(tiny)
    first = encoder.encode(TEXTS)
    folder = locate_export(cache, encoder.digest)
    graph = (folder / GRAPH).read_bytes()
    for name in (GRAPH, TOKENIZER):
        raw = (folder / name).read_bytes()
        (folder / name).write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
        assert find_export(folder, model_digest=encoder.digest) is None
        assert load_encoder(tiny).encode(TEXTS).tobytes() == first.tobytes()
        assert (folder / GRAPH).read_bytes() == graph


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"schema": 0}', None])
def test_record_that_is_none_means_no_export(cache, tiny, record):
    encoder = load_encoder(tiny)
    encoder.encode(TEXTS[:1])
    folder = locate_export(cache, encoder.digest)
    if record is None:
        (folder / RECORD).unlink()
    else:
        (folder / RECORD).write_text(record)
    assert find_export(folder, model_digest=encoder.digest) is None


def test_export_of_another_model_is_not_taken(cache, tiny):
    encoder = load_encoder(tiny)
    encoder.encode(TEXTS[:1])
    folder = locate_export(cache, encoder.digest)
    assert find_export(folder, model_digest=encoder.digest) is not None
    assert find_export(folder, model_digest="0" * 64) is None


def check_torch_is_used(encoder):
    assert encoder.runtime == "torch"
    wordy = [bool(text) for text in TEXTS]
    assert np.abs(encoder.encode(TEXTS) - encode_on_torch(encoder))[wordy].max() < 1e-6


def test_export_with_other_vectors_is_not_used(cache, tiny, monkeypatch, caplog):
    exported = onnx_model.OnnxModel.run_as_given

    def shift(self, ids):
        return exported(self, ids) + np.float32(2e-5)

    monkeypatch.setattr(onnx_model.OnnxModel, "run_as_given", shift)
    check_torch_is_used(load_encoder(tiny))
    assert "vectors differ" in caplog.text
    assert [path for path in cache.rglob("*") if path.is_file()] == []


def test_export_whose_vectors_depend_on_the_batch_is_not_used(cache, tiny, monkeypatch, caplog):
    exported = onnx_model.OnnxModel.run_as_given

    def depend(self, ids):
        return exported(self, ids) + np.float32(1e-7 * len(ids))

    monkeypatch.setattr(onnx_model.OnnxModel, "run_as_given", depend)
    check_torch_is_used(load_encoder(tiny))
    assert "depend on their batch" in caplog.text


def test_model_that_cannot_be_exported_runs_on_torch(cache, tiny, monkeypatch, caplog):
    def fail(*_, **__):
        raise RuntimeError("no such operator")

    monkeypatch.setattr(onnx_export, "_write_graph", fail)
    check_torch_is_used(load_encoder(tiny))
    assert "cannot be exported (RuntimeError)" in caplog.text
    assert list((cache / "models").iterdir()) == []


def test_model_with_a_prompt_runs_on_torch(tmp_path, cache):
    name = build_model(
        tmp_path / "model", prompts={"query": "query: "}, default_prompt_name="query"
    )
    encoder = load_encoder(name)
    check_torch_is_used(encoder)


def test_cache_that_cannot_be_written_is_done_without(tmp_path, tiny, monkeypatch, caplog):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AUTOCODE_CACHE", str(tmp_path / "file"))
    with caplog.at_level(logging.WARNING, logger="autocode"):
        check_torch_is_used(load_encoder(tiny))
    assert "cannot be written" in caplog.text


def test_small_batches_are_filled_where_bits_depend_on_their_size(cache, tiny):
    encoder = load_encoder(tiny)
    encoder.encode(TEXTS[:1])
    model = find_export(locate_export(cache, encoder.digest), model_digest=encoder.digest)
    assert model is not None
    given = []
    plain = model.run_as_given
    model.run_as_given = lambda ids: given.append(len(ids)) or plain(ids)
    model.record = dataclasses.replace(model.record, fewest=4)
    ids = np.array([[101, 2057, 102]] * 6)
    assert [model.run(ids[:n]).shape for n in (1, 4, 6)] == [(1, 32), (4, 32), (6, 32)]
    assert given == [4, 4, 6]


def test_damaged_export_says_what_to_delete(tmp_path, cache, tiny):
    encoder = load_encoder(tiny)
    encoder.encode(TEXTS[:1])
    folder = locate_export(cache, encoder.digest)
    record = onnx_model.read_record(folder)
    (folder / GRAPH).write_bytes(b"no graph")
    with pytest.raises(EncoderError, match="Delete the folder"):
        onnx_model.OnnxModel(folder, record)


def test_default_model_needs_no_filling_up(cache):
    encoder = load_encoder()
    encoder.encode(TEXTS)
    record = onnx_model.read_record(locate_export(cache, encoder.digest))
    assert record.fewest == 1
    assert record.max_difference < 1e-6
