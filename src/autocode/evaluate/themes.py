"""Draft themes against people's codes: do groups of excerpts fall together as codes do?

One code per segment, the one most people gave it (ties: the first by name); copies of the same
words count once; codes with fewer than three uses are dropped. What is in no theme is a class of
its own, and the same again with each such segment sent to the nearest theme.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import pipeline
from ..agreement.coefficients.clusterings import clustering_agreement
from ..core.errors import NothingToDo
from ..core.transcript import text_digest
from ..encode.cache import encode_once
from ..encode.protocol import Vectors
from .gold import people_of
from .groupers import NOWHERE, Grouper, OurGrouper, others
from .memory import peak_rss_mb
from .source import Source

Ids = npt.NDArray[np.intp]

FEWEST_USES = 3
_SUBSETS = 5
_KEPT = 0.8


@dataclass(frozen=True, slots=True)
class Sorted:
    """Excerpts with one code each, in the order of their digests; codes are numbers."""

    excerpts: tuple[str, ...]
    codes: Ids
    n_codes: int


def sorted_excerpts(source: Source) -> Sorted:
    """What themes are compared with.

    Raises:
        NothingToDo: if fewer than two codes have three uses.
    """
    major: dict[str, str] = {}
    for segment, given in zip(source.study.segments, people_of(source), strict=True):
        votes = Counter(code for codes in given.values() for code in codes)
        if votes and segment.excerpt.strip():
            major.setdefault(segment.excerpt, min(votes, key=lambda c: (-votes[c], c)))
    uses = Counter(major.values())
    kept = sorted(code for code, n in uses.items() if n >= FEWEST_USES)
    if len(kept) < 2:
        raise NothingToDo(
            f"{source.name}: {len(kept)} codes were given to {FEWEST_USES} excerpts or more. "
            "Themes are compared with two codes at least."
        )
    number = {code: at for at, code in enumerate(kept)}
    texts = sorted((t for t, c in major.items() if c in number), key=text_digest)
    codes = np.array([number[major[text]] for text in texts], dtype=np.intp)
    return Sorted(tuple(texts), codes, len(kept))


def evaluate_themes(
    source: Source, tools: pipeline.Tools, *, grouper: Grouper | None = None, seed: int = 0
) -> dict[str, Any]:
    """Group the coded excerpts without looking at their codes, and compare; for JSON.

    `stability_ari` is the mean adjusted Rand index of the groups with those of five random subsets
    of four fifths of the excerpts; `deterministic`: a second run on shuffled excerpts gave the same
    groups. `others`: other methods on the same vectors, BERTopic where it is installed.
    """
    grouper = grouper or OurGrouper()
    asked = sorted_excerpts(source)
    vectors = encode_once(tools.encoder, asked.excerpts, cache=tools.cache, progress=tools.progress)
    began = time.perf_counter()
    groups = grouper.groups(vectors, asked.excerpts)
    seconds = time.perf_counter() - began
    again = _shuffled(grouper, vectors, asked.excerpts, seed)
    return {
        "task": "themes",
        "corpus": source.name,
        "method": grouper.name,
        "n_segments": len(asked.excerpts),
        "n_codes": asked.n_codes,
        "themes": {
            **scores(asked.codes, groups),
            "stability_ari": _stability(grouper, vectors, asked.excerpts, groups, seed=seed),
            "deterministic": bool((again == groups).all()),
            "assigned": scores(asked.codes, assigned(vectors, groups)),
        },
        "digest": digest(groups),
        "others": {other.name: _beside(other, vectors, asked) for other in others()},
        "protocol": {
            "seed": seed,
            "encoder": tools.encoder.name,
            "encoder_digest": tools.encoder.digest,
            "versions": pipeline.versions(),
        },
        "seconds": round(seconds, 3),
        "peak_rss_mb": peak_rss_mb(),
    }


def digest(groups: Ids) -> str:
    """The first twelve characters of the SHA-256 of the groups, to compare runs by."""
    return sha256(np.ascontiguousarray(groups, dtype="<i4").tobytes()).hexdigest()[:12]


def _shuffled(grouper: Grouper, vectors: Vectors, excerpts: Sequence[str], seed: int) -> Ids:
    """The groups (in the old order) of a second run that meets the excerpts in another order.

    Like draft themes it first puts them in the order of their digests.
    """
    met = np.random.default_rng(seed).permutation(len(excerpts))
    ordered = np.array(sorted(met, key=lambda at: text_digest(excerpts[at])), dtype=np.intp)
    found = np.empty(len(excerpts), dtype=np.intp)
    found[ordered] = grouper.groups(vectors[ordered], [excerpts[at] for at in ordered])
    return found


def _beside(grouper: Grouper, vectors: Vectors, asked: Sorted) -> dict[str, Any]:
    groups = grouper.groups(vectors, asked.excerpts)
    return {
        **scores(asked.codes, groups),
        "assigned": scores(asked.codes, assigned(vectors, groups)),
    }


def scores(codes: Ids, groups: Ids) -> Mapping[str, float | int | None]:
    """How groups (n,) compare with codes (n,); `NOWHERE` is a class of its own.

    Purity is the share of excerpts whose group has their code for its most common one;
    harmonic_purity joins it with the same the other way round (van Rijsbergen's F).
    """
    found = {name: c.value for name, c in clustering_agreement(codes, groups).items()}
    pure, inverse = _purity(codes, groups), _purity(groups, codes)
    return {
        "v_measure": found["v_measure"],
        "ami": found["adjusted_mutual_information"],
        "homogeneity": found["homogeneity"],
        "completeness": found["completeness"],
        "purity": pure,
        "harmonic_purity": 2 * pure * inverse / (pure + inverse) if pure + inverse else 0.0,
        "unclustered_share": float((groups == NOWHERE).mean()),
        "n_themes": len(set(groups.tolist()) - {NOWHERE}),
    }


def assigned(vectors: Vectors, groups: Ids) -> Ids:
    """The groups with what is nowhere sent to the group of the nearest centre by cosine."""
    known = sorted(set(groups.tolist()) - {NOWHERE})
    if not known:
        return groups
    centres = np.stack([vectors[groups == one].mean(axis=0) for one in known])
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    nearest = np.array(known, dtype=np.intp)[np.argmax(vectors @ centres.T, axis=1)]
    return np.where(groups == NOWHERE, nearest, groups)


def _purity(of: Ids, groups: Ids) -> float:
    counts = Counter(zip(groups.tolist(), of.tolist(), strict=True))
    most: dict[int, int] = {}
    for (group, _), n in counts.items():
        most[group] = max(most.get(group, 0), n)
    return sum(most.values()) / max(len(of), 1)


def _stability(
    grouper: Grouper, vectors: Vectors, excerpts: Sequence[str], groups: Ids, *, seed: int
) -> float | None:
    """Mean adjusted Rand index with the groups of random subsets."""
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(_SUBSETS):
        rows = np.sort(generator.permutation(len(vectors))[: int(_KEPT * len(vectors))])
        found_again = grouper.groups(vectors[rows], [excerpts[at] for at in rows])
        again = clustering_agreement(groups[rows], found_again)
        value = again["adjusted_rand_index"].value
        if value is not None:
            found.append(value)
    return float(np.mean(found)) if found else None
