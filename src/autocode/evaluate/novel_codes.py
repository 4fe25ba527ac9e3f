"""Codes never seen: do groups of what is not coded come near codes that people are yet to make?

Half of the codes are known, and coded in half of the transcripts. The excerpts of the other half of
the codes are grouped: vectors as they are, and in the metric learned from what is known
(`themes.learned_metric`); no excerpt that is coded is grouped. This is generalised category
discovery (Vaze et al. 2022) where the known classes are taken out first, as in draft themes, which
are made of what no code covers. Agreement is adjusted mutual information, by Ward's tree cut at the
true number of codes, and by the method with the number it chooses.

Beside it stands how far two people agree in the same measure, on segments that both coded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np

from ..agreement.coefficients.clusterings import clustering_agreement
from ..core.theme_diagnostics import MeanInterval
from ..core.transcript import text_digest
from ..encode.protocol import Vectors
from ..themes.learned_metric import CodedVectors, learn_metric
from ..themes.partition import PartitionOptions, partition
from .gold import Applied
from .group_excerpts import Grouper, Ids, group_excerpts

_FEWEST_NOVEL = 2
"""Novel codes that a draw must leave, each with enough excerpts: one makes no comparison."""
_MOST_TRIES = 10
"""Draws tried for each that is wanted, where codes are so few that many leave nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedSegment:
    """A coded segment: its transcript and words, all its codes, and the one that most gave it."""

    transcript: str
    excerpt: str
    codes: frozenset[str]
    majority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What is known and what is grouped: `known` rows with `known_codes`, and `novel` rows.

    Rows are numbers of coded segments; the novel ones are distinct in their words, in the order of
    the digests of these, and none has the words of a known one.
    """

    known: tuple[int, ...]
    known_codes: frozenset[str]
    novel: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NovelAgreement:
    """Adjusted mutual information with codes never seen, over draws.

    `plain` is of vectors as they are, `learned` in the metric learned from what is known, `gain`
    the difference of the two in each draw, `n_gains` how many draws gain.
    """

    plain: MeanInterval
    learned: MeanInterval
    gain: MeanInterval
    n_gains: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NovelCodes:
    """How groups agree with codes that were never seen; counts are means over draws.

    `n_learned` draws knew enough to learn from; the others are as plain.
    """

    n_draws: int
    n_learned: int
    n_known_codes: float
    n_known_segments: float
    n_novel_codes: float
    n_excerpts: float
    at_true_number: NovelAgreement
    by_rule: NovelAgreement

    def to_content(self) -> dict[str, Any]:
        """The result as a part of a payload."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderAgreement:
    """How two people group the same segments: adjusted mutual information, mean over pairs.

    Pairs weigh as the segments that both coded.
    """

    ami: float
    n_pairs: int
    n_segments: int


def evaluate_novel_codes(
    segments: Sequence[CodedSegment],
    vectors: Vectors,
    grouper: Grouper,
    *,
    n_draws: int,
    fewest_uses: int,
    seed: int,
) -> NovelCodes | None:
    """How groups of coded segments (vectors (n, d)) agree with codes never seen.

    None where no draw leaves two novel codes with `fewest_uses` excerpts each.
    """
    draws, at_true, by_rule, learned = [], [], [], []
    for draw in draw_novel_codes(segments, n_draws=n_draws, fewest_uses=fewest_uses, seed=seed):
        rows = vectors[list(draw.novel)]
        excerpts = [segments[row].excerpt for row in draw.novel]
        names = sorted({segments[row].majority for row in draw.novel})
        codes = np.array([names.index(segments[row].majority) for row in draw.novel])
        metric, _ = learn_metric(collect_known(segments, vectors, draw), rows)
        both = [rows] if metric is None else [rows, metric.transform(rows)]
        tree = PartitionOptions("ward", len(names))
        at_true.append([_score(codes, partition(some, tree).group) for some in both])
        by_rule.append([_score(codes, group_excerpts(grouper, some, excerpts)) for some in both])
        draws.append(draw)
        learned.append(metric is not None)
    if not draws:
        return None

    def mean(values: Sequence[int]) -> float:
        return round(float(np.mean(values)), 1)

    return NovelCodes(
        n_draws=len(draws),
        n_learned=sum(learned),
        n_known_codes=mean([len(draw.known_codes) for draw in draws]),
        n_known_segments=mean([len(draw.known) for draw in draws]),
        n_novel_codes=mean([len({segments[r].majority for r in d.novel}) for d in draws]),
        n_excerpts=mean([len(draw.novel) for draw in draws]),
        at_true_number=_compare(at_true),
        by_rule=_compare(by_rule),
    )


