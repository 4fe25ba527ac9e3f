"""Families of codes noticed in the codings: used in few transcripts, in one order.

Codes of an interview guide are applied where the guide was followed: in few transcripts, in most of
those, and in the guide's order. A proposal is the largest group of codes, each used in two
transcripts or more, such that

- all of it is used in the same transcripts only, at most half of those that are coded;
- each code is used in at least half of these transcripts;
- the codes' first uses come in one order: Kendall's tau over all pairs of codes that two of the
  transcripts share is at least 0.5, and as large in at most 1 % of 999 draws in which the first
  uses of each transcript are put in any order (seed 0);
- each code keeps to the order of the others: its own tau with them is at least 0.5.

The codebook's order is not needed, but compared: `codebook_tau`. Where four in five of the codes
are numbered alike (Q4.1, Q4.2), those are the family, with all others so numbered. Nothing is
applied: a person says whether it is a family.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from ..core.code_family import FamilyKind, guide_number, name_stem
from ..core.codebook import Codebook
from ..core.coding import Coding

FEWEST_CODES = 3
MOST_SHARE = 0.5
LEAST_USE = 0.5
LEAST_TAU = 0.5
MOST_CHANCE = 0.01
N_DRAWS = 999
_SHARE_NAMED_ALIKE = 0.8

_Firsts = Mapping[str, Mapping[str, int]]
"""Where each code is first used, by code and transcript."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticedFamily:
    """Codes (ids) that may be a family, in the order of their first uses, and why.

    `transcripts` are those that use them, of `n_coded`; `tau` is Kendall's tau of first uses
    between transcripts, over `n_pairs`, `chance` the share of random orders with as large a one;
    `codebook_tau` that between first uses and the codebook's order. `named_alike` are the codes
    that came by their name.
    """

    kind: FamilyKind
    codes: tuple[str, ...]
    named_alike: tuple[str, ...]
    transcripts: tuple[str, ...]
    n_coded: int
    tau: float
    n_pairs: int
    chance: float
    codebook_tau: float

    def describe(self) -> str:
        """The evidence in words."""
        alike = f", {len(self.named_alike)} of them by their numbers" if self.named_alike else ""
        return (
            f"{len(self.codes)} codes{alike}, used in one order in {len(self.transcripts)} of "
            f"{self.n_coded} coded transcripts (Kendall's tau {self.tau:.2f} over {self.n_pairs} "
            f"pairs of codes; as large in {self.chance:.1%} of random orders)"
        )


def notice_families(codebook: Codebook, codings: Iterable[Coding]) -> list[NoticedFamily]:
    """The families that the codings speak for, the largest first; codes with a family are known."""
    firsts: dict[str, dict[str, int]] = {}
    coded: set[str] = set()
    for coding in codings:
        coded.add(coding.transcript)
        code = codebook.by_id.get(coding.code)
        if code is None or code.family is not None or code.archived:
            continue
        by_transcript = firsts.setdefault(coding.code, {})
        first = by_transcript.get(coding.transcript, coding.span.start)
        by_transcript[coding.transcript] = min(first, coding.span.start)
    noticed: list[NoticedFamily] = []
    while group := _largest_group(firsts, n_coded=len(coded)):
        family = _test_order(group, firsts, codebook, n_coded=len(coded))
        if family is not None:
            noticed.append(family)
        gone = set(group) if family is None else set(family.codes)
        firsts = {code: uses for code, uses in firsts.items() if code not in gone}
    return sorted(noticed, key=lambda family: -len(family.codes))


def _largest_group(firsts: _Firsts, *, n_coded: int) -> list[str]:
    """The largest group of codes within the transcripts of one of them, those in order only."""
    best: list[str] = []
    within = {frozenset(uses) for uses in firsts.values() if len(uses) >= 2}
    for transcripts in sorted(within, key=sorted):
        if len(transcripts) > MOST_SHARE * n_coded:
            continue
        group = [
            code
            for code, uses in firsts.items()
            if len(uses) >= 2
            and transcripts.issuperset(uses)
            and len(uses) >= LEAST_USE * len(transcripts)
        ]
        if len(group) <= len(best) or len(group) < FEWEST_CODES:
            continue
        kept = _keep_ordered(group, firsts)
        if len(kept) > len(best):
            best = kept
    return best if len(best) >= FEWEST_CODES else []


def _keep_ordered(group: Sequence[str], firsts: _Firsts) -> list[str]:
    """The codes that keep to the order of the others, the worst taken out one by one."""
    kept = list(group)
    while len(kept) >= FEWEST_CODES:
        sums, pairs = _concordance(kept, firsts)
        tau = sums.sum(axis=1) / np.maximum(pairs.sum(axis=1), 1)
        worst = int(np.argmin(tau))
        if tau[worst] >= LEAST_TAU:
            return kept
        del kept[worst]
    return []


