"""Vectors that several studies share, in one file that many processes may use at once.

A vector is named by the digests of its encoder and its text; no words are kept, but vectors of
words tell something of them, so that what is erased from a study goes from here too. SQLite in
write-ahead mode: readers do not wait, writers wait for one another, and a kill loses no more than
what was being written.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from ..core.errors import FileRefused
from .protocol import Vectors

CACHE_FILE = "vectors.sqlite3"
_VERSION = 1
_TABLE = (
    "CREATE TABLE vectors (encoder_digest TEXT NOT NULL, text_digest TEXT NOT NULL, vector BLOB"
    " NOT NULL, day TEXT NOT NULL, PRIMARY KEY (text_digest, encoder_digest)) WITHOUT ROWID"
)
_AT_ONCE = 500
_PATIENCE = 60.0
"""Seconds a writer waits for another one."""
_PAUSE = 0.01
"""Seconds between two tries where SQLite does not wait by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedEncoder:
    """What the cache holds of one encoder; `last_day` is the last on which any were added."""

    encoder_digest: str
    n_vectors: int
    n_bytes: int
    last_day: str


class SharedVectorCache:
    """The cache in `folder`, made when the first vectors are stored."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / CACHE_FILE

    def get(self, encoder_digest: str, text_digests: Iterable[str]) -> dict[str, Vectors]:
        """The vectors known for these texts, by text digest.

        Raises:
            FileRefused: if the file is no cache, is damaged, or of another version.
        """
        wanted = sorted(set(text_digests))
        vectors: dict[str, Vectors] = {}
        if not wanted or not self.path.exists():
            return vectors
        with self._connected() as connection:
            for at in range(0, len(wanted), _AT_ONCE):
                some = wanted[at : at + _AT_ONCE]
                query = (
                    "SELECT text_digest, vector FROM vectors WHERE encoder_digest = ?"
                    f" AND text_digest IN ({','.join('?' * len(some))})"
                )
                for digest, raw in connection.execute(query, [encoder_digest, *some]):
                    vectors[digest] = np.frombuffer(raw, dtype="<f4")
        return vectors

    def put(self, encoder_digest: str, vectors: Mapping[str, Vectors]) -> None:
        """Store vectors by text digest; what is known already stays.

        Raises:
            FileRefused: if the file cannot be written, is no cache, or of another version.
        """
        if not vectors:
            return
        today = datetime.now(UTC).date().isoformat()
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT OR IGNORE INTO vectors VALUES (?, ?, ?, ?)",
                (
                    (encoder_digest, digest, np.asarray(row, dtype="<f4").tobytes(), today)
                    for digest, row in vectors.items()
                ),
            )
            connection.execute("COMMIT")

    def check(self) -> None:
        """See that the file can be used, if it is there.

        Raises:
            FileRefused: if it is no cache, damaged, or of another version.
        """
        if self.path.exists():
            with self._connected() as connection:
                connection.execute("SELECT 1 FROM vectors LIMIT 1").fetchone()

    def forget(self, text_digests: Iterable[str]) -> int:
        """Drop the vectors of these texts, by every encoder; returns how many.

        What is dropped is overwritten in the file.
        """
        wanted = sorted(set(text_digests))
        if not wanted or not self.path.exists():
            return 0
        n_dropped = 0
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            for at in range(0, len(wanted), _AT_ONCE):
                some = wanted[at : at + _AT_ONCE]
                marks = ",".join("?" * len(some))
                n_dropped += connection.execute(
                    f"DELETE FROM vectors WHERE text_digest IN ({marks})", some
                ).rowcount
            connection.execute("COMMIT")
            _empty_log(connection)
        return n_dropped

    def prune(self, *, encoder_digest: str | None = None, days: int = 0) -> int:
        """Drop vectors that are `days` old or older, of one encoder or all; returns how many.

        An encoder is named by its digest, or how that begins. The file shrinks by what is dropped.
        """
        if not self.path.exists():
            return 0
        today = datetime.now(UTC).date()
        days = min(days, today.toordinal() - 1)  # no date is before the year 1
        last = (today - timedelta(days=days)).isoformat()
        with self._connected() as connection:
            n_dropped = connection.execute(
                # Not LIKE, to which "_" and "%" are any letters.
                "DELETE FROM vectors WHERE day <= ? AND instr(lower(encoder_digest), lower(?)) = 1",
                [last, encoder_digest or ""],
            ).rowcount
            connection.execute("VACUUM")
            _empty_log(connection)
        return n_dropped

    def list_encoders(self) -> list[CachedEncoder]:
        """What is held, the encoder with most vectors first."""
        if not self.path.exists():
            return []
        with self._connected() as connection:
            rows = connection.execute(
                "SELECT encoder_digest, count(*), sum(length(vector)), max(day) FROM vectors"
                " GROUP BY encoder_digest ORDER BY 2 DESC, 1"
            ).fetchall()
        return [
            CachedEncoder(encoder_digest=digest, n_vectors=n, n_bytes=size, last_day=day)
            for digest, n, size, day in rows
        ]

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        connection: sqlite3.Connection | None = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)
            self._prepare(connection)
            yield connection
        except sqlite3.DatabaseError as error:
            raise _describe(self.path, error) from None
        except OSError as error:
            raise FileRefused.because(
                self.path,
                f"cannot be written ({(error.strerror or str(error)).lower()})",
                remedy="Name another folder with AUTOCODE_CACHE, or unset it.",
            ) from None
        finally:
            if connection is not None:
                connection.close()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA secure_delete = ON")
        # One statement, so that both are of one state of the file.
        version, empty = connection.execute(
            "SELECT user_version, NOT EXISTS (SELECT 1 FROM sqlite_master) FROM pragma_user_version"
        ).fetchone()
        if version == _VERSION:
            return
        if version == 0 and empty:
            _write_ahead(connection)
            # Two processes may come here at once: the second waits, and finds all of it done.
            connection.execute("BEGIN IMMEDIATE")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                connection.execute(_TABLE)
                connection.execute(f"PRAGMA user_version = {_VERSION}")
                version = _VERSION
            connection.execute("COMMIT")
            if version == _VERSION:
                return
        # What another version keeps cannot be guessed, and is made again in minutes.
        raise FileRefused.because(
            self.path,
            "is a cache of another version of autocode, or another program's file",
            remedy="Delete it, or name another folder with AUTOCODE_CACHE.",
        )


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Set the write-ahead mode, which SQLite refuses at once while another sets it.

    It holds a read lock already when it asks for the lock to write, where SQLite does not wait.
    """
    last = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > last:
                raise
            time.sleep(_PAUSE)  # SQLite does not wait here itself
        else:
            return


def _empty_log(connection: sqlite3.Connection) -> None:
    """Move what the write-ahead log holds into the file, where it is overwritten."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _describe(path: Path, error: sqlite3.DatabaseError) -> FileRefused:
    words = str(error)
    if "full" in words:
        return FileRefused.because(
            path, "cannot be written (the disk is full)", remedy="Free some space."
        )
    if "locked" in words or "busy" in words:
        return FileRefused.because(path, "is in use by another program", remedy="Try again.")
    if "readonly" in words or "unable to open" in words:
        return FileRefused.because(
            path,
            f"cannot be used ({words})",
            remedy="Name another folder with AUTOCODE_CACHE, or unset it.",
        )
    return FileRefused.because(
        path, "is no cache of vectors, or damaged", remedy="Delete it and run again."
    )
