"""Saturation: how much is seen for the first time with each further transcript.

The mean over all orders of the transcripts is exact (sample-based rarefaction: Colwell, Mao and
Chang 2004, equation 5); the band is taken from seeded permutations. The rule is that of Guest,
Namey and Chen (2020): the new things of a run of transcripts, as a share of those in a base of the
first ones. Of the three quantities none says that nothing new could come: what is counted must have
been free to grow.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.coding import Coder, Coding, Reading
from ..core.theme import ThemeDraft
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from .people import keep_people

BASE, RUN, THRESHOLD = 4, 2, 0.05
"""Transcripts in the base and in a run, and the share of new things that counts as saturation."""

N_ORDERS = 1000
_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SaturationStep:
    """What is seen after so many transcripts (`n`).

    `mean` is exact over all orders, `low` and `high` hold 95 % of the orders drawn; `as_imported`
    and `new` count in the order in which transcripts came, whose n-th is `transcript`.
    """

    n: int
    transcript: str
    new: int
    as_imported: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SaturationRun:
    """A run of transcripts up to the `upto`-th: its new things, and their share of the base's."""

    upto: int
    new: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Saturation(Result):
    """A curve over transcripts, and the runs after the base; both empty without transcripts.

    `n_base` things are in the first `BASE` transcripts; `reached` is where a run first stays at
    or below the threshold, None where none does or there is nothing to divide by.
    """

    steps: tuple[SaturationStep, ...]
    runs: tuple[SaturationRun, ...]
    n_base: int
    reached: int | None
    n_orders: int = N_ORDERS

    def to_dict(self) -> dict[str, Any]:
        """The curve and the runs as plain data."""
        return to_payload("saturation", to_plain(self))

    def to_rows(self) -> list[dict[str, Any]]:
        """A row per transcript."""
        return [to_plain(step) for step in self.steps]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaturationCurves(Result):
    """New codes that people gave, and new draft themes, per transcript; None where there are none.

    Transcripts stand in the order in which they were imported.
    """

    codes: Saturation | None
    themes: Saturation | None

    def to_dict(self) -> dict[str, Any]:
        """Both curves as plain data."""
        return to_payload(
            "saturation_curves",
            {
                "codes": self.codes and to_plain(self.codes),
                "themes": self.themes and to_plain(self.themes),
            },
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row per curve and transcript, codes first."""
        curves = {"codes": self.codes, "themes": self.themes}
        return [
            {"of": of} | row for of, curve in curves.items() if curve for row in curve.to_rows()
        ]


def trace_saturation(
    transcripts: Sequence[str],
    *,
    codings: Sequence[Coding],
    readings: Sequence[Reading],
    coders: Sequence[Coder] = (),
    draft: ThemeDraft | None = None,
) -> SaturationCurves:
    """How many codes and draft themes are seen for the first time in each of the transcripts.

    A transcript counts for codes once a person has coded or read some of it, for themes once the
    draft holds some of it. Only codings of people count.
    """
    people = keep_people(codings, readings, coders)
    codes = [(coding.transcript, coding.code) for coding in people.codings]
    read = {name for name, _ in codes} | {reading.transcript for reading in people.readings}
    themes = (
        [(m.segment.transcript, t.key) for t in draft.themes for m in t.members] if draft else []
    )
    drafted = {segment.transcript for segment in draft.segments} if draft and themes else set()
    return SaturationCurves(
        codes=_curve([name for name in transcripts if name in read], codes),
        themes=_curve([name for name in transcripts if name in drafted], themes),
    )


def _curve(transcripts: Sequence[str], seen: Sequence[tuple[str, str]]) -> Saturation | None:
    things: dict[str, set[str]] = {name: set() for name in transcripts}
    for name, thing in seen:
        things[name].add(thing)
    counted = [(name, frozenset(things_seen)) for name, things_seen in things.items()]
    return measure_saturation(counted) if counted else None


def measure_saturation(seen: Sequence[tuple[str, frozenset[str]]]) -> Saturation:
    """The curve of what is seen in each transcript, given by name in the order they came."""
    came = _first_seen([things for _, things in seen])
    totals = np.cumsum(came, dtype=np.int64).tolist()
    means = _means(Counter(thing for _, things in seen for thing in things), len(seen))
    low, high = _band([things for _, things in seen])
    steps = tuple(
        SaturationStep(
            n=at + 1,
            transcript=name,
            new=came[at],
            as_imported=totals[at],
            mean=means[at],
            low=low[at],
            high=high[at],
        )
        for at, (name, _) in enumerate(seen)
    )
    base = totals[BASE - 1] if len(seen) >= BASE else 0
    runs = _runs(came, base)
    reached = next((run.upto for run in runs if run.share <= THRESHOLD), None)
    return Saturation(steps=steps, runs=runs, n_base=base, reached=reached)


def _first_seen(seen: Sequence[frozenset[str]]) -> list[int]:
    """How many things each transcript is the first to hold."""
    known: set[str] = set()
    counts = []
    for things in seen:
        counts.append(len(things - known))
        known |= things
    return counts


def _means(held: Counter[str], n_transcripts: int) -> list[float]:
    """How many things n of the transcripts hold on average, exactly, for n = 1, 2, ..."""
    sizes = Counter(held.values())
    return [
        round(
            math.fsum(
                times * (1 - math.comb(n_transcripts - size, n) / math.comb(n_transcripts, n))
                for size, times in sorted(sizes.items())
            ),
            4,
        )
        for n in range(1, n_transcripts + 1)
    ]


def _band(seen: Sequence[frozenset[str]]) -> tuple[list[float], list[float]]:
    """The 2.5th and 97.5th percentile of what is seen, over orders of the transcripts."""
    if not seen:
        return [], []
    # Orders are drawn over transcripts put in an order of their own, so that the band is the same
    # whichever came first.
    things = sorted(frozenset().union(*seen))
    rows = np.array([[thing in held for thing in things] for held in seen], dtype=bool)
    rows = rows.reshape(len(seen), len(things))
    rows = rows[np.lexsort(rows.T)] if things else rows
    generator = np.random.default_rng(_SEED)
    counts = np.empty((N_ORDERS, len(seen)))
    for number in range(N_ORDERS):
        order = generator.permutation(len(seen))
        counts[number] = np.logical_or.accumulate(rows[order]).sum(axis=1)
    low, high = np.quantile(counts, [0.025, 0.975], axis=0)
    return np.round(low, 4).tolist(), np.round(high, 4).tolist()


def _runs(came: Sequence[int], base: int) -> tuple[SaturationRun, ...]:
    """Every run after the base, each one transcript further than the last."""
    if not base:
        return ()
    ends = range(BASE + RUN, len(came) + 1)
    things_seen = ((end, sum(came[end - RUN : end])) for end in ends)
    return tuple(SaturationRun(end, new, round(new / base, 4)) for end, new in things_seen)
