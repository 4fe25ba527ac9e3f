"""A study file: opening, checking, migrating it, and transactions that are whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from sqlalchemy import Connection as Connection
from sqlalchemy import create_engine, event, exc, text
from sqlalchemy.pool import NullPool

from ..core.acts import Act, Change, Done, NewAct
from ..core.errors import StudyChanged, StudyError
from ..serialise.plain import readable_text
from .acts import act_by_key, append_act, erase_changes
from .capture import Capture, driver_of
from .decoding import DamagedValue
from .migrations import MIGRATIONS, Migration, rules_of
from .schema import APPLICATION_ID
from .settling import settle

_HEADER = b"SQLite format 3\x00"
_OTHERS = {
    0x54677474: "a Taguette project",
    0x0F055112: "a Fossil checkout",
    0x47504B47: "a GeoPackage",
}
_OTHER_TABLES = {
    "code_name": "a QualCoder project",
    "freecode": "an RQDA project",
    "Codewords": "a MAXQDA exchange file",
    "segments_codes_map": "a requal project",
}
_HEADER_BYTES, _APPLICATION_ID_AT = 72, 68
_KINDS = {
    b"PK\x03\x04": "a zip archive (a .qdpx or .docx?)",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"<?xm": "an XML file",
}
_DAMAGED = "is damaged. Go back to your last copy of it."
_DISK_FULL_BELOW = 1 << 16
"""Bytes free below which an input or output error of SQLite's is put down to a full disk."""
_MOST_ATTEMPTS = 3

_Base = TypeVar("_Base")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Revision:
    """A state of a study: it grows with every change; `change` says what the last one was."""

    number: int
    change: str = ""
    made_at: str = ""


class StudyFile:
    """One SQLite file with foreign keys on, a write-ahead log and our application id.

    Build it with `create` or `open_study`; `reading` and `writing` give connections.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._engine = create_engine("sqlite://", creator=self._connect, poolclass=NullPool)
        event.listen(self._engine, "begin", _begin)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the study throughout."""
        with _our_errors(self.path), self._engine.connect() as connection, connection.begin():
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
        with self._begun(keep=not dry_run) as connection:
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
                    {"change": readable_text(new.summary), "at": now()},
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
        with _our_errors(self.path), contextlib.closing(self._connect()) as connection:
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
    def _begun(self, *, keep: bool = True) -> Iterator[Connection]:
        if self.read_only:
            raise StudyError(
                f"{self.path}: the folder or file cannot be written. "
                "Copy the study to a folder of your own; nothing was changed."
            )
        with _our_errors(self.path), self._engine.connect() as connection:
            writing = connection.execution_options(autocode_write=True)
            with writing.begin() as transaction:
                yield writing
                if not keep:
                    transaction.rollback()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.path.resolve().as_uri()}?{self._mode()}",
            uri=True,
            timeout=10,
            isolation_level=None,
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


def _as_act(new: NewAct | str) -> NewAct:
    return new if isinstance(new, NewAct) else NewAct(kind="change", summary=new)


def _readable(new: NewAct) -> NewAct:
    return replace(new, summary=readable_text(new.summary), coder=readable_text(new.coder))


class _UnlinkedStudy(StudyFile):
    """A study whose foreign keys are off, so that its tables can be rebuilt."""

    def _connect(self) -> sqlite3.Connection:
        connection = super()._connect()
        connection.execute("PRAGMA foreign_keys = OFF")
        return connection


