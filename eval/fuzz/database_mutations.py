"""Ways of damaging an SQLite file from inside: cells, rows and definitions that no tool writes."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from collections.abc import Callable

_VALUES: tuple[object, ...] = (
    None, -1, 0, 1, 2, 3, 2**62, -(2**63), 1e308, -1e308, 0.5, 1e300, float("inf"), "", "x", "0",
    "1.0", "-5", "9" * 5000, "٣", "\x00", "a\x00b", "\u202e", "🌱" * 50, "\r\n\r\r\n",
    "\ufeff\ufeff",
    "x" * 5000, " " * 5000, b"", b"\x00\xff", b"x" * 5000, "<p>" * 2000, "&#0;&#x110000;&lt;",
    "<script>alert(1)</script>", '{"type": "highlight_add", "highlight_id": []}', "[" * 5000,
    "2026-01-15 10:20:30", "Thu Apr 30 18:54:26 2015", "9999-99-99 99:99", "rgb(1,2,3)", "#12345",
    "/audio/../../x", "images:/etc/passwd", "..", "a/b\\c", "=1+1", "\x1b[31m",
)  # fmt: skip
_MOST_ROWS = 40


def damage_database(rng: random.Random, raw: bytes) -> bytes:
    """The file with one to six changes; what SQLite refuses is left out."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        try:
            connection.deserialize(raw)
            tables = [
                name
                for (name,) in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
                )
                if not name.startswith("sqlite_")
            ]
            for _ in range(rng.choice((1, 1, 2, 3, 6))):
                table = rng.choice(tables)
                with contextlib.suppress(sqlite3.Error, OverflowError):
                    rng.choice(_CHANGES)(rng, connection, table)
            return connection.serialize()
        except (sqlite3.Error, IndexError):
            return raw


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]


def _change_cells(rng: random.Random, connection: sqlite3.Connection, table: str) -> None:
    column = rng.choice(_columns(connection, table))
    where = "" if rng.random() < 0.2 else f" WHERE rowid = {rng.randrange(1, _MOST_ROWS)}"
    connection.execute(
        f'UPDATE OR IGNORE "{table}" SET "{column}" = ?{where}', (rng.choice(_VALUES),)
    )


def _break_text(rng: random.Random, connection: sqlite3.Connection, table: str) -> None:
    column = rng.choice(_columns(connection, table))
    broken = rng.choice(("ff", "c3", "eda080", "f4908080", "61ff62", "00"))
    connection.execute(f'UPDATE OR IGNORE "{table}" SET "{column}" = CAST(x\'{broken}\' AS TEXT)')


def _delete_rows(rng: random.Random, connection: sqlite3.Connection, table: str) -> None:
    connection.execute(f'DELETE FROM "{table}" WHERE rowid >= ?', (rng.randrange(1, _MOST_ROWS),))


def _repeat_rows(_: random.Random, connection: sqlite3.Connection, table: str) -> None:
    columns = _columns(connection, table)
    others = ", ".join(f'"{name}"' for name in columns[1:])
    connection.execute(
        f'INSERT INTO "{table}" ({others}) SELECT {others} FROM "{table}"'
        if others
        else f'DELETE FROM "{table}"'
    )


def _drop_table(_: random.Random, connection: sqlite3.Connection, table: str) -> None:
    connection.execute(f'DROP TABLE "{table}"')


def _drop_column(rng: random.Random, connection: sqlite3.Connection, table: str) -> None:
    column = rng.choice(_columns(connection, table))
    connection.execute(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')


def _put_view(rng: random.Random, connection: sqlite3.Connection, table: str) -> None:
    """A view that never ends, in place of a table."""
    listed = ", ".join(f'n AS "{name}"' for name in _columns(connection, table))
    connection.execute(f'ALTER TABLE "{table}" RENAME TO "kept{rng.randrange(10**6)}"')
    connection.execute(
        f'CREATE VIEW "{table}" AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) '
        f"SELECT {listed} FROM c"
    )


def _put_trigger(rng: random.Random, connection: sqlite3.Connection, table: str) -> None:
    connection.execute(
        f'CREATE TRIGGER "t{rng.randrange(10**6)}" AFTER INSERT ON "{table}" '
        f'BEGIN DELETE FROM "{table}"; END'
    )


def _put_computed(_: random.Random, connection: sqlite3.Connection, table: str) -> None:
    connection.execute(f'ALTER TABLE "{table}" ADD COLUMN z AS (hex(zeroblob(100000000)))')


def _put_huge(rng: random.Random, connection: sqlite3.Connection, table: str) -> None:
    column = rng.choice(_columns(connection, table))
    connection.execute(f'UPDATE OR IGNORE "{table}" SET "{column}" = hex(zeroblob(150000))')


_Change = Callable[[random.Random, sqlite3.Connection, str], None]
_CHANGES: tuple[_Change, ...] = (
    *(_change_cells,) * 12, _break_text, _delete_rows, _repeat_rows, _drop_table, _drop_column,
    _put_view, _put_trigger, _put_computed, _put_huge,
)  # fmt: skip
