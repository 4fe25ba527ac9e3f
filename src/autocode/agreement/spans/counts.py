"""Coders' spans as counts that add up over transcripts and pairs of coders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Floats, Ints
from .characters import count_characters
from .continuum import Continuum
from .gamma import gammas
from .runs import Spans, find_overlaps, merge_spans, select_code
from .unitizing import count_unitizing


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SpanCounts:
    """By transcript or by draw, summed over pairs of coders: what coefficients are functions of.

    `coded` (n, n_codes + 1, 5) holds the unitizing counts of all codes, which are all 0 where some
    coder gave one place several (not `is_exclusive`); `marked` (n, 2, 5) those of marked or not,
    `alone` (n, n_codes, 2, 5) those of each code for itself; `characters` (n, n_codes, 2, 2) is as
    of `count_characters`; `disorders` (n, 2) observed and by chance, times the spans they are of.
    """

    coded: Floats
    marked: Floats
    alone: Floats
    characters: Floats
    disorders: Floats
    is_exclusive: bool

    def flatten(self) -> Floats:
        """A row of numbers for each transcript, shape (n, n_numbers)."""
        return np.concatenate([part.reshape(len(part), -1) for part in self._parts], axis=1)

    def unpack(self, summed: Floats) -> SpanCounts:
        """Sums of rows of `flatten`, shape (n_draws, n_numbers), as counts with their axes."""
        sizes = [part[0].size for part in self._parts]
        split = np.split(summed, np.cumsum(sizes)[:-1], axis=1)
        coded, marked, alone, characters, disorders = (
            numbers.reshape(len(summed), *part.shape[1:])
            for numbers, part in zip(split, self._parts, strict=True)
        )
        return SpanCounts(
            coded=coded,
            marked=marked,
            alone=alone,
            characters=characters,
            disorders=disorders,
            is_exclusive=self.is_exclusive,
        )

    @property
    def _parts(self) -> tuple[Floats, ...]:
        return self.coded, self.marked, self.alone, self.characters, self.disorders


def count_spans(
    texts: Sequence[Continuum], names: Sequence[str], *, is_exclusive: bool
) -> SpanCounts:
    """The counts of all texts by transcript, in the order of `names`.

    Args:
        texts: all with the same codes.
        names: of the transcripts.
        is_exclusive: whether no coder gave one place several codes.
    """
    row_of = {name: at for at, name in enumerate(names)}
    n, n_codes = len(names), texts[0].spans.n_codes if texts else 0
    coded = np.zeros((n, n_codes + 1, 5))
    marked, alone = np.zeros((n, 2, 5)), np.zeros((n, n_codes, 2, 5))
    characters, disorders = np.zeros((n, n_codes, 2, 2)), np.zeros((n, 2))
    for text, gamma in zip(texts, gammas([t.spans for t in texts]), strict=True):
        at = row_of[text.transcript]
        if is_exclusive:
            coded[at] += count_unitizing(text.spans)
        marked[at] += count_unitizing(_drop_codes(text.spans))
        alone[at] += _count_each_alone(text.spans)
        characters[at] += count_characters(text.spans)
        if gamma.value is not None:
            disorders[at] += gamma.n_units * np.array([gamma.observed, gamma.expected])
    return SpanCounts(
        coded=coded,
        marked=marked,
        alone=alone,
        characters=characters,
        disorders=disorders,
        is_exclusive=is_exclusive,
    )


def find_used_codes(texts: Sequence[Continuum]) -> Ints:
    """The numbers of the codes that somebody gave, ascending."""
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *(t.spans.code for t in texts)]))


def renumber_codes(text: Continuum, used: Ints) -> Continuum:
    """The same text with codes numbered by their position in `used`, which holds all of them."""
    spans = text.spans
    code = np.searchsorted(used, spans.code).astype(np.int64)
    return replace(text, spans=replace(spans, code=code, n_codes=int(used.size)))


def find_overlapping_coders(texts: Sequence[Continuum]) -> set[str]:
    """The coders who gave one place several codes."""
    overlapping = set()
    for text in texts:
        doubled = find_overlaps(text.spans)
        overlapping |= {coder for at, coder in enumerate(text.coders) if doubled[at].any()}
    return overlapping


def _count_each_alone(spans: Spans) -> Floats:
    """Unitizing counts of each code as if there were no other, shape (n_codes, 2, 5)."""
    counts = np.zeros((spans.n_codes, 2, 5))
    # Where neither used the code all is gap, which is what an empty text counts.
    counts[:] = count_unitizing(select_code(spans, -1))
    for code in np.unique(spans.code):
        counts[code] = count_unitizing(select_code(spans, int(code)))
    return counts


def _drop_codes(spans: Spans) -> Spans:
    return merge_spans(replace(spans, code=np.zeros_like(spans.code), n_codes=1))
