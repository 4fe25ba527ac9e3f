"""Alignments of the interview guide as evidence for its codes, wherever their family is in use.

Bayes' rule: the odds of a code are multiplied by how much more often a segment is aligned with its
question where people applied the code than where they did not, counted in the codings of aligned
transcripts on top of a prior. A code of the guide that has a wording is likely from the
probability from which any suggestion may be (`EvidenceConfig`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from scipy.special import expit, logit

from .explain import DEFAULTS
from .families import find_family_states
from .guide import (
    FEWEST_QUESTIONS,
    Guide,
    GuideAlignment,
    align_guide,
    list_wordings,
    read_guides,
)
from .protocol import NEVER, Ranking, Task

PRIOR_APPLIED, PRIOR_NOT = (5, 10), (1, 100)
"""Aligned, of so many: codes people applied, and codes they did not, before any are counted."""
_LEAST = 1e-6
_SHOWN = 3


def find_alignments(task: Task) -> list[GuideAlignment]:
    """The alignments of the transcripts with targets or codings in which a guide is in use."""
    guides, _ = read_guides(task.corpus.codes)
    if not guides:
        return []
    names = task.corpus.transcripts
    wanted = np.union1d(task.targets, task.read_rows)
    states = find_family_states(task, dict.fromkeys(names[wanted].tolist()))
    return [
        alignment
        for guide in guides
        for alignment in align_guide(
            task.corpus,
            guide,
            [s.transcript for s in states if s.family == guide.family and s.is_on],
        )
    ]


def follow_guides(task: Task, ranking: Ranking) -> Ranking:
    """The ranking with alignments of guides as evidence for their codes."""
    alignments = find_alignments(task)
    if not alignments:
        return ranking
    logits, probabilities = ranking.logits.copy(), ranking.probabilities.copy()
    likely, in_set = ranking.likely.copy(), ranking.in_set.copy()
    auto_acceptable = ranking.auto_acceptable.copy()
    is_uncalibrated = ranking.diagnostics.calibrated is False
    least = DEFAULTS.min_likely_uncalibrated if is_uncalibrated else DEFAULTS.min_likely
    position = {int(row): at for at, row in enumerate(task.targets)}
    for alignment in alignments:
        columns = alignment.guide.columns
        has_words = np.array([bool(list_wordings(task.corpus, int(at))) for at in columns])
        aligned_factor, other_factor = _weigh_evidence(task, alignments, alignment.guide)
        for at, row in enumerate(alignment.rows.tolist()):
            target = position.get(row)
            if target is None:
                continue
            is_aligned = np.arange(len(columns)) == alignment.question[at]
            evidence = np.where(is_aligned, aligned_factor, other_factor) * has_words
            its = (np.full(len(columns), target), columns)
            held = np.clip(probabilities[its], _LEAST, 1 - _LEAST)
            raised = expit(logit(held) + evidence)
            is_candidate = logits[its] > NEVER
            logits[its] = np.where(is_candidate, logits[its] + evidence, logits[its])
            probabilities[its] = np.where(is_candidate, raised, 0.0)
            likely[its] = np.where(has_words, is_candidate & (raised >= least), likely[its])
            in_set[its] |= is_candidate & is_aligned
            auto_acceptable[its] &= is_aligned | ~has_words
    return replace(
        ranking,
        logits=logits,
        probabilities=probabilities,
        likely=likely,
        in_set=in_set,
        auto_acceptable=auto_acceptable,
        guide={key: evidence for a in alignments for key, evidence in a.list_evidence(task.corpus)},
    )


def describe_guides(task: Task) -> Iterator[str]:
    """In words: guides whose order is not known, and transcripts that a guide does not fit."""
    guides, remarks = read_guides(task.corpus.codes)
    yield from remarks
    aligned = {(a.guide.family, a.transcript) for a in find_alignments(task)} if guides else set()
    names = dict.fromkeys(task.corpus.transcripts[task.targets].tolist())
    states = find_family_states(task)
    for guide in guides:
        its = [s.transcript for s in states if s.family == guide.family and s.is_on]
        without = [name for name in its if name in names and (guide.family, name) not in aligned]
        if without:
            shown = ", ".join(without[:_SHOWN])
            more = f" and {len(without) - _SHOWN} more" if len(without) > _SHOWN else ""
            yield (
                f"The guide '{guide.family}' is not aligned with {shown}{more}: fewer than "
                f"{FEWEST_QUESTIONS} of its questions are recognised in the interviewer's turns."
            )


def _weigh_evidence(
    task: Task, alignments: Sequence[GuideAlignment], guide: Guide
) -> tuple[float, float]:
    """What is added to the logit of a code that a segment is aligned with, and of the others."""
    (applied_aligned, applied), (other_aligned, other) = PRIOR_APPLIED, PRIOR_NOT
    for alignment in alignments:
        if alignment.guide is not guide:
            continue
        is_read = task.known.read[alignment.rows]
        given = task.known.applied[np.ix_(alignment.rows[is_read], guide.columns)]
        aligned = alignment.question[is_read][:, None] == np.arange(len(guide.columns))
        applied_aligned += int((given & aligned).sum())
        applied += int(given.sum())
        other_aligned += int((~given & aligned).sum())
        other += int((~given).sum())
    if_applied, if_not = applied_aligned / applied, other_aligned / other
    return (
        float(np.log(if_applied / if_not)),
        float(np.log((1 - if_applied) / (1 - if_not))),
    )