class _UnwritableStudy(StudyFile):
    """A study where we may not write: without a log it is read as one that nobody changes.

    SQLite needs files beside a study with a write-ahead log, which cannot be made there. Whoever
    may write there can change it while we read, so that a damaged page is looked at again.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, read_only=True)

    def _mode(self) -> str:
        # An immutable file is read without its log, so committed work left there would be missed.
        return "mode=ro" if _has_log(self.path) else "mode=ro&immutable=1"


def _has_log(path: Path) -> bool:
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except OSError:
        return False


def revision(connection: Connection) -> Revision:
    """The state of the study that a connection sees."""
    row = connection.exec_driver_sql("SELECT number, change, made_at FROM revision").one()
    return Revision(int(row.number), row.change, row.made_at)


def open_or_create(path: Path) -> StudyFile:
    """The study at `path`, made if there is none; of several programs that make it, one does."""
    if path.exists() and not _is_empty_file(path):
        return open_study(path)
    try:
        return create(path)
    except StudyError:
        if not path.is_file() or _is_empty_file(path):
            raise
        return open_study(path)  # another program was faster


def create(path: Path) -> StudyFile:
    """Make a new, empty study; an empty file, which a broken-off start left, is taken over.

    Raises:
        StudyError: if something is there already or the folder cannot be written.
    """
    if path.exists() and not _is_empty_file(path):
        raise StudyError(f"{path}: exists already. Open it, or choose another name.")
    if not path.parent.is_dir():
        raise StudyError(f"{path.parent}: no such folder. Make it first.")
    if path.exists():
        _fill(path)
        return open_study(path)
    _make_beside(path)
    return StudyFile(path)


def open_study(path: Path) -> StudyFile:
    """Open a study after checking that it is one, and bring it to this version's schema.

    Raises:
        StudyError: if it is missing, something else, damaged, tampered with, or newer than us.
    """
    _check_header(path)
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    # Looked at read-only first: a file of another program must come away unchanged.
    look = StudyFile(path, read_only=True) if writable else _UnwritableStudy(path)
    version = _checked_version(look)
    study = StudyFile(path) if writable else look
    if version > len(MIGRATIONS):
        raise StudyError(
            f"{path}: was written by a newer autocode (schema {version}, this version knows "
            f"{len(MIGRATIONS)}). Update autocode; the file was not touched."
        )
    if version == len(MIGRATIONS) and writable:
        # The first connection that may write folds in what a crash left in the log.
        with study.reading():
            pass
    if version < len(MIGRATIONS):
        if not writable:
            raise StudyError(
                f"{path}: was written by an older autocode and must be brought up to date, but the "
                "folder or file cannot be written. Copy the study to a folder of your own."
            )
        migrate(study)
    return study


def migrate(study: StudyFile) -> None:
    """Run the migrations that have not run yet, each in a transaction of its own."""
    with study.reading() as connection:
        done = int(_pragma(connection, "user_version"))
    for number, migration in enumerate(MIGRATIONS[done:], start=done + 1):
        file = _UnlinkedStudy(study.path) if migration.rebuilds else study
        with file.keeping() as connection:
            if int(_pragma(connection, "user_version")) < number:  # else another was faster
                _apply(connection, number, migration)
            if migration.rebuilds and _breaks_foreign_keys(connection):
                raise StudyError(f"{study.path}: {_DAMAGED}")


def _breaks_foreign_keys(connection: Connection) -> bool:
    return connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None


def now() -> str:
    """The time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _apply(connection: Connection, number: int, migration: Migration) -> None:
    from .. import __version__

    for step in migration.steps:
        if isinstance(step, str):
            connection.exec_driver_sql(step)
        else:
            step(connection)
    connection.execute(
        text("INSERT INTO migrations VALUES (:number, :name, :made_at, :version)"),
        {"number": number, "name": migration.name, "made_at": now(), "version": __version__},
    )
    connection.exec_driver_sql(f"PRAGMA user_version = {number}")


def _make_beside(path: Path) -> None:
    """Make a whole study under another name and give it this one, so that no half is ever seen."""
    beside: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        beside = Path(name)
        _fill(beside)
        _put_in_place(beside, path)
    except FileExistsError:
        raise StudyError(f"{path}: exists already. Open it, or choose another name.") from None
    except OSError as error:
        raise StudyError(
            f"{path}: cannot be made ({error.strerror}). Choose a folder you may write to."
        ) from None
    finally:
        if beside is not None:
            for suffix in ("", "-wal", "-shm", "-journal"):
                beside.with_name(beside.name + suffix).unlink(missing_ok=True)


def _put_in_place(beside: Path, path: Path) -> None:
    try:
        os.link(beside, path)  # unlike a rename, it never takes the place of another file
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError from None
        beside.rename(path)


def _fill(path: Path) -> None:
    """Make an empty file a study, whole or not at all; one that another program fills is left."""
    with (
        _our_errors(path),
        contextlib.closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as connection,
    ):
        connection.execute("BEGIN IMMEDIATE")
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")
    migrate(StudyFile(path))


