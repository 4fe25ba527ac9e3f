"""Draft themes against people's codes: do groups of excerpts fall together as codes do?

One code per segment, the one most people gave it (ties: the first by name); copies of the same
words count once; codes with fewer than three uses are dropped. Unassigned excerpts are a class of
their own, and the same again with each of them sent to the nearest theme. How it fares with codes
that it has never seen, and what it gains from known ones, is in `novel_codes`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import pipeline
from ..agreement.coefficients.clusterings import clustering_agreement
from ..core.arguments import checked
from ..core.errors import NothingToDo
from ..core.transcript import text_digest
from ..encode.cache import encode_once
from ..encode.protocol import Vectors
from ..serialise.plain import to_payload
from ..serialise.result import Result
from .coded_corpus import CodedCorpus, make_default_tools, open_corpus
from .gold import collect_codes_by_person
from .group_excerpts import UNASSIGNED, Grouper, Ids, group_excerpts
from .methods import DEFAULT, as_grouper, load_grouper
from .novel_codes import (
    CodedSegment,
    CoderAgreement,
    NovelCodes,
    evaluate_novel_codes,
    measure_coder_agreement,
)
from .run_facts import RunFacts, measure_peak_rss_mb

if TYPE_CHECKING:
    from ..project import Project


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class ThemesProtocol:
    """How groups of excerpts are compared with codes.

    Attributes:
        fewest_uses: codes given to fewer excerpts are left out.
        n_subsets: random subsets whose groups are compared with those of all excerpts.
        subset_share: the share of the excerpts in each subset.
        n_novel_draws: draws of codes and transcripts that are known, for codes never seen; 0 leaves
            these out.
        seed: of the shuffled run, the subsets and the draws.
    """

    fewest_uses: int = 3
    n_subsets: int = 5
    subset_share: float = 0.8
    n_novel_draws: int = 6
    seed: int = 0


@dataclass(frozen=True, slots=True)
class CodedExcerpts:
    """Excerpts with one code each, in the order of their digests; codes are numbers."""

    excerpts: tuple[str, ...]
    codes: Ids
    n_codes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupScores:
    """How groups compare with codes.

    `purity` is the share of excerpts whose group has their code for its most common one;
    `harmonic_purity` joins it with the same the other way round (van Rijsbergen's F).
    `ami` is adjusted mutual information (Vinh, Epps & Bailey 2010); `v_measure` with `homogeneity`
    and `completeness` is from Rosenberg & Hirschberg (2007).
    """

    v_measure: float | None
    ami: float | None
    homogeneity: float | None
    completeness: float | None
    purity: float
    harmonic_purity: float
    unassigned_share: float
    n_themes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Scores of one method's groups as they are, and with unassigned excerpts sent to the nearest.

    `stability_ari` is the mean adjusted Rand index of the groups with those of random subsets of
    the excerpts; `is_deterministic`: a second run on shuffled excerpts gave the same groups. Both
    are measured for the method under test alone.
    """

    scores: GroupScores
    scores_when_assigned: GroupScores
    digest: str
    stability_ari: float | None = None
    is_deterministic: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemesEvaluation(Result):
    """How the groups of one method compare with the codes of one corpus.

    `others` are further methods on the same vectors, by name. `novel` is of codes never seen, None
    where too few codes allow none; `people` is how two people agree in the same measure, None where
    nothing was coded twice.
    """

    corpus: str
    method: str
    n_excerpts: int
    n_codes: int
    grouping: Grouping
    others: Mapping[str, Grouping] = field(default_factory=dict)
    novel: NovelCodes | None = None
    people: CoderAgreement | None = None
    protocol: ThemesProtocol
    run: RunFacts

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return to_payload(
            "themes_evaluation",
            {
                "corpus": self.corpus,
                "method": self.method,
                "n_excerpts": self.n_excerpts,
                "n_codes": self.n_codes,
                "themes": {
                    **_grouping_payload(self.grouping),
                    "stability_ari": _round(self.grouping.stability_ari),
                    "is_deterministic": self.grouping.is_deterministic,
                },
                "digest": self.grouping.digest,
                "others": {name: _grouping_payload(other) for name, other in self.others.items()},
                "novel_codes": self.novel and self.novel.to_content(),
                "people": self.people and asdict(self.people),
                "protocol": {
                    **asdict(self.protocol),
                    "encoder": self.run.encoder,
                    "encoder_digest": self.run.encoder_digest,
                    "versions": self.run.versions,
                },
                "seconds": {name: round(value, 3) for name, value in self.run.seconds.items()},
                "peak_rss_mb": self.run.peak_rss_mb,
            },
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row for each method and measure, as grouped and with all excerpts assigned."""
        groupings = {self.method: self.grouping, **self.others}
        return [
            {
                "method": name,
                "measure": measure,
                "value": value,
                "value_when_assigned": getattr(grouping.scores_when_assigned, measure),
            }
            for name, grouping in groupings.items()
            for measure, value in asdict(grouping.scores).items()
        ]


def _grouping_payload(grouping: Grouping) -> dict[str, Any]:
    assigned = _scores_payload(grouping.scores_when_assigned)
    return {**_scores_payload(grouping.scores), "assigned": assigned}


def _scores_payload(scores: GroupScores) -> dict[str, Any]:
    return {name: _round(value) for name, value in asdict(scores).items()}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


@checked
def evaluate_themes(
    corpus: CodedCorpus | Project | Path | str,
    method: str | Grouper = DEFAULT,
    *,
    tools: pipeline.Tools | None = None,
    others: Sequence[Grouper] = (),
    protocol: ThemesProtocol | None = None,
) -> ThemesEvaluation:
    """Group the coded excerpts without looking at their codes, and compare.

    Args:
        corpus: coded material, an open study, or the path of a study file, a corpus folder or a
            table of coded segments.
        method: "autocode", "module:object", or an object with `groups(vectors, excerpts)`.
        tools: the encoder and where vectors are kept; the default encoder where left out.
        others: further methods to be scored on the same vectors.
        protocol: which codes are compared, and how stability is measured.

    Raises:
        NothingToDo: if fewer than two codes have three uses.
        InputError: if there is no such method.
    """
    grouper = load_grouper(method) if isinstance(method, str) else as_grouper(method)
    coded_corpus = open_corpus(corpus)
    tools = tools or make_default_tools(coded_corpus)
    protocol = protocol or ThemesProtocol()
    coded = collect_coded_excerpts(coded_corpus, fewest_uses=protocol.fewest_uses)
    vectors = encode_once(tools.encoder, coded.excerpts, cache=tools.cache, progress=tools.progress)
    began = time.perf_counter()
    groups = group_excerpts(grouper, vectors, coded.excerpts)
    seconds = time.perf_counter() - began
    again = _group_shuffled(grouper, vectors, coded.excerpts, protocol.seed)
    return ThemesEvaluation(
        corpus=coded_corpus.name,
        method=grouper.name,
        n_excerpts=len(coded.excerpts),
        n_codes=coded.n_codes,
        grouping=Grouping(
            scores=score_groups(coded.codes, groups),
            scores_when_assigned=score_groups(coded.codes, assign_to_nearest(vectors, groups)),
            digest=digest_groups(groups),
            stability_ari=_measure_stability(grouper, vectors, coded.excerpts, groups, protocol),
            is_deterministic=bool((again == groups).all()),
        ),
        others={other.name: _score_method(other, vectors, coded) for other in others},
        novel=_evaluate_novel(coded_corpus, grouper, tools, protocol),
        people=measure_coder_agreement(collect_codes_by_person(coded_corpus)),
        protocol=protocol,
        run=RunFacts(
            encoder=tools.encoder.name,
            encoder_digest=tools.encoder.digest,
            versions=pipeline.versions(),
            seconds={"group": seconds},
            peak_rss_mb=measure_peak_rss_mb(),
        ),
    )


def _evaluate_novel(
    corpus: CodedCorpus, grouper: Grouper, tools: pipeline.Tools, protocol: ThemesProtocol
) -> NovelCodes | None:
    if not protocol.n_novel_draws:
        return None
    segments = collect_coded_segments(corpus)
    texts = [segment.excerpt for segment in segments]
    return evaluate_novel_codes(
        segments,
        encode_once(tools.encoder, texts, cache=tools.cache, progress=tools.progress),
        grouper,
        n_draws=protocol.n_novel_draws,
        fewest_uses=protocol.fewest_uses,
        seed=protocol.seed,
    )


def collect_coded_segments(corpus: CodedCorpus) -> list[CodedSegment]:
    """Every segment with words that somebody gave a code, and the code that most gave it."""
    coded = []
    for segment, given in zip(corpus.study.segments, collect_codes_by_person(corpus), strict=True):
        votes = Counter(code for codes in given.values() for code in codes)
        if votes and segment.excerpt.strip():
            coded.append(
                CodedSegment(
                    transcript=segment.transcript,
                    excerpt=segment.excerpt,
                    codes=frozenset(votes),
                    majority=min(votes, key=lambda code: (-votes[code], code)),
                )
            )
    return coded


def collect_coded_excerpts(corpus: CodedCorpus, *, fewest_uses: int) -> CodedExcerpts:
    """What themes are compared with: excerpts of codes given to `fewest_uses` of them or more.

    Raises:
        NothingToDo: if fewer than two codes have so many uses.
    """
    major: dict[str, str] = {}
    for segment in collect_coded_segments(corpus):
        major.setdefault(segment.excerpt, segment.majority)
    uses = Counter(major.values())
    kept = sorted(code for code, n in uses.items() if n >= fewest_uses)
    if len(kept) < 2:
        raise NothingToDo(
            f"{corpus.name}: {len(kept)} codes were given to {fewest_uses} excerpts or more. "
            "Themes are compared with two codes at least."
        )
    number = {code: index for index, code in enumerate(kept)}
    texts = sorted((text for text, code in major.items() if code in number), key=text_digest)
    codes = np.array([number[major[text]] for text in texts], dtype=np.intp)
    return CodedExcerpts(tuple(texts), codes, len(kept))


def score_groups(codes: Ids, groups: Ids) -> GroupScores:
    """How groups (n,) compare with codes (n,); `UNASSIGNED` is a class of its own."""
    coefficients = clustering_agreement(codes, groups)
    pure, inverse = _measure_purity(codes, groups), _measure_purity(groups, codes)
    return GroupScores(
        v_measure=coefficients["v_measure"].value,
        ami=coefficients["adjusted_mutual_information"].value,
        homogeneity=coefficients["homogeneity"].value,
        completeness=coefficients["completeness"].value,
        purity=pure,
        harmonic_purity=2 * pure * inverse / (pure + inverse) if pure + inverse else 0.0,
        unassigned_share=float((groups == UNASSIGNED).mean()),
        n_themes=len(set(groups.tolist()) - {UNASSIGNED}),
    )


def assign_to_nearest(vectors: Vectors, groups: Ids) -> Ids:
    """The groups (n,) with unassigned rows sent to the group of the nearest centroid by cosine."""
    known = sorted(set(groups.tolist()) - {UNASSIGNED})
    if not known:
        return groups
    centroids = np.stack([vectors[groups == group].mean(axis=0) for group in known])
    centroids /= np.maximum(np.linalg.norm(centroids, axis=1, keepdims=True), 1e-9)
    nearest = np.array(known, dtype=np.intp)[np.argmax(vectors @ centroids.T, axis=1)]
    return np.where(groups == UNASSIGNED, nearest, groups)


def digest_groups(groups: Ids) -> str:
    """The first twelve characters of the SHA-256 of the groups, to compare runs by."""
    return sha256(np.ascontiguousarray(groups, dtype="<i4").tobytes()).hexdigest()[:12]


def _score_method(grouper: Grouper, vectors: Vectors, coded: CodedExcerpts) -> Grouping:
    groups = group_excerpts(grouper, vectors, coded.excerpts)
    return Grouping(
        scores=score_groups(coded.codes, groups),
        scores_when_assigned=score_groups(coded.codes, assign_to_nearest(vectors, groups)),
        digest=digest_groups(groups),
    )


def _group_shuffled(grouper: Grouper, vectors: Vectors, excerpts: Sequence[str], seed: int) -> Ids:
    """The groups (in the old order) of a second run that meets the excerpts in another order.

    Like draft themes it first puts them in the order of their digests.
    """
    shuffled = np.random.default_rng(seed).permutation(len(excerpts))
    order = np.array(sorted(shuffled, key=lambda row: text_digest(excerpts[row])), dtype=np.intp)
    groups = np.empty(len(excerpts), dtype=np.intp)
    groups[order] = group_excerpts(grouper, vectors[order], [excerpts[row] for row in order])
    return groups


def _measure_purity(of: Ids, groups: Ids) -> float:
    counts = Counter(zip(groups.tolist(), of.tolist(), strict=True))
    largest: dict[int, int] = {}
    for (group, _), n in counts.items():
        largest[group] = max(largest.get(group, 0), n)
    return sum(largest.values()) / max(len(of), 1)


def _measure_stability(
    grouper: Grouper,
    vectors: Vectors,
    excerpts: Sequence[str],
    groups: Ids,
    protocol: ThemesProtocol,
) -> float | None:
    """Mean adjusted Rand index (Hubert & Arabie 1985) with the groups of random subsets."""
    generator = np.random.default_rng(protocol.seed)
    n_rows = int(protocol.subset_share * len(vectors))
    values = []
    for _ in range(protocol.n_subsets):
        rows = np.sort(generator.permutation(len(vectors))[:n_rows])
        subset_groups = group_excerpts(grouper, vectors[rows], [excerpts[row] for row in rows])
        index = clustering_agreement(groups[rows], subset_groups)["adjusted_rand_index"].value
        if index is not None:
            values.append(index)
    return float(np.mean(values)) if values else None
