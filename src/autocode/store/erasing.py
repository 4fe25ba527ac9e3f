"""Words erased for good: from the history, from what was computed of them, and from file names.

The rows themselves are deleted before, in the same act; here goes what would still hold their
words: earlier acts, drafts and runs, vectors, summaries that name a file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

from ..core.acts import Change
from ..core.transcript import text_digest
from .acts import acts, changes_of, erase_changes
from .capture import driver_of
from .content import DRAFTS

_AMONG = "(SELECT value FROM json_each(?))"
_DRAFTS = frozenset(table.name for table in DRAFTS)


class CountsNames(Protocol):
    """Whatever says how often names stand in a text."""

    def count(self, text: str, /) -> int:
        """How often one of the names stands in a text."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What is erased: numbers of rows of transcripts and cases, now and before, and their names."""

    transcripts: frozenset[int]
    cases: frozenset[int]
    names: frozenset[str]


def trace(
    connection: Connection, *, transcripts: Collection[str], cases: Collection[str]
) -> Traces:
    """All rows that ever bore these names or were renamed from them, and every name they had.

    What was removed before, and is in the history only, is traced as well.
    """
    driver = driver_of(connection)
    traced: dict[str, tuple[set[int], set[str]]] = {
        "transcripts": (set(), set(transcripts)),
        "cases": (set(), set(cases)),
    }
    rows = [
        (change.table, int(str(change.row[0])), values)
        for change in _all_changes(connection)
        if change.table in traced
        for values in _states(change)
    ]
    for table in traced:
        columns = [row[1] for row in driver.execute(f"PRAGMA table_info({table})")]
        for stored in driver.execute(f"SELECT * FROM {table}"):
            rows.append((table, stored[0], dict(zip(columns, stored, strict=True))))
    n_known = -1
    while n_known != (n_known := sum(len(a) + len(b) for a, b in traced.values())):
        for table, number, values in rows:
            numbers, names = traced[table]
            if number in numbers or values["name"] in names:
                numbers.add(number)
                names.add(str(values["name"]))
    files = {
        str(values["source_name"])
        for table, number, values in rows
        if table == "transcripts" and number in traced["transcripts"][0]
    }
    stems = {name.rpartition(".")[0] or name for name in files}
    names = traced["transcripts"][1] | traced["cases"][1] | files | stems
    return Traces(
        transcripts=frozenset(traced["transcripts"][0]),
        cases=frozenset(traced["cases"][0]),
        names=frozenset(names),
    )


def erase_history(
    connection: Connection,
    traces: Traces,
    names: CountsNames,
    *,
    texts_too: bool = False,
) -> int:
    """Erase the words of every change that holds some of what is traced; returns how many.

    With `texts_too` transcripts whose text holds one of the names are erased as well.
    """
    places = []
    for act, position, change in _placed_changes(connection):
        if isinstance(change, str):
            if names.count(change):
                places.append((act, position))
        elif _belongs(change, traces) or (
            (texts_too or change.table != "transcripts") and _holds(change, names)
        ):
            places.append((act, position))
    return erase_changes(connection, places)


def erase_draft_history(connection: Connection) -> int:
    """Erase what the history holds of draft themes, whose names are made of people's words."""
    return erase_changes(
        connection,
        [
            (act, position)
            for act, position, change in _placed_changes(connection)
            if not isinstance(change, str) and change.table in _DRAFTS
        ],
    )


