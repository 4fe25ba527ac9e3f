"""A study file: transactions that are whole or not at all, each an act of the history."""

from __future__ import annotations

import contextlib
import functools
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar, cast

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import NullPool, Pool
from sqlalchemy.util import LRUCache

from ..core.acts import Act, Change, Done, NewAct
from ..core.errors import StudyChanged, StudyError
from ..serialise.plain import readable_text
from .acts import act_by_key, append_act, erase_changes
from .capture import Capture, driver_of
from .clock import now
from .pass_lock import refuse_locked
from .settling import settle
from .soundness import refuse_unsound
from .sqlite_errors import CannotUse, our_errors

_MOST_ATTEMPTS = 3
_MOST_STATEMENTS = 500  # compiled and kept, by us and by a connection; there are some 300

Use = Literal["read", "keep", "act", "draft act", "erase"]
"""What a connection is for: reading, keeping what is no change, or acts by what they capture."""

_Base = TypeVar("_Base")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Revision:
    """A state of a study: it grows with every change; `change` says what the last one was."""

    number: int
    change: str = ""
    made_at: str = ""


def engine_over(pool: Pool) -> Engine:
    """An engine over connections of a pool, with the dialect and statements that all share."""
    shared = _shared_engine()
    engine = Engine(pool, shared.dialect, shared.url)
    engine.update_execution_options(**shared.get_execution_options())
    event.listen(engine, "begin", _begin)
    return engine


@functools.cache
def _shared_engine() -> Engine:
    """What does not depend on the file: else each study opened in a process compiles them anew."""
    engine = create_engine("sqlite://", poolclass=NullPool)
    with engine.connect():  # the dialect learns SQLite's version
        pass
    engine.update_execution_options(compiled_cache=LRUCache(_MOST_STATEMENTS))
    return engine


