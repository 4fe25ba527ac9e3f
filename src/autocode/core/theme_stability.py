"""How firmly a draft theme stands when what it was drafted from is resampled or left out."""

from __future__ import annotations

from dataclasses import dataclass

STABLE = 0.5
"""The mean Jaccard similarity below which a group counts as dissolved (Hennig 2007)."""


@dataclass(frozen=True, slots=True)
class PhraseStability:
    """How far a guided theme depends on each of its phrases: Jaccard similarities, 0..1.

    `jaccard` is the mean over leaving out one phrase at a time, `lowest` the lowest of them, and
    `phrase` the one whose loss gives it.
    """

    jaccard: float
    lowest: float
    phrase: str

    @property
    def is_stable(self) -> bool:
        """Whether the theme, on average, survives the loss of a phrase."""
        return self.jaccard >= STABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """How well a draft theme is recovered from resampled data (Hennig 2007): Jaccard, 0..1.

    `jaccard` is the mean over bootstrap draws of segments, with the interval that holds 95 % of
    them; `left_out` the lowest value when one participant is left out, `participant` who that was.
    """

    jaccard: float
    low: float
    high: float
    left_out: float | None = None
    participant: str | None = None

    @property
    def is_stable(self) -> bool:
        """Whether the theme is recovered in both ways."""
        return min(self.jaccard, 1.0 if self.left_out is None else self.left_out) >= STABLE
