"""Guided themes: what an analyst asks for, and the segments that clearly speak of it.

A segment is as near to a seed as to the nearest of its phrases (cosine). It clearly speaks of the
seed when it stands out among all segments: two standard deviations above the middle one, the
deviation taken from the lower half, which is free of what the seed is about. The bar is never below
0.3, where a seed about something else altogether may end, and never above 0.5, so that a seed most
segments speak of still finds them. With names of codes as seeds on four human-coded corpora, a
segment found carried the code 1.5 to 4.5 times as often as any; seeds about other matters
(submarines, bread, football) found two segments or more in 3 of 28 tries. The numbers were chosen
on these corpora: expect a little less elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..core.errors import InputError
from ..core.theme_diagnostics import GuidingOutcome
from ..linalg import DECIMALS, Floats, Ids
from .groups import UNASSIGNED
from .preprocess import Vectors

_DEVIATIONS = 2.0
_LOWEST, _HIGHEST = 0.3, 0.5
_CLOSE_CALL = 0.03
FEWEST = 2
"""How many distinct segments a theme takes."""


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
                f"The seed{named} has no words. Give a phrase, as in: waiting for help"
            )
        object.__setattr__(self, "phrases", kept)
        object.__setattr__(self, "name", " ".join(self.name.split()) or kept[0])


@dataclass(frozen=True, slots=True)
class GuidingVectors:
    """Seeds as points: unit rows (n_phrases, d) of all phrases, seed after seed."""

    guiding: tuple[GuidingPhrases, ...]
    vectors: Vectors

    def __post_init__(self) -> None:
        names = [seed.name for seed in self.guiding]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise InputError(
                f"Two seeds are named '{twice[0]}'. Join their phrases, or rename one."
            )

    @classmethod
    def none(cls) -> GuidingVectors:
        """Nothing is asked for."""
        return cls((), np.zeros((0, 0), dtype=np.float32))

    def without(self, number: int, at: int) -> GuidingVectors:
        """The same seeds, one of them without one of its phrases; it must have another."""
        seed = self.guiding[number]
        rest = replace(seed, phrases=(*seed.phrases[:at], *seed.phrases[at + 1 :]))
        row = sum(len(one.phrases) for one in self.guiding[:number]) + at
        guiding = (*self.guiding[:number], rest, *self.guiding[number + 1 :])
        return GuidingVectors(guiding, np.delete(self.vectors, row, axis=0))

    def closeness(self, vectors: Vectors) -> Floats:
        """Cosine of unit rows (n, d) with the nearest phrase of each seed (n, n_seeds), rounded."""
        if not self.guiding:
            return np.zeros((len(vectors), 0))
        cosine = np.round((vectors @ self.vectors.T).astype(np.float64), DECIMALS)
        first = np.cumsum([0, *(len(seed.phrases) for seed in self.guiding[:-1])])
        return np.asarray(np.maximum.reduceat(cosine, first, axis=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guided:
    """Who speaks of which seed: rows (n,).

    `seed` is a seed's number or `NOWHERE`; `between` the number of the nearest seed for a row that
    is as near to another, else `NOWHERE`; `closeness` is (n, n_seeds) and `cuts` (n_seeds,) holds
    the cosine from which a row clearly speaks of a seed.
    """

    seed: Ids
    between: Ids
    closeness: Floats
    cuts: Floats

    @property
    def is_free(self) -> npt.NDArray[np.bool_]:
        """The rows that no seed has to do with."""
        return np.asarray((self.seed == UNASSIGNED) & (self.between == UNASSIGNED))


def guided(vectors: Vectors, points: GuidingVectors) -> Guided:
    """The rows (n, d) of each seed; one that fewer than two rows speak of gets none."""
    closeness = points.closeness(vectors)
    cuts = np.array([clear_from(column) for column in closeness.T])
    counts = np.bincount(nearest_clear(closeness, cuts)[0] + 1, minlength=len(cuts) + 1)[1:]
    # A seed without a theme must not stand in the way of one that has.
    seed, between = nearest_clear(closeness, np.where(counts < FEWEST, np.inf, cuts))
    return Guided(seed=seed, between=between, closeness=closeness, cuts=cuts)


def clear_from(closeness: Floats) -> float:
    """The cosine from which a segment clearly speaks of a seed, given those of all (n,)."""
    if not len(closeness):
        return _LOWEST
    median = float(np.median(closeness))
    spread = 1.4826 * float(np.median(median - closeness[closeness <= median]))
    return round(float(np.clip(median + _DEVIATIONS * spread, _LOWEST, _HIGHEST)), 4)


def nearest_clear(closeness: Floats, cuts: Floats) -> tuple[Ids, Ids]:
    """For each row (n, n_seeds) the nearest seed that is clear, apart from those near two."""
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


def account(
    guided: Guided, guiding: Sequence[GuidingPhrases], keys: Mapping[int, str]
) -> tuple[GuidingOutcome, ...]:
    """What came of each guided theme that was asked for; `keys` are the themes' by number."""
    return tuple(
        GuidingOutcome(
            name=wanted.name,
            phrases=wanted.phrases,
            theme=keys.get(number),
            clear_from=float(guided.cuts[number]),
            nearest=float(guided.closeness[:, number].max(initial=0.0)),
            n_clear=int((guided.closeness[:, number] >= guided.cuts[number]).sum()),
            n_near_two=int((guided.between == number).sum()),
        )
        for number, wanted in enumerate(guiding)
    )
