"""What SQLite says of a file that is damaged, locked or on a full disk, in words for people."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import exc

from ..core.errors import StudyError
from .decoding import DamagedValue

DAMAGED = "is damaged. Go back to your last copy of it."
_DISK_FULL_BELOW = 1 << 16
"""Bytes free below which an input or output error of SQLite's is put down to a full disk."""


class LooksDamaged(StudyError):
    """A page or value that SQLite cannot make sense of."""


class CannotUse(StudyError):
    """The file cannot be read or written just now: it is locked, read-only, gone, the disk full."""


@contextlib.contextmanager
def our_errors(path: Path) -> Iterator[None]:
    """SQLite's errors as ours; none quotes what is in the study, which may be people's words."""
    try:
        yield
    except DamagedValue as damage:
        raise DamagedValue(damage.table, damage.row, path) from None
    except UnicodeDecodeError:
        # SQLite hands over bytes of a damaged page as text.
        raise LooksDamaged(f"{path}: {DAMAGED}") from None
    except (exc.DBAPIError, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        raise _explained(path, cause) from None


def _explained(path: Path, cause: BaseException) -> StudyError:
    name = str(getattr(cause, "sqlite_errorname", None) or type(cause).__name__)
    if "Could not decode to UTF-8" in str(cause) or name.startswith(
        ("SQLITE_CORRUPT", "SQLITE_NOTADB")
    ):
        return LooksDamaged(f"{path}: {DAMAGED}")
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
            return CannotUse(f"{path}: {message}")
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
