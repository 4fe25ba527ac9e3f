"""Every change of people's work that a connection makes, captured by triggers of its own.

The triggers last as long as the connection: no writer can forget them, a column or table that a
later migration adds is captured without another word, and a study carries none of them. Each writes
the whole row as it was and as it is into a table in memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from ..core.acts import Change
from .content import CONTENT, DRAFTS, ContentTable

Row = tuple[Any, ...]
_LOG = "captured_rows"


class Capture:
    """What a writing connection does to content from now on."""

    def __init__(self, connection: Connection, *, drafts: bool = False) -> None:
        self._driver = driver_of(connection)
        self._tables = {t.name: t for t in (*CONTENT, *(DRAFTS if drafts else ()))}
        known = {name: columns_of(self._driver, name) for name in self._tables}
        self._columns = {name: columns for name, columns in known.items() if columns}
        self._width = max(len(columns) for columns in self._columns.values())
        self._connection = connection
        self._make_triggers()
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
                columns=self._columns[table],
                before=states[0],
                after=states[1],
            )
            for (table, row), states in net.items()
            if states[0] != states[1]
        )

    def _logged(self) -> Iterable[tuple[str, Any, Row | None, Row | None]]:
        keys = {name: _key_getter(self._tables[name], c) for name, c in self._columns.items()}
        width = self._width
        rows = self._driver.execute(f"SELECT * FROM temp.{_LOG} ORDER BY seq")
        for _, table, had, has, *values in rows:
            n = len(self._columns[table])
            before = tuple(values[:n]) if had else None
            after = tuple(values[width : width + n]) if has else None
            yield table, keys[table], before, after

    def _make_triggers(self) -> None:
        run = self._driver.execute
        olds = [f"o{at}" for at in range(self._width)]
        news = [f"n{at}" for at in range(self._width)]
        # Columns without a type keep every value as it is; REAL in JSON would lose digits.
        run(
            f"CREATE TEMP TABLE {_LOG} (seq INTEGER PRIMARY KEY, tbl, had, has,"
            f" {', '.join(olds + news)})"
        )
        for name, columns in self._columns.items():
            n = len(columns)
            for event, had, has in (("INSERT", 0, 1), ("DELETE", 1, 0), ("UPDATE", 1, 1)):
                cells = (olds[:n] if had else []) + (news[:n] if has else [])
                values = _values("OLD", columns) * had + _values("NEW", columns) * has
                run(
                    f"CREATE TEMP TRIGGER capture_{event}_{name} AFTER {event} ON main.{name}"
                    f" {_condition(self._tables[name], had, has)}"
                    f" BEGIN INSERT INTO {_LOG} (tbl, had, has, {', '.join(cells)})"
                    f" VALUES ('{name}', {had}, {has}, {', '.join(values)}); END"
                )


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
