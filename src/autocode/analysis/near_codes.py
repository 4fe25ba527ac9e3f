"""Codes that stand near one code: entries with nearly the same words, and codings of one place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

from ..core.codebook import Code, Codebook
from ..core.coding import Coding

_LEAST_LIKE = 0.12
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class NearCode:
    """Another code: `likeness` of what the codebook says (0 to 1), and what both codes are on.

    `n_shared` counts the pairs of codings, one of each code, that overlap.
    """

    code: str
    likeness: float
    n_shared: int


def find_near_codes(
    codebook: Codebook, codings: Sequence[Coding], code: str, *, most: int = 6
) -> list[NearCode]:
    """The codes nearest to one (its id) by words of their entries or by shared places."""
    weights, shared = _weigh(codebook.codes), count_shared(codings, code)
    near = [
        NearCode(code=other.id, likeness=round(value, 3), n_shared=shared[other.id])
        for other in codebook
        if other.id != code
        and (
            (value := _compare(weights[code], weights[other.id])) >= _LEAST_LIKE or shared[other.id]
        )
    ]
    n_most = max(shared.values(), default=0) or 1
    near.sort(key=lambda one: (-one.likeness - one.n_shared / n_most, one.code))
    return near[:most]


def count_shared(codings: Iterable[Coding], code: str) -> Counter[str]:
    """How many codings of each other code overlap one of this code, by id."""
    by_transcript: dict[str, list[Coding]] = {}
    for coding in codings:
        by_transcript.setdefault(coding.transcript, []).append(coding)
    shared: Counter[str] = Counter()
    for of_one in by_transcript.values():
        for one, other in _overlapping(sorted(of_one, key=lambda c: (c.span.start, c.span.end))):
            if one.code != other.code and code in (one.code, other.code):
                shared[other.code if one.code == code else one.code] += 1
    return shared


def _overlapping(ordered: Sequence[Coding]) -> Iterator[tuple[Coding, Coding]]:
    """Pairs of codings that overlap, of those of one transcript in order."""
    going: list[Coding] = []
    for coding in ordered:
        going = [one for one in going if one.span.end > coding.span.start]
        yield from ((one, coding) for one in going)
        going.append(coding)


@lru_cache(maxsize=4)
def _weigh(codes: tuple[Code, ...]) -> Mapping[str, Mapping[str, float]]:
    """TF-IDF of each entry's runs of four letters within words, at length 1, by code id.

    Here and not by scikit-learn, which takes a second to load: this runs in the page's server.
    """
    counts = {code.id: Counter(_cut(code)) for code in codes}
    holders = Counter(run for of_code in counts.values() for run in of_code)
    weights = {}
    for code_id, of_code in counts.items():
        raw = {r: (1 + log(n)) * log(1 + len(codes) / holders[r]) for r, n in of_code.items()}
        length = sqrt(sum(value * value for value in raw.values())) or 1.0
        weights[code_id] = {run: value / length for run, value in raw.items()}
    return weights


def _cut(code: Code) -> Iterator[str]:
    entry = " ".join([code.name, code.definition, code.inclusion, *code.examples])
    for word in _WORD.findall(entry.casefold()):
        padded = f" {word} "
        yield from (padded[at : at + 4] for at in range(max(1, len(padded) - 3)))


def _compare(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(value * other.get(run, 0.0) for run, value in one.items())
