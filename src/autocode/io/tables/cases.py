"""Tables of cases (participants, sites, studies) and their attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from ...core.coding import Case
from ..source import SourceFile
from .headings import CASE, DOCUMENT, SPEAKER, find_columns
from .table import Row, Table, read_table

_SUFFIX = 6
"""Characters of the longest suffix of a file that a table may put behind a transcript's name."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case, and the speaker it belongs to (None: every participant).

    `is_named` is false where the row names a transcript and no case; `empty` are the attributes
    whose cells are.
    """

    case: Case
    transcript: str | None
    speaker: str | None
    is_named: bool = True
    empty: tuple[str, ...] = ()


def read_cases(file: SourceFile | Path, known: Mapping[str, Sequence[str]]) -> list[CaseRow]:
    """Cases with attributes: columns `case`, `transcript`, optional `speaker`, then attributes.

    `known` holds the speakers of each transcript.

    Raises:
        FileRefused: on an unknown transcript or speaker, or a row without a case.
    """
    table = read_table(file)
    columns = find_columns(table.columns, {"case": CASE, "transcript": DOCUMENT})
    if "transcript" in columns:
        columns |= find_columns(table.columns, {"speaker": SPEAKER})
    if not columns:
        table.need(("case", "participant", "transcript"))
    attributes = [c for c in table.columns if c and c not in columns.values()]
    return [_read_row(table, row, columns, attributes, known) for row in table.rows]


def _read_row(
    table: Table,
    row: Row,
    columns: Mapping[str, str],
    attributes: Sequence[str],
    known: Mapping[str, Sequence[str]],
) -> CaseRow:
    transcript, speaker, name = (
        row.get(columns[role]) if role in columns else ""
        for role in ("transcript", "speaker", "case")
    )
    if transcript:
        stem = PurePath(transcript).stem
        is_file = transcript not in known and stem in known
        is_file = is_file and len(transcript) - len(stem) <= _SUFFIX
        transcript = table.match(row, "transcript", stem if is_file else transcript, known)
        if speaker:
            speaker = table.match(row, "speaker", speaker, known[transcript])
    if not name and not transcript:
        raise table.refuse(row, "no case", "Name the case.")
    values = {c: value for c in attributes if (value := row.get(c))}
    case = Case(name or transcript, values)
    return CaseRow(
        case,
        transcript or None,
        speaker or None,
        is_named=bool(name),
        empty=tuple(c for c in attributes if c not in values),
    )
