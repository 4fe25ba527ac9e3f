"""requal projects (.requal): positions are counted from 1 and the last character is included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..core.errors import FileRefused
from ..untrusted_sqlite import ForeignRow, UntrustedDatabase, find_table_names, open_untrusted
from .anchoring import anchor_noted
from .case_members import CaseMembers
from .losses import LossLedger
from .project import (
    Note,
    Selection,
    Source,
    ToolCase,
    ToolCode,
    ToolCoding,
    ToolProject,
    Value,
    Variable,
)
from .reader import ProjectReader, ReadProject
from .stored_text import StoredText
from .tool_database import (
    Identities,
    lose_orphans,
    lose_tables,
    note_oddities,
    read_colour,
    read_time,
    settle_codes,
)

_NEEDED = {
    "projects": ("project_id", "project_name"),
    "documents": ("doc_id", "doc_name", "doc_text"),
    "codes": ("code_id", "code_name"),
    "segments": ("segment_id", "doc_id", "code_id", "segment_start", "segment_end"),
}


def _sniff(path: Path) -> bool:
    return path.is_file() and {"requal_version", "segments"} <= find_table_names(path)


def _read(path: Path) -> ReadProject:
    with open_untrusted(path) as database:
        database.need("requal", _NEEDED)
        projects = list(
            database.rows("projects", "project_id", "project_name", "project_description",
                          "created_at")
        )  # fmt: skip
        if len(projects) != 1:
            raise FileRefused.because(
                path,
                f"holds {len(projects)} projects" if projects else "holds no project",
                remedy="Import a file of requal that holds one project.",
            )
        return _Requal(database, projects[0]).read()


@dataclass(slots=True)
class _Requal:
    """One project while it is read."""

    database: UntrustedDatabase
    about: ForeignRow
    ledger: LossLedger = field(default_factory=LossLedger)
    ids: Identities = field(default_factory=lambda: Identities("requal", ""))
    texts: dict[int, StoredText] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    users: dict[int, str] = field(default_factory=dict)
    codes: set[int] = field(default_factory=set)
    attributes: set[int] = field(default_factory=set)
    memos: set[int] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)

    def read(self) -> ReadProject:
        """The project and what became of it."""
        about = self.about
        self.ids.project = f"{about.text('created_at')} {about.text('project_name')}"
        for row in self.database.rows("users", "user_id", "user_login", "user_name"):
            self.users[row.integer("user_id")] = row.text("user_name") or row.text("user_login")
        codes = self._read_codes()
        variables = self._read_variables()
        sources, cases = self._read_sources(), self._read_cases()
        self._read_notes()
        selections = (*self._read_segments(), *self._read_memos_on_words())
        lose_tables(
            self.database,
            self.ledger,
            [("attributes_users_map", "attributes of coders", "a coder has none")],
        )
        note_oddities(self.database, self.ledger)
        version = next(
            (r.text("version") for r in self.database.rows("requal_version", "version")), ""
        )
        for what, things in (("codes", codes), ("sources", sources), ("cases", cases),
                             ("attributes", variables), ("memos", self.notes)):  # fmt: skip
            self.ledger.keep(what, len(things))
        project = ToolProject(
            name=about.text("project_name"),
            origin=f"requal {version}".strip(),
            format="requal",
            description=about.text("project_description"),
            made_at=read_time(about.text("created_at")),
            codes=codes,
            variables=variables,
            sources=sources,
            cases=cases,
            selections=selections,
            notes=tuple(self.notes),
            coders=self.ids.coders,
        )
        return ReadProject(project, self.ledger.close())

    def _coder(self, row: ForeignRow) -> str | None:
        number = row.find_integer("user_id")
        if number is not None and number not in self.users:
            self.ledger.lose("names of users", "the user is not there", row.place)
        return self.ids.coder(self.users.get(number or 0, ""))

    def _read_codes(self) -> tuple[ToolCode, ...]:
        """Codes under their first category; a code may be in several."""
        category_of: dict[int, int] = {}
        places: dict[int, list[int]] = defaultdict(list)
        for row in self.database.rows("categories_codes_map", "category_id", "code_id"):
            code, category = row.integer("code_id"), row.integer("category_id")
            places[code].append(category)
            if category_of.setdefault(code, category) != category:
                self.ledger.lose("further categories of codes", "a code has one parent", row.place)
        codes = [
            ToolCode(
                guid=self.ids.guid("category", row.integer("category_id")),
                name=row.text("category_name"),
                description=row.text("category_description"),
                codable=False,
            )
            for row in self.database.rows(
                "categories", "category_id", "category_name", "category_description"
            )
        ]
        columns = ("code_id", "code_name", "code_description", "code_color")
        for row in self.database.rows("codes", *columns):
            number = row.integer("code_id")
            self.codes.add(number)
            above = category_of.get(number)
            codes.append(
                ToolCode(
                    guid=self.ids.guid("code", number),
                    name=row.text("code_name"),
                    parent=None if above is None else self.ids.guid("category", above),
                    colour=read_colour(
                        self.ledger, _to_hex(row.text("code_color")), row.text("code_name")
                    ),
                    description=row.text("code_description"),
                )
            )
        lose_orphans(self.ledger, "places of codes", "the code is not there", places, self.codes)
        return settle_codes(self.ledger, codes)

    def _read_variables(self) -> tuple[Variable, ...]:
        variables = []
        columns = ("attribute_id", "attribute_name", "attribute_type")
        for row in self.database.rows("attributes", *columns):
            number = row.integer("attribute_id")
            self.attributes.add(number)
            variables.append(
                Variable(
                    guid=self.ids.guid("attribute", number),
                    name=row.text("attribute_name"),
                    kind="Float" if row.text("attribute_type") == "numeric" else "Text",
                )
            )
        return tuple(variables)

    def _read_values(self, table: str, key: str) -> dict[int, tuple[Value, ...]]:
        written = {
            row.integer("attribute_value_id"): row.text("value")
            for row in self.database.rows("attribute_values", "attribute_value_id", "value")
        }
        values: dict[int, list[Value]] = defaultdict(list)
        for row in self.database.rows(table, key, "attribute_id", "attribute_value_id"):
            attribute, stated = row.integer("attribute_id"), row.find_integer("attribute_value_id")
            if attribute not in self.attributes:
                self.ledger.lose("values", "their attribute is not there", row.place)
                continue
            if stated is not None and stated not in written:
                self.ledger.lose("values", "what they are is not there", row.place)
            value = written.get(stated or 0)
            variable = self.ids.guid("attribute", attribute)
            values[row.integer(key)].append(Value(variable=variable, value=value))
        return {number: tuple(held) for number, held in values.items()}

    def _read_sources(self) -> tuple[Source, ...]:
        values = self._read_values("attributes_documents_map", "doc_id")
        columns = ("doc_id", "user_id", "doc_name", "doc_description", "doc_text", "created_at")
        sources = []
        for row in self.database.rows("documents", *columns):
            number = row.integer("doc_id")
            self.texts[number] = StoredText.of(row.text("doc_text"))
            self.names[number] = row.text("doc_name")
            sources.append(
                Source(
                    guid=self.ids.guid("document", number),
                    name=row.text("doc_name"),
                    text=self.texts[number].text,
                    description=row.text("doc_description"),
                    values=values.get(number, ()),
                    coder=self._coder(row),
                    made_at=read_time(row.text("created_at")),
                )
            )
        lose_orphans(self.ledger, "values", "their document is not there", values, self.texts)
        return tuple(sources)

    def _read_cases(self) -> tuple[ToolCase, ...]:
        values = self._read_values("attributes_cases_map", "case_id")
        members = CaseMembers(values=values)
        for row in self.database.rows("cases_documents_map", "case_id", "doc_id"):
            document = row.integer("doc_id")
            if document in self.texts:
                guid = self.ids.guid("document", document)
                members.sources[row.integer("case_id")][guid] = None
            else:
                self.ledger.lose("files of cases", "the document is not there", row.place)
        for row in self.database.rows("cases", "case_id", "case_name", "case_description"):
            number = row.integer("case_id")
            guid = self.ids.guid("case", number)
            members.make_case(number, guid, row.text("case_name"), row.text("case_description"))
        return members.close(self.ledger)[0]

    def _read_segments(self) -> Iterator[Selection]:
        memos = self._memos_by("memos_segments_map", "segment_id")
        columns = (
            "segment_id", "user_id", "doc_id", "code_id", "segment_start", "segment_end",
            "segment_text",
        )  # fmt: skip
        numbers = {
            row.integer("segment_id") for row in self.database.rows("segments", *columns[:1])
        }
        lose_orphans(self.ledger, "places of memos", "the coding is not there", memos, numbers)
        for row in self.database.rows("segments", *columns):
            document, number = row.integer("doc_id"), row.integer("segment_id")
            code = row.find_integer("code_id")
            if document not in self.texts or code not in self.codes:
                self.ledger.lose("codings", "its document or its code is not there", row.place)
                continue
            stored = self.texts[document]
            place = anchor_noted(
                self.ledger,
                "codings",
                self.names[document],
                stored.text,
                stored.find(row.integer("segment_start") - 1),
                stored.find(row.integer("segment_end")),
                row.text("segment_text"),
            )
            if place is not None:
                coder = self._coder(row)
                yield Selection(
                    guid=self.ids.guid("segment", number),
                    source=self.ids.guid("document", document),
                    start=place.start,
                    end=place.end,
                    name=row.text("segment_text"),
                    codings=(
                        ToolCoding(
                            guid=self.ids.guid("segment", number, "coding"),
                            code=self.ids.guid("code", code),
                            coder=coder,
                            notes=memos.get(number, ()),
                        ),
                    ),
                    coder=coder,
                )

    def _memos_by(self, table: str, key: str) -> dict[int, tuple[str, ...]]:
        """The guids of the memos on things, by the things' numbers."""
        held: dict[int, list[str]] = defaultdict(list)
        for row in self.database.rows(table, "memo_id", key):
            if row.integer("memo_id") in self.memos:
                held[row.integer(key)].append(self.ids.guid("memo", row.integer("memo_id")))
            else:
                self.ledger.lose("places of memos", "the memo is not there", row.place)
        return {number: tuple(guids) for number, guids in held.items()}

    def _read_notes(self) -> None:
        for row in self.database.rows("memos", "memo_id", "user_id", "text"):
            self.memos.add(row.integer("memo_id"))
            self.notes.append(
                Note(
                    guid=self.ids.guid("memo", row.integer("memo_id")),
                    text=StoredText.of(row.text("text")).text,
                    coder=self._coder(row),
                )
            )

    def _read_memos_on_words(self) -> Iterator[Selection]:
        """Memos on a stretch of a document: selections without a code."""
        columns = ("memo_id", "doc_id", "memo_start", "memo_end")
        for row in self.database.rows("memos_documents_map", *columns):
            document, memo = row.integer("doc_id"), row.integer("memo_id")
            if memo not in self.memos:
                self.ledger.lose("places of memos", "the memo is not there", row.place)
                continue
            start, end = row.find_integer("memo_start"), row.find_integer("memo_end")
            if document not in self.texts or start is None or end is None:
                self.ledger.change("memos on words", "its place is not there", row.place)
                continue
            stored = self.texts[document]
            place = anchor_noted(
                self.ledger,
                "memos on words",
                self.names[document],
                stored.text,
                stored.find(start - 1),
                stored.find(end),
            )
            if place is not None:
                yield Selection(
                    guid=self.ids.guid("memo", memo, document, start, end),
                    source=self.ids.guid("document", document),
                    start=place.start,
                    end=place.end,
                    notes=(self.ids.guid("memo", memo),),
                )


def _to_hex(colour: str) -> str:
    """A colour that is written as "rgb(255,0,10)", as requal does."""
    numbers = colour.removeprefix("rgb(").removesuffix(")").split(",")
    if len(numbers) == 3 and all(n.strip().isdecimal() and int(n) < 256 for n in numbers):
        return "#" + "".join(f"{int(n):02x}" for n in numbers)
    return colour


REQUAL = ProjectReader(name="requal (.requal)", suffixes=(".requal",), sniff=_sniff, read=_read)
"""requal's own projects."""
