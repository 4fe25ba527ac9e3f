"""Coders' spans as counts that add up over transcripts and pairs of coders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .characters import character_tables
from .continuum import Continuum
from .gamma import gammas
from .runs import Floats, Ints, Spans, find_overlaps, merge_spans, only_code
from .unitizing import unitizing_counts


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SpanCounts:
    """By transcript, summed over pairs of coders: what each coefficient is a function of.

    `coded` (n, n_codes + 1, 5) holds the unitizing counts of all codes, or None where some coder
    gave one place several; `marked` (n, 2, 5) those of marked or not, `alone` (n, n_codes, 2, 5)
    those of each code for itself; `characters` (n, n_codes, 2, 2) is as of `character_tables`;
    `disorders` (n, 2) observed and by chance, times the spans they are of.
    """

    coded: Floats | None
    marked: Floats
    alone: Floats
    characters: Floats
    disorders: Floats


def count_spans(texts: Sequence[Continuum], names: Sequence[str], *, exclusive: bool) -> SpanCounts:
    """The counts of all texts by transcript, in the order of `names`.

    Args:
        texts: all with the same codes.
        names: of the transcripts.
        exclusive: whether no coder gave one place several codes.
    """
    place = {name: at for at, name in enumerate(names)}
    n, n_codes = len(names), texts[0].spans.n_codes if texts else 0
    coded = np.zeros((n, n_codes + 1, 5)) if exclusive else None
    marked, alone = np.zeros((n, 2, 5)), np.zeros((n, n_codes, 2, 5))
    characters, disorders = np.zeros((n, n_codes, 2, 2)), np.zeros((n, 2))
    for text, gamma in zip(texts, gammas([t.spans for t in texts]), strict=True):
        at = place[text.transcript]
        if coded is not None:
            coded[at] += unitizing_counts(text.spans)
        marked[at] += unitizing_counts(_without_codes(text.spans))
        alone[at] += _each_alone(text.spans)
        characters[at] += character_tables(text.spans)
        if gamma.value is not None:
            disorders[at] += gamma.n_units * np.array([gamma.observed, gamma.expected])
    return SpanCounts(
        coded=coded, marked=marked, alone=alone, characters=characters, disorders=disorders
    )


def find_used_codes(texts: Sequence[Continuum]) -> Ints:
    """The numbers of the codes that somebody gave, ascending."""
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *(t.spans.code for t in texts)]))


def renumber_codes(text: Continuum, used: Ints) -> Continuum:
    """The same text with codes numbered by their place in `used`, which holds all of them."""
    spans = text.spans
    code = np.searchsorted(used, spans.code).astype(np.int64)
    return replace(text, spans=replace(spans, code=code, n_codes=int(used.size)))


def find_overlapping_coders(texts: Sequence[Continuum]) -> set[str]:
    """The coders who gave one place several codes."""
    found = set()
    for text in texts:
        doubled = find_overlaps(text.spans)
        found |= {coder for at, coder in enumerate(text.coders) if doubled[at].any()}
    return found


def _each_alone(spans: Spans) -> Floats:
    """Unitizing counts of each code as if there were no other, shape (n_codes, 2, 5)."""
    found = np.zeros((spans.n_codes, 2, 5))
    # Where neither used the code all is gap, which is what an empty text counts.
    found[:] = unitizing_counts(only_code(spans, -1))
    for code in np.unique(spans.code):
        found[code] = unitizing_counts(only_code(spans, int(code)))
    return found


def _without_codes(spans: Spans) -> Spans:
    return merge_spans(replace(spans, code=np.zeros_like(spans.code), n_codes=1))
