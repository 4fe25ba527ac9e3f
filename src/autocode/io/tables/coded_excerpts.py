"""Tables of codings that bring their words along: excerpts with codes, and no transcript needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...core.codebook import Code, Codebook
from ...core.coding import Coding, Reading
from ...core.errors import FileRefused, NotFound, one_line
from ...core.transcript import Segment, Span, text_digest
from ..source import SourceFile
from .codings_cells import CodeNames
from .codings_columns import Role, find_coding_columns, fold_name
from .faults import RowFault, refuse_rows
from .table import Row, read_table

_NOBODY = "unnamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedExcerpts:
    """The excerpts of a table as segments, with what they were coded, and the codebook.

    A segment is an excerpt of a transcript and a domain, once however many rows name it. The
    codebook has the codes of the table besides its own where there was none.
    """

    segments: tuple[Segment, ...]
    codings: tuple[Coding, ...]
    readings: tuple[Reading, ...]
    codebook: Codebook


def name_alone(excerpt: str) -> str:
    """The transcript of an excerpt that no transcript is named for: equal words are one."""
    return f"excerpt {text_digest(excerpt.strip())[:32]}"


def read_coded_excerpts(
    file: SourceFile | Path, codebook: Codebook, *, makes_new_codes: bool = False
) -> CodedExcerpts:
    """Read a table with a column of excerpts and one of codes, by the names of many tools.

    Columns of transcripts and coders are read where there are some, and one named "domain" of what
    an excerpt is an answer to; an excerpt without a transcript stands for itself. One cell may
    name several codes; an empty one says that the excerpt was read and no code applied. With
    `makes_new_codes` an unknown code becomes a new one.

    Raises:
        FileRefused: if there is no column of excerpts or codes, or a code is not in the codebook.
    """
    table = read_table(file)
    columns = find_coding_columns(table.columns)
    if "excerpt" not in columns.columns or "code" not in columns.columns:
        lacking = "excerpts" if "excerpt" not in columns.columns else "codes"
        raise FileRefused.because(
            table.path,
            f"has no column of {lacking} (it has: {', '.join(table.columns) or 'none'})",
            remedy="Name the columns excerpt and code; or import the table with its transcripts "
            "into a study, and give the study.",
        )
    domain = next((name for name in table.columns if fold_name(name) == "domain"), None)
    reader = _Reader(columns.columns, CodeNames(codebook, makes_new=makes_new_codes), domain)
    for row in table.rows:
        reader.read(row)
    if reader.faults:
        raise refuse_rows(
            table.path, reader.faults, len(table.rows), outcome="Nothing was written."
        )
    if not reader.segments:
        raise FileRefused.because(
            table.path, "holds no coded excerpt", remedy="Check that it is the right file."
        )
    made: tuple[Code, ...] = tuple(reader.names.made.values())
    return CodedExcerpts(
        segments=tuple(reader.segments.values()),
        codings=tuple(dict.fromkeys(reader.codings)),
        readings=tuple(dict.fromkeys(reader.readings)),
        codebook=Codebook((*codebook.codes, *made)),
    )


class _Reader:
    """Reads rows into segments, codings, readings and faults."""

    def __init__(
        self, columns: Mapping[Role, str], names: CodeNames, domain_column: str | None
    ) -> None:
        self.names = names
        self.segments: dict[tuple[str, str, str], Segment] = {}
        self.codings: list[Coding] = []
        self.readings: list[Reading] = []
        self.faults: list[RowFault] = []
        self._columns = columns
        self._domain_column = domain_column
        self._end: dict[str, int] = {}

    def read(self, row: Row) -> None:
        """One row."""
        excerpt = self._cell(row, "excerpt")
        if not excerpt:
            return
        transcript = self._cell(row, "transcript") or name_alone(excerpt)
        domain = row.get(self._domain_column) if self._domain_column else ""
        place = (transcript, domain, excerpt)
        segment = self.segments.get(place) or self._add(*place)
        coder = self._cell(row, "coder") or _NOBODY
        cell = self._cell(row, "code")
        if not cell:
            self.readings.append(Reading(transcript=transcript, span=segment.span, coder=coder))
        for name in self.names.split(cell) if cell else ():
            try:
                code = self.names.find(name)
            except NotFound:
                fault = f"the codebook has no code '{one_line(name, 80)}'"
                self.faults.append(RowFault(row.line, fault, "Add it to the codebook."))
                continue
            self.codings.append(
                Coding(transcript=transcript, span=segment.span, code=code.id, coder=coder)
            )

    def _add(self, transcript: str, domain: str, excerpt: str) -> Segment:
        begin = self._end.get(transcript, 0)
        end = begin + len(excerpt)
        self._end[transcript] = end + 1
        segment = Segment(
            transcript=transcript,
            span=Span(begin, end),
            excerpt=excerpt,
            role="participant",
            given=True,
            domain=domain or None,
        )
        self.segments[transcript, domain, excerpt] = segment
        return segment

    def _cell(self, row: Row, role: Role) -> str:
        column = self._columns.get(role)
        return row.get(column) if column else ""
