"""What every vector cache must do: in memory, in a folder, in the study, shared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from autocode.encode.cache import LayeredVectorCache, MemoryVectorCache, encode_once
from autocode.encode.folder_cache import FolderVectorCache
from autocode.encode.hashing import HashEncoder
from autocode.encode.shared_cache import SharedVectorCache
from autocode.store.file import create
from autocode.store.vectors import StudyVectorCache


@pytest.fixture(params=["memory", "folder", "study", "shared", "layered"])
def cache(request, tmp_path):
    if request.param == "memory":
        yield MemoryVectorCache()
    elif request.param == "folder":
        yield FolderVectorCache(tmp_path / "vectors")
    elif request.param == "shared":
        yield SharedVectorCache(tmp_path / "vectors")
    elif request.param == "layered":
        yield LayeredVectorCache(MemoryVectorCache(), SharedVectorCache(tmp_path / "vectors"))
    else:
        study = create(tmp_path / "s.autocode")
        yield StudyVectorCache(study)
        study.close()


def vector(n):
    return np.full(3, n, dtype=np.float32) / np.float32(7)


def test_cache_gives_back_the_same_bits(cache):
    cache.put("e", {"a": vector(1), "b": vector(2)})
    known = cache.get("e", ["b", "a"])
    assert known["a"].tobytes() == vector(1).tobytes()
    assert known["b"].tobytes() == vector(2).tobytes()


def test_cache_gives_only_what_was_asked_for_and_is_known(cache):
    cache.put("e", {"a": vector(1), "b": vector(2)})
    assert set(cache.get("e", ["a", "a", "never put"])) == {"a"}
    assert cache.get("e", []) == {}


def test_cache_keeps_encoders_apart(cache):
    cache.put("e", {"a": vector(1)})
    assert cache.get("another", ["a"]) == {}


def test_cache_takes_nothing(cache):
    cache.put("e", {})
    assert cache.get("e", ["a"]) == {}


def test_cache_adds_to_what_it_holds(cache):
    cache.put("e", {"a": vector(1)})
    cache.put("e", {"b": vector(2)})
    assert set(cache.get("e", ["a", "b"])) == {"a", "b"}


def test_cache_holds_what_several_threads_put_at_once(cache):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: cache.put("e", {f"t{n}": vector(n)}), range(24)))
    known = cache.get("e", [f"t{n}" for n in range(24)])
    assert {name: row.tobytes() for name, row in known.items()} == {
        f"t{n}": vector(n).tobytes() for n in range(24)
    }


def test_cache_makes_no_difference_to_what_is_encoded(cache):
    encoder, texts = HashEncoder(), [f"text {n}" for n in range(5)]
    expected = encoder.encode(texts).tobytes()
    for _ in range(2):
        assert encode_once(encoder, texts, cache=cache).tobytes() == expected
