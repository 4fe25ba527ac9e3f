"""What is computed from people's work, kept consistent with it after any change."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice, takewhile
from typing import Any

from sqlalchemy import Connection

from ..core.acts import Change
from .capture import driver_of

_DOOMED = "SELECT value FROM json_each(?)"
_FOR_WHOM = (
    "CASE WHEN kind = 'suggest' AND json_valid(parameters) = 1"
    " THEN json_extract(parameters, '$.for') END"
)


def settle(connection: Connection, changes: Sequence[Change]) -> None:
    """Drop computed rows that rest on what is gone; give segments the speakers of their turns.

    Suggestions go with a transcript, code or coder that they name, in their evidence too, and with
    the coder they were made for, whose name runs follow where it changes; so does a theme draft
    that holds segments of a transcript that is gone. Runs at the end of every writing transaction,
    so that no writer can leave them dangling.
    """
    gone = {
        table: [c.row[0] for c in changes if c.table == table and c.after is None]
        for table in ("transcripts", "codes", "coders")
    }
    named = [_names_of(change) for change in changes if change.table == "coders"]
    for old, new in named:
        if old is not None and new is not None and old != new:
            _rename_in_runs(connection, old, new)
    if any(gone.values()):
        whom = [old for old, new in named if old is not None and new is None]
        _forget_what_names(connection, gone, whom)
    spoken = {
        _transcript_of(change)
        for change in changes
        if change.table in ("turns", "speakers") and change.before is not None
    }
    if spoken - set(gone["transcripts"]):
        _follow_turns(connection, spoken)


def suggestions_naming(
    connection: Connection, gone: Mapping[str, list[object]], whom: Collection[str] = ()
) -> list[int]:
    """Numbers of the suggestions that rest on these transcripts, codes or coders (row numbers).

    And of those that were made for one of the coders named in `whom`.
    """
    runs = _runs_for(connection, whom) if whom else set()
    transcripts, codes, coders = (set(gone[t]) for t in ("transcripts", "codes", "coders"))
    rows = driver_of(connection).execute(
        "SELECT id, transcript_id, code_id, evidence, run_id FROM suggestions"
    )
    return [
        number
        for number, transcript, code, evidence, run in rows
        if run in runs
        or transcript in transcripts
        or code in codes
        or _names(json.loads(evidence), transcripts, codes, coders)
    ]


def _runs_for(connection: Connection, whom: Collection[str]) -> set[object]:
    """Numbers of the runs that suggested codes for one of these coders."""
    rows = driver_of(connection).execute(
        f"SELECT id FROM runs WHERE {_FOR_WHOM} IN ({_DOOMED})", [json.dumps(sorted(whom))]
    )
    return {row[0] for row in rows}


def _rename_in_runs(connection: Connection, old: str, new: str) -> None:
    driver_of(connection).execute(
        f"UPDATE runs SET parameters = json_set(parameters, '$.for', ?) WHERE {_FOR_WHOM} = ?",
        [new, old],
    )


def _names_of(change: Change) -> tuple[str | None, str | None]:
    """What a row is called before and after a change."""
    at = change.columns.index("name")
    before, after = (None if row is None else str(row[at]) for row in (change.before, change.after))
    return before, after


def _forget_what_names(
    connection: Connection, gone: Mapping[str, list[object]], whom: Collection[str]
) -> None:
    driver = driver_of(connection)
    doomed = suggestions_naming(connection, gone, whom)
    driver.execute(f"DELETE FROM suggestions WHERE id IN ({_DOOMED})", [json.dumps(doomed)])
    driver.execute(
        "DELETE FROM runs WHERE kind = 'themes' AND id IN (SELECT run_id FROM members"
        f" WHERE transcript_id IN ({_DOOMED}))",
        [json.dumps(gone["transcripts"])],
    )


def _names(
    evidence: list[list[list[object]]],
    transcripts: set[object],
    codes: set[object],
    coders: set[object],
) -> bool:
    """Whether evidence, as `evidence.encode` stores it, refers to one of these row numbers."""
    _, precedents, counter_examples, _, neighbours, *_ = evidence
    for transcript, _, _, _, by, applied, *_ in (*precedents, *counter_examples):
        if transcript in transcripts or coders & _listed(by) or codes & _listed(applied):
            return True
    return any(code in codes for _, _, _, code, *_ in neighbours)


def _listed(numbers: object) -> set[object]:
    return set(numbers) if isinstance(numbers, list) else set()


def _transcript_of(change: Change) -> object:
    values = change.after or change.before
    assert values is not None  # a change has one of the two
    return values[change.columns.index("transcript_id")]


def _follow_turns(connection: Connection, transcripts: Iterable[object]) -> None:
    """Segments whose speaker says none of their words get the one who says most of them.

    A segment over several turns keeps to whoever does not interview, as segmenting does.
    """
    driver = driver_of(connection)
    wrong: list[tuple[object, object, int]] = []
    for transcript in transcripts:
        turns = driver.execute(
            'SELECT "start", "end", speaker_id, role FROM turns LEFT JOIN speakers'
            " ON speakers.id = speaker_id WHERE turns.transcript_id = ? ORDER BY 1",
            [transcript],
        ).fetchall()
        ends = [end for _, end, _, _ in turns]
        segments = driver.execute(
            'SELECT "start", "end", speaker_id FROM segments WHERE transcript_id = ?', [transcript]
        ).fetchall()
        for start, end, speaker in segments:
            # Turns are in order and do not overlap, so that their ends are in order too.
            inside = _turns_inside(islice(turns, bisect_right(ends, start), None), end)
            if inside and speaker not in {who for _, _, who, _ in inside}:
                best = max(
                    inside, key=lambda t: (t[3] != "interviewer", min(t[1], end) - max(t[0], start))
                )
                wrong.append((best[2], transcript, start))
    driver.executemany(
        'UPDATE segments SET speaker_id = ? WHERE transcript_id = ? AND "start" = ?', wrong
    )


def _turns_inside(turns: Iterable[tuple[int, int, object, str]], end: int) -> list[Any]:
    return list(takewhile(lambda turn: turn[0] < end, turns))
