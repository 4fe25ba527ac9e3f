"""Saturation: how much is seen for the first time with each further transcript.

The mean over all orders of the transcripts is exact (sample-based rarefaction: Colwell, Mao and
Chang 2004, equation 5); the band is taken from seeded permutations. The rule is that of Guest,
Namey and Chen (2020): the new things of a run of transcripts, as a share of those in a base of the
first ones. How many codes no transcript has shown yet is estimated from those that one or two of
them hold (Chao 1987). None of these says that nothing new could come: what is counted must have
been free to grow.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
_NORMAL_95 = 1.959964
"""The 97.5th percentile of the standard normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaturationStep:
    """What is seen after so many transcripts (`n`).

    `mean` is exact over all orders, `low` and `high` hold 95 % of the orders drawn; they are None
    after the last transcript, where every order has seen the same. `as_imported` and `new` count in
    the order in which transcripts came, whose n-th is `transcript`.
    """

    n: int
    transcript: str
    new: int
    as_imported: int
    mean: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnseenEstimate:
    """How many things there are at least, seen or not (Chao2), with its log-normal interval.

    `n_once` and `n_twice` things are in exactly one and two transcripts. `total`, `low` and `high`
    count what is seen with it. `reason` says why there is no interval, or no estimate; empty
    where there are both.
    """

    n_transcripts: int
    n_seen: int
    n_once: int
    n_twice: int
    total: float | None
    low: float | None
    high: float | None
    reason: str = ""


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
    or below the threshold, None where none does or there is nothing to divide by. `unseen` is an
    estimate for codes; None for draft themes, whose number the method sets.
    """

    steps: tuple[SaturationStep, ...]
    runs: tuple[SaturationRun, ...]
    n_base: int
    reached: int | None
    n_orders: int = N_ORDERS
    unseen: UnseenEstimate | None = None

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
    curve = _curve([name for name in transcripts if name in read], codes)
    if curve is not None:
        n_held = Counter(Counter(code for _, code in set(codes)).values())
        curve = replace(curve, unseen=estimate_unseen(n_held, len(curve.steps)))
    return SaturationCurves(
        codes=curve, themes=_curve([name for name in transcripts if name in drafted], themes)
    )


def estimate_unseen(n_held: Mapping[int, int], n_transcripts: int) -> UnseenEstimate:
    """How many things there are at least, from how many transcripts hold each (Chao2).

    A lower bound: equal only where all things that are rarely held are about equally rare. Chao
    (1987, Biometrics 43); Colwell and Coddington (1994). Where nothing is in exactly two
    transcripts, the bias-corrected form stands in (Chao 2005).

    Args:
        n_held: how many things are in exactly 1, 2, ... transcripts.
        n_transcripts: all transcripts that were looked at.
    """
    seen, once, twice = sum(n_held.values()), n_held.get(1, 0), n_held.get(2, 0)
    total: float | None = None
    low: float | None = None
    high: float | None = None
    reason = ""
    if n_transcripts < 2:
        reason = "an estimate needs two transcripts at least"
    elif once < 1 or (once == 1 and not twice):
        total = float(seen)
        reason = "too few are in one transcript only to estimate how many are in none"
    else:
        share = (n_transcripts - 1) / n_transcripts
        if twice:
            ratio = once / twice
            unseen = share * once * ratio / 2
            variance = twice * (
                share * ratio**2 / 2 + share**2 * ratio**3 + share**2 * ratio**4 / 4
            )
        else:
            unseen = share * once * (once - 1) / 2
            variance = (
                unseen
                + share**2 * once * (2 * once - 1) ** 2 / 4
                - share**2 * once**4 / (4 * (seen + unseen))
            )
        # The logarithm of what is unseen is taken to be normal, so that `low` stays above `seen`.
        spread = math.exp(_NORMAL_95 * math.sqrt(math.log1p(variance / unseen**2)))
        total = round(seen + unseen, 4)
        low, high = round(seen + unseen / spread, 4), round(seen + unseen * spread, 4)
    return UnseenEstimate(
        n_transcripts=n_transcripts,
        n_seen=seen,
        n_once=once,
        n_twice=twice,
        total=total,
        low=low,
        high=high,
        reason=reason,
    )


def describe_unseen(estimate: UnseenEstimate) -> str:
    """The estimate of codes in words, with what it can and cannot say."""
    transcripts = f"{estimate.n_transcripts} transcript{'s' * (estimate.n_transcripts != 1)}"
    if estimate.total is None or estimate.low is None or estimate.high is None:
        return f"No estimate of unseen codes (Chao2, {transcripts}): {estimate.reason}."
    return (
        f"Codes in all, seen or not (Chao2, {transcripts}): {estimate.total:.1f} "
        f"[{estimate.low:.1f}, {estimate.high:.1f}], of which {estimate.n_seen} are seen, "
        f"{estimate.n_once} in one transcript only and {estimate.n_twice} in two. A lower bound "
        "for more transcripts of the same kind, coded with codes made as they were needed; it "
        "says nothing where the codebook was fixed beforehand."
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
            low=low[at] if at + 1 < len(seen) else None,
            high=high[at] if at + 1 < len(seen) else None,
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
