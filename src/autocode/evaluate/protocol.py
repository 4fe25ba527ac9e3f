"""What is asked of an evaluation of suggestions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from ..agreement.resampling.intervals import Resampling
from ..core.arguments import checked
from ..core.errors import InputError
from ..suggest.protocol import Aims

SHARES = (0.0, 0.1, 0.2, 0.5, 0.8)
SHARES_WITHIN = (0.2,)
"""Of the regimes in which something of the tested transcript is known."""

Regime = Literal["new-transcript", "while-coding", "part-coded"]
Sampling = Literal["passages", "every-nth"]

NEW_TRANSCRIPT: Regime = "new-transcript"
WHILE_CODING: Regime = "while-coding"
PART_CODED: Regime = "part-coded"
PASSAGES: Sampling = "passages"
EVERY_NTH: Sampling = "every-nth"
REGIMES: tuple[Regime, ...] = get_args(Regime)
SAMPLINGS: tuple[Sampling, ...] = get_args(Sampling)


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """How suggestions are evaluated: what is known when a segment is asked about.

    Attributes:
        regime: what is known of the tested transcript: nothing ("new-transcript"); what its coder
            coded before this segment, in reading order ("while-coding"); or the segments of a
            share of every transcript ("part-coded"). Figures of two regimes are never pooled.
        shares: shares of all coded transcripts that are learned from (of every transcript's
            segments where they are part-coded); 0: nothing is coded. Left out: 0, 10, 20, 50 and
            80 % for a new transcript, 20 % in the other regimes.
        sampling: which segments of a part-coded transcript are known: two "passages" of each, or
            segments spread evenly ("every-nth").
        n_folds: parts the transcripts are dealt into; each is tested once.
        n_repeats: draws of what is learned from.
        seed: of folds, draws and intervals.
        reference: the coder who counts as right, or None for a choice by transcript.
        aims: what prediction sets and auto-accepted suggestions promise.
        resampling: of the intervals.

    Raises:
        InputError: if there is no such regime, a share lies outside 0 to 1, or there are fewer
            than two folds or no repeat.
    """

    regime: Regime = NEW_TRANSCRIPT
    shares: tuple[float, ...] | None = None
    sampling: Sampling = PASSAGES
    n_folds: int = 5
    n_repeats: int = 1
    seed: int = 0
    reference: str | None = None
    aims: Aims = field(default_factory=Aims)
    resampling: Resampling = field(default_factory=lambda: Resampling(n_resamples=1000))

    def __post_init__(self) -> None:
        _check_choice("regime", self.regime, REGIMES)
        _check_choice("sampling", self.sampling, SAMPLINGS)
        if self.shares is not None and not self.shares:
            raise InputError("No share of coded transcripts is named. Give some, as 0,0.2,0.8.")
        for share in self.learned_shares:
            if not 0 <= share <= 1:
                raise InputError(
                    f"A share of coded transcripts lies between 0 and 1, not {share:g}. "
                    "Write 20 % as 0.2."
                )
        if self.n_folds < 2 or self.n_repeats < 1:
            raise InputError(
                f"An evaluation needs two folds and one repeat; got {self.n_folds} and "
                f"{self.n_repeats}."
            )

    @property
    def learned_shares(self) -> tuple[float, ...]:
        """The shares that are learned from: those asked for, or the usual ones of the regime."""
        if self.shares is not None:
            return self.shares
        return SHARES if self.regime == NEW_TRANSCRIPT else SHARES_WITHIN


def _check_choice(what: str, chosen: str, known: tuple[str, ...]) -> None:
    if chosen not in known:
        raise InputError(f"There is no {what} '{chosen}'. Use {', '.join(known)}.")
