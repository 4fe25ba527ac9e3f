"""The cache that studies share: many processes at once, nothing of what was dropped is left."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pytest

from autocode.core.errors import FileRefused
from autocode.encode.shared_cache import SharedVectorCache

WRITER = """
import sys
import numpy as np
from pathlib import Path
from autocode.encode.shared_cache import SharedVectorCache
cache, who = SharedVectorCache(Path(sys.argv[1])), sys.argv[2]
for n in range(40):
    row = np.full(8, n, np.float32)
    cache.put("e", {f"{who}-{n}": row, f"both-{n}": row})
"""


def vector(n):
    return np.full(4, n, dtype=np.float32)


@pytest.fixture
def cache(tmp_path):
    return SharedVectorCache(tmp_path / "cache")


def test_nothing_is_made_before_something_is_stored(cache):
    assert cache.get("e", ["a"]) == {}
    assert cache.list_encoders() == []
    assert cache.forget(["a"]) == cache.prune() == 0
    assert not cache.path.parent.exists()


def test_two_processes_may_write_at_once(cache):
    folder = str(cache.path.parent)
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, folder, who]) for who in ("one", "two")
    ]
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    assert cache.list_encoders()[0].n_vectors == 120
    known = cache.get("e", [f"both-{n}" for n in range(40)])
    assert {row[0] for row in known.values()} == set(range(40))


def test_who_makes_the_cache_waits_for_another_that_makes_it(cache):
    cache.path.parent.mkdir()
    with (
        closing(sqlite3.connect(cache.path, isolation_level=None)) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        other.execute("BEGIN IMMEDIATE")
        putting = pool.submit(cache.put, "e", {"a": vector(1)})
        with pytest.raises(TimeoutError):
            putting.result(timeout=0.3)
        other.execute("COMMIT")
        putting.result(timeout=60)
    assert set(cache.get("e", ["a"])) == {"a"}


def test_forgotten_vectors_leave_no_byte_behind(cache):
    secret = np.array([12345.678, 9.25, 7.5, 3.125], dtype=np.float32)
    cache.put("e", {"a": secret, "b": vector(1)})
    cache.put("other", {"a": secret})
    assert cache.forget(["a", "never there"]) == 2
    assert set(cache.get("e", ["a", "b"])) == {"b"}
    for path in cache.path.parent.iterdir():
        assert secret.tobytes() not in path.read_bytes()


def test_pruned_by_age_and_encoder(cache):
    cache.put("e", {"a": vector(1)})
    cache.put("f", {"a": vector(1), "b": vector(2)})
    with sqlite3.connect(cache.path) as connection:
        connection.execute("UPDATE vectors SET day = '2020-01-01' WHERE text_digest = 'a'")
    connection.close()
    assert cache.prune(encoder_digest="_") == cache.prune(encoder_digest="%") == 0
    assert cache.prune(days=30, encoder_digest="E") == 1
    assert cache.prune(days=30) == 1
    assert [(one.encoder_digest, one.n_vectors) for one in cache.list_encoders()] == [("f", 1)]
    assert cache.prune() == 1


@pytest.mark.parametrize(
    "content",
    [
        b"no database at all, but long enough to be looked at" * 40,
        "CREATE TABLE vectors (a); PRAGMA user_version = 1",
        "CREATE TABLE vectors (a); PRAGMA user_version = 2",
        "CREATE TABLE somebody_elses (a)",
    ],
)
def test_file_that_is_no_cache_is_refused_in_one_line_and_stays(cache, content):
    cache.path.parent.mkdir()
    if isinstance(content, bytes):
        cache.path.write_bytes(content)
    else:
        connection = sqlite3.connect(cache.path)
        connection.executescript(content)
        connection.close()
    before = cache.path.read_bytes()
    for use in (
        lambda: cache.get("e", ["a"]),
        lambda: cache.put("e", {"a": vector(1)}),
        cache.list_encoders,
    ):
        with pytest.raises(FileRefused) as caught:
            use()
        assert "\n" not in str(caught.value)
        assert "Delete it" in str(caught.value)
    assert cache.path.read_bytes() == before


def test_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileRefused, match="AUTOCODE_CACHE"):
        SharedVectorCache(tmp_path / "file").put("e", {"a": vector(1)})


def test_full_disk_is_one_line_and_what_was_there_stays(cache, monkeypatch):
    cache.put("e", {"a": vector(1)})
    prepare = SharedVectorCache._prepare

    def limit(self, connection):
        prepare(self, connection)
        connection.execute("PRAGMA max_page_count = 4")

    monkeypatch.setattr(SharedVectorCache, "_prepare", limit)
    with pytest.raises(FileRefused, match="disk is full"):
        cache.put("e", {str(n): np.ones(900, np.float32) for n in range(40)})
    monkeypatch.undo()
    assert cache.list_encoders()[0].n_vectors == 1


def test_no_vector_is_as_old_as_a_million_days(cache):
    cache.put("e", {"a": vector(1)})
    assert cache.prune(days=1_000_000) == 0
