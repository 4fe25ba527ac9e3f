"""A column that names each code's parent: by id, by name, or by its path."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...core.errors import FileRefused, NotFound, one_line
from .codebook_columns import CodebookColumns
from .codebook_entries import Entry, unite_entries
from .codebook_rows import (
    PlacedEntries,
    describe_filled,
    describe_repeated,
    is_written_once,
    make_entry,
    name_of,
)
from .table import Table

_PATH = re.compile(r"(?<!\s)\s*+(?:>{1,2}|[→»›]|\\{1,2}|::)\s*")


def read_parent_column(table: Table, columns: CodebookColumns) -> PlacedEntries:
    """A column that names each code's parent by id, by name, or by its path."""
    column = columns.parent or ""
    labels = [row.get(column) for row in table.rows]
    entries: list[Entry] = []
    for at, row in enumerate(table.rows):
        has_name = bool(row.get(columns.name or "", columns.id or ""))
        if labels[at] and not has_name and not columns.names_parent:
            entries.append(make_entry(row, columns, labels[at]))  # it defines the category itself
            labels[at] = ""
        else:
            entries.append(make_entry(row, columns, name_of(table, row, columns)))
    notes = []
    if n_filled := _fill_labels(labels, entries):
        notes.append(describe_filled(n_filled, [column]))
    elif left := _blank_below_filled(labels, entries):
        shown = ", ".join(one_line(name, 40) for name in left[:4])
        more = f" and {len(left) - 4} more" if len(left) > 4 else ""
        notes.append(
            f"at the top, since their '{column}' is blank: {shown}{more}; fill the cells if they "
            "are not"
        )
    finder = _ParentFinder(table, columns, entries, labels)
    finder.place()
    kept, n_repeated = _unite_repeated(entries, table)
    notes += describe_repeated(n_repeated)
    reading = "" if columns.names_parent else f"parents in '{column}'"
    return PlacedEntries(kept, reading, tuple(notes))


def _fill_labels(labels: list[str], entries: Sequence[Entry]) -> int:
    """Fill blank labels from above where they come of merged cells; returns how many.

    They do if the first row has one, none is written in two rows in a row, and none of them is the
    name of a code.
    """
    names = {entry.name.casefold() for entry in entries}
    given = [label for label in labels if label]
    if (
        not given
        or not labels[0]
        or len(given) == len(labels)
        or not is_written_once(labels)
        or any(label.casefold() in names for label in given)
    ):
        return 0
    n_filled = 0
    for at, label in enumerate(labels):
        if not label:
            labels[at] = labels[at - 1]
            n_filled += 1
    return n_filled


def _blank_below_filled(labels: Sequence[str], entries: Sequence[Entry]) -> list[str]:
    """Names of codes without a parent that stand below some with one and head no other code."""
    if not labels or not labels[0]:
        return []
    heads = {label.casefold() for label in labels}
    return [
        entry.name
        for at, entry in enumerate(entries)
        if at and not labels[at] and labels[at - 1] and entry.name.casefold() not in heads
    ]


