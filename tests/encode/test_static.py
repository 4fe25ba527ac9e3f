"""The fast encoder: means of stored vectors, whatever stands beside a text."""

from __future__ import annotations

import shutil
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.core.errors import EncoderError
from autocode.encode import static
from autocode.encode.load import load_encoder
from autocode.encode.manifest import find_models_folder
from autocode.encode.protocol import Encoder


@pytest.fixture(scope="module")
def fast():
    return load_encoder("fast")


def test_similar_words_are_near(fast):
    assert isinstance(fast, Encoder)
    waiting, year, soup = fast.encode(
        ["I was on a waiting list for months.", "They kept me waiting a year.", "We ate soup."]
    )
    assert waiting.shape == (256,)
    assert waiting.dtype == np.float32
    assert np.linalg.norm(waiting) == pytest.approx(1, abs=1e-6)
    assert waiting @ year > 0.4 > waiting @ soup


@pytest.mark.slow
@given(st.lists(st.text(max_size=40), max_size=12), st.integers(1, 5))
def test_vectors_are_a_texts_own_and_numbers(fast, texts, at_once):
    together = fast.encode(texts)
    assert np.isfinite(together).all()
    parts = [fast.encode(texts[at : at + at_once]) for at in range(0, len(texts), at_once)]
    assert b"".join(part.tobytes() for part in parts) == together.tobytes()


def test_text_without_known_pieces_is_a_row_of_zeros(fast):
    found = fast.encode(["", " \n", "We ate soup.", "\u200b"])
    assert found.any(axis=1).tolist() == [False, False, True, False]
    assert fast.encode([]).shape == (0, 256)


def test_order_of_words_does_not_count(fast):
    first, second = fast.encode(["dog bites man", "man bites dog"])
    assert first == pytest.approx(second, abs=1e-6)


def test_long_text_is_read_whole_in_little_memory(fast, monkeypatch):
    batches = []
    encode = static._encode_batch
    monkeypatch.setattr(
        static, "_encode_batch", lambda *given: batches.append(len(given[2])) or encode(*given)
    )
    monkeypatch.setattr(static, "_CHARACTERS", 3000)
    end = fast.encode(["soup " * 500 + "waiting " * 500, "Sure.", "No.", "word " * 700])
    assert batches == [1, 2, 1]
    assert end[0] @ fast.encode(["waiting"])[0] > 0.4


def test_altered_table_is_refused(tmp_path, monkeypatch):
    models = tmp_path / "models"
    shutil.copytree(find_models_folder(), models)
    weights = models / "fast" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"!")
    for module in (static, sys.modules["autocode.encode.manifest"]):
        monkeypatch.setattr(module, "find_models_folder", lambda: models)
    altered = load_encoder("fast")
    with pytest.raises(EncoderError, match="SHA-256"):
        altered.encode(["We waited."])
    shutil.rmtree(models / "fast")
    with pytest.raises(EncoderError, match="missing"):
        load_encoder("fast")


@pytest.mark.slow
def test_no_model_is_loaded_for_it():
    code = (
        "import sys, autocode\n"
        "autocode.load_encoder('fast').encode(['We waited.'])\n"
        "print(sorted({'torch', 'transformers', 'onnxruntime', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_file_is_of_model2vecs_own_format(fast):
    model2vec = pytest.importorskip("model2vec", reason="the model2vec library is not installed")
    theirs = model2vec.StaticModel.from_pretrained(str(find_models_folder() / "fast"))
    texts = ["We waited for months, then my sister rang.", "Sure."]
    assert theirs.encode(texts) == pytest.approx(fast.encode(texts), abs=2e-3)
