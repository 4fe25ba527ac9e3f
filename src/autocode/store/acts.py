"""The history: numbered acts in a chain of digests, and beside them the rows each one changed.

An act's chain value is the SHA-256 of the one before it and the act's own facts. Among these is a
digest over its changes, each of which enters as SHA-256 of a random salt, the row before and the
row after. The rows lie in a table beside: whoever must erase words empties them there and keeps
their digest, and the chain still verifies. Without the salt, which goes with the words, a digest
tells nothing of them, not even to someone who guesses.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from ..core.acts import Act, Change, HistoryCheck, HistoryFault, NewAct
from ..core.errors import NotFound
from .capture import driver_of
from .decoding import decode_rows
from .packing import inflate, pack, unpack, write_json

_SALT_BYTES = 16
_START = ""
"""What stands for the chain value before the first act."""
_MOVED = "is not in its place: acts were reordered"
_ACT_COLUMNS = "number, key, kind, coder, made_at, undoes, n_changes, digest, chain"


def append_act(connection: Connection, new: NewAct, changes: Sequence[Change], at: str) -> Act:
    """Write an act and its changes; its number is the next one."""
    driver = driver_of(connection)
    last = driver.execute("SELECT number, chain FROM acts ORDER BY number DESC LIMIT 1").fetchone()
    row = driver.execute("SELECT seq FROM sqlite_sequence WHERE name = 'acts'").fetchone()
    number = (row[0] if row else 0) + 1
    key = new.key or uuid.uuid4().hex
    rows = list(_change_rows(driver, number, new.summary, changes))
    digest = _digest_of(_change_digest(*cells[2:8]) for cells in rows)
    undoes = json.dumps(list(new.undoes))
    facts = [number, key, new.kind, new.coder, at, undoes, len(changes), digest]
    driver.execute(
        f"INSERT INTO acts ({_ACT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [*facts, _chain(last[1] if last else _START, facts)],
    )
    driver.executemany("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)", rows)
    return Act(
        number=number,
        kind=new.kind,
        coder=new.coder,
        made_at=at,
        summary=new.summary,
        n_changes=len(changes),
        undoes=new.undoes,
        key=key,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFilter:
    """Which acts are wanted: by number, coder, kind, number or time from on, beginning of the key.

    With a `limit` the last ones of them, without the `skip` very last.
    """

    number: int | None = None
    coder: str | None = None
    since: str | int | None = None
    key_prefix: str = ""
    kind: str | None = None
    limit: int | None = None
    skip: int = 0


def acts(connection: Connection, wanted: ActFilter | None = None) -> list[Act]:
    """The whole history, oldest first, or the acts that are wanted."""
    wanted = wanted or ActFilter()
    where, values = act_conditions(wanted)
    rows = connection.exec_driver_sql(
        "SELECT acts.*, changes.after AS words FROM acts LEFT JOIN changes"
        " ON changes.act = acts.number AND changes.position = 0"
        f" WHERE {where} ORDER BY number DESC LIMIT ? OFFSET ?",
        (*values, -1 if wanted.limit is None else max(0, wanted.limit), wanted.skip),
    )
    made, undone_by = decode_rows("acts", rows, _act), undone_acts(connection)
    return [replace(act, undone_by=undone_by.get(act.number)) for act in reversed(made)]


def act_conditions(wanted: ActFilter) -> tuple[str, list[object]]:
    """What an act must be, as SQL, and the values in it."""
    since = "made_at" if isinstance(wanted.since, str) else "number"
    conditions: list[tuple[str, object]] = [
        ("number = ?", wanted.number),
        ("coder = ?", wanted.coder),
        ("kind = ?", wanted.kind),
        (f"acts.{since} >= ?", wanted.since),
        (f"substr(key, 1, {len(wanted.key_prefix)}) = ?", wanted.key_prefix or None),
    ]
    asked = [(words, value) for words, value in conditions if value is not None]
    return " AND ".join(words for words, _ in asked) or "1", [value for _, value in asked]


def act_coders(connection: Connection) -> set[str]:
    """The names of everybody who made an act."""
    rows = connection.exec_driver_sql("SELECT DISTINCT coder FROM acts WHERE coder <> ''")
    return set(rows.scalars())


def kinds_of_last(connection: Connection, n_acts: int) -> list[str]:
    """The kinds of the newest acts, newest first."""
    rows = driver_of(connection).execute(
        "SELECT kind FROM acts ORDER BY number DESC LIMIT ?", (n_acts,)
    )
    return [kind for (kind,) in rows]


def undone_acts(connection: Connection, *, and_now: Sequence[int] = ()) -> dict[int, int]:
    """For each act that is undone the number of the act that undid it.

    `and_now` are acts about to be undone by the next one, which is counted as if it was there.
    """
    query = "SELECT number, undoes FROM acts WHERE undoes <> '[]' ORDER BY number DESC"
    made = driver_of(connection).execute(query).fetchall()
    undone_by = dict.fromkeys(and_now, made[0][0] + 1 if made else 0)
    # From the last act on: an undo that was itself undone has undone nothing.
    for number, undoes in made:
        if number not in undone_by:
            undone_by |= dict.fromkeys(json.loads(undoes), number)
    return undone_by


def act_by_key(connection: Connection, key: str) -> Act | None:
    """The act that was made under this key, None if there is none."""
    row = driver_of(connection).execute("SELECT number FROM acts WHERE key = ?", [key]).fetchone()
    return None if row is None else one_act(connection, row[0])


def one_act(connection: Connection, number: int) -> Act:
    """The act of this number; raises NotFound."""
    stored = acts(connection, ActFilter(number=number)) if 0 < number < 2**63 else []
    if stored:
        return stored[0]
    last = connection.exec_driver_sql("SELECT max(number) FROM acts").scalar_one() or 0
    raise NotFound(
        f"No act {number} in this study; its acts are 1 to {last}. List them: "
        "autocode history STUDY",
        kind="act",
        name=str(number),
    )


def changes_of(connection: Connection, numbers: Collection[int]) -> dict[int, list[Change | None]]:
    """The changes of acts by number, in order; None stands for each that was erased."""
    driver = driver_of(connection)
    columns = _column_lists(driver)
    stored: dict[int, list[Change | None]] = {number: [] for number in numbers}
    for number in numbers:
        rows = driver.execute(
            'SELECT table_name, columns, "row", before, after, salt FROM changes'
            " WHERE act = ? AND position > 0 ORDER BY position",
            [number],
        )
        stored[number] = decode_rows("changes", rows, lambda cells: _change(cells, columns))
    return stored


def acts_on_row(connection: Connection, table: str, row: Sequence[object]) -> list[int]:
    """The numbers of the acts that changed a row, oldest first."""
    query = 'SELECT act FROM changes WHERE table_name = ? AND "row" = ? ORDER BY act'
    return [
        number for (number,) in driver_of(connection).execute(query, [table, write_json(list(row))])
    ]


def last_state(
    connection: Connection, table: str, row: Sequence[object]
) -> tuple[tuple[str, ...], tuple[object, ...]] | None:
    """The columns and values of a row as it last was, None if that is not known."""
    driver = driver_of(connection)
    query = (
        "SELECT columns, coalesce(after, before) FROM changes"
        ' WHERE table_name = ? AND "row" = ? AND salt NOT NULL ORDER BY act DESC LIMIT 1'
    )
    stored = driver.execute(query, [table, write_json(list(row))]).fetchone()
    values = unpack(stored[1]) if stored else None
    return None if values is None else (_column_lists(driver)[stored[0]], values)


def rows_inserted(
    connection: Connection, table: str, by: Collection[int]
) -> list[tuple[object, ...]]:
    """The keys of the rows of a table that any of these acts inserted."""
    query = (
        'SELECT "row", act FROM changes WHERE table_name = ? AND before IS NULL AND salt NOT NULL'
    )
    rows = driver_of(connection).execute(query, [table])
    return [tuple(json.loads(row)) for row, act in rows if act in by]


def erase_changes(connection: Connection, places: Iterable[tuple[int, int]]) -> int:
    """Erase the words of changes, given as (act, position); position 0 is an act's summary.

    What is left of each is its digest, so that the history still verifies. An act with an erased
    change cannot be undone. Returns how many were erased.
    """
    driver, n_erased = driver_of(connection), 0
    for act, position in sorted(set(places)):
        cells = driver.execute(
            'SELECT table_name, columns, "row", before, after, salt FROM changes'
            " WHERE act = ? AND position = ? AND salt NOT NULL",
            [act, position],
        ).fetchone()
        if cells is None:
            continue
        driver.execute(
            'UPDATE changes SET columns = NULL, "row" = NULL, before = NULL, after = NULL,'
            " salt = NULL, digest = ? WHERE act = ? AND position = ?",
            [_change_digest(*cells), act, position],
        )
        n_erased += 1
    return n_erased


def verify_acts(connection: Connection) -> HistoryCheck:
    """Recompute every digest of the history, and say which act is changed, missing or moved."""
    driver = driver_of(connection)
    rows = driver.execute(f"SELECT {_ACT_COLUMNS} FROM acts ORDER BY number").fetchall()
    contents = _Contents.of_all(driver)
    faults: list[HistoryFault] = []
    expected, before = 1, _START
    for *facts, chain in rows:
        number = facts[0]
        faults += [HistoryFault(gone, "is missing") for gone in range(expected, number)]
        # What follows a gap cannot be checked against what stood there.
        if number == expected and _chain(before, facts) != chain:
            moved = _belongs_at(rows, before, number)
            chain = moved or chain
            faults.append(HistoryFault(number, _MOVED if moved else "was changed"))
        elif fault := contents.fault(number, n=facts[6], digest=facts[7]):
            faults.append(HistoryFault(number, fault))
        expected, before = number + 1, chain
    last = driver.execute("SELECT seq FROM sqlite_sequence WHERE name = 'acts'").fetchone()
    end = last[0] if last else 0
    faults += [HistoryFault(gone, "is missing") for gone in range(expected, end + 1)]
    strange = sorted(set(contents.digests) - {row[0] for row in rows} - {f.act for f in faults})
    faults += [HistoryFault(number, "has rows but no entry") for number in strange]
    return HistoryCheck(n_acts=len(rows), n_erased=len(contents.erased), faults=tuple(faults))


@dataclass(frozen=True, slots=True)
class _Contents:
    """The digests of the changes that are there, by act, and the acts with erased ones."""

    digests: Mapping[int, Sequence[bytes | None]]
    erased: set[int]

    @classmethod
    def of_all(cls, driver: Any) -> _Contents:  # noqa: ANN401 - the driver's connection
        rows = driver.execute(
            'SELECT act, table_name, columns, "row", before, after, salt, digest FROM changes'
            " ORDER BY act, position"
        )
        digests: dict[int, list[bytes | None]] = {}
        erased: set[int] = set()
        for act, cells in groupby(rows, key=lambda row: row[0]):
            stored: list[bytes | None] = []
            for _, *change, digest in cells:
                if change[-1] is None:
                    erased.add(act)
                stored.append(digest if change[-1] is None else _digest_if_sound(change))
            digests[act] = stored
        return cls(digests, erased)

    def fault(self, number: int, *, n: int, digest: str) -> str:
        """What is wrong with the changes of an act, nothing if they are as they were made."""
        stored = self.digests.get(number)
        if stored is None:
            self.erased.add(number)  # the whole table may be emptied
            return ""
        if len(stored) != n + 1:
            return f"was changed: it has {len(stored) - 1} of its {n} changed rows"
        sound = [one for one in stored if isinstance(one, bytes)]
        is_whole = len(sound) == len(stored) and _digest_of(sound) == digest
        return "" if is_whole else "was changed: the rows it changed are not those it was made with"


def _belongs_at(rows: Sequence[Sequence[Any]], before: str, number: int) -> str | None:
    """The chain value of the act that was made after `before` under this number, if it is there."""
    for _, *facts, chain in rows:
        if _chain(before, [number, *facts]) == chain:
            return str(chain)
    return None


def _change_rows(
    driver: Any,  # noqa: ANN401 - the driver's connection
    act: int,
    summary: str,
    changes: Sequence[Change],
) -> Iterator[tuple[Any, ...]]:
    salts = os.urandom(_SALT_BYTES * (len(changes) + 1))
    yield act, 0, "", None, "", None, pack(summary), salts[:_SALT_BYTES]
    lists: dict[tuple[str, ...], int] = {}
    for position, change in enumerate(changes, start=1):
        if change.columns not in lists:
            lists[change.columns] = _column_list(driver, change.columns)
        yield (
            act,
            position,
            change.table,
            lists[change.columns],
            write_json(list(change.row)),
            pack(change.before),
            pack(change.after),
            salts[position * _SALT_BYTES : (position + 1) * _SALT_BYTES],
        )


def _column_list(driver: Any, columns: Sequence[str]) -> int:  # noqa: ANN401 - the driver's
    names = write_json(list(columns))
    driver.execute("INSERT OR IGNORE INTO column_lists (names) VALUES (?)", [names])
    query = "SELECT number FROM column_lists WHERE names = ?"
    return int(driver.execute(query, [names]).fetchone()[0])


def _column_lists(driver: Any) -> dict[int, tuple[str, ...]]:  # noqa: ANN401 - the driver's
    rows = driver.execute("SELECT number, names FROM column_lists")
    return {number: tuple(json.loads(names)) for number, names in rows}


def _change(cells: Sequence[Any], columns: Mapping[int, tuple[str, ...]]) -> Change | None:
    table, listed, row, before, after, salt = cells
    if salt is None:
        return None
    return Change(
        table=table,
        row=tuple(json.loads(row)),
        columns=columns[listed],
        before=unpack(before),
        after=unpack(after),
    )


def _act(row: Any) -> Act:  # noqa: ANN401 - a SQLAlchemy Row
    words = None if row.words is None else json.loads(inflate(row.words))
    return Act(
        number=row.number,
        kind=row.kind,
        coder=row.coder,
        made_at=row.made_at,
        summary=words,
        n_changes=row.n_changes,
        undoes=tuple(json.loads(row.undoes)),
        key=row.key,
    )


def _change_digest(
    table: str,
    columns: int | None,
    row: str,
    before: bytes | None,
    after: bytes | None,
    salt: bytes,
) -> bytes:
    """SHA-256 of a change as it is stored, the lengths first, so that no part can move."""
    lengths = [None if stored is None else len(stored) for stored in (before, after)]
    head = f"{table}\0{columns}\0{row}\0{lengths}\0"  # JSON writes no zero as such
    return hashlib.sha256(b"".join((salt, head.encode(), before or b"", after or b""))).digest()


def _digest_if_sound(cells: Sequence[Any]) -> bytes | None:
    """The digest of a change, None if its cells cannot be what was written."""
    try:
        return _change_digest(*cells)
    except (TypeError, AttributeError, ValueError, zlib.error):
        return None


def _digest_of(digests: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(digests)).hexdigest()


def _chain(before: str, facts: Sequence[object]) -> str:
    return hashlib.sha256(f"{before}{write_json(list(facts))}".encode()).hexdigest()
