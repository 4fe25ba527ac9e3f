"""What evidence of history was worth in other studies: the prior of `history_model`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPrior:
    """Means of the weights' priors, in the order of the features; see `HistoryModel`."""

    codes: tuple[float, ...]
    coded: tuple[float, ...]
    answer: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0)


PRIOR = HistoryPrior(codes=(1.0, *(0.0,) * 26), coded=(0.0,) * 13)
