"""A project as a file that Taguette opens: documents, tags, highlights, and who made each."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from ..io.files import write_bytes_atomically
from .losses import LossLedger, LossReport
from .project import MACHINE, Selection, Source, ToolCoding, ToolProject, make_guid
from .taguette_html import write_html
from .taguette_names import Names, Tags, describe_shortly, name_logins, name_tags
from .taguette_names import replace_unwritable as clean
from .taguette_schema import (
    APPLICATION_ID,
    FILE_NAME,
    LONGEST_DOCUMENT_NAME,
    LONGEST_FILE_NAME,
    LONGEST_PROJECT_NAME,
    REVISION,
    STATEMENTS,
    USER,
)

_TRIED = 200_000
"""Row numbers tried when looking for the one that a guid was made of."""


def write_taguette(project: ToolProject, path: Path) -> LossReport:
    """Write a project as a Taguette file; what Taguette cannot hold is in the report.

    A project that came from Taguette gets its row numbers back, so that it is the same when read.

    Raises:
        FileRefused: if the file cannot be written.
    """
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA auto_vacuum = 1")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for statement in STATEMENTS:
            connection.execute(statement)
        report = _Writer(connection, project).write()
        connection.commit()
        content = connection.serialize()
    with write_bytes_atomically(path) as stream:
        stream.write(content)
    return report


@dataclass(slots=True)
class _Writer:
    """One file while it is written."""

    connection: sqlite3.Connection
    project: ToolProject
    ledger: LossLedger = field(default_factory=LossLedger)
    created: str = ""
    name: str = ""
    tag_numbers: dict[tuple[str, bool], int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    logins: dict[str | None, str] = field(default_factory=dict)
    lost_notes: set[str] = field(default_factory=set)

    def write(self) -> LossReport:
        """Fill the tables; the report of what became of everything."""
        project, ledger = self.project, self.ledger
        self.created = _to_sql_time(project.made_at) or _to_sql_time(_now())
        names = Names(ledger, "projects", LONGEST_PROJECT_NAME)
        self.name = names.take(project.name, "project")
        self.logins = name_logins(project, ledger)
        for login in dict.fromkeys((USER, *self.logins.values())):
            self._insert("users", login, self.created, None, 0, None, None, None, None)
        description = describe_shortly(ledger, project.description, "the project")
        self._insert("projects", 1, self.name, description, self.created)
        self._insert("project_members", 1, USER, "ADMIN")
        self._insert("alembic_version", REVISION)
        self._write_tags(name_tags(project, ledger))
        self._write_documents()
        self._write_highlights()
        self._lose_the_rest()
        return ledger.close()

    def _insert(self, table: str, *values: object) -> None:
        marks = ", ".join("?" * len(values))
        self.connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)

    def _log(self, made_at: str, login: str, document: int | None, **entry: object) -> None:
        self._insert(
            "commands", None, made_at, login, 1, document, json.dumps(entry, sort_keys=True)
        )

    def _number(self, table: str, guids: Sequence[str]) -> Iterator[int]:
        """A row number for each guid: the one it was made of, where Taguette's own reader made it.

        All are numbered from 1 otherwise.
        """
        key = f"{self.created} {self.name}"
        wanted, numbers = set(guids), {}
        if self.project.format == "taguette":
            for number in range(1, min(_TRIED, 20 * len(guids) + 1000)):
                guid = make_guid("taguette", key, table, str(number))
                if guid in wanted:
                    numbers[guid] = number
                    if len(numbers) == len(wanted):
                        break
        following = max(numbers.values(), default=0)
        for guid in guids:
            number = numbers.pop(guid, 0)
            if not number:
                following += 1
                number = following
            yield number

    def _write_tags(self, tags: Tags) -> None:
        entries = [(guid, False, *tag) for guid, tag in tags.people.items()]
        entries += [(guid, True, *tag) for guid, tag in tags.machine.items()]
        guids = [f"{guid} {MACHINE}" if own else guid for guid, own, *_ in entries]
        numbers = self._number("tag", guids)
        for number, (guid, own, path, description) in zip(numbers, entries, strict=True):
            self.tag_numbers[guid, own] = number
            self._insert("tags", number, 1, path, description)
            self._log(
                self.created, USER, None,
                type="tag_add", tag_id=number, tag_path=path, description=description,
            )  # fmt: skip

    def _write_documents(self) -> None:
        written = []
        for source in self.project.sources:
            if source.text is None:
                self.ledger.lose("sources", "Taguette holds texts only", source.name)
            else:
                written.append(source)
        names = Names(self.ledger, "sources", LONGEST_DOCUMENT_NAME, repeats=True)
        numbers = self._number("document", [source.guid for source in written])
        for number, source in zip(numbers, written, strict=True):
            self._write_document(number, source, names)

    def _write_document(self, number: int, source: Source, names: Names) -> None:
        text, ledger = clean(source.text or ""), self.ledger
        if text != source.text:
            ledger.change("texts", "characters that HTML drops were replaced", source.name)
        elif source.kind != "text":
            ledger.change("sources", f"the words of a {source.kind} without its look", source.name)
        else:
            ledger.keep("sources")
        self.documents[source.guid] = number
        name = names.take(source.name, "document")
        file_name = clean(dict(source.other_addresses).get(FILE_NAME) or name)
        file_name = file_name.replace("\\", "/").split("/")[-1]
        made_at = _to_sql_time(source.made_at) or self.created
        description = describe_shortly(ledger, source.description, name)
        self._insert(
            "documents", number, name, description, file_name[-LONGEST_FILE_NAME:] or "document",
            made_at, 1, "LEFT_TO_RIGHT", write_html(text),
        )  # fmt: skip
        self._log(
            made_at, self.logins.get(source.coder, USER), number,
            type="document_add", document_name=name, description=description,
            text_direction="LEFT_TO_RIGHT",
        )  # fmt: skip

    def _write_highlights(self) -> None:
        coded = [selection for selection in self._selections() if selection.codings]
        parts = [
            (selection, coder, list(codings))
            for selection in coded
            for coder, codings in _group(selection.codings, lambda coding: coding.coder).items()
        ]
        texts = {s.guid: clean(s.text) for s in self.project.sources if s.text is not None}
        offsets = {guid: _Offsets(text) for guid, text in texts.items()}
        # Of a selection that several people coded, the first keeps its row.
        seen: set[str] = set()
        guids = []
        for selection, *_ in parts:
            guids.append(selection.guid if selection.guid not in seen else f"{selection.guid} +")
            seen.add(selection.guid)
        machines = {coder.guid for coder in self.project.coders if coder.name == MACHINE}
        for number, (selection, coder, codings) in zip(
            self._number("highlight", guids), parts, strict=True
        ):
            start, end = selection.start or 0, selection.end or 0
            count = offsets[selection.source]
            first, last = count.find(start), count.find(end)
            document = self.documents[selection.source]
            snippet = write_html(texts[selection.source][start:end])
            self._insert("highlights", number, document, first, last, snippet)
            tags = list(dict.fromkeys(self.tag_numbers[c.code, coder in machines] for c in codings))
            for tag in tags:
                self._insert("highlight_tags", number, tag)
            made_at = _to_sql_time(codings[0].made_at or selection.made_at) or self.created
            self._log(
                made_at, self.logins.get(coder, USER), document,
                type="highlight_add", highlight_id=number, start_offset=first, end_offset=last,
                tags=tags,
            )  # fmt: skip
            self.ledger.keep("codings", len(tags))
            self.ledger.lose(
                "codings", "the same code twice by one coder there", count=len(codings) - len(tags)
            )
            notes = {*selection.notes, *(n for c in codings for n in c.notes)} - self.lost_notes
            self.lost_notes |= notes
            n_lost = len(notes) + bool(selection.description)
            self.ledger.lose("memos on codings", "Taguette has none", count=n_lost)

    def _selections(self) -> Iterator[Selection]:
        """The selections that can be highlights; whole sources that are coded too."""
        for selection in self.project.selections:
            place = f"{selection.name or selection.guid}"
            if not selection.codings:
                self.ledger.lose("memos on words", "Taguette has no memos", place)
                self.lost_notes |= set(selection.notes)
            elif selection.source not in self.documents:
                count = len(selection.codings)
                self.ledger.lose("codings", "of what is no text in Taguette", place, count)
            elif not self._has_span(selection):
                count = len(selection.codings)
                self.ledger.lose("codings", "without a place in the text", place, count)
            else:
                yield replace(selection, codings=self._with_tags(selection))
        for source in self.project.sources:
            if source.codings and source.guid in self.documents and source.text:
                self.ledger.change(
                    "codings of whole sources", "became highlights of all their words", source.name
                )
                whole = Selection(
                    guid=f"{source.guid} whole", source=source.guid, start=0,
                    end=len(source.text), codings=source.codings,
                )  # fmt: skip
                yield replace(whole, codings=self._with_tags(whole))
            elif source.codings:
                self.ledger.lose("codings of whole sources", "without words", source.name)

    def _has_span(self, selection: Selection) -> bool:
        start, end = selection.start, selection.end
        return start is not None and end is not None and 0 <= start < end

    def _with_tags(self, selection: Selection) -> tuple[ToolCoding, ...]:
        """The codings whose code is in the project."""
        kept = tuple(c for c in selection.codings if (c.code, False) in self.tag_numbers)
        n_lost = len(selection.codings) - len(kept)
        self.ledger.lose("codings", "their code is not there", selection.name, n_lost)
        n_unsigned = sum(coding.coder is None for coding in kept)
        self.ledger.change("coders", f"nobody is named: '{USER}'", selection.name, n_unsigned)
        return kept

    def _lose_the_rest(self) -> None:
        project = self.project
        for what, count in (
            ("cases", len(project.cases)),
            ("attributes", len(project.variables)),
            ("memos", sum(note.guid not in self.lost_notes for note in project.notes)),
            ("links", len(project.links)),
            ("sets", len(project.collections)),
            ("maps", len(project.graphs)),
            ("files", len(project.parts) + sum(s.original is not None for s in project.sources)),
        ):
            self.ledger.lose(what, "Taguette has none", count=count)


class _Offsets:
    """Where the characters of a text begin in UTF-8 bytes."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._bytes = 0

    def find(self, position: int) -> int:
        """The bytes before a code point; asked for in order, the text is gone through once."""
        if position < self._at:
            self._at = self._bytes = 0
        self._bytes += len(self._text[self._at : position].encode())
        self._at = position
        return self._bytes


def _group(
    codings: Iterable[ToolCoding], key: Callable[[ToolCoding], str | None]
) -> dict[str | None, list[ToolCoding]]:
    groups: dict[str | None, list[ToolCoding]] = {}
    for coding in codings:
        groups.setdefault(key(coding), []).append(coding)
    return groups


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _to_sql_time(written: str) -> str:
    """A time as Taguette stores it, in UTC without a zone; empty where it is no ISO 8601."""
    try:
        moment = datetime.fromisoformat(written)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return ""
    return moment.isoformat(" ", "microseconds")
