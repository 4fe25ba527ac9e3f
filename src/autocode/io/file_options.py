"""How a person says that a file is to be read, where its own content does not say it well."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from ..core.errors import InputError
from .kinds import ASSIGNED_KINDS, AssignedKind
from .transcripts.speaker_pattern import compile_patterns


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOptions:
    """The kind, encoding, and parts of a table that a person names; None: as the file shows.

    `columns` are pairs of a role ("speaker", "words", "id", "answer", "code") and the heading of
    the column that holds it. `header_row` counts from 1, as spreadsheets do.
    `speaker_patterns` say how turns are marked, as in "[{time}] {speaker} - {words}".
    """

    kind: AssignedKind | None = None
    columns: tuple[tuple[str, str], ...] = ()
    sheet: str | None = None
    encoding: str | None = None
    header_row: int | None = None
    speaker_patterns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in ASSIGNED_KINDS:
            known = ", ".join(ASSIGNED_KINDS)
            raise InputError(f"No kind '{self.kind}'. The kinds are {known}.")
        if self.header_row is not None and self.header_row < 1:
            raise InputError(f"Rows are counted from 1; there is no row {self.header_row}.")
        compile_patterns(self.speaker_patterns)
        if self.encoding is not None:
            try:
                codecs.lookup(self.encoding)
            except (LookupError, ValueError):
                raise InputError(
                    f"No encoding '{self.encoding}'. Give one such as utf-8, cp1252 or mac-roman."
                ) from None


AS_SHOWN = FileOptions()
"""Everything as the file itself shows it."""
