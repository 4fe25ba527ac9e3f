"""Steps of migrations that read stored values and write them anew.

They stand by themselves: what they read and write is fixed for good, whatever becomes of the types
that today's code stores.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

from .decoding import decode_rows

_REASONS = (
    (r"", ""),
    (r"too short to place \(no content word\)", "too_short"),
    (r"near two themes", "near_two_themes"),
    (r"an idea of its own", "outlier"),
    (r"(?s)in a theme that .* dropped", "dropped"),
    (r"left over when \S+ was split", "left_by_split"),
)
_OF_SUGGESTIONS = {
    "sure_from": "auto_accept_from",
    "extra_cold": "zero_shot_weight",
    "uses": "n_uses",
    "transcripts": "n_transcripts",
    "found": "recall",
    "by_words": "definition_auc",
}
_OF_THEMES = {
    "n_own_idea": "n_outliers",
    "n_near_two": "n_near_two_themes",
    "seeds": "guiding",
}


def refer_to_evidence(connection: Connection) -> None:
    """Copied evidence becomes references: [phrase, precedents, counter-examples, words, beside]."""
    rows = connection.exec_driver_sql("SELECT id, name, text FROM transcripts").all()
    references = _References(
        transcripts={row.name: (row.id, row.text) for row in rows},
        coders=_numbers(connection, "SELECT name, id FROM coders"),
        codes=_numbers(connection, "SELECT code, id FROM codes"),
    )
    _rewrite(connection, "suggestions", "evidence", references.of)
    if references.phrases:
        connection.execute(
            text("INSERT INTO phrases (id, text) VALUES (:id, :text)"),
            [{"id": number, "text": phrase} for phrase, number in references.phrases.items()],
        )


def code_reasons(connection: Connection) -> None:
    """Sentences that say why a segment is in no theme become codes."""
    reasons = connection.exec_driver_sql("SELECT DISTINCT reason FROM members").scalars().all()
    for words in reasons:
        code = next((code for known, code in _REASONS if re.fullmatch(known, words)), "outlier")
        connection.execute(
            text("UPDATE members SET reason = :code WHERE reason = :words"),
            {"code": code, "words": words},
        )


def rename_stability(connection: Connection) -> None:
    """The participant without whom a theme is least stable is called so."""

    def renamed(detail: dict[str, Any]) -> dict[str, Any]:
        if detail.get("stability") and "voice" in detail["stability"]:
            detail["stability"]["participant"] = detail["stability"].pop("voice")
        return detail

    _rewrite(connection, "themes", "detail", renamed)


def rename_parameters(connection: Connection) -> None:
    """Keys of runs' parameters become the words that results use for them."""

    def renamed(parameters: dict[str, Any]) -> dict[str, Any]:
        by_kind = _OF_SUGGESTIONS if "calibrated" in parameters else _OF_THEMES
        changed = {by_kind.get(key, key): value for key, value in parameters.items()}
        if by_kind is _OF_SUGGESTIONS and "codes" in changed:
            changed["codes"] = [
                {by_kind.get(key, key): value for key, value in status.items()}
                for status in changed["codes"]
            ]
        if "seed" in (changed.get("stability") or {}):
            changed["stability"]["random_state"] = changed["stability"].pop("seed")
        return changed

    _rewrite(connection, "runs", "parameters", renamed)


def number_once(connection: Connection) -> None:
    """Tables that others refer to give no row number twice, so that an undone row can come back."""
    for table in (
        *("transcripts", "cases", "speakers", "codes", "coders"),
        *("codings", "memos", "decisions", "theme_decisions"),
    ):
        made = connection.exec_driver_sql(
            "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", (table,)
        ).all()
        (statement,) = (sql for kind, sql in made if kind == "table")
        columns = statement[statement.index("(") :]
        numbered = columns.replace("PRIMARY KEY", "PRIMARY KEY AUTOINCREMENT", 1)
        connection.exec_driver_sql(f"CREATE TABLE numbered_once {numbered}")
        connection.exec_driver_sql(f"INSERT INTO numbered_once SELECT * FROM {table}")
        connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql(f"ALTER TABLE numbered_once RENAME TO {table}")
        for kind, sql in made:
            if kind != "table":
                connection.exec_driver_sql(sql)


