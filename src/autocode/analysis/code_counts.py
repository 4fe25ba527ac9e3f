"""Who voices what: codes by participant and by attribute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..core.alignment import align
from ..core.codebook import Code, Codebook
from ..core.coding import Case, Coding
from ..core.suggestion import Suggestion
from ..core.transcript import Segment

_MOST_VALUES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCount:
    """A code with its depth in the tree and how much stands behind it (people's codings only)."""

    code: Code
    depth: int
    n_codings: int
    n_segments: int
    participants: tuple[str, ...]
    coders: tuple[str, ...]
    n_suggested: int


@dataclass(frozen=True, slots=True)
class AttributeTable:
    """Codes by the values of one attribute.

    `n_cases` by value; `cells[code][value]` is (participants, segments).
    """

    attribute: str
    n_cases: Mapping[str, int]
    cells: Mapping[str, Mapping[str, tuple[int, int]]]


def code_counts(
    codebook: Codebook,
    segments: Sequence[Segment],
    codings: Sequence[Coding],
    suggestions: Sequence[Suggestion],
) -> list[CodeCount]:
    """Every code in tree order with its counts."""
    aligned = align(segments, codings, ())
    rows_by_code: dict[str, list[int]] = {}
    for row in range(len(segments)):
        for code_id in aligned.codes(row):
            rows_by_code.setdefault(code_id, []).append(row)
    counts = []
    for depth, code in codebook.walk():
        own = [c for c in codings if c.code == code.id]
        rows = rows_by_code.get(code.id, [])
        counts.append(
            CodeCount(
                code=code,
                depth=depth,
                n_codings=len(own),
                n_segments=len(rows),
                participants=tuple(sorted({segments[row].participant for row in rows})),
                coders=tuple(sorted({c.coder for c in own})),
                n_suggested=sum(s.code == code.id and s.likely for s in suggestions),
            )
        )
    return counts


def attribute_tables(
    codebook: Codebook,
    segments: Sequence[Segment],
    codings: Sequence[Coding],
    cases: Sequence[Case],
) -> list[AttributeTable]:
    """One table per attribute with 2 to 8 values; participants count once their words are coded."""
    aligned = align(segments, codings, ())
    coded = [row for row in range(len(segments)) if aligned.codes(row)]
    attributes = {case.name: case.attributes for case in cases}
    names = sorted({name for values in attributes.values() for name in values})
    tables = []
    for name in names:
        value_of = {case: values[name] for case, values in attributes.items() if name in values}
        voices: dict[str, set[str]] = {}
        found: dict[str, dict[str, list[str]]] = {}
        for row in coded:
            value = value_of.get(segments[row].case or "")
            if value is None:
                continue
            voices.setdefault(value, set()).add(segments[row].participant)
            for code in aligned.codes(row):
                by_value = found.setdefault(code, {})
                by_value.setdefault(value, []).append(segments[row].participant)
        if not 2 <= len(voices) <= _MOST_VALUES:
            continue
        tables.append(
            AttributeTable(
                name,
                {value: len(people) for value, people in sorted(voices.items())},
                {
                    code.id: {
                        value: (len(set(people)), len(people))
                        for value, people in found.get(code.id, {}).items()
                    }
                    for _, code in codebook.walk()
                },
            )
        )
    return tables
