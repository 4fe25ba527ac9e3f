"""The rows of a table of codings one by one: codings, readings and faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import get_args

from ...core.codebook import Code, Codebook
from ...core.coding import Basis, Coding, Reading
from ...core.errors import FileRefused, NotFound, one_line
from ...core.transcript import Span, Transcript
from ...text.excerpts import ExcerptIndex
from .codings_cells import CodeNames, DocumentNames, read_date, read_paragraphs, read_range
from .codings_columns import CodingColumns, Role, find_coding_columns, infer_coding_columns
from .codings_places import Place, PlaceFault, Placer, Wanted, shorten
from .codings_tally import Tally
from .faults import MOST_LISTED, RowFault
from .table import Row, Table

_APPLIED = frozenset(("true", "1", "yes", "x", "ja", "oui", "sí", "sim", "wahr", "vrai"))
_SAMPLE = 40
"""Cells by which a column without a known name is tried for its role."""
_COUNT_FROM_ONE = frozenset(("requal",))


class CodingsReader:
    """Reads the rows of one table into codings, readings and faults."""

    def __init__(
        self,
        table: Table,
        transcripts: Sequence[Transcript],
        codebook: Codebook,
        coder: str,
        assigned: Mapping[str, str],
        *,
        makes_new_codes: bool = False,
    ) -> None:
        self.codings: list[Coding] = []
        self.readings: list[Reading] = []
        self.faults: list[RowFault] = []
        self.tally = Tally()
        self._table = table
        self._coder = coder
        self._codes = CodeNames(codebook, makes_new=makes_new_codes)
        self._has_codes = len(codebook) > 0 or makes_new_codes
        self._documents = DocumentNames(transcripts)
        self._transcripts = {transcript.name: transcript for transcript in transcripts}
        self._placers: dict[str, Placer] = {}
        self._lost: dict[int, tuple[Placer, str]] = {}
        self.columns = self._infer(find_coding_columns(table.columns, assigned))
        self._is_ours = self.columns.tool == "autocode"

    @property
    def new_codes(self) -> tuple[Code, ...]:
        """The codes that the table names and the codebook does not have, where they are made."""
        return tuple(self._codes.made.values())

    def need_columns(self) -> None:
        """Refuse a table whose columns do not say what was coded, where, and by whom."""
        lacking = "transcripts" if not self._transcripts else "" if self._has_codes else "codes"
        if lacking and any(self._written_codes(row) for row in self._table.rows):
            raise FileRefused.because(
                self._table.path,
                f"holds codings, and the study has no {lacking} yet",
                remedy=f"Import the {lacking} first; nothing of this file was imported.",
            )
        missing = [str(role) for role in self.columns.missing]
        if missing == ["transcript"] and "excerpt" in self.columns.columns and self._table.rows:
            missing = []  # the words say in which transcript they are
        if missing == ["excerpt"] and "turn" in self.columns.columns:
            missing = []  # whole turns
        if not missing and "coder" not in self.columns.columns and not self._coder:
            missing = ["coder"]
        if not missing:
            return
        tool = self.columns.tool
        looks = f"looks like an export of {tool}, but " if tool not in ("", "autocode") else ""
        listed = ", ".join(self._table.columns) or "none"
        way_on = (
            "say whose codings they are with --coder NAME"
            if missing == ["coder"]
            else f"say which it is with --column {missing[0]}=NAME"
        )
        if missing[0] == "excerpt":
            way_on += ", or give 'start' and 'end', or 'turn' for whole turns"
        raise FileRefused.because(
            self._table.path,
            f"{looks}has no column '{missing[0]}' (columns: {listed})",
            remedy=f"Name a column '{missing[0]}', or {way_on}; nothing of this file was imported.",
            place="line 1",
        )

    def read(self, row: Row) -> None:
        """Take one row, or keep its fault."""
        try:
            self._take(row)
        except PlaceFault as error:
            self.faults.append(RowFault(row.line, error.fault, error.remedy))
        except NotFound as error:
            way_on = "Import it with a codebook first, or make it with --new-codes."
            remedy = way_on if error.kind == "code" else ""
            self.faults.append(RowFault(row.line, str(error), remedy))

    def explain_faults(self) -> None:
        """Add the nearest place to the first faults about words that are not there."""
        explained = 0
        for number, fault in enumerate(self.faults):
            if fault.line not in self._lost or explained == MOST_LISTED:
                continue
            placer, excerpt = self._lost[fault.line]
            hint = self._describe_nearest(placer, excerpt)
            remedy = "Give the exact words, or start and end."
            self.faults[number] = replace(fault, fault=f"{fault.fault}{hint}", remedy=remedy)
            explained += 1

    def _take(self, row: Row) -> None:
        names = self._written_codes(row)
        excerpt = self._cell(row, "excerpt")
        if not names and not self._is_ours:
            self.tally.n_uncoded += 1
            return
        coder = self._cell(row, "coder") or self._coder
        if not coder:
            raise PlaceFault("no coder", "Name the coder.")
        transcript = self._find_transcript(row, excerpt)
        codes = {name: self._codes.find(name).id for name in names}
        place = self._place(row, transcript, excerpt)
        self.tally.coders[coder] += 1
        if place is not None:
            self.tally.count_place(place)
        if not codes:
            whole = Span(0, len(self._transcripts[transcript].text))
            span = whole if place is None else place.span
            self.readings.append(Reading(transcript, span, coder, self._basis(row)))
        elif place is None:
            raise PlaceFault(
                "a code without a span", "Give start and end, the excerpt, or the turn."
            )
        else:
            self._add(row, transcript, place.span, codes, coder)

    def _find_transcript(self, row: Row, excerpt: str) -> str:
        written = self._cell(row, "transcript")
        if written:
            transcript = self._documents.find(written)
            self.tally.transcripts[written] = transcript
            return transcript
        if "transcript" in self.columns.columns or not excerpt:
            raise PlaceFault("no transcript", "Name the transcript.")
        return self._search(excerpt)

    def _add(
        self, row: Row, transcript: str, span: Span, codes: Mapping[str, str], coder: str
    ) -> None:
        made_at = self._cell(row, "made_at")
        if made_at:
            self.tally.n_undated += not read_date(made_at)
            made_at = read_date(made_at)
        for name, code in codes.items():
            self.tally.codes[name] = code if name == code else self._codes.find(name).name
            self.codings.append(
                Coding(
                    transcript=transcript,
                    span=span,
                    code=code,
                    coder=coder,
                    made_at=made_at,
                    basis=self._basis(row),
                    memo=self._cell(row, "memo"),
                )
            )

    def _cell(self, row: Row, role: Role) -> str:
        column = self.columns.columns.get(role)
        return row.get(column) if column else ""

    def _basis(self, row: Row) -> Basis:
        """How a row came to be, where it says so in our words; others are "imported"."""
        stated = self._cell(row, "basis")
        return next((basis for basis in get_args(Basis) if basis == stated), "imported")

    def _written_codes(self, row: Row) -> list[str]:
        if self.columns.flags:
            return [
                code
                for column, code in self.columns.flags.items()
                if row.get(column).casefold() in _APPLIED
            ]
        return self._codes.split(self._cell(row, "code"))

    def _place(self, row: Row, transcript: str, excerpt: str) -> Place | None:
        start, end = self._cell(row, "start"), self._cell(row, "end")
        if not (start or end) and (bounds := read_range(self._cell(row, "range"))):
            start, end = bounds
        wanted = Wanted(
            excerpt=excerpt,
            start=start,
            end=end,
            paragraphs=read_paragraphs(
                self._cell(row, "first paragraph"), self._cell(row, "last paragraph")
            ),
            turn=self._cell(row, "turn"),
            speaker=self._cell(row, "speaker"),
            one_based=self.columns.tool in _COUNT_FROM_ONE,
            strict=self._is_ours,
        )
        placer = self._placer(transcript)
        try:
            return placer.place(wanted)
        except PlaceFault as fault:
            if fault.is_lost:
                self._lost[row.line] = (placer, excerpt)
            raise

    def _placer(self, transcript: str) -> Placer:
        if transcript not in self._placers:
            self._placers[transcript] = Placer(ExcerptIndex(self._transcripts[transcript]))
        return self._placers[transcript]

    def _search(self, excerpt: str) -> str:
        """The one transcript in which these words stand."""
        holding = [name for name in self._transcripts if self._holds(name, excerpt)]
        if len(holding) == 1:
            self.tally.n_searched += 1
            return holding[0]
        if not holding:
            raise PlaceFault(
                f"the excerpt '{shorten(excerpt)}' occurs in no transcript of the study",
                "Name the transcript, and give the exact words.",
            )
        raise PlaceFault(
            f"the excerpt '{shorten(excerpt)}' occurs in {len(holding)} transcripts",
            "Name the transcript in a column 'transcript'.",
        )

    def _holds(self, transcript: str, excerpt: str) -> bool:
        return bool(self._placer(transcript).index.locate(excerpt).spans)

    def _describe_nearest(self, placer: Placer, excerpt: str) -> str:
        """Where the words stand instead: in another transcript, or the place most like them."""
        here = placer.index.transcript
        for name in self._transcripts:
            if name != here.name and self._holds(name, excerpt):
                return f"; it stands in '{one_line(name, 80)}'"
        span = placer.index.nearest(excerpt)
        if span is None:
            return ""
        place = here.locate(span)
        return f"; nearest: {place + ', ' if place else ''}'{shorten(span.of(here.text))}'"

    def _infer(self, columns: CodingColumns) -> CodingColumns:
        """The columns with those of unknown names whose cells say what they are."""
        tests: dict[Role, Callable[[str], bool]] = {
            "transcript": self._is_document,
            "code": lambda cell: all(map(self._codes.knows, self._codes.split(cell))),
            "excerpt": lambda cell: (
                (" " in cell or len(cell) > 7)
                and any(self._holds(name, cell) for name in self._transcripts)
            ),
        }
        cells = {column: list(self._sample(column)) for column in columns.unused if columns.missing}
        return infer_coding_columns(columns, cells, tests)

    def _sample(self, column: str) -> Iterator[str]:
        filled = (cell for row in self._table.rows if (cell := row.get(column)))
        for _, cell in zip(range(_SAMPLE), filled, strict=False):
            yield cell

    def _is_document(self, cell: str) -> bool:
        try:
            self._documents.find(cell)
        except NotFound:
            return False
        return True
