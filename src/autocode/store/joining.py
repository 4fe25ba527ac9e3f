"""Writing the united content of several studies into one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from .capture import columns_of, driver_of
from .content import CONTENT, ContentTable
from .digest import references_of
from .pieces import Piece, Row
from .uniting import Identity, References, United

_Numbers = dict[str, dict[Any, int]]


def references(connection: Connection) -> References:
    """For each table of content the columns with row numbers, and the tables whose they are."""
    driver = driver_of(connection)
    return {table.name: references_of(driver, table.name) for table in CONTENT}


def write_united(connection: Connection, study: Piece, united: United) -> None:
    """Make the content of a study, which is `study` now, what was united; other rows stay as is.

    Rows that became one with another go, as do rows whose transcript was divided otherwise.
    """
    driver = driver_of(connection)
    numbers: _Numbers = {}
    merged: list[tuple[ContentTable, list[Row]]] = []
    for table in sorted(CONTENT, key=lambda table: table.name != "cases"):  # transcripts have them
        kept, gone = _parted(table, study, united)
        if table.natural:
            merged.append((table, gone))  # after what refers to them has moved
        else:
            _delete(driver, table, gone)
        refers = references_of(driver, table.name)
        if table.natural:
            _write_named(driver, table, kept, united.rows[table.name], numbers, refers)
        else:
            _write_rows(driver, table, kept, united.rows[table.name], numbers, refers)
    for table, gone in reversed(merged):
        _delete(driver, table, gone)


def _parted(
    table: ContentTable, study: Piece, united: United
) -> tuple[dict[Identity, Row], list[Row]]:
    """The study's rows that stay, by identity, and those that go."""
    wanted = united.rows[table.name]
    pairs = list(zip(united.own[table.name][0], study.rows[table.name], strict=True))
    # Of rows that become one, the one that has the name already stays: names are unique.
    pairs.sort(key=lambda pair: not _has_name(table, pair[1], wanted.get(pair[0] or ())))
    kept: dict[Identity, Row] = {}
    gone: list[Row] = []
    for identity, row in pairs:
        if identity is None or identity not in wanted or identity in kept:
            gone.append(row)
        else:
            kept[identity] = row
    return kept, gone


def _has_name(table: ContentTable, row: Row, wanted: Row | None) -> bool:
    return wanted is None or all(row[name] == wanted[name] for name in table.natural)


def _write_named(
    driver: Any,  # noqa: ANN401 - the driver's connection
    table: ContentTable,
    kept: Mapping[Identity, Row],
    wanted: Mapping[Identity, Row],
    numbers: _Numbers,
    refers: Mapping[str, str],
) -> None:
    """Write rows that others refer to; `numbers` gets their row numbers by name."""
    known = numbers[table.name] = {
        _name(table, wanted[identity]): int(row["id"]) for identity, row in kept.items()
    }
    last = max((row["position"] for row in kept.values()), default=-1) if _is_ordered(table) else 0
    later: list[tuple[Row, Row]] = []
    for identity, row in sorted(wanted.items(), key=lambda item: item[1].get("position") or 0):
        if identity in kept:
            later.append((kept[identity], row))
            continue
        cells = _numbered(row, refers, numbers)
        if _is_ordered(table):
            last += 1
            cells["position"] = last
        number = known[_name(table, row)] = _insert(driver, table, cells)
        later.append(({**cells, "id": number}, {**row, "position": cells.get("position")}))
    for old, row in later:  # now that every row is there to be referred to
        cells = _numbered(row, refers, numbers)
        _update(driver, table, old, {name: value for name, value in cells.items() if name in old})


def _is_ordered(table: ContentTable) -> bool:
    """Whether new rows come after those that are there."""
    return "position" in table.left_out


def _write_rows(
    driver: Any,  # noqa: ANN401 - the driver's connection
    table: ContentTable,
    kept: Mapping[Identity, Row],
    wanted: Mapping[Identity, Row],
    numbers: _Numbers,
    refers: Mapping[str, str],
) -> None:
    columns = columns_of(driver, table.name)
    new: list[list[Any]] = []
    for identity, row in wanted.items():
        cells = _numbered(row, refers, numbers)
        if identity in kept:
            _update(driver, table, kept[identity], cells)
        else:
            new.append([cells.get(column) for column in columns])
    if table.name == "segments":  # what we cut ourselves makes room for segments that were given
        whose = {(cells[columns.index("transcript_id")],) for cells in new}
        driver.executemany("DELETE FROM segments WHERE transcript_id = ? AND given = 0", whose)
    if new:
        marks = ", ".join("?" * len(columns))
        driver.executemany(f"INSERT INTO {table.name} VALUES ({marks})", new)


def _name(table: ContentTable, row: Row) -> Any:  # noqa: ANN401 - a name or a tuple of names
    names = tuple(row[column] for column in table.natural)
    return names[0] if len(names) == 1 else names


def _numbered(row: Row, refers: Mapping[str, str], numbers: _Numbers) -> Row:
    """A row with row numbers for names; one that is not known yet is written later."""
    cells = dict(row)
    for column, parent in refers.items():
        if row[column] is not None:
            cells[column] = numbers[parent].get(row[column])
    return cells


def _update(driver: Any, table: ContentTable, old: Row, cells: Row) -> None:  # noqa: ANN401 - the driver's
    changed = {name: value for name, value in cells.items() if old[name] != value}
    if changed:
        sets = ", ".join(f'"{name}" = ?' for name in changed)
        driver.execute(
            f"UPDATE {table.name} SET {sets} WHERE {_is_row(table)}",
            [*changed.values(), *(old[name] for name in table.key)],
        )


def _insert(driver: Any, table: ContentTable, cells: Row) -> int:  # noqa: ANN401 - the driver's
    names = ", ".join(f'"{name}"' for name in cells)
    marks = ", ".join("?" * len(cells))
    made = driver.execute(
        f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(cells.values())
    )
    return int(made.lastrowid)


def _delete(driver: Any, table: ContentTable, rows: list[Row]) -> None:  # noqa: ANN401 - the driver's
    driver.executemany(
        f"DELETE FROM {table.name} WHERE {_is_row(table)}",
        [[row[name] for name in table.key] for row in rows],
    )


def _is_row(table: ContentTable) -> str:
    return " AND ".join(f'"{name}" = ?' for name in table.key)