def erase_computed(
    connection: Connection, doomed: Collection[int], names: CountsNames
) -> list[str]:
    """Drop suggestions by number, phrases that no other needs, and vectors of texts that are gone.

    Returns the digests of those texts. Vectors are kept for texts that still stand in the study:
    its segments, codings and codebook. Kept fits go, as each rests on all words. The metric of a
    theme draft goes; the draft stays, but is not updated any more.
    """
    driver = driver_of(connection)
    driver.execute(f"DELETE FROM suggestions WHERE id IN {_AMONG}", [json.dumps(list(doomed))])
    used = {
        phrase[1]
        for (evidence,) in driver.execute("SELECT evidence FROM suggestions")
        if (phrase := json.loads(evidence)[0])
    }
    driver.execute(f"DELETE FROM phrases WHERE id NOT IN {_AMONG}", [json.dumps(sorted(used))])
    _erase_from_runs(driver, names)
    keep = json.dumps(sorted({text_digest(words) for words in _present_texts(driver)}))
    dropped = driver.execute(
        f"DELETE FROM vectors WHERE text_digest NOT IN {_AMONG} RETURNING text_digest", [keep]
    ).fetchall()
    # A covariance of few coded segments says something of each of them; fits hold words.
    driver.execute("DELETE FROM theme_metrics")
    driver.execute("DELETE FROM fits")
    return sorted({digest for (digest,) in dropped})


def earlier_texts(connection: Connection, traces: Traces) -> list[str]:
    """The texts of traced transcripts that the history holds."""
    return [
        str(values["text"])
        for change in _all_changes(connection)
        if change.table == "transcripts" and change.row[0] in traces.transcripts
        for values in _states(change)
    ]


def drop_drafts_with(connection: Connection, names: CountsNames) -> None:
    """Drop the theme draft where names or terms of its themes hold one of the names."""
    driver = driver_of(connection)
    rows = driver.execute("SELECT run_id, name, terms, detail, near FROM themes").fetchall()
    for run, *words in rows:
        if any(names.count(text) for text in words):
            driver.execute("DELETE FROM runs WHERE id = ?", [run])


def names_of_speakers(connection: Connection, traces: Traces) -> set[str]:
    """What the speakers of traced transcripts were ever called, interviewers left out."""
    states = [
        values
        for change in _all_changes(connection)
        if change.table == "speakers"
        for values in _states(change)
        if values["transcript_id"] in traces.transcripts
    ]
    interviewers = {values["name"] for values in states if values["role"] == "interviewer"}
    return {str(values["name"]) for values in states} - {str(name) for name in interviewers}


def blank_quoting_decisions(connection: Connection, is_quote: Callable[[str], bool]) -> None:
    """Take names of draft themes that quote somebody out of the decisions on them."""
    driver = driver_of(connection)
    rows = driver.execute("SELECT id, names, name, memo FROM theme_decisions").fetchall()
    for number, names, name, memo in rows:
        kept = ["" if is_quote(one) else one for one in json.loads(names)]
        cells = [
            json.dumps(kept, ensure_ascii=False),
            "" if is_quote(name) else name,
            "" if is_quote(memo) else memo,
        ]
        if cells != [json.dumps(json.loads(names), ensure_ascii=False), name, memo]:
            driver.execute(
                "UPDATE theme_decisions SET names = ?, name = ?, memo = ? WHERE id = ?",
                [*cells, number],
            )
            history = driver.execute(
                'SELECT act, position FROM changes WHERE table_name = ? AND "row" = ?',
                ["theme_decisions", json.dumps([number])],
            )
            erase_changes(connection, history.fetchall())


def blank_import_names(connection: Connection, names: CountsNames) -> None:
    """Take file names that hold one of the names out of the list of imported files."""
    driver = driver_of(connection)
    for digest, kind, name in driver.execute("SELECT digest, kind, name FROM imports").fetchall():
        if names.count(name):
            driver.execute(
                "UPDATE imports SET name = '' WHERE digest = ? AND kind = ?", [digest, kind]
            )