def _concordance(
    codes: Sequence[str], firsts: _Firsts
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """For each two codes, over pairs of transcripts: the sum of agreements in order; how many."""
    order = _orders(codes, firsts)
    sums, pairs = np.zeros((2, len(codes), len(codes)))
    for one, other in combinations(order, 2):
        sums += one * other
        pairs += np.abs(one * other)
    return sums, pairs


def _orders(codes: Sequence[str], firsts: _Firsts) -> list[npt.NDArray[np.float64]]:
    """For each transcript which of two codes comes first: 1, -1, or 0 where it has not both."""
    transcripts = sorted({name for code in codes for name in firsts[code]})
    orders = []
    for name in transcripts:
        at = np.array([firsts[code].get(name, np.nan) for code in codes], dtype=np.float64)
        orders.append(np.nan_to_num(np.sign(at[:, None] - at[None, :])))
    return orders


def _test_order(
    group: Sequence[str], firsts: _Firsts, codebook: Codebook, *, n_coded: int
) -> NoticedFamily | None:
    """The group as a family if its order is none of chance."""
    orders = _orders(group, firsts)
    tau, n_pairs = _tau(orders)
    if not n_pairs or tau < LEAST_TAU:
        return None
    generator = np.random.default_rng(0)
    n_as_large = sum(
        _tau([_shuffle(order, generator) for order in orders])[0] >= tau for _ in range(N_DRAWS)
    )
    chance = (1 + n_as_large) / (1 + N_DRAWS)
    if chance > MOST_CHANCE:
        return None
    members, alike = _complete_by_name(group, firsts, codebook)
    codes = _in_order([*members, *alike], firsts, codebook)
    transcripts = sorted({name for code in group for name in firsts[code]})
    place = np.array([list(codebook.by_id).index(code) for code in group], dtype=np.float64)
    by_codebook = np.sign(place[:, None] - place[None, :])
    agreed = sum(float((order * by_codebook).sum()) for order in orders)
    n_ordered = sum(float(np.abs(order).sum()) for order in orders)
    return NoticedFamily(
        kind="structural",
        codes=tuple(codes),
        named_alike=tuple(alike),
        transcripts=tuple(transcripts),
        n_coded=n_coded,
        tau=round(tau, 3),
        n_pairs=n_pairs,
        chance=chance,
        codebook_tau=round(agreed / n_ordered, 3),
    )


def _tau(orders: Sequence[npt.NDArray[np.float64]]) -> tuple[float, int]:
    """Kendall's tau between transcripts over all pairs of codes two of them share; how many."""
    agreed = pairs = 0.0
    for one, other in combinations(orders, 2):
        agreed += float((one * other).sum()) / 2
        pairs += float(np.abs(one * other).sum()) / 2
    return (agreed / pairs if pairs else 0.0), int(pairs)


def _shuffle(
    order: npt.NDArray[np.float64], generator: np.random.Generator
) -> npt.NDArray[np.float64]:
    """The order of a transcript with its codes' first uses put in any order."""
    used = np.flatnonzero(np.abs(order).sum(axis=1))
    drawn = np.array(order)
    drawn[np.ix_(used, used)] = order[np.ix_(*[generator.permutation(used)] * 2)]
    return drawn


def _complete_by_name(
    group: Sequence[str], firsts: _Firsts, codebook: Codebook
) -> tuple[list[str], list[str]]:
    """Those of a group that are numbered as most are, and others so numbered; else the group."""
    stems = {code: name_stem(codebook.by_id[code].name) for code in group}
    counts = Counter(stems.values())
    most = max(counts, key=lambda stem: (counts[stem], stem or ""))
    if most is None or counts[most] < _SHARE_NAMED_ALIKE * len(group):
        return list(group), []
    alike = [
        code.id
        for code in codebook
        if code.id not in stems and code.family is None and name_stem(code.name) == most
    ]
    return [code for code, stem in stems.items() if stem == most], alike


def _in_order(codes: Sequence[str], firsts: _Firsts, codebook: Codebook) -> list[str]:
    """Codes by the number in their names where all have one, else by their mean first use."""
    numbers = {code: guide_number(codebook.by_id[code].name) for code in codes}
    if all(numbers.values()):
        return sorted(codes, key=lambda code: numbers[code] or ())
    longest: dict[str, int] = {}
    for uses in firsts.values():
        for name, at in uses.items():
            longest[name] = max(longest.get(name, 1), at)
    place = {
        code: float(np.mean([at / longest[name] for name, at in firsts[code].items()]))
        for code in codes
        if firsts.get(code)
    }
    return sorted(codes, key=lambda code: place.get(code, 1.0))
