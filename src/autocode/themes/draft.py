"""Draft themes: groups of segments with a name, terms, exemplars, sub-themes and a contrast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.theme import Guidance, ThemeDraft
from ..core.transcript import Segment
from .deduplicate import Distinct, distinct
from .describe import CodeCentres as CodeCentres
from .describe import Guide, laid_out, nowhere_of, theme_of
from .groups import NOWHERE, Groups
from .hdbscan import one_thread
from .partition import Cut, grouped
from .phrases import phrase_stability
from .projection import joins, spots
from .seeded import Guided, Seed, SeedPoints, account, guided
from .stability import stability
from .subthemes import with_parts


@dataclass(frozen=True, slots=True)
class Drafting:
    """How to draft: the cut, and over how many draws stability is measured (0: not at all).

    `seeds` are themes that an analyst asks for, besides the number in the cut.
    """

    cut: Cut = field(default_factory=Cut)
    n_draws: int = 20
    seeds: tuple[Seed, ...] = ()


def draft_themes(
    segments: Sequence[Segment],
    vectors: npt.NDArray[np.float32],
    codes: CodeCentres,
    *,
    how: Drafting | None = None,
    seeds: SeedPoints | None = None,
) -> ThemeDraft:
    """Draft themes of these segments; the same segments give the same draft in any order.

    Segments with the same words count once when groups are sought, so that a phrase many people
    use does not make a theme by itself. What fits nowhere is returned with a reason. `seeds` are
    those of `how` as points: each takes the segments that clearly speak of it, by the strength of
    their cosine, and the rest is drafted as if these were not there.

    Raises:
        InputError: if a vector holds something that is no number.
    """
    how = how or Drafting()
    seeds = seeds or SeedPoints.none()
    found = distinct(segments, vectors)
    asked = guided(found.vectors, seeds)
    rest = found.only(asked.is_free)
    groups = grouped(rest.vectors, how.cut)
    steady, measured = stability(rest, groups, how.cut, n_draws=how.n_draws)
    met = sorted(set(asked.seed.tolist()) - {NOWHERE})
    joined = with_parts(_joined(groups, asked, met), found.vectors, range(len(met)))
    guides = _guides(found, seeds, asked)
    draft = laid_out(found, joined, guides=guides)
    near = np.where(draft.groups.group == NOWHERE, draft.groups.nearest, draft.groups.group)
    with one_thread():
        dots = spots(found.vectors.astype(np.float64), draft.middles, near)
    draft = replace(draft, spots=dots)
    themes = tuple(
        replace(theme_of(draft, number, codes), stability=steady.get(number - len(met)))
        for number in draft.keys
    )
    parameters = _parameters(found, draft.groups) | measured
    ranked = sorted(draft.keys)
    merges = joins(draft.middles[ranked], [draft.keys[number] for number in ranked])
    parameters["tree"] = [list(merge) for merge in merges]
    if seeds.seeds:
        keys = {seed: draft.keys[number] for number, seed in enumerate(met)}
        parameters["seeds"] = account(asked, seeds.seeds, keys)
    return ThemeDraft(themes, nowhere_of(draft), parameters)


def _guides(found: Distinct, seeds: SeedPoints, asked: Guided) -> tuple[Guide, ...]:
    """Of every seed that was met, in their order."""
    steady = phrase_stability(found.vectors, seeds, asked)
    guides = []
    for number in sorted(set(asked.seed.tolist()) - {NOWHERE}):
        seed, clear = seeds.seeds[number], float(asked.cuts[number])
        guides.append(Guide(seed.name, Guidance(seed.phrases, clear, steady.get(number))))
    return tuple(guides)


def _joined(groups: Groups, asked: Guided, met: Sequence[int]) -> Groups:
    """The groups of the free rows and, numbered before them, those of the seeds that were met."""
    if asked.is_free.all():
        return groups
    number = {seed: at for at, seed in enumerate([NOWHERE, *met], start=NOWHERE)}
    own = np.array([number[seed] for seed in asked.seed.tolist()], dtype=np.intp)
    between = np.array([number[seed] for seed in asked.between.tolist()], dtype=np.intp)
    free, is_own = asked.is_free, own != NOWHERE
    near, part, group = np.where(is_own, own, between), np.full_like(own, NOWHERE), own.copy()
    shifted = len(met)
    group[free] = np.where(groups.group == NOWHERE, NOWHERE, groups.group + shifted)
    near[free] = np.where(groups.nearest == NOWHERE, NOWHERE, groups.nearest + shifted)
    part[free] = groups.part
    strength = np.zeros(len(own))
    strength[is_own] = np.clip(asked.closeness[is_own, asked.seed[is_own]], 0, 1)
    strength[free] = groups.strength
    reason = np.where(is_own, "", "between").astype(object)
    reason[free] = groups.reason
    return Groups(
        group=group,
        strength=strength,
        nearest=near,
        part=part,
        reason=tuple(reason.tolist()),
        parameters=groups.parameters,
    )


def _parameters(found: Distinct, groups: Groups) -> dict[str, Any]:
    return {
        "n_segments": len(found.segments),
        "n_distinct": len(found.copies),
        "n_too_short": len(found.short),
        "n_near_two": sum(reason == "between" for reason in groups.reason),
        "n_own_idea": sum(reason == "alone" for reason in groups.reason),
        "n_drafted": groups.n_groups,
    } | groups.parameters
