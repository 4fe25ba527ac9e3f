"""Taguette projects (.sqlite3): documents in HTML, highlights with tags, positions in bytes.

A highlight has no coder: who made it stands in the log of commands, unless the project was
imported from elsewhere. Tags are flat; names that people wrote as a tree ("a.b") stay whole.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from ..core.errors import FileRefused, one_line
from ..untrusted_sqlite import (
    UntrustedDatabase,
    find_table_names,
    open_untrusted,
    read_application_id,
)
from .anchoring import anchor_noted
from .losses import LossLedger
from .project import Selection, Source, ToolCode, ToolCoding, ToolProject
from .reader import ProjectReader, ReadProject
from .taguette_html import HtmlText, read_html, read_words
from .taguette_schema import APPLICATION_ID, FILE_NAME
from .tool_database import Identities, lose_orphans, note_oddities, read_time

_NEEDED = {
    "projects": ("id", "name"),
    "documents": ("id", "project_id", "name", "contents"),
    "tags": ("id", "project_id", "path"),
    "highlights": ("id", "document_id", "start_offset", "end_offset"),
    "highlight_tags": ("highlight_id", "tag_id"),
}
_LONGEST_LOG_ENTRY = 1 << 20


def _sniff(path: Path) -> bool:
    if not path.is_file():
        return False
    number = read_application_id(path)
    return number == APPLICATION_ID or (
        number == 0 and {"highlights", "highlight_tags"} <= find_table_names(path)
    )


def _read(path: Path) -> ReadProject:
    with open_untrusted(path) as database:
        database.need("Taguette", _NEEDED)
        return _Taguette(database, _choose_project(database)).read()


def _choose_project(database: UntrustedDatabase) -> int:
    """The one project of the file; a server's database holds many.

    Raises:
        FileRefused: if there is none, or more than one.
    """
    projects = {
        row.integer("id"): row.text("name") for row in database.rows("projects", "id", "name")
    }
    if len(projects) != 1:
        names = ", ".join(f"'{one_line(name, 40)}'" for name in list(projects.values())[:3])
        raise FileRefused.because(
            database.path,
            f"holds {len(projects)} projects ({names})" if projects else "holds no project",
            remedy="In Taguette, open the one you mean and export it as a project (.sqlite3).",
        )
    return next(iter(projects))


@dataclass(slots=True)
class _Taguette:
    """One project while it is read."""

    database: UntrustedDatabase
    number: int
    ledger: LossLedger = field(default_factory=LossLedger)
    ids: Identities = field(default_factory=lambda: Identities("taguette", ""))
    texts: dict[int, HtmlText] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    tags: set[int] = field(default_factory=set)

    def read(self) -> ReadProject:
        """The project and what became of it."""
        columns = ("id", "name", "description", "created")
        about = next(
            row for row in self.database.rows("projects", *columns)
            if row.integer("id") == self.number
        )  # fmt: skip
        self.ids.project = f"{about.text('created')} {about.text('name')}"
        codes, sources = self._read_tags(), self._read_documents()
        selections = self._read_highlights()
        note_oddities(self.database, self.ledger)
        self.ledger.keep("codes", len(codes))
        self.ledger.keep("sources", len(sources))
        project = ToolProject(
            name=about.text("name"),
            origin="Taguette",
            format="taguette",
            description=about.text("description"),
            made_at=read_time(about.text("created")),
            codes=codes,
            sources=sources,
            selections=tuple(selections),
            coders=self.ids.coders,
        )
        return ReadProject(project, self.ledger.close())

    def _read_tags(self) -> tuple[ToolCode, ...]:
        codes = []
        for row in self.database.rows("tags", "id", "project_id", "path", "description"):
            if row.integer("project_id") == self.number:
                self.tags.add(row.integer("id"))
                codes.append(
                    ToolCode(
                        guid=self.ids.guid("tag", row.integer("id")),
                        name=row.text("path"),
                        description=row.text("description"),
                    )
                )
        dotted = [code.name for code in codes if "." in code.name.strip(".")]
        if dotted:
            self.ledger.note(
                f"{len(dotted)} names with '.' are kept whole, such as '{dotted[0]}': Taguette has "
                "no levels"
            )
        return tuple(codes)

    def _read_documents(self) -> tuple[Source, ...]:
        sources = []
        columns = ("id", "project_id", "name", "description", "filename", "created", "contents",
                   "text_direction")  # fmt: skip
        for row in self.database.rows("documents", *columns):
            if row.integer("project_id") != self.number:
                continue
            number, name = row.integer("id"), row.text("name")
            self.texts[number], self.names[number] = read_html(row.text("contents")), name
            if row.text("text_direction") == "RIGHT_TO_LEFT":
                self.ledger.lose("directions of writing", "a transcript states none", name)
            sources.append(
                Source(
                    guid=self.ids.guid("document", number),
                    name=name,
                    text=self.texts[number].text,
                    other_addresses=(
                        ((FILE_NAME, row.text("filename")),) if row.text("filename") else ()
                    ),
                    description=row.text("description"),
                    made_at=read_time(row.text("created")),
                )
            )
        return tuple(sources)

    def _read_highlights(self) -> list[Selection]:
        tags: dict[int, list[int]] = defaultdict(list)
        for row in self.database.rows("highlight_tags", "highlight_id", "tag_id"):
            tags[row.integer("highlight_id")].append(row.integer("tag_id"))
        makers = self._read_log()
        selections = []
        columns = ("id", "document_id", "start_offset", "end_offset", "snippet")
        for row in self.database.rows("highlights", *columns):
            document, number = row.integer("document_id"), row.integer("id")
            if document not in self.texts:
                self.ledger.lose("highlights", "the document is not there", row.place)
                continue
            words, html = read_words(row.text("snippet")), self.texts[document]
            place = anchor_noted(
                self.ledger,
                "highlights",
                self.names[document],
                html.text,
                html.find_start(row.integer("start_offset")),
                html.find_end(row.integer("end_offset")),
                words,
            )
            if place is None:
                continue
            login, made_at = makers.get(number, ("", ""))
            coder = self.ids.coder(login)
            selections.append(
                Selection(
                    guid=self.ids.guid("highlight", number),
                    source=self.ids.guid("document", document),
                    start=place.start,
                    end=place.end,
                    name=words,
                    codings=tuple(self._coding(number, tag, coder, made_at) for tag in tags[number]
                                  if tag in self.tags),
                    coder=coder,
                    made_at=made_at,
                )
            )  # fmt: skip
            self.ledger.keep("codings", len(selections[-1].codings))
            for tag in tags[number]:
                if tag not in self.tags:
                    self.ledger.lose("codings", "the code is not there", row.place)
        known = {row.integer("id") for row in self.database.rows("highlights", "id")}
        lose_orphans(self.ledger, "codings", "the highlight is not there", tags, known)
        return selections

    def _coding(self, highlight: int, tag: int, coder: str | None, made_at: str) -> ToolCoding:
        return ToolCoding(
            guid=self.ids.guid("highlight", highlight, tag),
            code=self.ids.guid("tag", tag),
            coder=coder,
            made_at=made_at,
        )

    def _read_log(self) -> dict[int, tuple[str, str]]:
        """Who made which highlight, and when: the last to add or change it."""
        makers: dict[int, tuple[str, str]] = {}
        for row in self.database.rows("commands", "date", "user_login", "project_id", "payload"):
            written = row.text("payload")
            if row.find_integer("project_id") != self.number or len(written) > _LONGEST_LOG_ENTRY:
                continue
            try:
                entry = json.loads(written)
            except (ValueError, RecursionError):
                continue  # the log is of help only; what it says is not what is coded
            if isinstance(entry, dict) and entry.get("type") == "highlight_add":
                highlight = entry.get("highlight_id")
                if isinstance(highlight, int):
                    makers[highlight] = row.text("user_login"), read_time(row.text("date"))
        return makers


TAGUETTE = ProjectReader(
    name="Taguette (.sqlite3)", suffixes=(".sqlite3",), sniff=_sniff, read=_read
)
"""Taguette's own projects."""
