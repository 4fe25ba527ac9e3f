"""How much stands behind each code: codings, segments and participants, suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.alignment import align
from ..core.codebook import Code, Codebook
from ..core.coding import Coder, Coding
from ..core.suggestion import Suggestion
from ..core.transcript import Segment
from .people import keep_people


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


def count_codes(
    codebook: Codebook,
    segments: Sequence[Segment],
    codings: Sequence[Coding],
    suggestions: Sequence[Suggestion],
    *,
    coders: Sequence[Coder] = (),
) -> list[CodeCount]:
    """Every code in tree order with its counts.

    Only codings of people count, so give the `coders` where machines have coded as well.
    """
    codings = keep_people(codings, (), coders).codings
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
