"""A study file as a server of several threads holds it open, with connections that are kept."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import QueuePool

from .capture import driver_of
from .sqlite_errors import CannotUse
from .study_file import StudyFile, Use, engine_over

_MOST_READERS = 4  # more are opened where more read at once, and closed after

_FileIdentity = tuple[int, int]


class ServedStudyFile(StudyFile):
    """A study that a server of several threads holds open for hours; build it of an open one.

    One writer at a time, in the order of asking: SQLite itself lets them poll. Each commit is on
    the disk before it is acknowledged. Connections are kept from one use to the next, since opening
    one and making what captures an act costs more than the act. One is used again only where no
    error came over it, and as long as the file still lies at its path. One more stays open, since
    the last to close folds in the log, which costs three times as much as an act.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        super().__init__(path, read_only=read_only)
        self._writing = threading.Lock()
        # What is for one kind of act is captured by triggers that its connection has already.
        kept: tuple[tuple[Use, int], ...] = (("read", _MOST_READERS), ("act", 1), ("draft act", 1))
        self._kept = {use: engine_over(_pool(self._connect_kept, most)) for use, most in kept}
        self._held = self._connect()
        # It must know the file, or it does not hold the log.
        self._held.execute("SELECT number FROM revision").fetchone()
        self._version = _version(self._held)

    def close(self) -> None:
        """Let go of the file."""
        with self._writing:
            super().close()
            self._let_go()
            self._held.close()

    @contextlib.contextmanager
    def _begun(self, use: Use = "keep", *, keep: bool = True) -> Iterator[Connection]:
        with self._writing, super()._begun(use, keep=keep) as connection:
            if _version(driver_of(connection)) != self._version:
                raise CannotUse(
                    f"{self.path}: was brought up to date by a newer autocode meanwhile. Update "
                    "this one and start it again; nothing was changed."
                )
            yield connection
        if use == "erase":
            self._let_go()  # of what these connections hold of the words

    def _let_go(self) -> None:
        """Close the connections that are kept and not in use."""
        for engine in self._kept.values():
            engine.dispose()

    def _engine_for(self, use: Use) -> Engine:
        return self._kept.get(use) or super()._engine_for(use)

    def _connect_kept(self) -> _KeptConnection:
        # Looked at first: a file that is put there meanwhile is another one at the next use.
        identity = _identify(self.path)
        connection = self._connect(_KeptConnection)
        kept = cast("_KeptConnection", connection)
        kept.path, kept.identity = self.path, identity
        return kept

    def _connect(self, kind: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
        connection = super()._connect(kind)
        try:
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:  # an interrupt too must not leave the file open
            connection.close()
            raise
        return connection


class _KeptConnection(sqlite3.Connection):
    """A connection that knows which file it has open: that of `identity`, which lay at `path`."""

    path: Path
    identity: _FileIdentity | None

    @property
    def is_of_path(self) -> bool:
        """Whether its file still lies there, and not another or none."""
        return self.identity is not None and _identify(self.path) == self.identity


def _pool(connect: Callable[[], sqlite3.Connection], most: int) -> QueuePool:
    """Connections that are kept, the last used first; as many as are wanted at once."""
    creator = cast("Callable[[], DBAPIConnection]", connect)
    pool = QueuePool(creator, pool_size=most, max_overflow=-1, use_lifo=True)
    event.listen(pool, "checkout", _check_file)
    return pool


def _check_file(connection: _KeptConnection, *_: object) -> None:
    if not connection.is_of_path:
        raise DisconnectionError  # the pool opens what lies there now


def _identify(path: Path) -> _FileIdentity | None:
    """What tells a file from any other that is there at the same time."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _version(connection: sqlite3.Connection) -> int:
    """How many migrations the file has seen."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)
