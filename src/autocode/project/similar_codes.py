"""Codes whose names and definitions mean nearly the same, by the vectors of an encoder."""

from __future__ import annotations

import numpy as np

from ..core.codebook import Codebook
from ..core.similar_codes import SimilarCodes
from ..linalg import unit_rows
from ..pipeline import Tools, encode_texts

ALIKE = 0.8
"""Cosine of "name: definition" from which two codes are pointed out."""


def find_similar_meanings(codebook: Codebook, tools: Tools) -> list[SimilarCodes]:
    """Pairs of codes with nearly the same meaning, most alike first; parent and child apart."""
    codes = codebook.codes
    if len(codes) < 2:
        return []
    texts = [f"{c.name}: {c.definition}" if c.definition else c.name for c in codes]
    vectors = unit_rows(encode_texts(tools, texts))
    cosines = np.triu(vectors @ vectors.T, k=1)
    pairs = []
    for one, other in np.argwhere(cosines >= ALIKE):
        first, second = codes[one], codes[other]
        if second.parent == first.id or first.parent == second.id:
            continue
        pairs.append(
            SimilarCodes(
                one=first.id,
                other=second.id,
                similarity=round(float(cosines[one, other]), 3),
                by="meaning",
            )
        )
    return sorted(pairs, key=lambda pair: (-pair.similarity, pair.one, pair.other))
