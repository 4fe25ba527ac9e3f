"""Codes whose names nearly say the same: slips of the keyboard, other word order, other endings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import Literal

from .codebook import Code

ALIKE = 0.85
"""Similarity of spelling (Ratcliff and Obershelp) from which two names are pointed out."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarCodes:
    """Two codes (ids) that may be one, and how alike they are (0 to 1), by words or by meaning."""

    one: str
    other: str
    similarity: float
    by: Literal["words", "meaning"]


def find_similar_names(codes: Sequence[Code], *, to: Code | None = None) -> list[SimilarCodes]:
    """Pairs of codes with nearly the same name, most alike first; those with `to` alone if given.

    Names are compared without case, marks and word order; a parent and its child are not compared.
    """
    pairs = [(to, other) for other in codes if other.id != to.id] if to else combinations(codes, 2)
    pairs_alike = []
    for one, other in pairs:
        if one.id in (other.parent, other.id) or other.id == one.parent:
            continue
        similarity = _compare(one.name, other.name)
        if similarity >= ALIKE:
            pairs_alike.append(
                SimilarCodes(one=one.id, other=other.id, similarity=similarity, by="words")
            )
    return sorted(pairs_alike, key=lambda pair: (-pair.similarity, pair.one, pair.other))


def _compare(one: str, other: str) -> float:
    first, second = (" ".join(sorted(_WORD.findall(name.casefold()))) for name in (one, other))
    if not first or not second:
        return 0.0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    # The quick bounds spare most of the pairs of a large codebook.
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
