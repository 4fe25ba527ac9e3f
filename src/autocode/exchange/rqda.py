"""RQDA projects (.rqda): positions are code points, stored as real numbers, the end exclusive.

Nothing is ever removed from the file: what has another `status` than 1 was deleted in RQDA.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..untrusted_sqlite import ForeignRow, UntrustedDatabase, find_table_names, open_untrusted
from .anchoring import anchor_noted
from .case_members import CaseMembers, Member
from .losses import LossLedger
from .project import (
    Collection,
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
    "source": ("id", "name", "file"),
    "freecode": ("id", "name"),
    "coding": ("cid", "fid", "selfirst", "selend"),
}
_NOT_CARRIED = (
    ("coding2", "codings of RQDA's second table", "RQDA itself does not show them"),
    ("image", "pictures", "a study holds words only"),
    ("imageCoding", "codings of pictures", "a study holds words only"),
)


def _sniff(path: Path) -> bool:
    return path.is_file() and {"freecode", "coding", "source"} <= find_table_names(path)


def _read(path: Path) -> ReadProject:
    with open_untrusted(path) as database:
        database.need("RQDA", _NEEDED)
        return _Rqda(database).read()


@dataclass(slots=True)
class _Rqda:
    """One project while it is read."""

    database: UntrustedDatabase
    ledger: LossLedger = field(default_factory=LossLedger)
    ids: Identities = field(default_factory=lambda: Identities("rqda", ""))
    texts: dict[int, StoredText] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    codes: set[int] = field(default_factory=set)
    codings: set[tuple[object, ...]] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)
    deleted: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def read(self) -> ReadProject:
        """The project and what became of it."""
        about = next(self.database.rows("project", "databaseversion", "date", "memo"), None)
        made_at = about.text("date") if about else ""
        self.ids.project = made_at or self.database.path.stem
        codes, groups = self._read_codes()
        variables = self._read_variables()
        sources = self._read_sources()
        selections = list(self._read_codings())
        cases, in_cases = self._read_cases()
        self._read_journal()
        lose_tables(self.database, self.ledger, _NOT_CARRIED)
        note_oddities(self.database, self.ledger)
        for what, count in self.deleted.items():
            self.ledger.note(f"{count} {what} that were deleted in RQDA are left out")
        for what, things in (("codes", codes), ("sources", sources), ("cases", cases),
                             ("attributes", variables), ("memos", self.notes)):  # fmt: skip
            self.ledger.keep(what, len(things))
        version = about.text("databaseversion") if about else ""
        project = ToolProject(
            name=self.database.path.stem,
            origin=f"RQDA {version}".strip(),
            format="rqda",
            description=about.text("memo") if about else "",
            made_at=read_time(made_at),
            codes=codes,
            variables=variables,
            sources=sources,
            cases=cases,
            selections=(*selections, *in_cases),
            notes=tuple(self.notes),
            collections=(*groups, *self._read_file_groups()),
            coders=self.ids.coders,
        )
        return ReadProject(project, self.ledger.close())

    def _kept(self, what: str, table: str, *columns: str) -> Iterator[ForeignRow]:
        """The rows of a table that were not deleted in RQDA."""
        for row in self.database.rows(table, *columns, "status"):
            if row.find_integer("status") in (1, None):
                yield row
            else:
                self.deleted[what] += 1

    def _add_note(self, row: ForeignRow, text: str, *keys: object, name: str = "") -> str:
        note = Note(
            guid=self.ids.guid("memo", *keys),
            name=name,
            text=StoredText.of(text).text,
            coder=self.ids.coder(row.text("owner")),
            made_at=read_time(row.text("date")),
        )
        self.notes.append(note)
        return note.guid

    def _read_codes(self) -> tuple[tuple[ToolCode, ...], list[Collection]]:
        """Codes under their first category; where one is in several, each is kept as a set too."""
        of_code: dict[int, list[int]] = defaultdict(list)
        for row in self._kept("places of codes", "treecode", "cid", "catid"):
            of_code[row.integer("cid")].append(row.integer("catid"))
        codes, names = [], {}
        for row in self._kept("categories", "codecat", "catid", "name", "memo"):
            names[row.integer("catid")] = row.text("name")
            codes.append(
                ToolCode(
                    guid=self.ids.guid("codecat", row.integer("catid")),
                    name=row.text("name"),
                    description=row.text("memo"),
                    codable=False,
                )
            )
        members: dict[int, list[str]] = defaultdict(list)
        for row in self._kept("codes", "freecode", "id", "name", "memo", "color"):
            number = row.integer("id")
            self.codes.add(number)
            above = [category for category in of_code[number] if category in names]
            for category in above if len(above) > 1 else ():
                members[category].append(self.ids.guid("freecode", number))
            codes.append(
                ToolCode(
                    guid=self.ids.guid("freecode", number),
                    name=row.text("name"),
                    parent=self.ids.guid("codecat", above[0]) if above else None,
                    colour=read_colour(self.ledger, row.text("color"), row.text("name")),
                    description=row.text("memo"),
                )
            )
        places = {
            code: [category for category in held if code not in self.codes or category not in names]
            for code, held in of_code.items()
        }
        reason = "their code or their category is not there"
        lose_orphans(self.ledger, "places of codes", reason, places, ())
        if members:
            self.ledger.change(
                "codes in several categories", "under the first, and in a set for each",
                count=len({code for held in members.values() for code in held}),
            )  # fmt: skip
        groups = [
            Collection(
                guid=self.ids.guid("code set", category), name=names[category], codes=tuple(held)
            )
            for category, held in members.items()
        ]
        return settle_codes(self.ledger, codes), groups

    def _read_file_groups(self) -> list[Collection]:
        held: dict[int, list[str]] = defaultdict(list)
        for row in self._kept("places of files", "treefile", "fid", "catid"):
            if row.integer("fid") in self.texts:
                held[row.integer("catid")].append(self.ids.guid("source", row.integer("fid")))
            else:
                self.ledger.lose("places of files", "the file is not there", row.place)
        numbers, groups = set(), []
        for row in self._kept("categories of files", "filecat", "catid", "name", "memo"):
            number = row.integer("catid")
            numbers.add(number)
            groups.append(
                Collection(
                    guid=self.ids.guid("filecat", number),
                    name=row.text("name"),
                    description=row.text("memo"),
                    sources=tuple(held.get(number, ())),
                )
            )
        lose_orphans(self.ledger, "places of files", "the category is not there", held, numbers)
        self.ledger.keep("sets of sources", len(groups))
        return groups

    def _read_variables(self) -> tuple[Variable, ...]:
        return tuple(
            Variable(
                guid=self.ids.guid("attribute", row.text("name")),
                name=row.text("name"),
                kind="Float" if row.text("class") == "numeric" else "Text",
                description=row.text("memo"),
            )
            for row in self._kept("attributes", "attributes", "name", "memo", "class")
        )

    def _read_values(self, table: str, key: str) -> dict[int, tuple[Value, ...]]:
        known = {row.text("name") for row in self.database.rows("attributes", "name")}
        values: dict[int, list[Value]] = defaultdict(list)
        for row in self._kept("values", table, key, "variable", "value"):
            if row.text("variable") not in known:
                self.ledger.lose("values", "their attribute is not there", row.place)
                continue
            variable = self.ids.guid("attribute", row.text("variable"))
            values[row.integer(key)].append(
                Value(variable=variable, value=row.text("value") or None)
            )
        return {number: tuple(held) for number, held in values.items()}

    def _read_sources(self) -> tuple[Source, ...]:
        values = self._read_values("fileAttr", "fileID")
        notes: dict[int, list[str]] = defaultdict(list)
        columns = ("fid", "position", "annotation", "owner", "date")
        for number, row in enumerate(self._kept("annotations", "annotation", *columns)):
            position = row.find_integer("position")
            guid = self._add_note(
                row, row.text("annotation"), "annotation", number,
                name=f"annotation at character {position}",
            )  # fmt: skip
            notes[row.integer("fid")].append(guid)
            self.ledger.change("annotations", "RQDA's have no words: kept as memos on the source")
        sources = []
        for row in self._kept("sources", "source", "id", "name", "file", "memo", "owner", "date"):
            number = row.integer("id")
            if number in self.texts:
                self.ledger.lose("sources", "the number of another source", row.text("name"))
                continue
            self.texts[number] = StoredText.of(row.text("file"))
            self.names[number] = row.text("name")
            sources.append(
                Source(
                    guid=self.ids.guid("source", number),
                    name=row.text("name"),
                    text=self.texts[number].text,
                    description=row.text("memo"),
                    notes=tuple(notes.get(number, ())),
                    values=values.get(number, ()),
                    coder=self.ids.coder(row.text("owner")),
                    made_at=read_time(row.text("date")),
                )
            )
        reason = "their file is not there"
        lose_orphans(self.ledger, "values", reason, values, self.texts)
        for held in (held for fid, held in notes.items() if fid not in self.texts):
            self.ledger.change("annotations", "on a file that is not there: kept as memos", "",
                               len(held))  # fmt: skip
        return tuple(sources)

    def _read_codings(self) -> Iterator[Selection]:
        columns = ("cid", "fid", "seltext", "selfirst", "selend", "owner", "date", "memo")
        for row in self._kept("codings", "coding", *columns):
            source, code = row.integer("fid"), row.integer("cid")
            if source not in self.texts or code not in self.codes:
                self.ledger.lose("codings", "its file or its code was deleted", row.place)
                continue
            start, end = row.integer("selfirst"), row.integer("selend")
            stored = self.texts[source]
            place = anchor_noted(
                self.ledger,
                "codings",
                self.names[source],
                stored.text,
                stored.find(start),
                stored.find(end),
                row.text("seltext"),
            )
            if place is None:
                continue
            # A coding has no number of its own in RQDA.
            key = (source, code, start, end, row.text("owner"), row.text("date"))
            if key in self.codings:
                self.ledger.change("codings", "stood twice, in all that RQDA says: kept once")
                continue
            self.codings.add(key)
            coder, made_at = self.ids.coder(row.text("owner")), read_time(row.text("date"))
            yield Selection(
                guid=self.ids.guid("coding", *key),
                source=self.ids.guid("source", source),
                start=place.start,
                end=place.end,
                name=row.text("seltext"),
                description=row.text("memo"),
                codings=(
                    ToolCoding(
                        guid=self.ids.guid("coding", *key, "code"),
                        code=self.ids.guid("freecode", code),
                        coder=coder,
                        made_at=made_at,
                    ),
                ),
                coder=coder,
                made_at=made_at,
            )

    def _read_cases(self) -> tuple[tuple[ToolCase, ...], list[Selection]]:
        values = self._read_values("caseAttr", "caseID")
        members = CaseMembers(values=values)
        columns = ("caseid", "fid", "selfirst", "selend", "owner", "date", "memo")
        for row in self._kept("files of cases", "caselinkage", *columns):
            case, source = row.integer("caseid"), row.integer("fid")
            if source not in self.texts:
                self.ledger.lose("files of cases", "the file was deleted", row.place)
                continue
            start, end = row.find_integer("selfirst") or 0, row.find_integer("selend") or 0
            member = Member(
                guid=self.ids.guid("caselinkage", case, source, start, end),
                source=self.ids.guid("source", source),
                name=self.names[source],
                stored=self.texts[source],
                start=start,
                end=end,
            )
            members.add_row(self.ledger, self.ids, row, case, member)
        for row in self._kept("cases", "cases", "id", "name", "memo"):
            number = row.integer("id")
            guid = self.ids.guid("case", number)
            members.make_case(number, guid, row.text("name"), row.text("memo"))
        return members.close(self.ledger)

    def _read_journal(self) -> None:
        for row in self._kept("entries", "journal", "name", "journal", "owner", "date"):
            self._add_note(row, row.text("journal"), "journal", row.text("name"),
                           name=row.text("name"))  # fmt: skip


RQDA = ProjectReader(name="RQDA (.rqda)", suffixes=(".rqda",), sniff=_sniff, read=_read)
"""RQDA's own projects."""