def count_mentions(connection: Connection, count: Callable[[str, str], int]) -> dict[str, int]:
    """Where the study still holds what `count` finds in a text of a kind, and how often."""
    driver = driver_of(connection)
    queries = {
        "transcript": "SELECT name, text FROM transcripts",
        "code": "SELECT code, name || char(10) || definition || char(10) || inclusion || char(10)"
        " || exclusion || char(10) || examples || char(10) || memo FROM codes",
        "memo": "SELECT about || ' ' || subject, text FROM memos",
        "memo on codings of": "SELECT transcripts.name, memo FROM codings"
        " JOIN transcripts ON transcripts.id = transcript_id WHERE memo <> ''",
        "memo on decisions on": "SELECT transcripts.name, memo FROM decisions"
        " JOIN transcripts ON transcripts.id = transcript_id WHERE memo <> ''",
        "resolution in": "SELECT transcripts.name, reason || char(10) || note FROM resolutions"
        " JOIN transcripts ON transcripts.id = transcript_id",
        "attribute of case": "SELECT cases.name, value FROM attributes"
        " JOIN cases ON cases.id = case_id",
        "recording of": "SELECT transcripts.name, path FROM media"
        " JOIN transcripts ON transcripts.id = transcript_id",
        "theme of the map": "SELECT key, name || char(10) || definition FROM map_themes",
    }
    counts: dict[str, int] = {}
    for kind, query in queries.items():
        for name, text in driver.execute(query):
            if n := count(kind, text):
                where = f"{kind} {name}"
                counts[where] = counts.get(where, 0) + n
    return counts


def _present_texts(driver: Any) -> Iterator[str]:  # noqa: ANN401 - the driver's
    for table in ("segments", "codings"):
        rows = driver.execute(
            f'SELECT substr(text, "start" + 1, "end" - "start") FROM {table}'
            " JOIN transcripts ON transcripts.id = transcript_id"
        )
        yield from (row[0] for row in rows)
    for row in driver.execute("SELECT text FROM phrases"):
        yield row[0]
    for name, definition, examples in driver.execute(
        "SELECT name, definition, examples FROM codes"
    ):
        yield from (name, definition, f"{name}. {definition}", examples, *_listed(examples))


def _listed(examples: str) -> list[str]:
    try:
        stored = json.loads(examples)
    except ValueError:
        return []
    return [str(one) for one in stored] if isinstance(stored, list) else []


def _erase_from_runs(driver: Any, names: CountsNames) -> None:  # noqa: ANN401 - the driver's
    for number, parameters in driver.execute("SELECT id, parameters FROM runs").fetchall():
        kept = json.dumps(_without(json.loads(parameters), names), ensure_ascii=False)
        if kept != parameters:
            driver.execute("UPDATE runs SET parameters = ? WHERE id = ?", [kept, number])


def _without(value: Any, names: CountsNames) -> Any:  # noqa: ANN401 - JSON
    """A JSON value without list items, keys and values that hold one of the names."""
    if isinstance(value, dict):
        return {k: _without(v, names) for k, v in value.items() if not names.count(k)}
    if isinstance(value, list):
        return [
            _without(one, names) for one in value if not (isinstance(one, str) and names.count(one))
        ]
    return "" if isinstance(value, str) and names.count(value) else value


def _belongs(change: Change, traces: Traces) -> bool:
    number = change.row[0]
    if change.table == "transcripts":
        return number in traces.transcripts
    if change.table == "cases":
        return number in traces.cases
    for values in _states(change):
        if values.get("transcript_id") in traces.transcripts:
            return True
        if change.table == "attributes" and values.get("case_id") in traces.cases:
            return True
    return False


def _holds(change: Change, names: CountsNames) -> bool:
    cells = (cell for values in _states(change) for cell in values.values())
    return any(isinstance(cell, str) and names.count(cell) for cell in cells)


def _states(change: Change) -> list[Mapping[str, object]]:
    states = (change.before, change.after)
    return [dict(zip(change.columns, s, strict=True)) for s in states if s is not None]


def _all_changes(connection: Connection) -> Iterator[Change]:
    return (c for _, _, c in _placed_changes(connection) if not isinstance(c, str))


def _placed_changes(connection: Connection) -> Iterator[tuple[int, int, Change | str]]:
    """Every change of the history that was not erased, by act and position; a summary at 0."""
    driver = driver_of(connection)
    numbers = [row[0] for row in driver.execute("SELECT number FROM acts ORDER BY number")]
    for number in numbers:
        for position, change in enumerate(changes_of(connection, [number])[number], start=1):
            if change is not None:
                yield number, position, change
    yield from _summaries(connection)


def _summaries(connection: Connection) -> Iterable[tuple[int, int, str]]:
    return [(act.number, 0, act.summary) for act in acts(connection) if act.summary]
