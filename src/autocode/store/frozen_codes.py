"""The codebook as a coder in a blind pass may see it: as it was when the pass was assigned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from ..core.acts import Change
from ..core.codebook import Code, Codebook
from .acts import acts, changes_of
from .capture import columns_of, driver_of
from .codebook import codebook, codes_of_rows

Row = dict[str, Any]
_IDENTITY = ("id", "code", "guid")


def frozen_codes(connection: Connection, coder: str) -> dict[int, Row] | None:
    """Rows of the codes by number as they were when the coder's first hidden pass was assigned.

    What the coder added or changed since is in it, unless somebody else changed it after that;
    codes that have gone since are not. None for a coder who has no hidden pass: one that is blind
    and not yet revealed.
    """
    since = _act_of_assigning(connection, coder)
    if since is None:
        return None
    rows = _present_codes(connection)
    for number, state in _earlier_states(connection, since, coder).items():
        if number in rows:
            if state is None:
                del rows[number]
            else:
                # What a code is known by stays, or joining would take it for another one.
                rows[number] |= {name: state[name] for name in state if name not in _IDENTITY}
    known = {row["code"] for row in rows.values()}
    for row in rows.values():
        row["parent"] = row["parent"] if row["parent"] in known else None
    return rows


def frozen_codebook(connection: Connection, coder: str) -> Codebook | None:
    """The codebook of `frozen_codes`, with codes that the coder applied; None where it is none.

    Of a code that somebody else added since and the coder came to apply, by its name, the name is
    all that is shown.
    """
    rows = frozen_codes(connection, coder)
    if rows is None:
        return None
    frozen = {code.id: code for code in codes_of_rows(rows.values())}
    applied = driver_of(connection).execute(
        "SELECT DISTINCT codes.code FROM codings JOIN codes ON codes.id = code_id"
        " JOIN coders ON coders.id = coder_id WHERE coders.name = ?",
        [coder],
    )
    keep = {code for (code,) in applied}
    # In the order of the day of assigning; codes of others that the coder came to apply come last.
    ordered = sorted(rows.items(), key=lambda item: (item[1]["position"], item[0]))
    shown = [frozen[row["code"]] for _, row in ordered]
    shown += [
        Code(id=c.id, name=c.name)
        for c in codebook(connection)
        if c.id in keep and c.id not in frozen
    ]
    known = {code.id for code in shown}
    return Codebook(tuple(c if c.parent in known else replace(c, parent=None) for c in shown))


def _present_codes(connection: Connection) -> dict[int, Row]:
    driver = driver_of(connection)
    columns = columns_of(driver, "codes")
    stored = driver.execute("SELECT * FROM codes ORDER BY position, id")
    return {cells[columns.index("id")]: dict(zip(columns, cells, strict=True)) for cells in stored}


def _act_of_assigning(connection: Connection, coder: str) -> int | None:
    """The first act that assigned one of the coder's hidden passes; None if there is none.

    A pass keeps the time of its assignment when its row is written anew, as by a corrected
    transcript or by redoing.
    """
    hidden = {
        (row[0], row[1]): row[2]
        for row in driver_of(connection).execute(
            "SELECT transcript_id, coder_id, made_at FROM passes"
            " JOIN coders ON coders.id = coder_id"
            " WHERE coders.name = ? AND blind = 1 AND state <> 'revealed'",
            [coder],
        )
    }
    if not hidden:
        return None
    made = [
        (number, change.row, change.after[change.columns.index("made_at")])
        for number, change in changes_of_table(connection, "passes", after=0)
        if change.before is None and change.after is not None
    ]
    opened = []
    for key, at in hidden.items():
        same = [number for number, row, made_at in made if row == key and made_at == at]
        moved = [number for number, _, made_at in made if made_at == at]
        opened += (same or moved)[:1]
    return min(opened, default=max((act.number for act in acts(connection)), default=0))


def _earlier_states(connection: Connection, since: int, coder: str) -> dict[int, Row | None]:
    """The codes that others changed after an act, as they were before; None for one they added."""
    by = {act.number: act.coder for act in acts(connection)}
    states: dict[int, Row | None] = {}
    for number, change in changes_of_table(connection, "codes", after=since):
        row = int(str(change.row[0]))
        if by[number] != coder and row not in states:
            before = change.before
            states[row] = None if before is None else dict(zip(change.columns, before, strict=True))
    return states


def changes_of_table(connection: Connection, table: str, *, after: int) -> list[tuple[int, Change]]:
    """The changes of a table by acts after one, with their acts, in order; none that are erased."""
    query = "SELECT DISTINCT act FROM changes WHERE table_name = ? AND act > ? ORDER BY act"
    numbers = [row[0] for row in driver_of(connection).execute(query, [table, after])]
    by_act = changes_of(connection, numbers)
    return [
        (number, change)
        for number in numbers
        for change in by_act[number]
        if change is not None and change.table == table
    ]
