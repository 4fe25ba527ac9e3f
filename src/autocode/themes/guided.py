"""Guided themes: what an analyst asks for, and the segments that clearly match it.

A segment is as near to a guided theme as to the nearest of its phrases (cosine). It clearly matches
when it stands out among all segments: two standard deviations above the median, the deviation taken
from the lower half, which is free of what the theme is about. The threshold is never below 0.3,
where phrases about something else altogether may end, and never above 0.5, so that phrases most
segments match still find them. With names of codes as phrases on four human-coded corpora, a
segment that matched carried the code 1.5 to 4.5 times as often as any; phrases about other matters
(submarines, bread, football) matched two segments or more in 3 of 28 tries. The numbers were chosen
on these corpora: expect a little less elsewhere.

A guided theme is made by its phrases, not by a grouping, so its stability is how far it depends on
each of them: each is left out in turn and the segments matched again (Jaccard; Hennig 2007).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..core.errors import InputError
from ..core.theme_diagnostics import FEWEST_CLEAR, GuidingOutcome, NearSegment
from ..core.theme_stability import PhraseStability
from ..linalg import DECIMALS, Floats, Ids
from .deduplicate import DistinctExcerpts
from .groups import UNASSIGNED
from .preprocess import Vectors

_DEVIATIONS = 2.0
_LOWEST, _HIGHEST = 0.3, 0.5
_CLOSE_CALL = 0.03
_N_NEAREST = 5


@dataclass(frozen=True, slots=True)
class GuidingPhrases:
    """A theme an analyst asks for, by a few phrases or excerpts; named by the first if need be.

    Raises:
        InputError: if there is no phrase with a word in it.
    """

    phrases: tuple[str, ...]
    name: str = ""

    def __post_init__(self) -> None:
        phrases = [" ".join(phrase.split()) for phrase in self.phrases]
        kept = tuple(dict.fromkeys(p for p in phrases if any(c.isalnum() for c in p)))
        if not kept:
            named = f" '{self.name}'" if self.name.strip() else ""
            raise InputError(
                f"The guiding phrases{named} have no words. Give a phrase, as in: waiting for help"
            )
        object.__setattr__(self, "phrases", kept)
        object.__setattr__(self, "name", " ".join(self.name.split()) or kept[0])


@dataclass(frozen=True, slots=True)
class GuidingVectors:
    """Guiding phrases as unit rows (n_phrases, d), those of one theme after the other."""

    guiding: tuple[GuidingPhrases, ...]
    vectors: Vectors

    def __post_init__(self) -> None:
        names = [guide.name for guide in self.guiding]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise InputError(
                f"Two guided themes are named '{twice[0]}'. Join their phrases, or rename one."
            )

    @classmethod
    def none(cls) -> GuidingVectors:
        """Nothing is asked for."""
        return cls((), np.zeros((0, 0), dtype=np.float32))

    def without(self, number: int, at: int) -> GuidingVectors:
        """The same phrases without one of them; its theme must have another."""
        guide = self.guiding[number]
        rest = replace(guide, phrases=(*guide.phrases[:at], *guide.phrases[at + 1 :]))
        row = sum(len(wanted.phrases) for wanted in self.guiding[:number]) + at
        guiding = (*self.guiding[:number], rest, *self.guiding[number + 1 :])
        return GuidingVectors(guiding, np.delete(self.vectors, row, axis=0))

    def closeness(self, vectors: Vectors) -> Floats:
        """Cosines of unit rows (n, d) with the nearest phrase of each theme (n, n_guides)."""
        if not self.guiding:
            return np.zeros((len(vectors), 0))
        cosine = np.round((vectors @ self.vectors.T).astype(np.float64), DECIMALS)
        first = np.cumsum([0, *(len(guide.phrases) for guide in self.guiding[:-1])])
        return np.asarray(np.maximum.reduceat(cosine, first, axis=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidedSegments:
    """The guided themes that rows (n,) match.

    `guide` is the number of a guided theme or `UNASSIGNED`; `between` the number of the nearest one
    for a row that is as near to another, else `UNASSIGNED`; `closeness` is (n, n_guides) and `cuts`
    (n_guides,) holds the cosine from which a row clearly matches.
    """

    guide: Ids
    between: Ids
    closeness: Floats
    cuts: Floats

    @property
    def is_free(self) -> npt.NDArray[np.bool_]:
        """The rows that match no guided theme."""
        return np.asarray((self.guide == UNASSIGNED) & (self.between == UNASSIGNED))


def match_guiding_phrases(vectors: Vectors, points: GuidingVectors) -> GuidedSegments:
    """The rows (n, d) of each guided theme; one that fewer than two rows match gets none."""
    closeness = points.closeness(vectors)
    cuts = np.array([find_clear_threshold(column) for column in closeness.T])
    counts = np.bincount(nearest_clear(closeness, cuts)[0] + 1, minlength=len(cuts) + 1)[1:]
    # Phrases without a theme must not take rows from those that have one.
    guide, between = nearest_clear(closeness, np.where(counts < FEWEST_CLEAR, np.inf, cuts))
    return GuidedSegments(guide=guide, between=between, closeness=closeness, cuts=cuts)


def find_clear_threshold(closeness: Floats) -> float:
    """The cosine from which a segment clearly matches, given those of all (n,)."""
    if not len(closeness):
        return _LOWEST
    median = float(np.median(closeness))
    spread = 1.4826 * float(np.median(median - closeness[closeness <= median]))
    return round(float(np.clip(median + _DEVIATIONS * spread, _LOWEST, _HIGHEST)), 4)


def nearest_clear(closeness: Floats, cuts: Floats) -> tuple[Ids, Ids]:
    """For each row (n, n_guides) the nearest clear match, apart from those near two."""
    nobody = np.full(len(closeness), UNASSIGNED, dtype=np.intp)
    if not closeness.shape[1]:
        return nobody, nobody
    clear = np.where(closeness >= cuts, closeness, -np.inf)
    best = np.asarray(np.argmax(clear, axis=1), dtype=np.intp)
    top = np.take_along_axis(clear, best[:, None], axis=1)[:, 0]
    others = clear.copy()
    np.put_along_axis(others, best[:, None], -np.inf, axis=1)
    is_clear = np.isfinite(top)
    is_tie = is_clear & (others.max(axis=1) > top - _CLOSE_CALL) if is_clear.any() else is_clear
    return np.where(is_clear & ~is_tie, best, nobody), np.where(is_tie, best, nobody)


def list_outcomes(
    excerpts: DistinctExcerpts,
    matched: GuidedSegments,
    guiding: Sequence[GuidingPhrases],
    keys: Mapping[int, str],
) -> tuple[GuidingOutcome, ...]:
    """What came of each guided theme that was asked for; `keys` are the themes' by number."""
    return tuple(
        GuidingOutcome(
            name=wanted.name,
            phrases=wanted.phrases,
            theme=keys.get(number),
            clear_from=float(matched.cuts[number]),
            nearest=float(closeness.max(initial=0.0)),
            n_clear=int((closeness >= matched.cuts[number]).sum()),
            n_near_two=int((matched.between == number).sum()),
            nearest_segments=_list_nearest(excerpts, closeness),
        )
        for number, wanted in enumerate(guiding)
        for closeness in [matched.closeness[:, number]]
    )


