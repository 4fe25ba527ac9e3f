"""QualCoder projects: a folder NAME.qda with data.qda (SQLite) in it, or that file alone.

Positions are code points with an exclusive end. The schema grows with versions: columns are looked
for, not the version. A coder is a name in the column `owner`. See `qualcoder_people` for cases and
attributes.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path

from ..core.errors import FileRefused
from ..untrusted_sqlite import ForeignRow, UntrustedDatabase, find_table_names, open_untrusted
from .anchoring import anchor_noted
from .losses import LossLedger
from .project import (
    Note,
    Part,
    Selection,
    Source,
    SourceKind,
    ToolCode,
    ToolCoding,
    ToolProject,
)
from .qualcoder_people import read_cases, read_values, read_variables
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

DATABASE = "data.qda"
_NEEDED = {
    "project": ("databaseversion",),
    "source": ("id", "name", "fulltext"),
    "code_name": ("cid", "name"),
    "code_text": ("cid", "fid", "pos0", "pos1"),
}
_NOT_CARRIED = (
    ("graph", "drawn graphs", "a drawing of QualCoder's own"),
    ("stored_sql", "stored queries", "made for QualCoder's own tables"),
    ("ris", "entries of references", "a project holds no bibliography"),
)
_VIEWS = frozenset(
    f"{table}_visible" for table in ("code_text", "code_image", "code_av", "annotation")
)
_MEDIA_FOLDERS: dict[str, SourceKind] = {
    "images": "picture",
    "audio": "audio",
    "video": "video",
    "docs": "pdf",
}
_FOLDERS = {"picture": "images", "audio": "audio", "video": "video", "pdf": "documents"}


def find_database(path: Path) -> Path | None:
    """The database of a project folder, or the file itself; None where there is none."""
    database = path / DATABASE if path.is_dir() else path
    return database if database.is_file() else None


def _lies_in(path: Path, folder: Path) -> bool:
    """Whether a file is in a folder, also when every link on the way is followed."""
    return path.resolve().is_relative_to(folder.resolve())


def _sniff(path: Path) -> bool:
    database = find_database(path)
    return database is not None and {"code_name", "code_text"} <= find_table_names(database)


def _read(path: Path) -> ReadProject:
    database_path = find_database(path)
    assert database_path is not None
    if path.is_dir() and not _lies_in(database_path, path):
        raise FileRefused.because(
            path,
            f"{DATABASE} in it leads to a file elsewhere",
            remedy="Copy the project as a whole folder, or name that file itself.",
        )
    with open_untrusted(database_path) as database:
        database.need("QualCoder", _NEEDED)
        return _QualCoder(database, database_path.parent).read()


@dataclass(slots=True)
class _QualCoder:
    """One project while it is read."""

    database: UntrustedDatabase
    folder: Path
    ledger: LossLedger = field(default_factory=LossLedger)
    ids: Identities = field(default_factory=lambda: Identities("qualcoder", ""))
    texts: dict[int, StoredText] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    kinds: dict[int, SourceKind] = field(default_factory=dict)
    codes: set[int] = field(default_factory=set)

    def read(self) -> ReadProject:
        """The project and what became of it."""
        columns = ("databaseversion", "date", "memo", "about", "codername")
        about = next(self.database.rows("project", *columns), None)
        name = self.folder.name.removesuffix(".qda") or self.folder.name
        made_at = read_time(about.text("date")) if about else ""
        # The day it was begun stays the same when the folder gets another name.
        self.ids.project = made_at or name
        codes = self._read_codes()
        variables = read_variables(self.database, self.ids)
        sources = self._read_sources()
        selections = (*self._read_codings(), *self._read_media_codings(), *self._read_memos())
        cases, in_cases = read_cases(self.database, self.ids, self.ledger, self.texts, self.names)
        notes = self._read_journal()
        lose_tables(self.database, self.ledger, _NOT_CARRIED)
        note_oddities(self.database, self.ledger, expected=_VIEWS)
        for what, things in (("codes", codes), ("sources", sources), ("cases", cases),
                             ("attributes", variables), ("memos", notes)):  # fmt: skip
            self.ledger.keep(what, len(things))
        project = ToolProject(
            name=name,
            origin=about.text("about") if about else "QualCoder",
            format="qualcoder",
            description=about.text("memo") if about else "",
            coder=self.ids.coder(about.text("codername")) if about else None,
            made_at=made_at,
            codes=codes,
            variables=variables,
            cases=cases,
            sources=sources,
            selections=(*selections, *in_cases),
            notes=notes,
            coders=self.ids.coders,
        )
        return ReadProject(project, self.ledger.close())

    def _read_codes(self) -> tuple[ToolCode, ...]:
        """Categories, which cannot be applied, and codes under a category or another code."""
        ids, codes = self.ids, []
        for row in self.database.rows("code_cat", "catid", "name", "memo", "supercatid"):
            above = row.find_integer("supercatid")
            codes.append(
                ToolCode(
                    guid=ids.guid("code_cat", row.integer("catid")),
                    name=row.text("name"),
                    parent=None if above is None else ids.guid("code_cat", above),
                    description=row.text("memo"),
                    codable=False,
                )
            )
        columns = ("cid", "name", "memo", "catid", "color", "supercid")
        for row in self.database.rows("code_name", *columns):
            number = row.integer("cid")
            category, above = row.find_integer("catid"), row.find_integer("supercid")
            self.codes.add(number)
            codes.append(
                ToolCode(
                    guid=ids.guid("code_name", number),
                    name=row.text("name"),
                    parent=(
                        ids.guid("code_name", above)
                        if above is not None
                        else ids.guid("code_cat", category)
                        if category is not None
                        else None
                    ),
                    colour=read_colour(self.ledger, row.text("color"), row.text("name")),
                    description=row.text("memo"),
                )
            )
        return settle_codes(self.ledger, codes)

    def _read_sources(self) -> tuple[Source, ...]:
        values = read_values(self.database, self.ids, self.ledger, "file")
        columns = ("id", "name", "fulltext", "mediapath", "memo", "owner", "date", "av_text_id")
        rows = list(self.database.rows("source", *columns))
        transcribes = self._find_transcribed(rows)
        sources = []
        for row in rows:
            number, address = row.integer("id"), row.text("mediapath")
            kind = _kind_of(address)
            self.names[number], self.kinds[number] = row.text("name"), kind
            media = transcribes.get(number)
            if row.cells.get("fulltext") is not None and kind in ("text", "pdf"):
                self.texts[number] = StoredText.of(row.text("fulltext"))
            elif kind == "text":
                self.ledger.lose("texts", "the file holds no words of it", row.text("name"))
            sources.append(
                Source(
                    guid=self.ids.guid("source", number),
                    name=row.text("name"),
                    kind=kind,
                    text=self.texts[number].text if number in self.texts else None,
                    of=None if media is None else self.ids.guid("source", media),
                    original=self._find_part(kind, row.text("name"), address),
                    address=address,
                    description=row.text("memo"),
                    values=values.get(number, ()),
                    coder=self.ids.coder(row.text("owner")),
                    made_at=read_time(row.text("date")),
                )
            )
        lose_orphans(self.ledger, "values", "their file is not there", values, self.names)
        return tuple(sources)

    def _find_transcribed(self, rows: list[ForeignRow]) -> dict[int, int]:
        """The recordings by the numbers of their transcripts."""
        numbers = {row.integer("id") for row in rows}
        transcribes: dict[int, int] = {}
        for row in rows:
            text = row.find_integer("av_text_id")
            if text is not None and text not in numbers:
                self.ledger.lose("links to transcripts", "the text is not there", row.text("name"))
            elif text is not None and transcribes.setdefault(
                text, row.integer("id")
            ) != row.integer("id"):
                self.ledger.lose("links to transcripts", "the text is of another recording",
                                 row.text("name"))  # fmt: skip
        return transcribes

    def _find_part(self, kind: SourceKind, name: str, address: str) -> Part | None:
        """The file in the project's own folder; what lies elsewhere is never opened."""
        if ":" in address or name != Path(name).name or "\\" in name or "\x00" in name:
            return None
        path = self.folder / _FOLDERS.get(kind, "documents") / name
        with contextlib.suppress(OSError):  # such as a name that no file can have
            if not path.is_symlink() and path.is_file() and _lies_in(path, self.folder):
                return Part(name=name, size=path.stat().st_size, path=path)
        return None

    def _read_codings(self) -> list[Selection]:
        columns = (
            "ctid", "cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo", "avid",
            "important",
        )  # fmt: skip
        selections = []
        for row in self.database.rows("code_text", *columns):
            source, code = row.integer("fid"), row.integer("cid")
            stored = self.texts.get(source)
            if stored is None or code not in self.codes:
                reason = "its text is not there" if stored is None else "its code is not there"
                self.ledger.lose("codings", reason, row.place)
                continue
            place = anchor_noted(
                self.ledger,
                "codings",
                self.names[source],
                stored.text,
                stored.find(row.integer("pos0")),
                stored.find(row.integer("pos1")),
                row.text("seltext"),
            )
            if row.find_integer("important"):
                self.ledger.lose("marks of importance", "a coding holds none", row.place)
            if row.find_integer("avid") is not None:
                self.ledger.lose("links of codings to recordings", "not carried", row.place)
            if place is not None:
                selections.append(
                    self._coded(row, "code_text", "text", place.start, place.end, code)
                )
        return selections

    def _coded(
        self,
        row: ForeignRow,
        table: str,
        kind: SourceKind,
        start: int | None,
        end: int | None,
        code: int,
        place: tuple[tuple[str, str], ...] = (),
    ) -> Selection:
        """A selection with its one coding; QualCoder's memo is on both."""
        key = row.integer("ctid" if table == "code_text" else _KEYS[table][0])
        coder, made_at = self.ids.coder(row.text("owner")), read_time(row.text("date"))
        return Selection(
            guid=self.ids.guid(table, key),
            source=self.ids.guid("source", row.integer("fid" if table == "code_text" else "id")),
            kind=kind,
            start=start,
            end=end,
            place=place,
            name=row.text("seltext"),
            description=row.text("memo"),
            codings=(
                ToolCoding(
                    guid=self.ids.guid(table, key, "coding"),
                    code=self.ids.guid("code_name", code),
                    coder=coder,
                    made_at=made_at,
                ),
            ),
            coder=coder,
            made_at=made_at,
        )

    def _read_media_codings(self) -> list[Selection]:
        """Codings of pictures, pages and recordings, carried as what QualCoder says of them."""
        selections = []
        for table, (key, *places) in _KEYS.items():
            columns = (key, "id", "cid", "memo", "date", "owner", *places)
            for row in self.database.rows(table, *columns):
                source, code = row.integer("id"), row.integer("cid")
                if source not in self.names or code not in self.codes:
                    self.ledger.lose("codings of media", "its file or code is gone", row.place)
                    continue
                place = tuple((name, row.text(name)) for name in places if row.text(name))
                kind = self.kinds[source]
                selections.append(self._coded(row, table, kind, None, None, code, place))
                self.ledger.keep("codings of media")
        return selections

    def _read_memos(self) -> list[Selection]:
        """Annotations: memos on words without a code."""
        selections = []
        columns = ("anid", "fid", "pos0", "pos1", "memo", "owner", "date")
        for row in self.database.rows("annotation", *columns):
            source = row.integer("fid")
            stored = self.texts.get(source)
            if stored is None:
                self.ledger.lose("memos on words", "its text is not there", row.place)
                continue
            place = anchor_noted(
                self.ledger,
                "memos on words",
                self.names[source],
                stored.text,
                stored.find(row.integer("pos0")),
                stored.find(row.integer("pos1")),
            )
            if place is not None:
                selections.append(
                    Selection(
                        guid=self.ids.guid("annotation", row.integer("anid")),
                        source=self.ids.guid("source", source),
                        start=place.start,
                        end=place.end,
                        description=row.text("memo"),
                        coder=self.ids.coder(row.text("owner")),
                        made_at=read_time(row.text("date")),
                    )
                )
        return selections

    def _read_journal(self) -> tuple[Note, ...]:
        columns = ("jid", "name", "jentry", "date", "owner")
        return tuple(
            Note(
                guid=self.ids.guid("journal", row.integer("jid")),
                name=row.text("name"),
                text=StoredText.of(row.text("jentry")).text,
                coder=self.ids.coder(row.text("owner")),
                made_at=read_time(row.text("date")),
            )
            for row in self.database.rows("journal", *columns)
        )


_KEYS: dict[str, tuple[str, ...]] = {
    "code_image": ("imid", "x1", "y1", "width", "height", "pdf_page"),
    "code_av": ("avid", "pos0", "pos1"),
}
"""Tables of codings that are not of words: the key, and the columns that say where."""


def _kind_of(address: str) -> SourceKind:
    """What a source is by its media path: "/images/x.png" inside, "images:/home/x.png" outside."""
    folder = address.lstrip("/").replace(":", "/").split("/")[0]
    kind = _MEDIA_FOLDERS.get(folder, "text")
    return "text" if kind == "pdf" and not address.lower().endswith(".pdf") else kind


QUALCODER = ProjectReader(name="QualCoder (.qda)", suffixes=(".qda",), sniff=_sniff, read=_read)
"""QualCoder's own projects."""
