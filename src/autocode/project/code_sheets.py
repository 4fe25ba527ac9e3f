"""The sheet on which a code is split: a row a coding, with a column for where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.arguments import checked
from ..core.coding import Coding
from ..core.errors import InputError, NothingToDo
from ..core.transcript import Span
from ..io.source import SourceFile
from ..io.tables.table import Row, Table, read_table, write_table
from ..pipeline import PartitionOptions, Tools, encode_texts
from ..themes.partition import partition
from .code_splitting import SplitRow
from .reader import StudyReader

SPLIT_COLUMNS = ("transcript", "start", "end", "coder", "position", "excerpt", "memo", "to")


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class SplitProposal:
    """How to fill the column `to` beforehand: by coder, by `n_groups` of like excerpts, or not."""

    by_coder: bool = False
    n_groups: int | None = None

    def __post_init__(self) -> None:
        if self.by_coder and self.n_groups is not None:
            raise InputError("Split by coder or by groups of like excerpts, not by both.")


def write_split_sheet(
    study: StudyReader, name: str, path: Path, proposal: SplitProposal, tools: Tools | None
) -> int:
    """Write every coding of a code as a row, with a draft of where it goes; returns how many.

    Groups are Ward's of the excerpts' vectors, numbered by their first excerpt.

    Raises:
        NotFound: if there is no such code.
        NothingToDo: if nothing is coded with it.
        FileRefused: if the file cannot be written.
    """
    code = study.codebook().find(name)
    codings = study.codings(code=code.id)
    if not codings:
        raise NothingToDo(f"Nothing is coded with '{code.name}'; there is nothing to split.")
    transcripts = {transcript.name: transcript for transcript in study.transcripts()}
    excerpts = [c.span.of(transcripts[c.transcript].text) for c in codings]
    places = _propose(code.name, codings, excerpts, proposal, tools)
    return write_table(
        path,
        SPLIT_COLUMNS,
        [
            {
                "transcript": coding.transcript,
                "start": coding.span.start,
                "end": coding.span.end,
                "coder": coding.coder,
                "position": transcripts[coding.transcript].locate(coding.span),
                "excerpt": excerpt,
                "memo": coding.memo,
                "to": to,
            }
            for coding, excerpt, to in zip(codings, excerpts, places, strict=True)
        ],
    )


def _propose(
    name: str,
    codings: Sequence[Coding],
    excerpts: Sequence[str],
    proposal: SplitProposal,
    tools: Tools | None,
) -> list[str]:
    if proposal.by_coder:
        return [f"{name} ({coding.coder})" for coding in codings]
    if proposal.n_groups is None or tools is None:
        return [""] * len(codings)
    vectors = encode_texts(tools, list(excerpts))
    groups = partition(vectors, PartitionOptions("ward", proposal.n_groups)).group
    return [f"{name} ({number + 1})" if number >= 0 else "" for number in groups]


def read_split_sheet(source: SourceFile) -> list[SplitRow]:
    """The rows of a filled-in sheet.

    Raises:
        FileRefused: if columns are missing, or a row has no place.
    """
    table = read_table(source)
    table.need(("transcript",), ("start",), ("end",), ("coder",), ("to",))
    return [_read_row(table, row) for row in table.rows]


def _read_row(table: Table, row: Row) -> SplitRow:
    start, end = row.get("start"), row.get("end")
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end)):
        raise table.refuse(
            row, f"'{start}' to '{end}' is no place", "Keep the other columns as they were."
        )
    return SplitRow(
        transcript=row.get("transcript"),
        span=Span(int(start), int(end)),
        coder=row.get("coder"),
        to=row.get("to"),
    )
