"""Write `store/newest_schema.sql` anew: the tables of a study in which every migration has run.

    python eval/make_schema.py

A study is made of it in a fifth of the time that the migrations take one by one. A migration that
is newer than the file runs after it, so that the file may lag behind; a test compares both ways.
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from pathlib import Path

from autocode.store import newest_schema
from autocode.store.file import make_by_migrations
from autocode.store.migrations import MIGRATIONS

WRITTEN_WHEN_MADE = ("migrations", "acts", "changes")
TARGET = Path(newest_schema.__file__).with_suffix(".sql")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.autocode"
        make_by_migrations(path)
        with contextlib.closing(sqlite3.connect(path)) as connection:
            statements = list_statements(connection)
    head = f"-- after {len(MIGRATIONS)} migrations; python eval/make_schema.py\n"
    TARGET.write_text(head + "".join(f"{line};\n" for line in statements), encoding="utf-8")


def list_statements(connection: sqlite3.Connection) -> list[str]:
    """The statements that make what an empty study holds, but for when it was made."""
    made = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
    ).fetchall()
    statements = [sql for _, name, sql in made if not name.startswith("sqlite_")]
    for kind, name, _ in made:
        if kind != "table" or name in WRITTEN_WHEN_MADE:
            continue
        for row in connection.execute(f'SELECT * FROM "{name}"'):
            (quoted,) = connection.execute(
                "SELECT " + " || ', ' || ".join(["quote(?)"] * len(row)), row
            ).fetchone()
            statements.append(f'INSERT INTO "{name}" VALUES ({quoted})')
    return statements


if __name__ == "__main__":
    main()