def _is_empty_file(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size == 0
    except OSError:
        return False


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once, so that two writers wait instead of failing half-way.
    writes = connection.get_execution_options().get("autocode_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_header(path: Path) -> None:
    try:
        if path.is_dir():
            raise StudyError(f"{path}: is a folder. Name the study file inside it.")
        with path.open("rb") as stream:
            head = stream.read(_HEADER_BYTES)
    except FileNotFoundError:
        raise StudyError(
            f"{path}: no such study. Make one with: autocode import {path} FILES..."
        ) from None
    except OSError as error:
        raise StudyError(f"{path}: cannot be read ({error.strerror}). Check its rights.") from None
    if not head:
        raise StudyError(
            f"{path}: is an empty file, not an autocode study yet: the making of one was broken "
            f"off. Delete it, or import into it: autocode import {path} FILES..."
        )
    if head[: len(_HEADER)] != _HEADER:
        kind = next(
            (name for mark, name in _KINDS.items() if head.startswith(mark)), "another file"
        )
        raise StudyError(f"{path}: is {kind}, not an autocode study. Name a .autocode file.")
    if len(head) < _HEADER_BYTES:
        raise StudyError(f"{path}: {_DAMAGED}")
    if int.from_bytes(head[_APPLICATION_ID_AT:_HEADER_BYTES]) != APPLICATION_ID:
        _refuse_other_program(path, int.from_bytes(head[_APPLICATION_ID_AT:_HEADER_BYTES]))


def _refuse_other_program(path: Path, application: int) -> NoReturn:
    """Name the program whose SQLite file this is; nothing is left beside it."""
    names: set[str] = set()
    with contextlib.suppress(sqlite3.Error, UnicodeDecodeError):
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as connection:
            names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    other = _OTHERS.get(application) or next(
        (kind for table, kind in _OTHER_TABLES.items() if table in names),
        "an SQLite database of another program",
    )
    raise StudyError(f"{path}: is {other}, not an autocode study. Name a .autocode file.")


def _checked_version(study: StudyFile) -> int:
    """The schema version of a file that is a sound study of ours.

    What looks like damage is believed only if a full check in a connection that respects other
    programs' writing says so too.
    """
    try:
        with study.reading() as connection:
            _check_ours(study.path, connection)
            return int(_pragma(connection, "user_version"))
    except _LooksDamaged:
        with StudyFile(study.path, read_only=True).reading() as connection:
            _check_ours(study.path, connection, check="integrity_check")
            return int(_pragma(connection, "user_version"))


class _LooksDamaged(StudyError):
    """A page or value that SQLite cannot make sense of."""


def _check_ours(path: Path, connection: Connection, *, check: str = "quick_check") -> None:
    version = int(_pragma(connection, "user_version"))
    things = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master").all()
    rules = {(thing.name, thing.sql) for thing in things if thing.type in ("trigger", "view")}
    wrong = (rules - rules_of(MIGRATIONS)) | (rules_of(MIGRATIONS[:version]) - rules)
    if wrong and 0 < version <= len(MIGRATIONS):
        strange = min(name for name, _ in wrong)
        raise StudyError(
            f"{path}: its trigger or view '{strange}' is one that autocode did not make so. "
            "Do not use this file; ask for a fresh copy."
        )
    # A row for each fault, or one that says "ok".
    if connection.exec_driver_sql(f"PRAGMA {check}(1)").scalars().all() != ["ok"]:
        raise _LooksDamaged(f"{path}: {_DAMAGED}")


def _pragma(connection: Connection, name: str) -> Any:  # noqa: ANN401 - a number or a word
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


@contextlib.contextmanager
def _our_errors(path: Path) -> Iterator[None]:
    """SQLite's errors as ours; none quotes what is in the study, which may be people's words."""
    try:
        yield
    except DamagedValue as damage:
        raise DamagedValue(damage.table, damage.row, path) from None
    except UnicodeDecodeError:
        # SQLite hands over bytes of a damaged page as text.
        raise _LooksDamaged(f"{path}: {_DAMAGED}") from None
    except (exc.DBAPIError, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        raise _explained(path, cause) from None


def _explained(path: Path, cause: BaseException) -> StudyError:
    name = str(getattr(cause, "sqlite_errorname", None) or type(cause).__name__)
    if "Could not decode to UTF-8" in str(cause) or name.startswith(
        ("SQLITE_CORRUPT", "SQLITE_NOTADB")
    ):
        return _LooksDamaged(f"{path}: {_DAMAGED}")
    if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")) and _is_disk_full(path):
        name = "SQLITE_FULL"
    for sign, message in (
        (
            "SQLITE_FULL",
            "the disk is full. Free some space and try again; nothing of this step was kept.",
        ),
        ("SQLITE_BUSY", "another program is writing to it. Close that program and try again."),
        ("SQLITE_LOCKED", "another program is writing to it. Close that program and try again."),
        (
            "SQLITE_READONLY",
            "the file or folder is read-only. Copy the study to a folder of your own.",
        ),
        ("SQLITE_CANTOPEN", "cannot be opened. Check the folder's rights."),
    ):
        if name.startswith(sign):
            return StudyError(f"{path}: {message}")
    if name.startswith("SQLITE_CONSTRAINT_TRIGGER"):
        return StudyError(f"{path}: {cause}. Nothing was changed.")
    return StudyError(
        f"{path}: the study could not be read or changed ({name}). Nothing was changed."
    )


def _is_disk_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _DISK_FULL_BELOW
    except OSError:
        return False