class _ParentFinder:
    """Finds the entry that each label names; labels that no row has become entries."""

    def __init__(
        self,
        table: Table,
        columns: CodebookColumns,
        entries: list[Entry],
        labels: Sequence[str],
    ) -> None:
        self._table, self._columns = table, columns
        self._entries, self._labels = entries, labels
        self._by_id = {e.given_id: at for at, e in enumerate(entries) if e.given_id}
        self._by_name: dict[str, list[int]] = {}
        for at, entry in enumerate(entries):
            self._by_name.setdefault(entry.name.casefold(), []).append(at)
        self._made: dict[tuple[str, ...], int] = {}

    def place(self) -> None:
        """Give every entry its parent."""
        for at, label in enumerate(self._labels):
            entry = self._entries[at]
            if label and label.casefold() != entry.name.casefold():
                entry.parent = self._find(at, label)
            elif label and self._by_id.get(label, at) != at:
                entry.parent = self._by_id[label]

    def _find(self, at: int, label: str) -> int:
        if label in self._by_id:
            return self._by_id[label]
        named = [other for other in self._by_name.get(label.casefold(), []) if other != at]
        if len(named) > 1 and len({self._labels[n].casefold() for n in named}) > 1:
            raise self._refuse(
                at,
                f"parent '{label}' is the name of {len(named)} codes",
                "Write its path, such as 'Barriers > Cost'.",
            )
        if named:
            return named[0]
        parts = tuple(part for part in _PATH.split(label) if part)
        if len(parts) > 1:
            return self._follow(at, parts)
        if self._columns.id and self._columns.names_parent:
            near = NotFound.among("code", label, [e.name for e in self._entries[:2_000]]).nearest
            hint = f"; did you mean '{near}'?" if near else ""
            name = self._entries[at].given_id or self._entries[at].name
            raise self._refuse(
                at,
                f"parent '{label}' of '{name}' is not in the codebook{hint}",
                "Add a row for it or leave the parent empty.",
            )
        return self._make((label,), None)

    def _follow(self, at: int, parts: tuple[str, ...]) -> int:
        """The entry at the end of a path, made as far as no row has it."""
        above: int | None = None
        for depth, name in enumerate(parts):
            named = [
                other
                for other in self._by_name.get(name.casefold(), [])
                if other != at and self._is_under(other, parts[:depth])
            ]
            above = named[0] if named else self._make(parts[: depth + 1], above)
        assert above is not None
        return above

    def _is_under(self, at: int, above: tuple[str, ...]) -> bool:
        label = self._labels[at]
        if not above:
            return not label
        written = tuple(part.casefold() for part in _PATH.split(label) if part)
        wanted = tuple(name.casefold() for name in above)
        return written == wanted or written == wanted[-1:]

    def _make(self, path: tuple[str, ...], parent: int | None) -> int:
        key = tuple(name.casefold() for name in path)
        if key not in self._made:
            self._entries.append(Entry(name=path[-1], parent=parent))
            self._made[key] = len(self._entries) - 1
        return self._made[key]

    def _refuse(self, at: int, fault: str, remedy: str) -> FileRefused:
        return FileRefused.because(
            self._table.path, fault, remedy=remedy, place=f"line {self._entries[at].line}"
        )


def _unite_repeated(entries: Sequence[Entry], table: Table) -> tuple[list[Entry], int]:
    """Entries of one name under one parent as one, and made parents before their first child.

    Returns the entries and how many rows were repeats.
    """
    same = _list_first_places(entries)
    united: list[Entry] = []
    places: dict[int, int] = {}
    for at, entry in enumerate(entries):
        if same[at] == at:
            for place in [*_list_made_above(entries, at), at]:
                if place not in places:
                    places[place] = len(united)
                    united.append(entries[place])
            continue
        above = [entries[entry.parent].name] if entry.parent is not None else []
        known = places[same[at]]
        united[known] = unite_entries(united[known], entry, table.path, [*above, entry.name])
    for entry in united:
        if entry.parent is not None:
            entry.parent = places[same[entry.parent]]
    return united, len(entries) - len(united)


def _list_first_places(entries: Sequence[Entry]) -> list[int]:
    """For each entry the place of the first that is the same code; an id of its own tells apart."""
    first: dict[tuple[int | None, str], int] = {}
    return [
        at
        if entry.given_id or entry.line is None
        else first.setdefault((entry.parent, entry.name), at)
        for at, entry in enumerate(entries)
    ]


def _list_made_above(entries: Sequence[Entry], at: int) -> list[int]:
    """Places of the parents above an entry that no row has, the highest first."""
    made: list[int] = []
    above = entries[at].parent
    while above is not None and entries[above].line is None:
        made.append(above)
        above = entries[above].parent
    return made[::-1]
