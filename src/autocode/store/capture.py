"""Every change of people's work that a connection makes, captured by triggers of its own.

The triggers last as long as the connection: no writer can forget them, a column or table that a
later migration adds is captured without another word, and a study carries none of them. Each writes
the whole row as it was and as it is into a table in memory. A connection that is kept for the next
act keeps them, as long as they are those that were made and the schema is the one they are for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ..core.acts import Change
from .content import CONTENT, DRAFTS, ContentTable

Row = tuple[Any, ...]
_LOG = "captured_rows"
_KNOWN = "autocode_captured"  # where a connection keeps what its triggers capture


@dataclass(frozen=True, slots=True, kw_only=True)
class _Captured:
    """What the triggers of a connection capture: tables with their columns, in these versions.

    `versions` are those of the schema of the study and of what the connection has for itself: both
    change where a table, column or trigger does.
    """

    tables: Mapping[str, ContentTable]
    columns: Mapping[str, tuple[str, ...]]
    versions: tuple[int, int]

    @property
    def width(self) -> int:
        """How many columns the widest table has."""
        return max(len(columns) for columns in self.columns.values())


class Capture:
    """What a writing connection does to content from now on."""

    def __init__(self, connection: Connection, *, drafts: bool = False) -> None:
        self._connection = connection
        self._driver = driver_of(connection)
        tables = {t.name: t for t in (*CONTENT, *(DRAFTS if drafts else ()))}
        known: _Captured | None = connection.info.get(_KNOWN)
        if known and known.tables == tables and known.versions == _versions(self._driver):
            self._driver.execute(f"DELETE FROM temp.{_LOG}")
        else:
            known = connection.info[_KNOWN] = _make_triggers(self._driver, tables)
        self._captured = known
        self._before = n_changed_rows(connection)

    @property
    def n_rows(self) -> int:
        """How many rows of any table were changed."""
        return n_changed_rows(self._connection) - self._before

    @property
    def n_computed_rows(self) -> int:
        """How many rows were changed that are not captured."""
        return self.n_rows - _n_logged(self._driver)

    def changes(self) -> tuple[Change, ...]:
        """The net change of each row, in the order in which rows were first changed."""
        columns = self._captured.columns
        net: dict[tuple[str, Row], list[Row | None]] = {}
        for table, key, before, after in self._logged():
            if before is not None and after is not None and key(before) != key(after):
                _note(net, table, key(before), before, None)
                _note(net, table, key(after), None, after)
            else:
                values = before if before is not None else after
                assert values is not None  # each logged row has one of the two
                _note(net, table, key(values), before, after)
        return tuple(
            Change(
                table=table,
                row=row,
                columns=columns[table],
                before=states[0],
                after=states[1],
            )
            for (table, row), states in net.items()
            if states[0] != states[1]
        )

    def _logged(self) -> Iterable[tuple[str, Any, Row | None, Row | None]]:
        tables, columns = self._captured.tables, self._captured.columns
        keys = {name: _key_getter(tables[name], known) for name, known in columns.items()}
        width = self._captured.width
        rows = self._driver.execute(f"SELECT * FROM temp.{_LOG} ORDER BY seq")
        for _, table, had, has, *values in rows:
            n = len(columns[table])
            before = tuple(values[:n]) if had else None
            after = tuple(values[width : width + n]) if has else None
            yield table, keys[table], before, after


def _make_triggers(driver: sqlite3.Connection, tables: Mapping[str, ContentTable]) -> _Captured:
    """Make them, in place of any that the connection has."""
    run = driver.execute
    old = run("SELECT name FROM temp.sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in old:
        run(f"DROP TRIGGER temp.{name}")
    run(f"DROP TABLE IF EXISTS temp.{_LOG}")
    known = {name: columns_of(driver, name) for name in tables}
    columns = {name: its_own for name, its_own in known.items() if its_own}
    width = max(len(its_own) for its_own in columns.values())
    olds, news = ([f"{side}{at}" for at in range(width)] for side in "on")
    # Columns without a type keep every value as it is; REAL in JSON would lose digits.
    run(
        f"CREATE TEMP TABLE {_LOG} (seq INTEGER PRIMARY KEY, tbl, had, has,"
        f" {', '.join(olds + news)})"
    )
    for name, its_own in columns.items():
        n = len(its_own)
        for event, had, has in (("INSERT", 0, 1), ("DELETE", 1, 0), ("UPDATE", 1, 1)):
            cells = (olds[:n] if had else []) + (news[:n] if has else [])
            values = _values("OLD", its_own) * had + _values("NEW", its_own) * has
            run(
                f"CREATE TEMP TRIGGER capture_{event}_{name} AFTER {event} ON main.{name}"
                f" {_condition(tables[name], had, has)}"
                f" BEGIN INSERT INTO {_LOG} (tbl, had, has, {', '.join(cells)})"
                f" VALUES ('{name}', {had}, {has}, {', '.join(values)}); END"
            )
    return _Captured(tables=tables, columns=columns, versions=_versions(driver))


def _versions(driver: sqlite3.Connection) -> tuple[int, int]:
    """Of the study's schema, and of what this connection alone has."""
    (study,) = driver.execute("PRAGMA main.schema_version").fetchone()
    (own,) = driver.execute("PRAGMA temp.schema_version").fetchone()
    return int(study), int(own)


def n_changed_rows(connection: Connection) -> int:
    """How many rows a writing connection has changed so far; what it captured does not count."""
    driver = driver_of(connection)
    return driver.total_changes - _n_logged(driver)


def _n_logged(driver: sqlite3.Connection) -> int:
    (n,) = driver.execute(f"SELECT coalesce(max(seq), 0) FROM temp.{_LOG}").fetchone()
    return int(n)


def driver_of(connection: Connection) -> sqlite3.Connection:
    """The connection of SQLite's own driver, which runs many small statements fastest."""
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def columns_of(driver: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """The columns of a table in their order; none where there is no such table."""
    return tuple(row[1] for row in driver.execute(f"PRAGMA main.table_info({table})"))


def _note(
    net: dict[tuple[str, Row], list[Row | None]],
    table: str,
    row: Row,
    before: Row | None,
    after: Row | None,
) -> None:
    known = net.get((table, row))
    if known is None:
        net[table, row] = [before, after]
    else:
        known[1] = after


def _key_getter(table: ContentTable, columns: tuple[str, ...]) -> Any:  # noqa: ANN401 - a function
    places = [columns.index(name) for name in table.key]
    if len(places) == 1:
        (place,) = places
        return lambda values: (values[place],)
    return lambda values: tuple([values[at] for at in places])


def _values(which: str, columns: Iterable[str]) -> list[str]:
    return [f'{which}."{name}"' for name in columns]


def _condition(table: ContentTable, had: int, has: int) -> str:
    if not table.when:
        return ""
    sides = ["OLD"] * had + ["NEW"] * has
    return "WHEN " + " OR ".join(table.when.format(row=side) for side in sides)
