"""Vectors kept in the study file come back bit by bit."""

from __future__ import annotations

import contextlib
import os
import sqlite3

import numpy as np
import pytest

from autocode.encode.cache import MemoryVectorCache, encode_once
from autocode.encode.hashing import HashEncoder
from autocode.store.file import open_study
from autocode.store.vectors import StudyVectorCache


@pytest.fixture
def cache(study):
    return StudyVectorCache(study)


def test_vectors_come_back_bit_by_bit_after_reopening(study, path, cache):
    made = {
        f"t{i}": np.random.default_rng(i).standard_normal(5).astype(np.float32) for i in range(1203)
    }
    cache.put("e", made)
    study.close()
    again = open_study(path)
    found = StudyVectorCache(again).get("e", made)
    again.close()
    assert found.keys() == made.keys()
    assert all(found[key].tobytes() == made[key].tobytes() for key in made)
    assert {row.dtype for row in found.values()} == {np.dtype("<f4")}


def test_fetch_gives_only_what_was_asked_for_and_is_known(cache):
    cache.put("e", {"t1": np.ones(3, np.float32), "t2": np.zeros(3, np.float32)})
    assert set(cache.get("e", ["t2", "t2", "t9"])) == {"t2"}
    assert cache.get("e", []) == {}


def test_encoders_do_not_share_vectors(cache):
    cache.put("one", {"t": np.ones(3, np.float32)})
    cache.put("two", {"t": np.zeros(4, np.float32)})
    assert cache.get("one", ["t"])["t"].tolist() == [1, 1, 1]
    assert cache.get("two", ["t"])["t"].tolist() == [0, 0, 0, 0]
    assert cache.get("three", ["t"]) == {}


def test_vectors_once_kept_stay(cache):
    cache.put("e", {"t": np.ones(3, np.float32)})
    cache.put("e", {"t": np.zeros(3, np.float32), "u": np.zeros(3, np.float32)})
    assert cache.get("e", ["t"])["t"].tolist() == [1, 1, 1]
    assert cache.get("e", ["u"])["u"].tolist() == [0, 0, 0]


def test_vectors_are_stored_little_endian(cache, path):
    cache.put("e", {"t": np.array([1.0, -2.0], dtype=">f4")})
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (blob,) = connection.execute("SELECT vector FROM vectors").fetchone()
    assert blob == bytes.fromhex("0000803f000000c0")


def test_read_only_study_forgets_new_vectors(study, path, cache, monkeypatch):
    cache.put("e", {"t": np.ones(3, np.float32)})
    study.close()
    before = path.read_bytes()
    monkeypatch.setattr(os, "access", lambda path, mode, **_: not mode & os.W_OK)
    again = open_study(path)
    closed = StudyVectorCache(again)
    closed.put("e", {"u": np.ones(3, np.float32)})
    assert set(closed.get("e", ["t", "u"])) == {"t"}
    again.close()
    assert path.read_bytes() == before


def test_study_and_memory_shelves_give_the_same(cache):
    texts = ["I waited a year.", "My sister came.", "I waited a year.", ""]
    encoder = HashEncoder()
    first = encode_once(encoder, texts, cache=cache)
    assert encode_once(encoder, texts, cache=cache).tobytes() == first.tobytes()
    assert encode_once(encoder, texts, cache=MemoryVectorCache()).tobytes() == first.tobytes()