def measure_coder_agreement(by_person: Sequence[Applied]) -> CoderAgreement | None:
    """How two people group the segments that both gave a code; None where nobody shares two.

    Of several codes that a person gave a segment the one counts that is given most often in all
    (ties: the first by name).
    """
    uses = Counter(code for given in by_person for codes in given.values() for code in codes)
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for given in by_person:
        commonest = {
            coder: min(codes, key=lambda code: (-uses[code], code))
            for coder, codes in sorted(given.items())
            if codes
        }
        for one, other in combinations(commonest, 2):
            pairs.setdefault((one, other), []).append((commonest[one], commonest[other]))
    shared = [pair for pair in pairs.values() if len(pair) > 1]
    if not shared:
        return None
    sizes = [len(pair) for pair in shared]
    values = [_score(*(np.unique(side, return_inverse=True)[1] for side in zip(*pair, strict=True)))
              for pair in shared]  # fmt: skip
    return CoderAgreement(
        ami=round(float(np.average(values, weights=sizes)), 6),
        n_pairs=len(shared),
        n_segments=sum(bool(sum(map(bool, given.values())) > 1) for given in by_person),
    )


def draw_novel_codes(
    segments: Sequence[CodedSegment], *, n_draws: int, fewest_uses: int, seed: int
) -> Iterator[Draw]:
    """Draws that leave two novel codes with enough excerpts at least."""
    generator = np.random.default_rng(seed)
    uses = Counter(code for segment in segments for code in segment.codes)
    codes = sorted(code for code, n in uses.items() if n >= fewest_uses)
    transcripts = sorted({segment.transcript for segment in segments})
    n_left = n_draws
    for _ in range(_MOST_TRIES * n_draws):
        known_codes = frozenset(_half(codes, generator))
        opened = set(_half(transcripts, generator))
        known = [
            row
            for row, segment in enumerate(segments)
            if segment.transcript in opened and segment.codes & known_codes
        ]
        novel = _pick_novel(segments, set(codes) - known_codes, known, fewest_uses)
        if len({segments[row].majority for row in novel}) < _FEWEST_NOVEL:
            continue
        yield Draw(known=tuple(known), known_codes=known_codes, novel=novel)
        n_left -= 1
        if not n_left:
            return


def _half(names: Sequence[str], generator: np.random.Generator) -> list[str]:
    return [names[at] for at in generator.permutation(len(names))[: len(names) // 2].tolist()]


def _pick_novel(
    segments: Sequence[CodedSegment], novel_codes: set[str], known: Sequence[int], fewest_uses: int
) -> tuple[int, ...]:
    """The first segment with each wording whose main code is novel and that is not known."""
    taken = {segments[row].excerpt for row in known}
    first: dict[str, int] = {}
    for row, segment in enumerate(segments):
        if segment.majority in novel_codes and segment.excerpt not in taken:
            first.setdefault(segment.excerpt, row)
    uses = Counter(segments[row].majority for row in first.values())
    kept = [row for row in first.values() if uses[segments[row].majority] >= fewest_uses]
    return tuple(sorted(kept, key=lambda row: text_digest(segments[row].excerpt)))


def collect_known(segments: Sequence[CodedSegment], vectors: Vectors, draw: Draw) -> CodedVectors:
    """What is known: the known codes of known segments, and no other code."""
    column: Mapping[str, int] = {code: at for at, code in enumerate(sorted(draw.known_codes))}
    applied = np.zeros((len(draw.known), len(column)), dtype=bool)
    for at, row in enumerate(draw.known):
        applied[at, [column[code] for code in segments[row].codes & draw.known_codes]] = True
    return CodedVectors(vectors[list(draw.known)], applied)


def _score(codes: Ids, groups: Ids) -> float:
    """Adjusted mutual information, unassigned excerpts a class of their own."""
    value = clustering_agreement(codes, groups)["adjusted_mutual_information"].value
    return 0.0 if value is None else value


def _compare(scores: Sequence[Sequence[float]]) -> NovelAgreement:
    """Of each draw the score as it is and, where enough was known, in the learned metric."""
    plain, learned = [one[0] for one in scores], [one[-1] for one in scores]
    gains = [b - a for a, b in zip(plain, learned, strict=True)]
    return NovelAgreement(
        plain=_interval(plain),
        learned=_interval(learned),
        gain=_interval(gains),
        n_gains=sum(gain > 0 for gain in gains),
    )


def _interval(values: Sequence[float]) -> MeanInterval:
    low, high = np.quantile(values, [0.025, 0.975])
    return MeanInterval(
        round(float(np.mean(values)), 6), round(float(low), 6), round(float(high), 6)
    )
