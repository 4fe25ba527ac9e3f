"""A study file: opening, checking, migrating it, and transactions that are whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, exc, text
from sqlalchemy.pool import NullPool

from ..core.errors import StudyError
from .schema import APPLICATION_ID, FIXED_TEXT_TRIGGER, MIGRATIONS

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
_KINDS = {
    b"PK\x03\x04": "a zip archive (a .qdpx or .docx?)",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"<?xm": "an XML file",
}


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
    def writing(self) -> Iterator[Connection]:
        """A transaction: all of it is kept, or none.

        Raises:
            StudyError: if the file is read-only, locked by another program, or the disk is full.
        """
        if self.read_only:
            raise StudyError(
                f"{self.path}: the folder or file cannot be written. "
                "Copy the study to a folder of your own; nothing was changed."
            )
        with _our_errors(self.path), self._engine.connect() as connection:
            writing = connection.execution_options(autocode_write=True)
            with writing.begin():
                yield writing

    def close(self) -> None:
        """Let go of the file (the write-ahead log is folded in by SQLite)."""
        self._engine.dispose()

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
        except BaseException:  # an interrupt too must not leave the file open
            connection.close()
            raise
        return connection

    def _mode(self) -> str:
        """How SQLite opens the file; never in a way that changes a file we only look at."""
        if not self.read_only:
            return "mode=rw"
        log = self.path.with_name(f"{self.path.name}-wal")
        # An immutable file is read without its log, so committed work left there would be missed.
        has_log = log.is_file() and log.stat().st_size > 0
        return "mode=ro" if has_log else "mode=ro&immutable=1"


def create(path: Path) -> StudyFile:
    """Make a new, empty study.

    Raises:
        StudyError: if something is there already or the folder cannot be written.
    """
    if path.exists():
        raise StudyError(f"{path}: exists already. Open it, or choose another name.")
    if not path.parent.is_dir():
        raise StudyError(f"{path.parent}: no such folder. Make it first.")
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        os.close(descriptor)
    except OSError as error:
        raise StudyError(
            f"{path}: cannot be made ({error.strerror}). Choose a folder you may write to."
        ) from None
    try:
        with _our_errors(path), contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("PRAGMA journal_mode = WAL")
        study = StudyFile(path)
        migrate(study)
    except StudyError:
        path.unlink(missing_ok=True)
        raise
    return study


def open_study(path: Path) -> StudyFile:
    """Open a study after checking that it is one, and bring it to this version's schema.

    Raises:
        StudyError: if it is missing, something else, damaged, tampered with, or newer than us.
    """
    _check_header(path)
    # Looked at read-only first: a file of another program must come away unchanged.
    with StudyFile(path, read_only=True).reading() as connection:
        _check_ours(path, connection)
        version = int(_pragma(connection, "user_version"))
    read_only = not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
    study = StudyFile(path, read_only=read_only)
    if version > len(MIGRATIONS):
        raise StudyError(
            f"{path}: was written by a newer autocode (schema {version}, this version knows "
            f"{len(MIGRATIONS)}). Update autocode; the file was not touched."
        )
    if version < len(MIGRATIONS):
        migrate(study)
    return study


def migrate(study: StudyFile) -> None:
    """Run the migrations that have not run yet, each in a transaction of its own."""
    from .._version import __version__

    with study.reading() as connection:
        done = int(_pragma(connection, "user_version"))
    for number, (name, statements) in enumerate(MIGRATIONS[done:], start=done + 1):
        with study.writing() as connection:
            if int(_pragma(connection, "user_version")) >= number:
                continue  # another process was faster
            for statement in statements:
                connection.exec_driver_sql(statement)
            connection.execute(
                text("INSERT INTO migrations VALUES (:number, :name, :made_at, :version)"),
                {"number": number, "name": name, "made_at": now(), "version": __version__},
            )
            connection.exec_driver_sql(f"PRAGMA user_version = {number}")


def now() -> str:
    """The time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once, so that two writers wait instead of failing half-way.
    writes = connection.get_execution_options().get("autocode_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_header(path: Path) -> None:
    try:
        if path.is_dir():
            raise StudyError(f"{path}: is a folder. Name the study file inside it.")
        with path.open("rb") as stream:
            head = stream.read(16)
    except FileNotFoundError:
        raise StudyError(
            f"{path}: no such study. Make one with: autocode import {path} FILES..."
        ) from None
    except OSError as error:
        raise StudyError(f"{path}: cannot be read ({error.strerror}). Check its rights.") from None
    if head != _HEADER:
        kind = next(
            (name for mark, name in _KINDS.items() if head.startswith(mark)), "another file"
        )
        kind = kind if head else "empty"
        raise StudyError(f"{path}: is {kind}, not an autocode study. Name a .autocode file.")


def _check_ours(path: Path, connection: Connection) -> None:
    tables = {
        (row.type, row.name)
        for row in connection.exec_driver_sql("SELECT type, name FROM sqlite_master")
    }
    found = int(_pragma(connection, "application_id"))
    if found != APPLICATION_ID:
        names = {name for _, name in tables}
        other = _OTHERS.get(found) or next(
            (kind for table, kind in _OTHER_TABLES.items() if table in names),
            "an SQLite database of another program",
        )
        raise StudyError(f"{path}: is {other}, not an autocode study. Name a .autocode file.")
    rules = {
        (row.name, row.sql)
        for row in connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"
        )
    }
    ours = {("transcripts_text_is_fixed", FIXED_TEXT_TRIGGER)}
    if rules != ours and int(_pragma(connection, "user_version")) > 0:
        strange = sorted(name for name, _ in rules ^ ours)[0]
        raise StudyError(
            f"{path}: its trigger or view '{strange}' is one that autocode did not make so. "
            "Do not use this file; ask for a fresh copy."
        )
    if _pragma(connection, "quick_check") != "ok":
        raise StudyError(f"{path}: is damaged. Go back to your last copy of it.")


def _pragma(connection: Connection, name: str) -> Any:  # noqa: ANN401 - a number or a word
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


@contextlib.contextmanager
def _our_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as error:
        # SQLite hands over bytes of a damaged page as text.
        raise StudyError(f"{path}: {_told('malformed')}") from error
    except (exc.DBAPIError, sqlite3.Error) as error:
        cause = str(getattr(error, "orig", error))
        raise StudyError(f"{path}: {_told(cause)}") from error


def _told(cause: str) -> str:
    for sign, message in (
        ("full", "the disk is full. Free some space and try again; nothing was changed."),
        ("locked", "another program is writing to it. Close that program and try again."),
        ("readonly", "the file or folder is read-only. Copy the study to a folder of your own."),
        ("unable to open", "cannot be opened for writing. Check the folder's rights."),
        ("malformed", "is damaged. Go back to your last copy of it."),
        ("not a database", "is damaged. Go back to your last copy of it."),
    ):
        if sign in cause:
            return message
    return f"the study could not be read or changed ({cause}). Nothing was changed."