def begin_history(connection: Connection) -> None:
    """The first act: what the history rests on is what the study holds now."""
    from .. import __version__

    n_rows = connection.exec_driver_sql(
        "SELECT (SELECT count(*) FROM transcripts) + (SELECT count(*) FROM codes)"
    ).scalar_one()
    begun = "opened" if n_rows else "made"
    summary = json.dumps(f"study {begun} with autocode {__version__}").encode()
    salt, made_at = os.urandom(16), datetime.now(UTC).isoformat(timespec="seconds")
    head = f"\0None\0\0{[None, len(summary)]}\0".encode()
    of_change = hashlib.sha256(salt + head + summary).digest()
    facts = [1, uuid.uuid4().hex, "begin", "", made_at, "[]", 0]
    facts.append(hashlib.sha256(of_change).hexdigest())
    chain = hashlib.sha256(_dumped(facts).encode()).hexdigest()
    connection.exec_driver_sql(
        "INSERT INTO acts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*facts, chain)
    )
    connection.exec_driver_sql(
        "INSERT INTO changes VALUES (1, 0, '', NULL, '', NULL, ?, ?, NULL)", (summary, salt)
    )


class _References:
    """Evidence as it was copied into each suggestion, turned into references."""

    def __init__(
        self,
        *,
        transcripts: dict[str, tuple[int, str]],
        coders: dict[str, int],
        codes: dict[str, int],
    ) -> None:
        self._transcripts = transcripts
        self._coders = coders
        self._codes = codes
        self.phrases: dict[str, int] = {}

    def of(self, copied: dict[str, Any]) -> list[Any]:
        """The references for one suggestion."""
        phrase = copied["phrase"]
        return [
            phrase and [phrase["part"], self._phrase(phrase["text"]), _short(phrase["similarity"])],
            [self._precedent(item) for item in copied["precedents"]],
            [self._precedent(item) for item in copied["counter_examples"]],
            [[word, _short(part)] for word, part in copied.get("words", ())],
            [self._neighbour(item) for item in copied.get("beside", ())],
        ]

    def _phrase(self, words: str) -> int:
        return self.phrases.setdefault(words, len(self.phrases) + 1)

    def _precedent(self, item: dict[str, Any]) -> list[Any]:
        number, words = self._transcripts[item["transcript"]]
        start, end = item["span"]["start"], item["span"]["end"]
        stored = [
            number,
            start,
            end - start,
            _short(item["similarity"]),
            [self._coders[coder] for coder in item["coders"]],
            [self._codes[code] for code in item["codes"]],
        ]
        return stored if words[start:end] == item["excerpt"] else [*stored, item["excerpt"]]

    def _neighbour(self, item: dict[str, Any]) -> list[Any]:
        start, end = item["span"]["start"], item["span"]["end"]
        flags = [int(item["is_before"]), self._codes[item["code"]], int(item["known"])]
        return [start, end - start, *flags, _short(item["part"])]


def _short(number: float) -> float:
    thousandths = round(number * 1000)
    return thousandths if thousandths / 1000 == number else float(number)


def _numbers(connection: Connection, query: str) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.exec_driver_sql(query)}


def _rewrite(
    connection: Connection, table: str, column: str, rewritten: Callable[[Any], Any]
) -> None:
    """Put in place of each JSON value of a column what `rewritten` makes of it."""
    rows = connection.exec_driver_sql(f"SELECT id, {column} AS stored FROM {table}").all()
    values = decode_rows(
        table,
        rows,
        lambda row: {"id": row.id, "stored": _dumped(rewritten(json.loads(row.stored)))},
    )
    if values:
        connection.execute(text(f"UPDATE {table} SET {column} = :stored WHERE id = :id"), values)


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
