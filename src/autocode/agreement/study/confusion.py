"""Which codes coders confuse: pairs of codes by how often one met the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .table import NOTHING

MOST_CODES = 40
"""More codes than this make a heat map that cannot be read."""

ConfusionCounts = Mapping[tuple[str, str], float]
"""How often one coder gave the first code where another gave the second, or `NOTHING`."""


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """Two codes that two coders gave to the same unit, neither of which the other gave.

    `n` counts (unit, pair of coders); where a coder gave several such codes they share the unit.
    `other` is `NOTHING` where the other coder gave no such code.
    """

    code: str
    other: str
    n: float


def count_confused_pairs(confusion: ConfusionCounts) -> list[ConfusedPair]:
    """Pairs of different codes, and codes met by nothing, most often confused first."""
    counts: defaultdict[tuple[str, str], float] = defaultdict(float)
    for (code, other), n in confusion.items():
        if NOTHING in (code, other):
            counts[other if code == NOTHING else code, NOTHING] += n
        elif code != other:
            # Both directions are in the table, each with its own share of the unit.
            counts[min(code, other), max(code, other)] += n / 2
    pairs = [ConfusedPair(code, other, n) for (code, other), n in counts.items()]
    return sorted(pairs, key=lambda pair: (-pair.n, pair.code, pair.other))


def select_most_confused(
    confusion: ConfusionCounts, order: Sequence[str], n_codes: int = MOST_CODES
) -> list[str]:
    """The `n_codes` codes most often confused with another, then most often missed, in `order`."""
    confused: defaultdict[str, float] = defaultdict(float)
    missed: defaultdict[str, float] = defaultdict(float)
    for (code, other), n in confusion.items():
        if other == NOTHING:
            missed[code] += n
        elif code != other:
            confused[code] += n
            confused[other] += n
    codes = {code for pair in confusion for code in pair if code != NOTHING}
    rank = {code: at for at, code in enumerate(order)}
    last = len(rank)
    ranked = sorted(codes, key=lambda c: (-confused[c], -missed[c], rank.get(c, last), c))
    return sorted(ranked[:n_codes], key=lambda c: (rank.get(c, last), c))
