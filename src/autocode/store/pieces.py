"""A study that is joined to another: opened without changing it, checked, and read as rows."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ..core.errors import StudyError
from .acts import verify_acts
from .capture import columns_of, driver_of
from .content import CONTENT
from .file import StudyFile, look_at, migrate, schema_version

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """Every row of content of a study, by table, as it is stored."""

    name: str
    rows: Mapping[str, list[Row]]


def read_piece(connection: Connection, name: str) -> Piece:
    """The content of a study; `name` is what messages call it."""
    driver = driver_of(connection)
    rows: dict[str, list[Row]] = {}
    for table in CONTENT:
        columns = columns_of(driver, table.name)
        where = f" WHERE {table.when.format(row=table.name)}" if table.when else ""
        rows[table.name] = [
            dict(zip(columns, cells, strict=True))
            for cells in driver.execute(f"SELECT * FROM {table.name}{where}")
        ]
    return Piece(name, rows)


@contextlib.contextmanager
def open_piece(path: Path) -> Iterator[StudyFile]:
    """A study to read, which stays as it is; one of an older version is brought up in a copy.

    Raises:
        StudyError: if it is no study, damaged, newer than this version, or its history was changed.
    """
    study = look_at(path)
    with contextlib.ExitStack() as stack:
        stack.callback(study.close)
        if not schema_version(study).is_current:
            folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
            study = _copied(study, Path(folder) / path.name)
            stack.callback(study.close)
            migrate(study)
        with study.reading() as connection:
            check = verify_acts(connection)
        if not check.is_sound:
            fault = check.faults[0]
            raise StudyError(
                f"{path}: its history was changed by another program (act {fault.act} "
                f"{fault.fault}), so that it is not joined. Ask for a fresh copy; see: "
                "autocode history STUDY --verify"
            )
        yield study


def _copied(study: StudyFile, path: Path) -> StudyFile:
    with study.reading() as connection, contextlib.closing(sqlite3.connect(path)) as copy:
        driver_of(connection).backup(copy)
    return StudyFile(path)
