"""How much stands behind each code: codings, segments and participants, suggestions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..core.alignment import align
from ..core.codebook import Code, Codebook
from ..core.coding import Coder, Coding
from ..core.suggestion import Suggestion
from ..core.transcript import Segment
from .people import keep_people, list_participants


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledUp:
    """What stands behind a code and all codes below it; each segment and person counts once."""

    n_codings: int
    n_segments: int
    participants: tuple[str, ...]
    coders: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCount:
    """A code with its depth in the tree and how much stands behind it (people's codings only).

    `rolled_up` counts the codes below it as well; it equals the code's own numbers for a leaf.
    """

    code: Code
    depth: int
    n_codings: int
    n_segments: int
    participants: tuple[str, ...]
    coders: tuple[str, ...]
    n_suggested: int
    rolled_up: RolledUp


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
    rows: dict[str, set[int]] = {}
    for row in range(len(segments)):
        for code_id in aligned.codes(row):
            rows.setdefault(code_id, set()).add(row)
    coded: dict[str, list[Coding]] = {}
    for coding in codings:
        coded.setdefault(coding.code, []).append(coding)
    suggested = Counter(s.code for s in suggestions if s.likely)
    below = list_codes_below(codebook)

    def extent(ids: Iterable[str]) -> RolledUp:
        of_ids = list(ids)
        held = set().union(*(rows.get(code_id, ()) for code_id in of_ids))
        work = [coding for code_id in of_ids for coding in coded.get(code_id, ())]
        return RolledUp(
            n_codings=len(work),
            n_segments=len(held),
            participants=list_participants(segments[row] for row in held),
            coders=tuple(sorted({coding.coder for coding in work})),
        )

    counts = []
    for depth, code in codebook.walk():
        own = extent([code.id])
        counts.append(
            CodeCount(
                code=code,
                depth=depth,
                n_codings=own.n_codings,
                n_segments=own.n_segments,
                participants=own.participants,
                coders=own.coders,
                n_suggested=suggested[code.id],
                rolled_up=extent([code.id, *below[code.id]]) if below[code.id] else own,
            )
        )
    return counts


def list_codes_below(codebook: Codebook) -> Mapping[str, list[str]]:
    """The ids of all codes below each code, by id."""
    below: dict[str, list[str]] = {code.id: [] for code in codebook}
    # From the deepest up, each code hands what it has to its parent.
    for _, code in sorted(codebook.walk(), key=lambda item: -item[0]):
        if code.parent is not None:
            below[code.parent] += [code.id, *below[code.id]]
    return below
