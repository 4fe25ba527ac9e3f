"""Tables of cases (participants, sites, studies) and their attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.coding import Case
from ..source import SourceFile
from .table import read_table


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case, and the speaker it belongs to (None: every participant)."""

    case: Case
    transcript: str | None
    speaker: str | None


def read_cases(file: SourceFile | Path, known: Mapping[str, Sequence[str]]) -> list[CaseRow]:
    """Cases with attributes: columns `case`, `transcript`, optional `speaker`, then attributes.

    `known` holds the speakers of each transcript.

    Raises:
        FileRefused: on an unknown transcript or speaker, or a row without a case.
    """
    table = read_table(file)
    table.need(("case", "participant", "transcript"))
    attributes = [
        c for c in table.columns if c not in ("case", "participant", "transcript", "speaker", "")
    ]
    rows = []
    for row in table.rows:
        transcript = row.get("transcript") or None
        speaker = row.get("speaker") or None
        if transcript is not None:
            transcript = table.match(row, "transcript", transcript, known)
            if speaker is not None:
                speaker = table.match(row, "speaker", speaker, known[transcript])
        name = row.get("case", "participant", "transcript")
        if not name:
            raise table.refuse(row, "no case", "Name the case.")
        values = {c: row.get(c) for c in attributes if row.get(c)}
        rows.append(CaseRow(Case(name, values), transcript, speaker))
    return rows
