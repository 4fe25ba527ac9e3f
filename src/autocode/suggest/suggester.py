"""The suggester: from a codebook and what people have coded to ranked codes with evidence."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

import numpy as np

from ..alignment import Aligned
from ..draft import Suggestion
from ..errors import NothingToDo
from ..transcript import Span
from . import learner
from .evidence import Witnesses
from .judged import Judged
from .task import Floats, Ranking, Task

LEAST_CONFIDENT = 0.25
"""Where people's codes are hard to predict the best F1 lies at tiny probabilities; a suggestion
that is wrong more than three times in four is not called confident all the same."""


@dataclass(frozen=True, slots=True)
class CodebookScorer:
    """Cold ranking from the codebook's words, with a learner on top that grows with the codings."""

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return "codebook words + logistic learner"

    def logits(self, task: Task) -> Floats:
        """A logit for every candidate code, shape (n_targets, n_codes)."""
        material, read = task.material, task.read_rows
        z, features = material.cold.z, material.features
        model = learner.fit(features[read], z[read], task.work.applied[read])
        return model.logits(features[task.targets], z[task.targets])


@dataclass(frozen=True, slots=True)
class CodebookSuggester:
    """The default suggester: a `CodebookScorer`, judged on held-out transcripts."""

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return CodebookScorer().name

    def rank(self, task: Task) -> Ranking:
        """Score every candidate code for every target.

        Raises:
            NothingToDo: if there are no candidate codes.
        """
        if not task.material.codes:
            raise NothingToDo("The codebook has no codes to suggest. Import a codebook first.")
        ranking = Judged(CodebookScorer()).rank(task)
        counts = {
            "n_read_segments": len(task.read_rows),
            "n_codings": int(task.work.applied.sum()),
            "n_codes": task.material.n_codes,
        }
        return replace(
            ranking,
            parameters=counts | ranking.parameters,
            cold=task.material.cold.rows(task.targets),
        )


def suggestions(
    task: Task,
    ranking: Ranking,
    *,
    aligned: Aligned,
    top: int,
    rejected: Set[tuple[str, Span, str]] = frozenset(),
) -> list[Suggestion]:
    """The `top` codes of every target with their evidence, in order of target and rank.

    Codes that somebody has rejected for a segment (transcript, span, code) are left out.
    """
    material = task.material
    witnesses = Witnesses(material.segments, material.vectors, aligned, rows=task.read_rows)
    cold = ranking.cold or material.cold.rows(task.targets)
    found: list[Suggestion] = []
    for at, row in enumerate(task.targets.tolist()):
        # Equal scores keep the codebook's order, so that ties do not depend on chance.
        segment = material.segments[row]
        place = (segment.transcript, segment.span)
        best = [
            int(code)
            for code in np.argsort(-ranking.logits[at], kind="stable")
            if ranking.probabilities[at, code] > 0
            and (*place, material.codes[code].id) not in rejected
        ][:top]
        phrases = [
            (
                material.phrases[int(cold.phrase[at, code])],
                float(cold.similarity[at, code]),
            )
            for code in best
        ]
        evidence = witnesses.evidence(row, [material.codes[code].id for code in best], phrases)
        for rank, (code, why) in enumerate(zip(best, evidence, strict=True), start=1):
            probability = float(ranking.probabilities[at, code])
            found.append(
                Suggestion(
                    segment.transcript,
                    segment.span,
                    material.codes[code].id,
                    rank,
                    round(float(ranking.logits[at, code]), 4),
                    round(probability, 4),
                    bool(ranking.decided[at, code]) and probability >= LEAST_CONFIDENT,
                    why,
                )
            )
    return found
