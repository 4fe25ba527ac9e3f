"""Draft themes: groups of segments with a name, terms, exemplars, sub-themes and a contrast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ..core.arguments import checked
from ..core.theme import Guidance, ThemeDraft, UnassignedReason
from ..core.theme_diagnostics import DraftDiagnostics
from ..core.transcript import Segment
from ..linalg import one_thread
from ..text.stop_words import StopWords, resolve_stop_words
from .deduplicate import DistinctExcerpts, deduplicate, find_names_of
from .describe import CodeCentroids as CodeCentroids
from .describe import Guide, describe_groups, describe_theme, list_unassigned
from .groups import UNASSIGNED, Groups, to_reasons
from .guided import (
    GuidedSegments,
    GuidingPhrases,
    GuidingVectors,
    list_outcomes,
    match_guiding_phrases,
    measure_phrase_stability,
)
from .learned_metric import CodedVectors, learn_metric
from .partition import PartitionOptions, partition
from .projection import compute_merges, project_segments
from .stability import measure_stability
from .subthemes import split_guided_themes


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeOptions:
    """How to draft: the partition, and over how many draws stability is measured (0: not at all).

    `guiding` are themes that an analyst asks for, besides the number in `partition`; `stop_words`
    name no theme. With no language the stop words are those of the segments' own. Whether a metric
    is learned from what people have coded is `learn_from_codings`.
    """

    partition: PartitionOptions = field(default_factory=PartitionOptions)
    n_draws: int = 20
    guiding: tuple[GuidingPhrases, ...] = ()
    stop_words: StopWords = field(default_factory=lambda: StopWords(()))
    learn_from_codings: bool = True


def draft_themes(
    segments: Sequence[Segment],
    vectors: npt.NDArray[np.float32],
    codes: CodeCentroids,
    *,
    options: ThemeOptions | None = None,
    guiding: GuidingVectors | None = None,
    proper_names: frozenset[str] | None = None,
    coded: CodedVectors | None = None,
) -> ThemeDraft:
    """Draft themes of these segments; the same segments give the same draft in any order.

    Segments with the same words count once when groups are sought, so that a phrase many people
    use does not make a theme by itself. What stays unassigned is returned with a reason. `guiding`
    are the vectors of the phrases in `options`: each guided theme takes the segments that clearly
    match it, by the strength of their cosine, and the rest is drafted as if these were not there.
    `proper_names` name no theme; where they are not given they are those that the segments hold.
    `coded` are other segments that people have coded: where they are enough, the rest is grouped,
    and its stability measured, in a metric learned from them.

    Raises:
        InputError: if a vector holds something that is no number.
    """
    options = options or ThemeOptions()
    guiding = guiding or GuidingVectors.none()
    stop_words = resolve_stop_words(options.stop_words, (s.excerpt for s in segments))
    if proper_names is None:
        proper_names = find_names_of(segments)
    excerpts = deduplicate(segments, vectors, stop_words)
    matched = match_guiding_phrases(excerpts.vectors, guiding)
    rest = excerpts.only(matched.is_free)
    metric, learned_from = None, None
    if coded is not None and options.learn_from_codings:
        metric, learned_from = learn_metric(coded, rest.vectors)
    placed = rest if metric is None else replace(rest, vectors=metric.transform(rest.vectors))
    groups = partition(placed.vectors, options.partition)
    stability = measure_stability(placed, groups, options.partition, n_draws=options.n_draws)
    matched_guides = sorted(set(matched.guide.tolist()) - {UNASSIGNED})
    joined = split_guided_themes(
        _joined(groups, matched, matched_guides), excerpts.vectors, range(len(matched_guides))
    )
    guides = _guides(excerpts, guiding, matched)
    draft = describe_groups(excerpts, joined, proper_names=proper_names, guides=guides)
    near = np.where(draft.groups.group == UNASSIGNED, draft.groups.nearest, draft.groups.group)
    with one_thread():
        dots = project_segments(excerpts.vectors.astype(np.float64), draft.centroids, near)
    draft = replace(draft, positions=dots)
    themes = tuple(
        replace(
            describe_theme(draft, number, codes),
            stability=stability.by_group.get(number - len(matched_guides)),
        )
        for number in draft.keys
    )
    ranked = sorted(draft.keys)
    outcomes = list_outcomes(
        excerpts,
        matched,
        guiding.guiding,
        {at: draft.keys[n] for n, at in enumerate(matched_guides)},
    )
    diagnostics = DraftDiagnostics(
        partition=groups.diagnostics,
        languages=stop_words.languages,
        added_stop_words=stop_words.added,
        n_segments=len(segments),
        n_distinct=len(excerpts.copies),
        n_too_short=len(excerpts.short),
        n_near_two_themes=draft.groups.reason.count(UnassignedReason.NEAR_TWO_THEMES),
        n_outliers=draft.groups.reason.count(UnassignedReason.OUTLIER),
        n_drafted=draft.groups.n_groups,
        stability=stability.overall,
        tree=compute_merges(draft.centroids[ranked], [draft.keys[number] for number in ranked]),
        guiding=outcomes,
        metric=learned_from,
    )
    stored = metric.to_stored() if metric else None
    return ThemeDraft(themes, list_unassigned(draft), diagnostics, stored)


def _guides(
    excerpts: DistinctExcerpts, guiding: GuidingVectors, matched: GuidedSegments
) -> tuple[Guide, ...]:
    """Of all guiding phrases with a theme, in their order."""
    steady = measure_phrase_stability(excerpts.vectors, guiding, matched)
    guides = []
    for number in sorted(set(matched.guide.tolist()) - {UNASSIGNED}):
        guide, clear = guiding.guiding[number], float(matched.cuts[number])
        guides.append(Guide(guide.name, Guidance(guide.phrases, clear, steady.get(number))))
    return tuple(guides)


def _joined(groups: Groups, matched: GuidedSegments, matched_guides: Sequence[int]) -> Groups:
    """The groups of the free rows and, numbered before them, those of the guided themes."""
    if matched.is_free.all():
        return groups
    number = {guide: at for at, guide in enumerate([UNASSIGNED, *matched_guides], start=UNASSIGNED)}
    own = np.array([number[guide] for guide in matched.guide.tolist()], dtype=np.intp)
    between = np.array([number[guide] for guide in matched.between.tolist()], dtype=np.intp)
    free, is_own = matched.is_free, own != UNASSIGNED
    near, part, group = np.where(is_own, own, between), np.full_like(own, UNASSIGNED), own.copy()
    shifted = len(matched_guides)
    group[free] = np.where(groups.group == UNASSIGNED, UNASSIGNED, groups.group + shifted)
    near[free] = np.where(groups.nearest == UNASSIGNED, UNASSIGNED, groups.nearest + shifted)
    part[free] = groups.part
    strength = np.zeros(len(own))
    strength[is_own] = np.clip(matched.closeness[is_own, matched.guide[is_own]], 0, 1)
    strength[free] = groups.strength
    reason = np.full(len(own), UnassignedReason.NEAR_TWO_THEMES.value, dtype=object)
    reason[free] = groups.reason
    reason[is_own] = None
    return Groups(
        group=group,
        strength=strength,
        nearest=near,
        part=part,
        reason=to_reasons(reason),
        diagnostics=groups.diagnostics,
    )