class StudyFile:
    """One SQLite file with foreign keys on, a write-ahead log and our application id.

    Build it with `create` or `open_study`; `reading` and `writing` give connections.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        connect = cast("Callable[[], DBAPIConnection]", self._connect)
        self._engine = engine_over(NullPool(connect))

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the study throughout."""
        with (
            our_errors(self.path),
            _lend(self._engine_for("read")) as connection,
            connection.begin(),
        ):
            yield connection

    @contextlib.contextmanager
    def writing(
        self, new: NewAct | str = "a change", *, since: int | None = None
    ) -> Iterator[Connection]:
        """A transaction that is one act: all of it is kept, or none; see `act` for what is noted.

        `new` says what is done; a text is the summary of an act of the kind "change".

        Raises:
            StudyChanged: if the study is at another revision than `since`.
            StudyError: if the file is read-only, locked by another program, or the disk is full.
        """
        with self._acting(_as_act(new), since=since) as acting:
            yield acting.connection

    def act(
        self,
        new: NewAct,
        do: Callable[[Connection], _Made],
        *,
        since: int | None = None,
        dry_run: bool = False,
    ) -> Done[_Made]:
        """Let `do` change the study as one act of the history; both are kept, or neither.

        The rows of people's work that it changed are captured with the act, so that it can be
        undone; nothing is noted where no row changed. With `dry_run` all of it is taken back at
        once: what it would do is what it did. A `key` that the history knows is a request made
        before: nothing is done again. With `since` (a revision number) nothing is done unless the
        study is still at that revision.

        Raises:
            StudyChanged: if the study is at another revision than `since`.
            StudyError: if the file is read-only, locked by another program, or the disk is full.
            PassLocked: if work in a finished pass was changed.
            InputError: if it left a codebook or a map that cannot be read.
        """
        with self._acting(new, since=since, dry_run=dry_run) as acting:
            if new.key and (known := act_by_key(acting.connection, new.key)):
                return Done(act=known, result=None, repeated=True)
            result = do(acting.connection)
        return Done(act=acting.act, result=result, changes=acting.changes)

    @contextlib.contextmanager
    def _acting(
        self, new: NewAct, *, since: int | None, dry_run: bool = False
    ) -> Iterator[_Acting]:
        with self._begun(_use_for(new), keep=not dry_run) as connection:
            if since is not None:
                now_at = revision(connection)
                if now_at.number != since:
                    raise StudyChanged.by(self.path, now_at.change, now_at.made_at)
            # Checked at the end, so that rows may go in any order; what is computed from them
            # is dropped before.
            driver_of(connection).execute("PRAGMA defer_foreign_keys = ON")
            if new.erases:
                driver_of(connection).execute("PRAGMA secure_delete = ON")
            acting = _Acting(connection, Capture(connection, drafts=new.drafts))
            yield acting
            acting.changes = acting.capture.changes()
            if acting.changes or acting.capture.n_computed_rows:
                refuse_locked(connection, new, acting.changes)
                refuse_unsound(connection, acting.changes)
                settle(connection, acting.changes)
                made = append_act(connection, _readable(new), acting.changes, now())
                if new.erases:
                    places = range(1, made.n_changes + 1)
                    erase_changes(connection, ((made.number, place) for place in places))
                acting.act = None if dry_run else made
            if acting.capture.n_rows:
                connection.execute(
                    text(
                        "UPDATE revision SET number = number + 1, change = :change, made_at = :at"
                    ),
                    {"change": readable_text(_describe_change(new)), "at": now()},
                )
            elif transaction := connection.get_transaction():
                transaction.rollback()  # or row numbers would be used up for nothing

    @contextlib.contextmanager
    def keeping(self) -> Iterator[Connection]:
        """A writing transaction for what is no change of the study, such as known vectors."""
        with self._begun() as connection:
            yield connection

    def recompute(
        self,
        new: NewAct | str,
        *,
        read: Callable[[Connection], _Base],
        compute: Callable[[_Base], _Made],
        keep: Callable[[Connection, _Base, _Made], None],
        unless_changed: Callable[[Connection], object] | None = None,
    ) -> _Made:
        """Read, compute outside any transaction, and keep what follows from what was read.

        Where the study was changed meanwhile all three are done again, so that `compute` must not
        itself change the study; not where what `unless_changed` reads has changed, which would be
        lost.

        Raises:
            StudyChanged: if the study was changed each time, or in what would be lost.
        """
        first: object = None
        for attempt in range(1, _MOST_ATTEMPTS + 1):
            with self.reading() as connection:
                base, since = read(connection), revision(connection)
                would_be_lost = unless_changed(connection) if unless_changed else None
            if attempt == 1:
                first = would_be_lost
            elif would_be_lost != first:
                raise StudyChanged.by(self.path, since.change, since.made_at)
            made = compute(base)
            try:
                with self.writing(new, since=since.number) as connection:
                    keep(connection, base, made)
            except StudyChanged:
                if attempt == _MOST_ATTEMPTS:
                    raise
            else:
                break
        return made

    def compact(self) -> None:
        """Write the file anew without what was deleted, and empty its write-ahead log.

        Raises:
            StudyError: if another program is reading the study, or the disk is full.
        """
        with our_errors(self.path), contextlib.closing(self._connect()) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("VACUUM")
            (is_busy, *_), *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if is_busy:
            raise StudyError(
                f"{self.path}: what was erased is still in the file beside it ('-wal'), because "
                "another program has the study open. Close that, and open the study once more."
            )

    def close(self) -> None:
        """Let go of the file (the write-ahead log is folded in by SQLite)."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _begun(self, use: Use = "keep", *, keep: bool = True) -> Iterator[Connection]:
        if self.read_only:
            raise CannotUse(
                f"{self.path}: the folder or file cannot be written. "
                "Copy the study to a folder of your own; nothing was changed."
            )
        with our_errors(self.path), _lend(self._engine_for(use)) as connection:
            writing = connection.execution_options(autocode_write=True)
            with writing.begin() as transaction:
                yield writing
                if not keep and transaction.is_active:  # what changed nothing was taken back
                    transaction.rollback()

    def _engine_for(self, use: Use) -> Engine:
        """What gives the connections for a use: here each is new, and closed after it."""
        return self._engine

    def _connect(self, kind: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.path.resolve().as_uri()}?{self._mode()}",
            uri=True,
            timeout=10,
            isolation_level=None,
            factory=kind,
            check_same_thread=kind is sqlite3.Connection,  # others may go from hand to hand
            cached_statements=_MOST_STATEMENTS,
        )
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = NORMAL")
            # What is captured of a change are people's words, which belong in no other file.
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA recursive_triggers = ON")
        except BaseException:  # an interrupt too must not leave the file open
            connection.close()
            raise
        return connection

    def _mode(self) -> str:
        """How SQLite opens the file; never in a way that changes a file we only look at."""
        return "mode=rw" if not self.read_only else "mode=ro"


@dataclass(slots=True)
class _Acting:
    """A writing transaction: its connection, what is captured of it, and the act it made."""

    connection: Connection
    capture: Capture
    changes: tuple[Change, ...] = ()
    act: Act | None = None


@contextlib.contextmanager
def _lend(engine: Engine) -> Iterator[Connection]:
    """A connection for one use; where an error came over it, it is not for another.

    Whoever handles the error may still hold rows that are half read, and with them an older state.
    """
    with engine.connect() as connection:
        try:
            yield connection
        except BaseException:
            connection.invalidate()
            raise


def _use_for(new: NewAct) -> Use:
    """Nothing of what is erased is left in a connection that is kept."""
    if new.erases:
        return "erase"
    return "draft act" if new.drafts else "act"


def _as_act(new: NewAct | str) -> NewAct:
    return new if isinstance(new, NewAct) else NewAct(kind="change", summary=new)


def _describe_change(new: NewAct) -> str:
    """What is said to somebody whose work met this act."""
    return f"{new.summary} by {new.coder}" if new.coder else new.summary


def _readable(new: NewAct) -> NewAct:
    return replace(new, summary=readable_text(new.summary), coder=readable_text(new.coder))


def revision(connection: Connection) -> Revision:
    """The state of the study that a connection sees."""
    row = connection.exec_driver_sql("SELECT number, change, made_at FROM revision").one()
    return Revision(int(row.number), row.change, row.made_at)


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once, so that two writers wait instead of failing half-way.
    writes = connection.get_execution_options().get("autocode_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
