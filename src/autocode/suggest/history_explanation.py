"""Why codes are scored as they are where the codings around a segment count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from .features import WordFeatures
from .history_features import CODE_FEATURES, Described
from .history_model import HistoryModel
from .protocol import Contribution, Floats
from .sequence import ContextScores

_OF_NEAR = ("near", "near, persistence", "recent", "lately")
_OF_FAR = ("far",)


@dataclass(frozen=True, kw_only=True)
class HistoryExplanation:
    """The words and the coded segments around that raise a score.

    `weights` (n_features, n_codes) are those of words in the base scores, `context` what adjoining
    segments add to these; `at` gives the place of a segment's row in `described`.
    """

    features: WordFeatures
    weights: Floats
    model: HistoryModel
    described: Described
    at: Mapping[int, int] = field(repr=False)
    context: ContextScores | None = None

    def words(self, row: int, code: int) -> Iterator[tuple[str, float]]:
        """The words of a segment with what each adds to the logit of a code, most first."""
        return self.features.word_parts(row, self._weighed[code])

    @cached_property
    def _weighed(self) -> Floats:
        """The weights of words in the final logits, (n_codes, n_features)."""
        return np.ascontiguousarray((self._weigh(("base",)) * self.weights).T)

    @cached_property
    def _chain_weight(self) -> float:
        return self._weigh(("base", "chain"))

    def neighbours(self, row: int, code: int) -> list[Contribution]:
        """The segments around that raise the logit of a code, most first.

        A segment that has the code itself counts by what history says of it; others by the codes
        that usually adjoin theirs.
        """
        described, at = self.described, self.at[row]
        parts: dict[int, Contribution] = {}
        if self.context is not None:
            for one in self.context.contributions(row, code):
                part = one.part * self._chain_weight
                parts[one.row] = Contribution(one.row, one.code, part)
        for neighbour, names, has in (
            (int(described.near[at]), _OF_NEAR, "near"),
            (int(described.far[at]), _OF_FAR, "far"),
        ):
            if neighbour < 0 or not described.codes[at, code, CODE_FEATURES.index(has)]:
                continue
            before = parts[neighbour].part if neighbour in parts else 0.0
            part = before + self._add_up(names, at, code)
            parts[neighbour] = Contribution(neighbour, code, part)
        raising = [one for one in parts.values() if one.part > 0]
        return sorted(raising, key=lambda one: -one.part)

    def _weigh(self, names: tuple[str, ...]) -> float:
        """The weight of features that enter with the same value, in the final logit."""
        codes = self.model.codes
        return float(self.model.answer[0] * sum(codes[CODE_FEATURES.index(n)] for n in names))

    def _add_up(self, names: tuple[str, ...], at: int, code: int) -> float:
        """What some features of a segment and a code add to the final logit."""
        values = self.described.codes[at, code]
        numbers = [CODE_FEATURES.index(name) for name in names]
        added = sum(float(self.model.codes[number] * values[number]) for number in numbers)
        return float(self.model.answer[0]) * added
