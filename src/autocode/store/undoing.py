"""Taking acts back: the rows they changed as they were before, where nothing later rests on them.

Undoing looks first and then writes. A row must still be as the last of the undone acts left it; no
row that stays may refer to one that goes, nor a row that comes back to one that has gone; and no
two rows may claim one name. Whatever is in the way was made by a later act, which is named.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ..core.acts import REVEAL, Act, Change
from ..core.errors import StudyError, UndoBlocked, one_line
from .acts import acts_on_row, changes_of, last_state, one_act, undone_acts
from .capture import columns_of, driver_of
from .content import DRAFTS, ContentTable
from .content_links import TABLES, Link, list_links, list_unique_columns
from .memo_subjects import SUBJECTS, has_subject, list_memos_on
from .unneeded_rows import drop_unneeded

Key = tuple[str, tuple[object, ...]]
Values = tuple[object, ...] | None
_SOFT = frozenset(table.name for table in DRAFTS)


@dataclass(slots=True, kw_only=True)
class _Row:
    """A row that undoing touches: its columns, how it must be now, and how it is to be."""

    columns: tuple[str, ...]
    expected: Values
    wanted: Values

    def value(self, column: str) -> object:
        """What the wanted row holds in a column, None without one."""
        if self.wanted is None or column not in self.columns:
            return None
        return self.wanted[self.columns.index(column)]


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoPlan:
    """The acts to take back, newest first, and their rows in the order in which to write them."""

    acts: tuple[Act, ...]
    rows: Mapping[Key, _Row]

    def restores(self, table: str) -> bool:
        """Whether a row of this table comes back."""
        return any(
            name == table and row.expected is None and row.wanted is not None
            for (name, _), row in self.rows.items()
        )


def plan_undo(connection: Connection, number: int, *, with_later: bool = False) -> UndoPlan:
    """What taking back an act means; with `with_later` what rests on it goes too.

    Raises:
        NotFound: if there is no such act.
        UndoBlocked: if later acts rest on it and `with_later` is not given.
        StudyError: if it is undone already, changed nothing of people's work, or was erased.
    """
    wanted = {number: _undoable(connection, number)}
    while True:
        plan, resting = _plan(connection, list(wanted.values()))
        if not resting:
            return plan
        if not with_later:
            later = _all_resting(connection, wanted, resting)
            names = {n: one_act(connection, n).describe() for n in later}
            raise UndoBlocked.by(wanted[number].describe(), names)
        wanted |= {n: _undoable(connection, n) for n in resting}


def apply_undo(connection: Connection, plan: UndoPlan) -> None:
    """Write the rows of a plan that was made in this very transaction."""
    deletes = [(key, row) for key, row in plan.rows.items() if row.wanted is None]
    updates = [(k, r) for k, r in plan.rows.items() if r.wanted and r.expected is not None]
    inserts = [(k, r) for k, r in plan.rows.items() if r.wanted and r.expected is None]
    driver = driver_of(connection)
    # In this order names are free before they are given again.
    for (table, row), _ in deletes:
        driver.execute(f"DELETE FROM {table} WHERE {_where(table)}", row)
    for (table, row), state in updates:
        cells = ", ".join(f'"{name}" = ?' for name in state.columns)
        values = [*(state.wanted or ()), *row]
        if not driver.execute(f"UPDATE {table} SET {cells} WHERE {_where(table)}", values).rowcount:
            _insert(driver, table, state)  # it went with a row that it belonged to
    for (table, _), state in inserts:
        _insert(driver, table, state)
    drop_unneeded(connection, plan.acts)


def _insert(driver: Any, table: str, state: _Row) -> None:  # noqa: ANN401 - the driver's
    names = ", ".join(f'"{name}"' for name in state.columns)
    places = ", ".join("?" * len(state.columns))
    driver.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", state.wanted or ())


def _undoable(connection: Connection, number: int) -> Act:
    act = one_act(connection, number)
    if act.undone_by is not None:
        raise StudyError(
            f"Act {number} is undone already, by act {act.undone_by}. To have it back: "
            f"autocode undo STUDY --act {act.undone_by}"
        )
    if act.kind == REVEAL:
        raise StudyError(
            f"{act.describe()} cannot be undone: what was revealed has been seen. Changes of mind "
            "go into a consensus: autocode resolve STUDY"
        )
    if not act.n_changes:
        raise StudyError(
            f"There is nothing to undo in {act.describe()}: it changed nothing that people made. "
            "What the machine computed is replaced by running the command again."
        )
    return act


def _plan(connection: Connection, acts: Sequence[Act]) -> tuple[UndoPlan, set[int]]:
    """The plan for these acts together, and the other acts that are in its way."""
    newest_first = sorted(acts, key=lambda act: -act.number)
    changed = changes_of(connection, [act.number for act in newest_first])
    look = _Look(connection, {act.number for act in acts})
    rows: dict[Key, _Row] = {}
    for act in newest_first:
        for change in reversed(changed[act.number]):
            look.add(rows, act, change)
    rows = look.without_replaced_drafts(rows)
    for key, row in list(rows.items()):
        if not look.is_as_expected(key, row):
            if row.wanted == look.current(key, row.columns) or TABLES[key[0]].shared:
                del rows[key]  # a shared row that somebody else needs stays
            else:
                look.blame(key, since=look.latest(key))
    look.check_references(rows)
    look.check_memos(rows)
    look.check_names(rows)
    return UndoPlan(acts=tuple(newest_first), rows=rows), look.in_the_way


class _Look:
    """The study as it is, looked at for what is in the way of undoing acts."""

    def __init__(self, connection: Connection, undone: set[int]) -> None:
        self._connection = connection
        self._driver = driver_of(connection)
        self._undone = undone
        self._undone_by = undone_acts(connection)
        self.in_the_way: set[int] = set()

    def add(self, rows: dict[Key, _Row], act: Act, change: Change | None) -> None:
        """Add a change to those that later acts made of the same rows; newest come first."""
        if change is None:
            raise StudyError(
                f"{act.describe()} cannot be undone: words it held were erased for good."
            )
        self._check_columns(act, change)
        key = (change.table, change.row)
        if key not in rows:
            rows[key] = _Row(columns=change.columns, expected=change.after, wanted=change.before)
            return
        # Two acts may have made the same change, one of them redone when it was there already.
        is_as_left = rows[key].wanted in (change.after, change.before)
        if not is_as_left and not TABLES[change.table].shared:
            self.blame(key, since=act.number)
        rows[key].wanted = change.before

    def _check_columns(self, act: Act, change: Change) -> None:
        """Raises StudyError for a change whose columns the study has no more."""
        if not set(change.columns) <= set(columns_of(self._driver, change.table)):
            raise StudyError(
                f"{act.describe()} cannot be undone: it was made by an older autocode, which kept "
                f"'{change.table}' in another way."
            )

    def current(self, key: Key, columns: Sequence[str]) -> Values:
        """The values of a row as it stands, None if there is none."""
        table, row = key
        names = ", ".join(f'"{name}"' for name in columns)
        query = f"SELECT {names} FROM {table} WHERE {_where(table)}"
        stored: Values = self._driver.execute(query, row).fetchone()
        return stored

    def is_as_expected(self, key: Key, row: _Row) -> bool:
        return self.current(key, row.columns) == row.expected

    def latest(self, key: Key) -> int:
        """The last of the acts to undo that changed a row."""
        return max(n for n in acts_on_row(self._connection, *key) if n in self._undone)

    def blame(self, key: Key, *, since: int = 0) -> None:
        """Note the standing acts that changed a row after `since`; what undid others counts last.

        Raises:
            StudyError: if there is none, as when another program has changed the row.
        """
        later = [
            n
            for n in acts_on_row(self._connection, *key)
            if n > since and n not in self._undone and n not in self._undone_by
        ]
        undoing = {n for n in later if one_act(self._connection, n).undoes}
        blamed = set(later) - undoing or undoing
        if not blamed:
            table, row = key
            raise StudyError(
                f"This cannot be undone: {_named(table, row)} is not as the history left it. "
                "Something outside the history rests on it or has changed it."
            )
        self.in_the_way |= blamed

    def without_replaced_drafts(self, rows: Mapping[Key, _Row]) -> dict[Key, _Row]:
        """All rows, without those of a theme draft that is not as the act left it."""
        soft = {key: row for key, row in rows.items() if key[0] in _SOFT}
        if all(self.is_as_expected(key, row) for key, row in soft.items()):
            return dict(rows)
        return {key: row for key, row in rows.items() if key not in soft}

    def check_references(self, rows: dict[Key, _Row]) -> None:
        """No row that stays may refer to one that goes, and none comes back without its parent."""
        for child, link in list_links(self._driver):
            if link.child in _SOFT or link.parent in _SOFT:
                continue
            going = {
                key: self.current(key, [link.parent_column])
                for key, row in rows.items()
                if key[0] == link.parent and row.expected is not None
            }
            lost = {
                values[0]: key
                for key, values in going.items()
                if values and values[0] != rows[key].value(link.parent_column)
            }
            if lost:
                self._check_children(rows, child, link, lost)
            self._check_parents(rows, link)

    def _check_children(
        self,
        rows: dict[Key, _Row],
        child: ContentTable,
        link: Link,
        lost: Mapping[object, Key],
    ) -> None:
        names = ", ".join(f'"{name}"' for name in (*child.key, link.column))
        stored = self._driver.execute(
            f'SELECT {names} FROM {child.name} WHERE "{link.column}" IN'
            f" (SELECT value FROM json_each(?)) {_captured_only(child)}",
            [json.dumps(list(lost))],
        )
        for *row, value in stored.fetchall():
            key = (child.name, tuple(row))
            if key in rows and rows[key].value(link.column) != value:
                continue  # it goes too, or will refer to another row
            parent = lost[value]
            if TABLES[parent[0]].shared:
                rows.pop(parent, None)
            else:
                self.blame(key)

    def _check_parents(self, rows: dict[Key, _Row], link: Link) -> None:
        coming = {
            row.value(link.column)
            for (table, _), row in rows.items()
            if table == link.child and row.value(link.column) is not None
        }
        made = {
            row.value(link.parent_column)
            for (table, _), row in rows.items()
            if table == link.parent and row.wanted is not None
        }
        for value in sorted(coming - made, key=str):
            query = f'SELECT 1 FROM {link.parent} WHERE "{link.parent_column}" = ?'
            if self._driver.execute(query, [value]).fetchone() is None:
                self._restore_or_blame(rows, link, value)

    def _restore_or_blame(self, rows: dict[Key, _Row], link: Link, value: object) -> None:
        """Bring back the shared row that a row needs; another one is for a person to bring back."""
        key: Key = (link.parent, (value,))
        if TABLES[link.parent].shared:
            last = last_state(self._connection, *key)
            if last is not None:
                columns, values = last
                rows[key] = _Row(columns=columns, expected=None, wanted=values)
                return
        if link.parent_column == "id":
            self.blame(key)
            return
        raise StudyError(
            f"This cannot be undone: what it would bring back belongs to '{value}', which is no "
            "longer in the study. Undo the act that took that away first."
        )

    def check_memos(self, rows: dict[Key, _Row]) -> None:
        """No memo may stay on what goes, and none comes back on what is not there."""
        made = {
            (table, row.value(column))
            for table, column in set(SUBJECTS.values())
            for (of, _), row in rows.items()
            if of == table and row.wanted is not None
        }
        for table, column in set(SUBJECTS.values()):
            going = {
                values[0]: key
                for key, row in rows.items()
                if key[0] == table and row.expected is not None
                and (values := self.current(key, [column]))
                and (table, values[0]) not in made
            }  # fmt: skip
            for number, name in list_memos_on(self._driver, table, going.keys()):
                key: Key = ("memos", (number,))
                if key in rows and rows[key].value("subject") != name:
                    continue  # it goes too, or will be on something else
                if TABLES[table].shared:
                    rows.pop(going[name], None)
                else:
                    self.blame(key)
        for (table, _), row in rows.items():
            if table == "memos" and row.wanted is not None:
                about, subject = str(row.value("about")), str(row.value("subject"))
                is_made = (SUBJECTS.get(about, ("", ""))[0], subject) in made
                if not is_made and not has_subject(self._driver, about, subject):
                    raise StudyError(
                        "This cannot be undone: the memo that it would bring back is on "
                        f"'{one_line(subject, 80)}', which is no longer in the study. Undo the act "
                        "that took that away first."
                    )

    def check_names(self, rows: Mapping[Key, _Row]) -> None:
        """No row may come back under a name, or in a place, that another row now has."""
        for (table, row), state in rows.items():
            if state.wanted is None:
                continue
            for columns in list_unique_columns(self._driver, table):
                values = [state.value(name) for name in columns]
                if None in values:
                    continue
                clash = self._other_row(table, columns, values)
                if clash is None or clash == row:
                    continue
                key = (table, clash)
                if key in rows and [rows[key].value(name) for name in columns] != values:
                    continue
                self.blame(key)

    def _other_row(
        self, table: str, columns: Sequence[str], values: Sequence[object]
    ) -> tuple[object, ...] | None:
        names = ", ".join(f'"{name}"' for name in TABLES[table].key)
        same = " AND ".join(f'"{name}" = ?' for name in columns)
        stored: tuple[object, ...] | None = self._driver.execute(
            f"SELECT {names} FROM {table} WHERE {same}", list(values)
        ).fetchone()
        return stored


def _all_resting(
    connection: Connection, wanted: Mapping[int, Act], resting: Collection[int]
) -> list[int]:
    """Everything that would have to go as well, as far as the history shows."""
    together = {*wanted, *resting}
    while True:
        acts = [act for n in together if not (act := one_act(connection, n)).undone_by]
        _, more = _plan(connection, acts)
        if more <= together:
            return sorted(together - set(wanted))
        together |= more


def _captured_only(table: ContentTable) -> str:
    return f"AND {table.when.format(row=table.name)}" if table.when else ""


def _where(table: str) -> str:
    return " AND ".join(f'"{name}" = ?' for name in TABLES[table].key)


def _named(table: str, row: Sequence[object]) -> str:
    return f"row {', '.join(map(str, row))} of the table '{table}'"
