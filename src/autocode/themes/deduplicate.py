"""Segments in canonical order, copies of the same words together, too short ones apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.errors import InputError
from ..core.transcript import Segment, text_digest
from ..text import terms
from ..text.proper_names import find_proper_names
from ..text.stop_words import StopWords

FEWEST_WORDS = 1
"""Content words without which a segment is too short to assign.

On seven coded corpora three left out a tenth to a half of the excerpts, of which those with one or
two content words fell in with people's codes nearly as well as longer ones (`eval/NOTES.md`).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistinctExcerpts:
    """Distinct excerpts in the order of their digests.

    `copies` holds the numbers of the segments with each excerpt, in order of position; `short` the
    numbers of segments that are too short to assign; `vectors` is (n_distinct, d), and `terms` are
    the content terms of each.
    """

    segments: Sequence[Segment]
    vectors: npt.NDArray[np.float32]
    terms: tuple[tuple[str, ...], ...]
    copies: tuple[tuple[int, ...], ...]
    short: tuple[int, ...]

    def participants(self, row: int) -> set[str]:
        """Who said a distinct excerpt."""
        return {self.segments[i].participant for i in self.copies[row]}

    def only(self, chosen: npt.NDArray[np.bool_]) -> DistinctExcerpts:
        """Some of the excerpts (n_distinct,), in the same order; the short ones are left behind."""
        rows = np.flatnonzero(chosen).tolist()
        return DistinctExcerpts(
            segments=self.segments,
            vectors=self.vectors[rows],
            terms=tuple(self.terms[row] for row in rows),
            copies=tuple(self.copies[row] for row in rows),
            short=(),
        )


def is_long_enough(said: Sequence[str]) -> bool:
    """Whether a segment with these content terms says enough to be placed."""
    return terms.n_words(said) >= FEWEST_WORDS


def deduplicate(
    segments: Sequence[Segment],
    vectors: npt.NDArray[np.float32],
    stop_words: StopWords | None = None,
) -> DistinctExcerpts:
    """Sort segments with a vector each; the same segments give the same, in any order.

    Raises:
        InputError: if a vector holds something that is no number.
    """
    wrong = [i for i in range(len(segments)) if not np.isfinite(vectors[i]).all()]
    if wrong:
        first = segments[wrong[0]]
        raise InputError(
            f"The encoder gave {len(wrong)} of {len(segments)} segments a vector with values that "
            f"are no numbers (the first: '{first.transcript}' at {first.span.start}). "
            "Use another encoder; nothing in the study was changed."
        )
    order = sorted(
        range(len(segments)),
        key=lambda i: (
            text_digest(segments[i].excerpt),
            segments[i].transcript,
            segments[i].span.start,
        ),
    )
    stop_words = stop_words or StopWords()
    said = {s.excerpt: terms.content_terms(s.excerpt, stop_words) for s in segments}
    copies: dict[str, list[int]] = {}
    short = []
    for i in order:
        if vectors[i].any() and is_long_enough(said[segments[i].excerpt]):
            copies.setdefault(segments[i].excerpt, []).append(i)
        else:
            short.append(i)
    return DistinctExcerpts(
        segments=segments,
        vectors=vectors[[rows[0] for rows in copies.values()]],
        terms=tuple(said[text] for text in copies),
        copies=tuple(tuple(rows) for rows in copies.values()),
        short=tuple(short),
    )


def find_names_of(segments: Iterable[Segment]) -> frozenset[str]:
    """The proper names that segments hold, those of their speakers and cases with them."""
    segments = list(segments)
    people = {label for s in segments for label in (s.speaker, s.case) if label}
    return find_proper_names((s.excerpt for s in segments), people)
