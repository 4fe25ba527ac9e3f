"""Vectors kept in the study file come back bit by bit."""

from __future__ import annotations

import contextlib
import os
import sqlite3

import numpy as np
import pytest

from autocode.encode.cache import MemoryShelf, encode_once
from autocode.encode.protocol import HashEncoder
from autocode.store.file import open_study
from autocode.store.vectors import StudyShelf


@pytest.fixture
def shelf(study):
    return StudyShelf(study)


def test_vectors_come_back_bit_by_bit_after_reopening(study, path, shelf):
    made = {
        f"t{i}": np.random.default_rng(i).standard_normal(5).astype(np.float32) for i in range(1203)
    }
    shelf.keep("e", made)
    study.close()
    again = open_study(path)
    found = StudyShelf(again).fetch("e", made)
    again.close()
    assert found.keys() == made.keys()
    assert all(found[key].tobytes() == made[key].tobytes() for key in made)
    assert {row.dtype for row in found.values()} == {np.dtype("<f4")}


def test_fetch_gives_only_what_was_asked_for_and_is_known(shelf):
    shelf.keep("e", {"t1": np.ones(3, np.float32), "t2": np.zeros(3, np.float32)})
    assert set(shelf.fetch("e", ["t2", "t2", "t9"])) == {"t2"}
    assert shelf.fetch("e", []) == {}


def test_encoders_do_not_share_vectors(shelf):
    shelf.keep("one", {"t": np.ones(3, np.float32)})
    shelf.keep("two", {"t": np.zeros(4, np.float32)})
    assert shelf.fetch("one", ["t"])["t"].tolist() == [1, 1, 1]
    assert shelf.fetch("two", ["t"])["t"].tolist() == [0, 0, 0, 0]
    assert shelf.fetch("three", ["t"]) == {}


def test_vectors_once_kept_stay(shelf):
    shelf.keep("e", {"t": np.ones(3, np.float32)})
    shelf.keep("e", {"t": np.zeros(3, np.float32), "u": np.zeros(3, np.float32)})
    assert shelf.fetch("e", ["t"])["t"].tolist() == [1, 1, 1]
    assert shelf.fetch("e", ["u"])["u"].tolist() == [0, 0, 0]


def test_vectors_are_stored_little_endian(shelf, path):
    shelf.keep("e", {"t": np.array([1.0, -2.0], dtype=">f4")})
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (blob,) = connection.execute("SELECT vector FROM vectors").fetchone()
    assert blob == bytes.fromhex("0000803f000000c0")


def test_read_only_study_forgets_new_vectors(study, path, shelf, monkeypatch):
    shelf.keep("e", {"t": np.ones(3, np.float32)})
    study.close()
    before = path.read_bytes()
    monkeypatch.setattr(os, "access", lambda path, mode, **_: not mode & os.W_OK)
    again = open_study(path)
    closed = StudyShelf(again)
    closed.keep("e", {"u": np.ones(3, np.float32)})
    assert set(closed.fetch("e", ["t", "u"])) == {"t"}
    again.close()
    assert path.read_bytes() == before


def test_study_and_memory_shelves_give_the_same(shelf):
    texts = ["I waited a year.", "My sister came.", "I waited a year.", ""]
    encoder = HashEncoder()
    first = encode_once(encoder, texts, shelf=shelf)
    assert encode_once(encoder, texts, shelf=shelf).tobytes() == first.tobytes()
    assert encode_once(encoder, texts, shelf=MemoryShelf()).tobytes() == first.tobytes()
