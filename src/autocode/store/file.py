"""Study files opened, made, checked and migrated; `study_file` holds their transactions."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import text

from ..core.errors import StudyError
from ..untrusted_sqlite import HEADER, find_table_names
from .clock import now
from .migrations import MIGRATIONS, Migration, rules_of
from .newest_schema import read_newest_schema
from .rewriting import begin_history
from .schema import APPLICATION_ID
from .served_file import ServedStudyFile as ServedStudyFile
from .sqlite_errors import DAMAGED, LooksDamaged, our_errors
from .study_file import Connection as Connection
from .study_file import Revision as Revision
from .study_file import StudyFile as StudyFile
from .study_file import revision as revision

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


class _UnlinkedStudy(StudyFile):
    """A study whose foreign keys are off, so that its tables can be rebuilt."""

    def _connect(self, kind: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
        connection = super()._connect(kind)
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
    look = look_at(path)
    writable = not isinstance(look, _UnwritableStudy)
    study = StudyFile(path) if writable else look
    version = schema_version(look)
    if version.is_current and writable:
        # The first connection that may write folds in what a crash left in the log.
        with study.reading():
            pass
    if not version.is_current:
        if not writable:
            raise StudyError(
                f"{path}: was written by an older autocode and must be brought up to date, but the "
                "folder or file cannot be written. Copy the study to a folder of your own."
            )
        migrate(study)
    return study


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """How many migrations a study has seen."""

    number: int

    @property
    def is_current(self) -> bool:
        """Whether it has seen all of this version's."""
        return self.number == len(MIGRATIONS)


def look_at(path: Path) -> StudyFile:
    """A study that is only read, of this version or an older one; nothing is changed or migrated.

    Raises:
        StudyError: if it is missing, something else, damaged, tampered with, or newer than us.
    """
    _check_header(path)
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    look = StudyFile(path, read_only=True) if writable else _UnwritableStudy(path)
    version = _checked_version(look)
    if version > len(MIGRATIONS):
        raise StudyError(
            f"{path}: was written by a newer autocode (schema {version}, this version knows "
            f"{len(MIGRATIONS)}). Update autocode; the file was not touched."
        )
    return look


def schema_version(study: StudyFile) -> SchemaVersion:
    """The version of an open study's schema."""
    with study.reading() as connection:
        return SchemaVersion(int(_pragma(connection, "user_version")))


def migrate(study: StudyFile) -> None:
    """Run the migrations that have not run yet, each in a transaction of its own."""
    with study.reading() as connection:
        done = int(_pragma(connection, "user_version"))
    if not done:
        _make_schema(study)
        return
    for number, migration in enumerate(MIGRATIONS[done:], start=done + 1):
        file = _UnlinkedStudy(study.path) if migration.rebuilds else study
        with file.keeping() as connection:
            if int(_pragma(connection, "user_version")) < number:  # else another was faster
                _apply(connection, number, migration)
            if migration.rebuilds and _breaks_foreign_keys(connection):
                raise StudyError(f"{study.path}: {DAMAGED}")


def _make_schema(study: StudyFile) -> None:
    """Make the newest tables in an empty file, in one transaction: the disk is waited for once."""
    schema = read_newest_schema()
    numbered = list(enumerate(MIGRATIONS, start=1))
    with _UnlinkedStudy(study.path).keeping() as connection:
        if int(_pragma(connection, "user_version")):  # another program was faster
            return
        for statement in schema.statements:
            connection.exec_driver_sql(statement)
        _note(connection, numbered[: schema.n_migrations])
        for number, migration in numbered[schema.n_migrations :]:
            _apply(connection, number, migration)
        begin_history(connection)


def make_by_migrations(path: Path) -> None:
    """Make a study by every migration from the first on; `newest_schema` is what this makes."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
    with _UnlinkedStudy(path).keeping() as connection:
        for number, migration in enumerate(MIGRATIONS, start=1):
            _apply(connection, number, migration)


def _breaks_foreign_keys(connection: Connection) -> bool:
    return connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None


def _apply(connection: Connection, number: int, migration: Migration) -> None:
    for step in migration.steps:
        if isinstance(step, str):
            connection.exec_driver_sql(step)
        else:
            step(connection)
    _note(connection, [(number, migration)])


def _note(connection: Connection, run: Sequence[tuple[int, Migration]]) -> None:
    """Write down which migrations have run, the last of which says how far the schema is."""
    from .. import __version__

    facts = {"made_at": now(), "version": __version__}
    connection.execute(
        text("INSERT INTO migrations VALUES (:number, :name, :made_at, :version)"),
        [{"number": number, "name": migration.name} | facts for number, migration in run],
    )
    connection.exec_driver_sql(f"PRAGMA user_version = {run[-1][0]}")


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
        our_errors(path),
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
    if not head.startswith(HEADER):
        kind = next(
            (name for mark, name in _KINDS.items() if head.startswith(mark)), "another file"
        )
        raise StudyError(f"{path}: is {kind}, not an autocode study. Name a .autocode file.")
    if len(head) < _HEADER_BYTES:
        raise StudyError(f"{path}: {DAMAGED}")
    if int.from_bytes(head[_APPLICATION_ID_AT:_HEADER_BYTES]) != APPLICATION_ID:
        _refuse_other_program(path, int.from_bytes(head[_APPLICATION_ID_AT:_HEADER_BYTES]))


def _refuse_other_program(path: Path, application: int) -> NoReturn:
    """Name the program whose SQLite file this is; nothing is left beside it."""
    names = find_table_names(path)
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
    except LooksDamaged:
        with StudyFile(study.path, read_only=True).reading() as connection:
            _check_ours(study.path, connection, check="integrity_check")
            return int(_pragma(connection, "user_version"))


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
        raise LooksDamaged(f"{path}: {DAMAGED}")


def _pragma(connection: Connection, name: str) -> Any:  # noqa: ANN401 - a number or a word
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
