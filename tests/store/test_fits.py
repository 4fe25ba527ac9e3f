"""Fits kept in the study file: bit by bit or not at all, and never more than is allowed."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import select

from autocode.store import fits as module
from autocode.store import schema as t
from autocode.store.file import open_study
from autocode.store.fits import (
    StudyFitCache,
    drop_fits,
    list_fits,
    pack_arrays,
    unpack_arrays,
)

ARRAYS = {
    "factors": np.random.default_rng(0).standard_normal((7, 3)).astype(np.float32),
    "axes": np.asfortranarray(np.random.default_rng(1).standard_normal((5, 3))),
    "flags": np.array([True, False]),
    "terms": np.frombuffer(b"chair\nloud", dtype=np.uint8),
    "rows": np.arange(3, dtype=np.int32),
    "nothing": np.zeros((0, 4)),
}


def digests(study):
    with study.reading() as connection:
        return set(connection.execute(select(t.fits.c.digest)).scalars())


def alter(study, **values):
    with study.keeping() as connection:
        connection.execute(t.fits.update().values(values))


def test_arrays_come_back_bit_by_bit_and_in_the_same_order_in_memory(study, path):
    StudyFitCache(study).put("words", "a", ARRAYS)
    study.close()
    again = open_study(path)
    found = StudyFitCache(again).get("a")
    again.close()
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert found[name].tobytes("A") == array.tobytes("A")
        assert found[name].flags.f_contiguous == array.flags.f_contiguous


def test_what_is_not_known_or_damaged_is_none(study):
    cache = StudyFitCache(study)
    assert cache.get("a") is None
    cache.put("words", "a", ARRAYS)
    packed = pack_arrays(ARRAYS)
    alter(study, content=packed[:-1] + b"x")
    assert cache.get("a") is None
    cache.put("words", "a", ARRAYS)
    assert cache.get("a") is not None, "what is made anew takes the place of what is damaged"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 40,
        pack_arrays(ARRAYS)[:-16],
        pack_arrays(ARRAYS) + bytes(16),
        pack_arrays(ARRAYS).replace(b'"<f8"', b'"|O8"'),
        pack_arrays({"a": np.zeros(4)}).replace(b"[4]", b"[9]"),
        pack_arrays({"a": np.zeros(4)}).replace(b"[4]", b"-44"),
        (4).to_bytes(8, "little") + b"[[1]]",
    ],
)
def test_bytes_of_anything_else_are_none(content):
    assert unpack_arrays(content) is None


def test_objects_are_not_packed():
    with pytest.raises(ValueError, match="'a'"):
        pack_arrays({"a": np.array([print], dtype=object)})


def test_fits_used_longest_ago_go_first(study, monkeypatch):
    monkeypatch.setattr(module, "MOST_OF_KIND", 3)
    cache = StudyFitCache(study)
    for name in "abc":
        cache.put("model", name, {"x": np.zeros(4)})
    assert cache.get("a") is not None
    cache.put("model", "d", {"x": np.zeros(4)})
    assert digests(study) == {"a", "c", "d"}
    cache.put("words", "w", {"x": np.zeros(4)})
    assert digests(study) == {"a", "c", "d", "w"}, "each kind is counted by itself"


def test_fits_are_held_to_a_size(study, monkeypatch):
    one = len(pack_arrays({"x": np.zeros(1000)}))
    monkeypatch.setattr(module, "MOST_BYTES", 2 * one)
    cache = StudyFitCache(study)
    for name in "abc":
        cache.put("model", name, {"x": np.zeros(1000)})
    assert digests(study) == {"b", "c"}


def test_keeping_and_dropping_fits_is_no_change_of_the_study(study):
    from autocode.store.file import revision

    with study.reading() as connection:
        before = revision(connection).number
    StudyFitCache(study).put("model", "a", ARRAYS)
    with study.keeping() as connection:
        (kept,) = list_fits(connection)
        assert (kept.kind, kept.n_fits) == ("model", 1)
        assert kept.n_bytes == len(pack_arrays(ARRAYS))
        assert drop_fits(connection) == 1
    with study.reading() as connection:
        assert revision(connection).number == before
        assert list_fits(connection) == []
