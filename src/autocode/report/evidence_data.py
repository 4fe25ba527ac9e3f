"""The evidence of all suggestions of a report as data of the page, each phrase kept once.

The same few thousand excerpts speak for and against tens of thousands of suggestions. Written out
where each is shown they made nine tenths of a page that a browser could hardly open; the page's
script writes them out where a reader opens a suggestion.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from .excerpts import EvidenceLine, SuggestedCode, TranscriptView

if TYPE_CHECKING:
    from markupsafe import Markup

_Line: TypeAlias = list[int | str]
"""The number of what the evidence is, then in turn the number of a phrase and its figure."""


def pack_evidence(transcripts: Iterable[TranscriptView]) -> Markup:
    """JSON with the evidence of each segment's suggestions, fit to stand in a `script` element.

    `of` has, by the anchor of a segment, a list for each of its suggestions in order; their lines
    name the entries of `kinds` (what the evidence is, whether its phrases are quoted) and `phrases`
    by number.
    """
    from markupsafe import Markup

    kinds: dict[tuple[str, bool], int] = {}
    phrases: dict[str, int] = {}
    of = {
        row.anchor: _pack_suggestions(row.suggested, kinds, phrases)
        for transcript in transcripts
        for row in transcript.rows
        if row.suggested
    }
    packed = {"kinds": list(kinds), "phrases": list(phrases), "of": of}
    text = json.dumps(packed, ensure_ascii=False, separators=(",", ":"))
    # Inside strings alone can these stand, and there an escape is the same letter: no word of a
    # participant's ends the element or begins a comment in it.
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _pack_suggestions(
    suggested: Sequence[SuggestedCode],
    kinds: dict[tuple[str, bool], int],
    phrases: dict[str, int],
) -> list[list[_Line]]:
    return [[_pack_line(line, kinds, phrases) for line in one.evidence] for one in suggested]


def _pack_line(
    line: EvidenceLine, kinds: dict[tuple[str, bool], int], phrases: dict[str, int]
) -> _Line:
    packed: _Line = [kinds.setdefault((line.label, line.is_quoted), len(kinds))]
    for quote in line.quotes:
        packed += [phrases.setdefault(quote.words, len(phrases)), quote.number]
    return packed