def _list_nearest(excerpts: DistinctExcerpts, closeness: Floats) -> tuple[NearSegment, ...]:
    """The five segments nearest a guided theme, given the closeness of all excerpts (n,)."""
    nearest = np.argsort(-closeness, kind="stable")[:_N_NEAREST].tolist()
    segments = [excerpts.segments[excerpts.copies[row][0]] for row in nearest]
    return tuple(
        NearSegment(segment.transcript, segment.span.start, round(float(closeness[row]), 4))
        for row, segment in zip(nearest, segments, strict=True)
    )


def measure_phrase_stability(
    vectors: Vectors, points: GuidingVectors, matched: GuidedSegments
) -> dict[int, PhraseStability]:
    """By number, for guided themes of two phrases or more, given what rows (n, d) match.

    The threshold is set anew, and the other guided themes keep all their phrases: what one loses
    another may take. A guided theme that too few rows match without a phrase is empty then.
    """
    matched_guides = sorted(set(matched.guide.tolist()) - {UNASSIGNED})
    return {
        number: _of_guide(vectors, points, number, matched.guide == number)
        for number in matched_guides
        if len(points.guiding[number].phrases) > 1
    }


def _of_guide(
    vectors: Vectors, points: GuidingVectors, number: int, own: npt.NDArray[np.bool_]
) -> PhraseStability:
    phrases = points.guiding[number].phrases
    values = [
        _jaccard(own, match_guiding_phrases(vectors, points.without(number, at)).guide == number)
        for at in range(len(phrases))
    ]
    worst = int(np.argmin(values))
    return PhraseStability(round(sum(values) / len(values), 4), values[worst], phrases[worst])


def _jaccard(one: npt.NDArray[np.bool_], two: npt.NDArray[np.bool_]) -> float:
    return round(float((one & two).sum() / (one | two).sum()), 4)
