"""MAXQDA exchange files (.mex): codes and what they were applied to, the words locked away.

The words of documents are encrypted by MAXQDA, and positions count in them, so that codings come
with the first words of each (MAXQDA keeps 63 characters) and without a place: whoever has the
transcripts can find them there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ..untrusted_sqlite import UntrustedDatabase, find_table_names, open_untrusted
from .losses import LossLedger
from .place_by_words import LENGTH
from .project import Selection, Source, ToolCode, ToolCoding, ToolProject
from .reader import ProjectReader, ReadProject
from .tool_database import Identities, lose_tables, note_oddities, read_time, settle_codes

_NEEDED = {
    "Texts": ("ID", "Name"),
    "Codewords": ("ID", "Name", "WordID"),
    "Codings": ("ID", "TextID", "WordID", "Preview"),
}
_NOT_CARRIED = (
    ("Memos", "memos", "MAXQDA encrypts their words"),
    ("Links", "links", "MAXQDA encrypts their words"),
    ("Textsets", "sets of documents", "not carried"),
    ("MediaMarks", "time marks", "not carried"),
)


def _sniff(path: Path) -> bool:
    return path.is_file() and {"Texts", "Codewords", "Codings"} <= find_table_names(path)


def _read(path: Path) -> ReadProject:
    with open_untrusted(path) as database:
        database.need("MAXQDA", _NEEDED)
        return _Exchange(database).read()


@dataclass(slots=True)
class _Exchange:
    """One exchange file while it is read."""

    database: UntrustedDatabase
    ledger: LossLedger = field(default_factory=LossLedger)
    ids: Identities = field(default_factory=lambda: Identities("maxqda-exchange", ""))

    def read(self) -> ReadProject:
        """The project and what became of it."""
        codes = self._read_codes()
        sources = self._read_texts()
        selections = self._read_codings(set(codes), set(sources))
        lose_tables(self.database, self.ledger, _NOT_CARRIED)
        self.ledger.note(
            "documents that are transcripts of the study, under the same names, lend their words: "
            "import them first, and codings are placed where their words stand once"
        )
        note_oddities(self.database, self.ledger)
        self.ledger.keep("codes", len(codes))
        project = ToolProject(
            name=self.database.path.stem,
            origin="MAXQDA",
            format="maxqda-exchange",
            codes=settle_codes(self.ledger, codes.values()),
            sources=tuple(sources.values()),
            selections=tuple(selections),
            coders=self.ids.coders,
        )
        return ReadProject(project, self.ledger.close())

    def _read_codes(self) -> dict[int, ToolCode]:
        rows = list(self.database.rows("Codewords", "ID", "Idx", "WordID", "Name", "Color", "Date"))
        # MAXQDA says no name of the project; the days on which its codes were made are its own.
        self.ids.project = " ".join(row.text("Date") for row in rows[:5])
        codes = {}
        for row in rows:
            number, above = row.integer("ID"), row.find_integer("WordID")
            colour = row.find_integer("Color")
            codes[number] = ToolCode(
                guid=self.ids.guid("code", number),
                name=row.text("Name"),
                parent=self.ids.guid("code", above) if above else None,
                colour="" if colour is None else f"#{colour & 0xFFFFFF:06x}",
            )
        return codes

    def _read_texts(self) -> dict[int, Source]:
        sources = {}
        for row in self.database.rows("Texts", "ID", "Name", "Author", "Date"):
            number = row.integer("ID")
            sources[number] = Source(
                guid=self.ids.guid("text", number),
                name=row.text("Name"),
                coder=self.ids.coder(row.text("Author")),
                made_at=read_time(row.text("Date")),
            )
            self.ledger.lose("texts", "MAXQDA encrypts the words of documents", row.text("Name"))
        return sources

    def _read_codings(self, codes: set[int], texts: set[int]) -> list[Selection]:
        selections = []
        columns = (
            "ID", "TextID", "WordID", "Preview", "Author", "Date", "CommentL", "Area", "SegPos1X",
            "SegPos1Y", "SegPos2X", "SegPos2Y",
        )  # fmt: skip
        for row in self.database.rows("Codings", *columns):
            number, text, code = row.integer("ID"), row.integer("TextID"), row.integer("WordID")
            if text not in texts or code not in codes:
                self.ledger.lose("codings", "its document or its code is not there", row.place)
                continue
            coder, made_at = self.ids.coder(row.text("Author")), read_time(row.text("Date"))
            selections.append(
                Selection(
                    guid=self.ids.guid("coding", number),
                    source=self.ids.guid("text", text),
                    place=tuple(
                        (LENGTH if n == "Area" else n, row.text(n))
                        for n in columns[7:]
                        if row.text(n)
                    ),
                    name=row.text("Preview"),
                    description=row.text("CommentL"),
                    codings=(
                        ToolCoding(
                            guid=self.ids.guid("coding", number, "code"),
                            code=self.ids.guid("code", code),
                            coder=coder,
                            made_at=made_at,
                        ),
                    ),
                    coder=coder,
                    made_at=made_at,
                )
            )
            self.ledger.change(
                "codings", "without a place, as MAXQDA encrypts the text: only its first words"
            )
        return selections


MAXQDA_EXCHANGE = ProjectReader(
    name="MAXQDA exchange file (.mex)", suffixes=(".mex",), sniff=_sniff, read=_read
)
"""Exchange files of MAXQDA 12 and later."""
