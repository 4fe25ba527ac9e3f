"""Rows of a table of coded segments as a study: whose column is what, and where segments lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..core.codebook import Code, Codebook
from ..core.coding import Coding, Reading
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


def study_of_rows(
    rows: Sequence[Mapping[str, Any]], name: str, codebook: Codebook | None = None
) -> Study:
    """A study of given segments.

    Columns: doc_id (or transcript, document), text (or excerpt) and codes (or code, labels, label:
    a list, or one, empty for "seen, nothing applied"); coder, segment_id, speaker and domain where
    there are any. Rows with one segment_id are one segment coded by several people. Rows with an
    empty `readers` (as `Project.to_dataset` writes them) have been read by nobody. Without a
    `codebook` the codes are known by their names alone.

    Raises:
        InputError: if a needed column is missing, or a code is not in the codebook.
    """
    columns = _chosen(rows, name)
    segments: dict[tuple[str, str], Segment] = {}
    ends: dict[str, int] = {}
    codings: list[Coding] = []
    readings: list[Reading] = []
    for number, row in enumerate(rows):
        given = {part: row.get(column) for part, column in columns.items()}
        transcript = str(given["transcript"])
        key = (transcript, str(given.get("name") or f"row {number + 1}"))
        if key not in segments:
            segments[key] = _segment(given, key, ends.get(transcript, 0))
            ends[transcript] = segments[key].span.end + 1
        if "readers" in columns and not given["readers"]:
            continue
        coder, span = str(given.get("coder") or SOMEBODY), segments[key].span
        readings.append(Reading(transcript, span, coder))
        codings += [
            Coding(transcript=transcript, span=span, code=code, coder=coder)
            for code in _codes(given["codes"])
        ]
    used = sorted({coding.code for coding in codings})
    book = codebook or Codebook(tuple(Code(id=code, name=code) for code in used))
    for code in used:
        if code not in book:
            raise InputError(
                f"{name}: code '{code}' is not in the codebook ({len(book)} codes). Add it or "
                "correct it."
            )
    return Study(
        segments=list(segments.values()), codebook=book, codings=codings, readings=readings
    )


def _chosen(rows: Sequence[Mapping[str, Any]], name: str) -> dict[str, str]:
    """The column of each part that the table has."""
    there = set(rows[0]) if rows else set()
    found = {
        part: next(column for column in known if column in there)
        for part, known in _COLUMNS.items()
        if there & set(known)
    }
    for part in _NEEDED:
        if rows and part not in found:
            raise InputError(
                f"{name}: no column {' or '.join(_COLUMNS[part])} (columns: "
                f"{', '.join(sorted(there))}). Rename the one that holds it."
            )
    return found


def _segment(given: Mapping[str, Any], key: tuple[str, str], start: int) -> Segment:
    words = str(given["excerpt"] or "")
    return Segment(
        transcript=key[0],
        # An empty excerpt still needs a place of its own.
        span=Span(start, start + max(len(words), 1)),
        excerpt=words,
        speaker=str(given["speaker"]) if given.get("speaker") else None,
        role="participant",
        unit="given",
        given=True,
        name=key[1],
        domain=str(given["domain"]) if given.get("domain") else None,
    )


def _codes(value: object) -> list[str]:
    if value is None or value == "":
        return []
    many = value if isinstance(value, list | tuple) else [value]
    return list(dict.fromkeys(str(code) for code in many if code not in (None, "")))
