"""Draft themes: groups of segments with a name, terms, exemplars, sub-themes and a contrast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ..core.theme import Guidance, ThemeDraft, UnassignedReason
from ..core.theme_diagnostics import DraftDiagnostics
from ..core.transcript import Segment
from ..linalg import one_thread
from ..text.stop_words import StopWords
from .deduplicate import Distinct, distinct
from .describe import CodeCentroids as CodeCentroids
from .describe import Guide, describe_groups, describe_theme, list_unassigned
from .groups import UNASSIGNED, Groups, to_reasons
from .partition import PartitionOptions, partition
from .phrases import measure_phrase_stability
from .projection import compute_merges, project_segments
from .seeded import Guided, GuidingPhrases, GuidingVectors, account, guided
from .stability import measure_stability
from .subthemes import with_parts


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeOptions:
    """How to draft: the cut, and over how many draws stability is measured (0: not at all).

    `seeds` are themes that an analyst asks for, besides the number in the cut.
    """

    partition: PartitionOptions = field(default_factory=PartitionOptions)
    n_draws: int = 20
    guiding: tuple[GuidingPhrases, ...] = ()
    stop_words: StopWords = field(default_factory=StopWords)


def draft_themes(
    segments: Sequence[Segment],
    vectors: npt.NDArray[np.float32],
    codes: CodeCentroids,
    *,
    options: ThemeOptions | None = None,
    guiding: GuidingVectors | None = None,
) -> ThemeDraft:
    """Draft themes of these segments; the same segments give the same draft in any order.

    Segments with the same words count once when groups are sought, so that a phrase many people
    use does not make a theme by itself. What fits nowhere is returned with a reason. `seeds` are
    those of `how` as points: each takes the segments that clearly speak of it, by the strength of
    their cosine, and the rest is drafted as if these were not there.

    Raises:
        InputError: if a vector holds something that is no number.
    """
    options = options or ThemeOptions()
    guiding = guiding or GuidingVectors.none()
    found = distinct(segments, vectors, options.stop_words)
    asked = guided(found.vectors, guiding)
    rest = found.only(asked.is_free)
    groups = partition(rest.vectors, options.partition)
    stability = measure_stability(rest, groups, options.partition, n_draws=options.n_draws)
    met = sorted(set(asked.seed.tolist()) - {UNASSIGNED})
    joined = with_parts(_joined(groups, asked, met), found.vectors, range(len(met)))
    guides = _guides(found, guiding, asked)
    draft = describe_groups(found, joined, guides=guides)
    near = np.where(draft.groups.group == UNASSIGNED, draft.groups.nearest, draft.groups.group)
    with one_thread():
        dots = project_segments(found.vectors.astype(np.float64), draft.centroids, near)
    draft = replace(draft, positions=dots)
    themes = tuple(
        replace(
            describe_theme(draft, number, codes),
            stability=stability.by_group.get(number - len(met)),
        )
        for number in draft.keys
    )
    ranked = sorted(draft.keys)
    outcomes = account(asked, guiding.guiding, {at: draft.keys[n] for n, at in enumerate(met)})
    diagnostics = DraftDiagnostics(
        partition=groups.diagnostics,
        languages=options.stop_words.languages,
        added_stop_words=options.stop_words.added,
        n_segments=len(segments),
        n_distinct=len(found.copies),
        n_too_short=len(found.short),
        n_near_two_themes=draft.groups.reason.count(UnassignedReason.NEAR_TWO_THEMES),
        n_outliers=draft.groups.reason.count(UnassignedReason.OUTLIER),
        n_drafted=draft.groups.n_groups,
        stability=stability.overall,
        tree=compute_merges(draft.centroids[ranked], [draft.keys[number] for number in ranked]),
        guiding=outcomes,
    )
    return ThemeDraft(themes, list_unassigned(draft), diagnostics)


def _guides(found: Distinct, guiding: GuidingVectors, asked: Guided) -> tuple[Guide, ...]:
    """Of every seed that was met, in their order."""
    steady = measure_phrase_stability(found.vectors, guiding, asked)
    guides = []
    for number in sorted(set(asked.seed.tolist()) - {UNASSIGNED}):
        seed, clear = guiding.guiding[number], float(asked.cuts[number])
        guides.append(Guide(seed.name, Guidance(seed.phrases, clear, steady.get(number))))
    return tuple(guides)


def _joined(groups: Groups, asked: Guided, met: Sequence[int]) -> Groups:
    """The groups of the free rows and, numbered before them, those of the seeds that were met."""
    if asked.is_free.all():
        return groups
    number = {seed: at for at, seed in enumerate([UNASSIGNED, *met], start=UNASSIGNED)}
    own = np.array([number[seed] for seed in asked.seed.tolist()], dtype=np.intp)
    between = np.array([number[seed] for seed in asked.between.tolist()], dtype=np.intp)
    free, is_own = asked.is_free, own != UNASSIGNED
    near, part, group = np.where(is_own, own, between), np.full_like(own, UNASSIGNED), own.copy()
    shifted = len(met)
    group[free] = np.where(groups.group == UNASSIGNED, UNASSIGNED, groups.group + shifted)
    near[free] = np.where(groups.nearest == UNASSIGNED, UNASSIGNED, groups.nearest + shifted)
    part[free] = groups.part
    strength = np.zeros(len(own))
    strength[is_own] = np.clip(asked.closeness[is_own, asked.seed[is_own]], 0, 1)
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
