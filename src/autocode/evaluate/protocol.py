"""What is asked of an evaluation of suggestions."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..agreement.resampling.intervals import Resampling
from ..core.errors import InputError
from ..suggest.protocol import Aims

SHARES = (0.0, 0.1, 0.2, 0.5, 0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """How suggestions are evaluated: leave transcripts out, learn from a share of the others.

    Attributes:
        shares: shares of all coded transcripts that are learned from; 0: nothing is coded.
        n_folds: parts the transcripts are dealt into; each is tested once.
        n_repeats: draws of the transcripts learned from.
        seed: of folds, draws and intervals.
        reference: the coder who counts as right, or None for a choice by transcript.
        aims: what prediction sets and auto-accepted suggestions promise.
        resampling: of the intervals.

    Raises:
        InputError: if a share lies outside 0 to 1, or there are fewer than two folds or no repeat.
    """

    shares: tuple[float, ...] = SHARES
    n_folds: int = 5
    n_repeats: int = 1
    seed: int = 0
    reference: str | None = None
    aims: Aims = field(default_factory=Aims)
    resampling: Resampling = field(default_factory=lambda: Resampling(n_resamples=1000))

    def __post_init__(self) -> None:
        if not self.shares:
            raise InputError("No share of coded transcripts is named. Give some, as 0,0.2,0.8.")
        for share in self.shares:
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
