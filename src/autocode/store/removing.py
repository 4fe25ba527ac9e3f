"""Rows taken out of a study: a transcript, a coder's work, a case, each with all that is theirs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from .capture import columns_of, driver_of
from .content import CONTENT
from .settling import suggestions_naming

_ABOUT_TRANSCRIPTS = ("transcript", "span")
_AMONG = "(SELECT value FROM json_each(?))"


def remove_transcripts(connection: Connection, names: Collection[str]) -> None:
    """Take transcripts out with everything that points into them, and the cases nobody else has.

    Memos on the transcripts and their words go too. Suggestions and drafts that rest on them are
    dropped at the end of the transaction, as after any change.
    """
    driver = driver_of(connection)
    numbers = json.dumps(_numbers(connection, "transcripts", names))
    own = [
        row[0]
        for row in driver.execute(
            f"SELECT case_id FROM transcripts WHERE id IN {_AMONG} AND case_id NOT NULL"
            f" UNION SELECT case_id FROM speakers WHERE transcript_id IN {_AMONG}"
            " AND case_id NOT NULL",
            [numbers, numbers],
        )
    ]
    for table in tables_of_transcripts(connection):
        driver.execute(f"DELETE FROM {table} WHERE transcript_id IN {_AMONG}", [numbers])
    driver.execute(
        f"DELETE FROM memos WHERE about IN {_AMONG} AND subject IN {_AMONG}",
        [json.dumps(_ABOUT_TRANSCRIPTS), json.dumps(sorted(names))],
    )
    driver.execute(f"DELETE FROM transcripts WHERE id IN {_AMONG}", [numbers])
    remove_idle_cases(connection, own)


def tables_of_transcripts(connection: Connection) -> list[str]:
    """The tables of content that hold rows of transcripts, those that others refer to last."""
    driver = driver_of(connection)
    tables = [t.name for t in CONTENT if "transcript_id" in columns_of(driver, t.name)]
    return sorted(tables, key=lambda name: name == "speakers")


def remove_coder(connection: Connection, name: str) -> None:
    """Take a coder out with all their work: codings, readings, decisions and memos."""
    driver = driver_of(connection)
    (number,) = _numbers(connection, "coders", [name])
    for table in CONTENT:
        if "coder_id" in columns_of(driver, table.name):
            driver.execute(f"DELETE FROM {table.name} WHERE coder_id = ?", [number])
    for column in ("one_id", "other_id", "by_id"):  # what a consensus settled stays its own
        driver.execute(f"UPDATE resolutions SET {column} = NULL WHERE {column} = ?", [number])
    driver.execute("DELETE FROM coders WHERE id = ?", [number])


def remove_cases(connection: Connection, names: Collection[str]) -> None:
    """Take cases out with their attributes and the memos on them; speakers of theirs have none."""
    driver = driver_of(connection)
    numbers = json.dumps(_numbers(connection, "cases", names))
    for table in ("speakers", "transcripts"):
        driver.execute(f"UPDATE {table} SET case_id = NULL WHERE case_id IN {_AMONG}", [numbers])
    driver.execute(f"DELETE FROM attributes WHERE case_id IN {_AMONG}", [numbers])
    driver.execute(
        f"DELETE FROM memos WHERE about = 'case' AND subject IN {_AMONG}",
        [json.dumps(sorted(names))],
    )
    driver.execute(f"DELETE FROM cases WHERE id IN {_AMONG}", [numbers])


def remove_idle_cases(connection: Connection, numbers: Iterable[int]) -> None:
    """Take those of these cases out that no transcript and no speaker belongs to any more."""
    driver = driver_of(connection)
    rows = driver.execute(
        f"SELECT name FROM cases WHERE id IN {_AMONG}"
        " AND id NOT IN (SELECT case_id FROM speakers WHERE case_id NOT NULL)"
        " AND id NOT IN (SELECT case_id FROM transcripts WHERE case_id NOT NULL)",
        [json.dumps(list(numbers))],
    )
    if names := [row[0] for row in rows]:
        remove_cases(connection, names)


def resting_on(
    connection: Connection, *, transcripts: Collection[str] = (), coder: str | None = None
) -> tuple[int, int]:
    """How many suggestions and segments of the theme draft go with these transcripts or coder."""
    gone: dict[str, list[object]] = {
        "transcripts": list(_numbers(connection, "transcripts", transcripts)),
        "codes": [],
        "coders": [] if coder is None else list(_numbers(connection, "coders", [coder])),
    }
    members = driver_of(connection).execute(
        "SELECT count(*) FROM members WHERE run_id IN"
        f" (SELECT run_id FROM members WHERE transcript_id IN {_AMONG})",
        [json.dumps(gone["transcripts"])],
    )
    whom = [] if coder is None else [coder]
    return len(suggestions_naming(connection, gone, whom)), int(members.fetchone()[0])


def naming_suggestions(connection: Connection, transcripts: Collection[str]) -> list[int]:
    """Numbers of the suggestions that rest on these transcripts."""
    numbers: list[object] = list(_numbers(connection, "transcripts", transcripts))
    return suggestions_naming(connection, {"transcripts": numbers, "codes": [], "coders": []})


def _numbers(connection: Connection, table: str, names: Collection[str]) -> list[int]:
    rows = driver_of(connection).execute(
        f"SELECT id FROM {table} WHERE name IN {_AMONG}", [json.dumps(sorted(names))]
    )
    return [row[0] for row in rows]
