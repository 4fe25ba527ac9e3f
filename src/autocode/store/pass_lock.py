"""Finished passes stay as they were coded, whoever writes: looked at as each act ends."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from ..core.acts import Change, NewAct
from ..core.errors import PassLocked
from .capture import driver_of

_Key = tuple[object, object]
"""Row numbers of a transcript and a coder."""

_PLACE = ("transcript_id", "start", "end", "coder_id")
_WORK: Mapping[str, tuple[str, ...]] = {
    "codings": (*_PLACE, "code_id"),
    "readings": _PLACE,
    "decisions": (*_PLACE, "suggested_id", "action", "code_id"),
}
"""Tables of work in a pass, with the columns that are the work; a memo may still be written."""

_OF_ALL = ("join", "coder")
"""Kinds of acts that put together what was coded; so do those on the codebook (`...-code`), which
move the codings of everybody alike."""


def refuse_locked(connection: Connection, new: NewAct, changes: Sequence[Change]) -> None:
    """Raises PassLocked where an act changed work in a pass that was and stays finished."""
    work = [change for change in changes if change.table in _WORK]
    if not work or not (fixed := _fixed(connection, changes)):
        return
    for change in work:
        states = [_cells(change, values) for values in (change.before, change.after)]
        if states[0] == states[1]:
            continue
        for cells in filter(None, states):
            key = (cells["transcript_id"], cells["coder_id"])
            if key in fixed and not _concerns_all(connection, new):
                raise _refusal(connection, key, fixed[key])


def _fixed(connection: Connection, changes: Iterable[Change]) -> dict[_Key, str]:
    """The state of each pass that was not open before the act and is not now."""
    query = "SELECT transcript_id, coder_id, state FROM passes WHERE state <> 'open'"
    fixed = {(row[0], row[1]): row[2] for row in driver_of(connection).execute(query)}
    for change in changes:
        if change.table == "passes":
            before = dict(zip(change.columns, change.before or (), strict=False))
            if before.get("state", "open") == "open":
                fixed.pop((change.row[0], change.row[1]), None)
    return fixed


def _cells(change: Change, values: tuple[object, ...] | None) -> dict[str, object]:
    if values is None:
        return {}
    row = dict(zip(change.columns, values, strict=True))
    return {column: row[column] for column in _WORK[change.table]}


def _concerns_all(connection: Connection, new: NewAct) -> bool:
    """Whether an act, or each one that it takes back, is of the kinds that may change all work."""
    driver = driver_of(connection)
    kinds, waiting = {new.kind} if not new.undoes else set(), list(new.undoes)
    while waiting:
        query = "SELECT kind, undoes FROM acts WHERE number = ?"
        kind, undoes = driver.execute(query, [waiting.pop()]).fetchone()
        taken = json.loads(undoes)
        waiting += taken
        kinds |= set() if taken else {kind}
    return all(kind in _OF_ALL or kind.endswith("-code") for kind in kinds)


def _refusal(connection: Connection, key: _Key, state: str) -> PassLocked:
    driver = driver_of(connection)
    (transcript,) = driver.execute("SELECT name FROM transcripts WHERE id = ?", key[:1]).fetchone()
    (coder,) = driver.execute("SELECT name FROM coders WHERE id = ?", key[1:]).fetchone()
    return PassLocked.by(transcript, coder, state)
