"""Rows of a table of coded segments as a study: whose column is what, and where segments lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.codebook import Code, Codebook
from ..core.coding import Coding, Reading
from ..core.counted import say_count
from ..core.errors import InputError
from ..core.transcript import Segment, Span
from ..pipeline import Study

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "transcript": ("doc_id", "transcript", "document"),
    "excerpt": ("text", "excerpt"),
    "codes": ("codes", "code", "labels", "label"),
    "coder": ("coder", "annotator"),
    "name": ("segment_id", "id"),
    "speaker": ("speaker",),
    "domain": ("domain",),
    "readers": ("readers",),
}
_NEEDED = ("transcript", "excerpt", "codes")

SOMEBODY = "people"
"""The coder of a table that names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """What a row says; `is_read` is False for a segment that nobody has read."""

    transcript: str
    excerpt: str
    codes: tuple[str, ...]
    coder: str
    name: str
    speaker: str | None
    domain: str | None
    is_read: bool


def build_study_from_rows(
    rows: Sequence[Mapping[str, Any]], name: str, codebook: Codebook | None = None
) -> Study:
    """A study of given segments.

    Columns: doc_id (or transcript, document), text (or excerpt) and codes (or code, labels, label:
    a list, or a single code, empty for "seen, nothing applied"); coder, segment_id, speaker and
    domain where there are any. Rows with the same segment_id are one segment coded by several
    people. Rows with an empty `readers` (as `Project.to_dataset` writes them) have been read by
    nobody. Without a `codebook` the codes are known by their names alone.

    Raises:
        InputError: if a needed column is missing, or a code is not in the codebook.
    """
    columns = _match_columns(rows, name)
    segments: dict[tuple[str, str], Segment] = {}
    ends: dict[str, int] = {}
    codings: list[Coding] = []
    readings: list[Reading] = []
    for number, row in enumerate(rows):
        cells = _read_cells(row, columns, number)
        transcript, key = cells.transcript, (cells.transcript, cells.name)
        if key not in segments:
            segments[key] = _make_segment(cells, ends.get(transcript, 0))
            ends[transcript] = segments[key].span.end + 1
        if not cells.is_read:
            continue
        span = segments[key].span
        readings.append(Reading(transcript, span, cells.coder))
        codings += [
            Coding(transcript=transcript, span=span, code=code, coder=cells.coder)
            for code in cells.codes
        ]
    return Study(
        segments=list(segments.values()),
        codebook=_check_codes({coding.code for coding in codings}, name, codebook),
        codings=codings,
        readings=readings,
    )


def _check_codes(used: set[str], name: str, codebook: Codebook | None) -> Codebook:
    """The codebook, which must hold the codes used; where there is none, one of their names."""
    if codebook is None:
        return Codebook(tuple(Code(id=code, name=code) for code in sorted(used)))
    for code in sorted(used):
        if code not in codebook:
            raise InputError(
                f"{name}: code '{code}' is not in the codebook "
                f"({say_count(len(codebook), 'code')}). Add it or "
                "correct it."
            )
    return codebook


def _match_columns(rows: Sequence[Mapping[str, Any]], name: str) -> dict[str, str]:
    """The column of each part that the table has."""
    present = set(rows[0]) if rows else set()
    columns = {
        part: next(column for column in known if column in present)
        for part, known in _COLUMNS.items()
        if present & set(known)
    }
    for part in _NEEDED:
        if rows and part not in columns:
            raise InputError(
                f"{name}: no column {' or '.join(_COLUMNS[part])} (columns: "
                f"{', '.join(sorted(present))}). Rename the column that holds it."
            )
    return columns


def _read_cells(row: Mapping[str, Any], columns: Mapping[str, str], number: int) -> _Cells:
    values = {part: row.get(column) for part, column in columns.items()}
    return _Cells(
        transcript=str(values["transcript"]),
        excerpt=str(values["excerpt"] or ""),
        codes=_list_codes(values["codes"]),
        coder=str(values.get("coder") or SOMEBODY),
        name=str(values.get("name") or f"row {number + 1}"),
        speaker=str(values["speaker"]) if values.get("speaker") else None,
        domain=str(values["domain"]) if values.get("domain") else None,
        is_read="readers" not in columns or bool(values["readers"]),
    )


def _make_segment(cells: _Cells, start: int) -> Segment:
    return Segment(
        transcript=cells.transcript,
        # Spans may not be empty, so an empty excerpt takes one character.
        span=Span(start, start + max(len(cells.excerpt), 1)),
        excerpt=cells.excerpt,
        speaker=cells.speaker,
        role="participant",
        unit="given",
        given=True,
        name=cells.name,
        domain=cells.domain,
    )


def _list_codes(value: object) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    codes = value if isinstance(value, list | tuple) else [value]
    return tuple(dict.fromkeys(str(code) for code in codes if code not in (None, "")))
